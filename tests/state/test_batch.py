from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from crawler.state import State
from crawler.state.journal import StagedRows, Story

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
FIRST = Story("a", "articles", "2026-11", "c1", "t1", "a", 1, NOW)
SECOND = replace(FIRST, content_hash="c2", revision=2)


def stage(state: State, story: Story, table: str = "articles") -> StagedRows:
    staged = StagedRows(table, "2026-11", story.article_id, b"rows")
    state.journal.stage(staged)
    state.batch.keep(story.article_id)
    state.journal.remember(story)
    return staged


def commit(state: State, name: str = "commit") -> None:
    assert state.journal.begin_commit(name) == name
    state.journal.finish_commit(name)


def test_versions_come_in_the_order_they_were_staged_without_what_else_is_staged(
    state: State,
) -> None:
    staged = [stage(state, replace(FIRST, article_id=name)) for name in "bca"]
    state.journal.stage(StagedRows("comments", "2026-11", "b", b"rows"))
    assert list(state.batch.versions()) == staged


def test_a_first_version_that_is_taken_back_was_never_told(state: State) -> None:
    stage(state, FIRST)
    state.journal.stage(StagedRows("comments", "2026-11", "a", b"rows"))
    state.batch.take_back("a")
    assert state.journal.story("a") is None
    assert not state.journal.is_staged("a")
    assert state.journal.begin_commit("comments stay") is not None


def test_a_later_version_that_is_taken_back_leaves_the_one_before(state: State) -> None:
    stage(state, FIRST)
    commit(state)
    stage(state, SECOND)
    assert state.journal.story("a") == SECOND
    state.batch.take_back("a")
    assert state.journal.story("a") == FIRST
    assert not state.journal.is_staged("a")


def test_what_a_commit_has_begun_with_is_no_part_of_the_batch(state: State) -> None:
    stage(state, FIRST)
    state.journal.begin_commit("commit")
    assert list(state.batch.versions()) == []


def test_stories_before_are_kept_only_while_their_next_version_waits(state: State) -> None:
    stage(state, FIRST)
    commit(state)
    stage(state, SECOND)
    state.batch.forget_committed()
    state.batch.take_back("a")
    assert state.journal.story("a") == FIRST
    stage(state, SECOND)
    commit(state, "another")
    state.batch.forget_committed()
    assert state._db.execute("SELECT count(*) FROM stories_before").fetchone() == (0,)
