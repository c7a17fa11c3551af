"""A data folder with two commits and, staged for a third, every kind of change a commit makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from crawler.items import Comment
from tests.pipelines.newsroom import NOW, Newsroom, story

ONE, TWO = (Comment(comment_id=str(i), text="Oui.", position=i) for i in range(2))
KEPT_ONE = story("a", comments=(ONE,))
OF_LAST_MONTH = story("c", date_published=NOW - timedelta(days=40))
ALONE = story("d")

FIRST_DAY = [ALONE]
SECOND_DAY = [KEPT_ONE, story("b", KEPT_ONE.article_body), OF_LAST_MONTH]
# A revision with a new comment, one that moves to another month, a copy, and something new; and one
# of the copies is gone.
THIRD_DAY = [
    replace(KEPT_ONE, headline="Corrigé", comments=(ONE, TWO)),
    replace(OF_LAST_MONTH, headline="Daté autrement", date_published=NOW),
    story("e", ALONE.article_body),
    story("f"),
]
GONE = "b"
BEFORE = {"articles": list("acd"), "duplicates": ["b"], "revisions": [], "comments": ["a"]}
AFTER = {
    "articles": list("acdf"),
    "duplicates": ["b", "e"],
    "revisions": ["a", "c"],
    "comments": ["a", "a"],
}


def third_day(data: Path, kept: int) -> None:
    """Make that folder."""
    with Newsroom(data, kept) as newsroom:
        newsroom.publish(*FIRST_DAY, run_id="first")
        newsroom.publish(*SECOND_DAY, run_id="second")
        newsroom.collect(*THIRD_DAY)
        newsroom.lose(GONE)
