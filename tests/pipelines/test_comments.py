from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from crawler.items import BY_POSITION, Comment
from pipelines.comments import sound_comments

DOWNLOADED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def sound(*comments: Comment) -> tuple[Comment, ...]:
    return sound_comments(comments, DOWNLOADED, lambda flaw: None)


def comment(comment_id: str, parent_id: str | None = None, **changes: Any) -> Comment:
    made = Comment(
        comment_id=comment_id, text=f"Avis {comment_id}", position=0, parent_id=parent_id
    )
    return replace(made, **changes)


def test_comments_count_from_zero_and_blank_ones_go() -> None:
    comments = sound(comment("a", text=" "), comment("b", position=4), comment("c", position=4))
    assert [(c.comment_id, c.position) for c in comments] == [("b", 0), ("c", 1)]


def test_a_reply_to_a_comment_that_is_not_there_stands_alone() -> None:
    comments = sound(comment("b", "z"), comment("c", "b"), comment("d", "d"))
    assert [c.parent_id for c in comments] == [None, "b", None]


def test_a_reply_may_stand_before_what_it_answers() -> None:
    comments = sound(comment("b", "a"), comment("a"))
    assert [c.parent_id for c in comments] == ["a", None]


def test_replies_never_go_in_circles() -> None:
    comments = sound(comment("a", "c"), comment("b", "a"), comment("c", "b"), comment("d", "c"))
    assert [c.parent_id for c in comments] == [None, "a", "b", "c"]


def test_a_comment_shown_twice_is_one_and_two_under_one_id_are_two() -> None:
    comments = sound(comment("a"), comment("a"), comment("a", text="Un autre avis"), comment(""))
    assert [c.text for c in comments] == ["Avis a", "Un autre avis", "Avis"]
    assert len({c.comment_id for c in comments}) == 3
    assert all(c.comment_id for c in comments)


def test_a_long_thread_costs_no_more_than_its_length() -> None:
    thread = tuple(comment(str(i), str(i + 1)) for i in range(10_000))
    started = time.process_time()
    sound(*thread)
    sound(*(at(number, "Merci") for number in range(10_000)))
    assert time.process_time() - started < 5


def at(position: int, text: str, answers: int | None = None, author: str = "Léa") -> Comment:
    """A comment that its page gives no id."""
    parent = None if answers is None else f"{BY_POSITION}{answers}"
    return comment(f"{BY_POSITION}{position}", parent, text=text, author=author)


def test_a_comment_without_an_id_is_known_again_when_newer_ones_come_above_it() -> None:
    before = sound(at(0, "Un pont"), at(1, "Une rue", answers=0), at(2, "Merci"))
    after = sound(
        at(0, "Merci"), at(1, "Un  pont!"), at(2, "Une rue", answers=1), at(3, "Merci"),
        at(4, "Merci", author="Max"),
    )  # fmt: skip
    first, second, third = (said.comment_id for said in before)
    assert [said.comment_id for said in after[:3]] == [third, first, second]
    assert after[2].parent_id == before[1].parent_id == first
    assert len({said.comment_id for said in after} - {first, second, third}) == 2


def test_an_id_that_two_comments_bear_is_made_the_same_of_each_at_every_visit() -> None:
    twins = (comment("a"), comment("a", text="Une réponse"))
    before = sound(*twins)
    after = sound(twins[0], comment("new"), twins[1])
    assert [said.comment_id for said in after if said.comment_id != "new"] == [
        said.comment_id for said in before
    ]
