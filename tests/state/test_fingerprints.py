from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.state import State

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def log(state: State, name: str, days_ago: int = 0) -> None:
    collected = NOW - timedelta(days=days_ago)
    state.fingerprints.add(name, NOW, collected, b"rows of " + name.encode(), b"words")


def test_what_is_logged_is_read_in_its_order_by_number_and_by_article(state: State) -> None:
    for name in ("a", "b", "c", "a"):
        log(state, name)
    assert state.fingerprints.span() == (1, 4)
    assert state.fingerprints.after(1, 2) == [(2, b"rows of b"), (3, b"rows of c")]
    assert [one.article_id for one in state.fingerprints.get([3, 1, 99])] == ["a", "c"]
    newest = state.fingerprints.of("a")
    assert newest is not None
    assert (newest.number, newest.published, newest.vocabulary) == (4, NOW.timestamp(), b"words")
    assert state.fingerprints.of("d") is None


def test_nothing_is_in_an_empty_log(state: State) -> None:
    assert state.fingerprints.span() == (1, 0)
    assert state.fingerprints.after(0, 9) == []
    assert state.fingerprints.get([]) == []


def test_a_fingerprint_of_a_transaction_that_fails_was_never_there(state: State) -> None:
    with pytest.raises(ZeroDivisionError), state.transaction():  # noqa: PT012 # one after the other
        log(state, "a")
        _ = 1 / 0
    assert state.fingerprints.span() == (1, 0)


def test_what_is_older_than_the_window_is_let_go_of(state: State) -> None:
    for days_ago, name in ((90, "a"), (61, "b"), (59, "c"), (0, "d")):
        log(state, name, days_ago)
    state.fingerprints.forget_before(NOW - timedelta(days=60))
    assert state.fingerprints.span() == (3, 4)
    state.fingerprints.forget_before(NOW + timedelta(days=60))
    assert state.fingerprints.span() == (1, 0)


def test_an_article_is_let_go_of_with_all_its_versions(state: State) -> None:
    for name in ("a", "b", "a"):
        log(state, name)
    state.fingerprints.forget("a")
    assert [row[0] for row in state.fingerprints.after(0, 9)] == [2]
