from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from itertools import combinations

from tests.wordpress.content import Draft, Newsroom

MOMENT = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


def shingles(draft: Draft) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", html.unescape(re.sub(r"<[^>]+>", "", draft.body)).lower())
    return set(zip(*(words[start:] for start in range(5)), strict=False))


def test_the_same_posts_are_written_every_time() -> None:
    assert Newsroom().archive(50) == Newsroom().archive(50)


def test_no_two_posts_are_near_duplicates() -> None:
    newsroom = Newsroom()
    drafts = newsroom.archive(100) + newsroom.breaking_news(20, MOMENT)
    assert len({draft.headline for draft in drafts}) == 120
    for first, second in combinations(map(shingles, drafts), 2):
        assert len(first & second) < 0.2 * min(len(first), len(second))


def test_an_answer_is_never_older_than_what_it_answers() -> None:
    for draft in Newsroom().archive(100):
        for comment in draft.comments:
            answered = None if comment.parent is None else draft.comments[comment.parent]
            assert comment.date >= (answered.date if answered else draft.date)


def test_breaking_news_and_its_comments_are_of_this_moment() -> None:
    drafts = Newsroom().breaking_news(20, MOMENT)
    dates = [draft.date for draft in drafts]
    dates += [comment.date for draft in drafts for comment in draft.comments]
    assert set(dates) == {"2026-05-04 12:30:00"}


def test_nothing_is_written_in_the_first_of_the_hour_that_comes_twice() -> None:
    first, second = (datetime(2024, 10, 27, hour, 20, tzinfo=UTC) for hour in (0, 1))
    assert Newsroom().breaking_news(1, first)[0].date == "2024-10-26 23:59:59"
    assert Newsroom().breaking_news(1, second)[0].date == "2024-10-27 01:20:00"
