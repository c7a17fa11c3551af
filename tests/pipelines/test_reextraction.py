from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.items import Article, Quality
from pipelines.reextraction import Reextraction, Row, Summary, side_by_side
from pipelines.schema import article_row, to_batch
from tests.pipelines.newsroom import story, words

OWN = replace(story("pont", words("pont")), quality=Quality(4.0, 1.0, 0.0, 0.0))


def row(article: Article, **changes: object) -> Row:
    (kept,) = to_batch("articles", [article_row(article)]).to_pylist()
    return {**kept, **changes}


def judged(article: Article, before: Row) -> tuple[Article | None, Summary]:
    again = Reextraction()
    return again.judged(article, before), again.summary


@pytest.mark.parametrize("availability", ["gone", "redirected"])
def test_a_page_that_is_gone_is_gone_in_the_next_version_too(availability: str) -> None:
    before = row(OWN, headline="Le ponte", availability=availability, date_availability=None)
    article, summary = judged(OWN, before)
    assert article is not None
    assert article.availability == availability
    assert summary.fields == {"headline": 1}


def test_what_no_page_tells_makes_no_version() -> None:
    before = row(OWN, run_id="old", extractor="colporteur/0.0.1", cluster_size=7, etag='"1"')
    article, summary = judged(OWN, before)
    assert article is None
    assert (summary.rows, summary.changed, summary.examples) == (1, 0, [])


def test_of_many_changes_a_few_are_shown_and_all_are_counted() -> None:
    again = Reextraction()
    for _ in range(5):
        assert again.judged(OWN, row(OWN, headline="Le ponte")) is not None
    assert again.summary.fields == {"headline": 5}
    assert len(again.summary.examples) == 3
    assert Summary.load(again.summary.dump()) == again.summary


@pytest.mark.parametrize(
    ("was", "now", "shown"),
    [
        ("a b", "a c", ("a b", "a c")),
        ("x" * 80 + "1", "x" * 80 + "2", ("…" + "x" * 20 + "1", "…" + "x" * 20 + "2")),
        ("one\n\ntwo", "one", ("one two", "one")),
        (None, ["Zoë"], ("null", '["Zoë"]')),
        ("", "y" * 99, ("", "y" * 60 + "…")),
    ],
)
def test_two_values_are_shown_from_a_little_before_they_differ(
    was: object, now: object, shown: tuple[str, str]
) -> None:
    assert side_by_side(was, now) == shown
