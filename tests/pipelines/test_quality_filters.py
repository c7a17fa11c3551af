from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from crawler.errors import ConfigurationError, Reason
from crawler.items import Article, Quality
from pipelines.quality import QualityPipeline
from pipelines.quality_filters import FILTERS, QualityFilterPipeline, broken_rule
from pipelines.refused import Refused
from tests.pipelines.newsroom import story

SOUND = Quality(
    mean_word_length=5, alphabetic_words=0.95, duplicate_blocks=0, ellipsis_blocks=0,
    stop_words=7, sentences=20, terminal_lines=0.9, short_lines=0.1,
)  # fmt: skip


def measured(words: int = 600, language: str = "fr", **changes: Any) -> Article:
    return story("a", language=language, word_count=words, quality=replace(SOUND, **changes))


@pytest.mark.parametrize("name", FILTERS)
def test_a_sound_article_breaks_no_rule(name: str) -> None:
    assert broken_rule(name, measured()) is None


@pytest.mark.parametrize(
    ("name", "said", "article"),
    [
        ("gopher", "fewer than 50 words", measured(49)),
        ("gopher", "more than 100,000 words", measured(100_001)),
        ("gopher", "mean word length", measured(mean_word_length=2.9)),
        ("gopher", "symbols", measured(symbol_words=0.11)),
        ("gopher", "bullets", measured(bullet_blocks=0.91)),
        ("gopher", "ellipses", measured(ellipsis_blocks=0.31)),
        ("gopher", "words without a letter", measured(alphabetic_words=0.79)),
        ("gopher", "fewer than 2 stop words", measured(stop_words=1)),
        ("repetition", "duplicate lines", measured(duplicate_lines=0.31)),
        ("repetition", "duplicate blocks", measured(duplicate_blocks=0.31)),
        ("repetition", "characters in duplicate lines", measured(duplicate_line_chars=0.21)),
        ("repetition", "characters in duplicate blocks", measured(duplicate_block_chars=0.21)),
        ("repetition", "most frequent 2-gram", measured(top_2grams=0.21)),
        ("repetition", "most frequent 4-gram", measured(top_4grams=0.17)),
        ("repetition", "duplicate 5-grams", measured(duplicate_5grams=0.16)),
        ("repetition", "duplicate 10-grams", measured(duplicate_10grams=0.11)),
        ("c4", "lorem ipsum", measured(has_lorem_ipsum=True)),
        ("c4", "curly bracket", measured(has_curly_bracket=True)),
        ("c4", "fewer than 5 sentences", measured(sentences=4)),
        ("fineweb", "lines that end like a sentence", measured(terminal_lines=0.12)),
        ("fineweb", "characters in duplicate lines", measured(duplicate_line_chars=0.1)),
        ("fineweb", "short lines", measured(short_lines=0.67)),
    ],
)
def test_each_rule_refuses_with_its_papers_threshold(
    name: str, said: str, article: Article
) -> None:
    refusal = broken_rule(name, article)
    assert refusal
    assert (refusal.reason, refusal.detail) == (Reason(f"quality/{name}"), said)


def test_characters_for_words_are_not_too_short_and_no_list_is_no_lack_of_stop_words() -> None:
    article = measured(language="zh-Hans", mean_word_length=1.0, stop_words=None)
    assert broken_rule("gopher", article) is None


def pipeline(*filters: str) -> QualityFilterPipeline:
    settings = {"QUALITY_FILTERS": ",".join(filters)}
    return QualityFilterPipeline.from_crawler(get_crawler(settings_dict=settings))


def test_nothing_is_refused_unless_a_filter_is_asked_for() -> None:
    poor = QualityPipeline().process_item(story("a", "… … …"))
    assert pipeline().process_item(poor) == poor
    with pytest.raises(Refused, match="quality/c4: fewer than 5 sentences"):
        pipeline("c4", "gopher").process_item(poor)


def test_a_filter_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match="gopher, repetition, c4, fineweb"):
        pipeline("gofer")
