"""Measures of a text that others filter by: of Gopher, C4 and FineWeb, and of our own.

Nothing is dropped here (`pipelines.quality_filters` does, if it is told to). Words are those of the
fingerprints (`pipelines.minhash.tokens`), lines and blocks those of the article.

Gopher: Rae et al. 2021, "Scaling Language Models", appendix A.1.1. C4: Raffel et al. 2020,
"Exploring the Limits of Transfer Learning", 2.2. FineWeb: Penedo et al. 2024, "The FineWeb
Datasets", 3.5.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import replace
from itertools import filterfalse
from typing import TYPE_CHECKING, Self

from crawler.items import Article, Quality
from pipelines.contacts import emails, phone_numbers, phone_regions, regions_of
from pipelines.known import known
from pipelines.minhash import tokens, tokens_of_body
from pipelines.repetition import ngram_shares, repeated
from pipelines.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_DECIMALS = 4  # of a share over a few hundred words, more would be noise that compresses badly

# What may stand behind the end of a sentence or of a block: `[…]`, `(...)`, `« … »`.
_CLOSERS = "])}»”’\"'\u201c\u300d\u300f\uff09 \u00a0\u202f\t\n"
_TERMINAL = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।", "॥", "։", "።", "។")
# Apart, as a search for one of several characters is quick, and one for either of two is not.
_SENTENCE = re.compile(r"[.!?…؟۔।॥։]+(?=[\s\])}»”’\"']|$)")
_WIDE = "。！？"
_WIDE_SENTENCE = re.compile(f"[{_WIDE}]+")
_BULLETS = ("•", "●", "◦", "▪", "■", "‣", "∙", "- ", "* ", "– ", "— ")
_SHORT_LINE = 30  # characters: FineWeb's
# One language under two codes; Croatian, Serbian and Bosnian are told apart by no detector.
_SAME_LANGUAGE = {
    "nb": "no", "nn": "no", "iw": "he", "in": "id", "ms": "id", "fil": "tl", "sr": "hr", "bs": "hr",
    "sh": "hr", "cmn": "zh",
}  # fmt: skip


def word_count(text: str) -> int:
    """How many words a text has; where words have no spaces between them, how many characters."""
    return len(tokens(text))


def _blocks(article: Article) -> list[str]:
    """The texts of the blocks, or the paragraphs of a body that came without blocks."""
    texts = [block.text for block in article.blocks] or article.article_body.split("\n\n")
    return [text for text in map(str.strip, texts) if text]


def measure(
    article: Article, words: list[str] | None = None, more_regions: Sequence[str] = ()
) -> Quality:
    """The measures of an article's body and blocks; shares are 0 where there is nothing to share.

    A block repeats another if the same text stands before it. In scripts without spaces every
    character is a word, so their mean word length lies near 1. `words` are the body's, if they are
    known; `more_regions` those whose phone numbers are looked for besides the article's own.
    """
    body = article.article_body
    words = tokens(body) if words is None else words
    blocks = _blocks(article)
    lines = [line for line in map(str.strip, body.split("\n")) if line]
    ends = [line.rstrip(_CLOSERS) for line in lines]
    top, duplicates = ngram_shares(words)
    lines_again, line_chars_again = repeated(lines)
    blocks_again, block_chars_again = repeated(blocks)
    folded = body.casefold()

    def share(part: float, of: Sequence[str]) -> float:
        return round(part / len(of), _DECIMALS) if of else 0.0

    grams = {f"top_{n}grams": value for n, value in enumerate(top, 2)}
    grams |= {f"duplicate_{n}grams": value for n, value in enumerate(duplicates, 5)}
    return Quality(
        mean_word_length=share(sum(map(len, words)), words),
        alphabetic_words=share(_with_letter(words), words),
        duplicate_blocks=round(blocks_again, _DECIMALS),
        ellipsis_blocks=share(
            sum(block.rstrip(_CLOSERS).endswith(("…", "...")) for block in blocks), blocks
        ),
        symbol_words=share(body.count("#") + body.count("…") + body.count("..."), words),
        bullet_blocks=share(_bullets(article, blocks), blocks),
        stop_words=_stop_words(article.language, words),
        sentences=_sentences(body),
        terminal_lines=share(sum(end.endswith(_TERMINAL) for end in ends), lines),
        short_lines=share(sum(len(line) < _SHORT_LINE for line in lines), lines),
        duplicate_lines=round(lines_again, _DECIMALS),
        duplicate_line_chars=round(line_chars_again, _DECIMALS),
        duplicate_block_chars=round(block_chars_again, _DECIMALS),
        **{name: round(value, _DECIMALS) for name, value in grams.items()},
        has_lorem_ipsum="lorem ipsum" in folded,
        has_javascript="javascript" in folded,
        has_curly_bracket="{" in body or "}" in body,
        language_agrees=_agrees(article.in_language, article.language),
        email_addresses=len(emails(body)),
        phone_numbers=len(
            phone_numbers(body, regions_of(article.domain, article.language, more_regions))
        ),
    )


def _sentences(text: str) -> int:
    """How many ends of sentences a text has."""
    wide = len(_WIDE_SENTENCE.findall(text)) if any(mark in text for mark in _WIDE) else 0
    return len(_SENTENCE.findall(text)) + wide


def _with_letter(words: Sequence[str]) -> int:
    others = list(filterfalse(str.isalpha, words))
    return len(words) - len(others) + sum(any(map(str.isalpha, word)) for word in others)


def _bullets(article: Article, blocks: Sequence[str]) -> int:
    if article.blocks:
        return sum(
            block.type == "list_item" or block.text.lstrip().startswith(_BULLETS)
            for block in article.blocks
            if block.text.strip()
        )
    return sum(block.startswith(_BULLETS) for block in blocks)


def _stop_words(language: str, words: Sequence[str]) -> int | None:
    """How many different stop words of its language a text has; None for one without a list."""
    known = STOP_WORDS.get(language.partition("-")[0])
    return None if known is None else len(known.intersection(words))


def _agrees(claimed: str | None, detected: str) -> bool | None:
    """Whether the page's claim is the language that was detected; None where one is not known."""
    if not claimed or detected == "und":
        return None
    return _primary(claimed) == _primary(detected)


def _primary(tag: str) -> str:
    language = tag.partition("-")[0].lower()
    return _SAME_LANGUAGE.get(language, language)


def _measured_of(article: Article, more_regions: tuple[str, ...]) -> Hashable:
    return (
        article.article_body, article.blocks, article.in_language, article.language,
        article.domain, more_regions,
    )  # fmt: skip


@known(_measured_of)
def measured(article: Article, more_regions: tuple[str, ...]) -> tuple[int, Quality]:
    """How many words a body has, and its measures."""
    words = tokens_of_body(article.article_body)
    return len(words), measure(article, words, more_regions)


class QualityPipeline:
    """Fills in `word_count` and `quality`."""

    def __init__(self, phone_regions: tuple[str, ...] = ()) -> None:
        """`phone_regions` are those of `PRIVACY_PHONE_REGIONS`."""
        self._phone_regions = phone_regions

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(phone_regions(crawler.settings))

    def process_item(self, item: Article) -> Article:
        word_count, quality = measured(item, self._phone_regions)
        return replace(item, word_count=word_count, quality=quality)
