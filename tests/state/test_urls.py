from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import Reason, Refusal
from crawler.state import State
from crawler.state.urls import RETRY_MAX_ATTEMPTS, DueUrl, Met

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
TIMEOUT = Refusal(Reason.TIMEOUT, "after 30 s")
GONE = Refusal(Reason.GONE, "410")


def offer(
    state: State,
    run: str,
    name: str = "a",
    *,
    at: datetime = NOW,
    published: datetime | None = None,
    modified: datetime | None = None,
) -> Met:
    due = DueUrl(name, f"https://x.example/{name}", at, published)
    return state.urls.offer(due, "x", run, modified)


def due(state: State, run: str, at: datetime = NOW, source: str = "x") -> list[str]:
    return [url.article_id for url in state.urls.due(source, run, at)]


def test_a_url_is_new_once(state: State) -> None:
    assert offer(state, "run 1") == "new"
    assert offer(state, "run 1") == "again"
    assert state.urls.is_known("a")
    assert not state.urls.is_known("b")


def test_a_url_that_a_run_did_not_finish_is_due_in_the_next(state: State) -> None:
    offer(state, "run 1")
    assert offer(state, "run 2") == "due"
    assert offer(state, "run 2") == "again"


def test_what_a_listing_names_together_is_answered_as_if_one_by_one(state: State) -> None:
    for name in ("known", "changed"):
        offer(state, "run 1", name, modified=NOW)
        state.urls.collected(name, NOW)
    offer(state, "run 1", "waiting")
    listing = [
        ("known", NOW), ("new", None), ("waiting", None), ("changed", NOW + HOUR), ("new", NOW),
        ("known", NOW + HOUR),
    ]  # fmt: skip
    named = [
        (DueUrl(name, f"https://x.example/{name}", NOW, None), modified)
        for name, modified in listing
    ]
    met = ["known", "new", "due", "changed", "again", "again"]
    assert state.urls.offer_all(named, "x", "run 2") == met
    assert set(due(state, "run 3")) == {"new", "waiting", "changed", "known"}
    assert state.urls.known(["known", "nobody’s", "new"]) == {"known", "new"}


@pytest.mark.parametrize("end", ["collected", "refused"])
def test_a_url_that_came_to_an_end_is_known(state: State, end: str) -> None:
    offer(state, "run 1")
    if end == "collected":
        state.urls.collected("a", NOW)
    else:
        state.urls.refused("a", GONE, NOW)
    assert offer(state, "run 2") == "known"
    assert due(state, "run 3", NOW + 1000 * HOUR) == []


@pytest.mark.parametrize("end", ["collected", "refused"])
def test_a_url_that_its_listing_dates_later_has_changed(state: State, end: str) -> None:
    offer(state, "run 1", modified=NOW)
    if end == "collected":
        state.urls.collected("a", NOW)
    else:
        state.urls.refused("a", GONE, NOW)
    assert offer(state, "run 2", modified=NOW) == "known"
    assert offer(state, "run 3", modified=NOW - HOUR) == "known"
    assert offer(state, "run 4", modified=NOW + HOUR) == "changed"
    state.urls.collected("a", NOW)
    assert offer(state, "run 5", modified=NOW + HOUR) == "known"


def test_a_change_that_was_not_fetched_is_due_in_the_next_run(state: State) -> None:
    offer(state, "run 1", modified=NOW)
    state.urls.collected("a", NOW)
    assert offer(state, "run 2", modified=NOW + HOUR) == "changed"
    assert due(state, "run 3") == ["a"]


def test_a_listing_that_begins_to_date_its_urls_has_not_changed_them_all(state: State) -> None:
    offer(state, "run 1")
    state.urls.collected("a", NOW)
    assert offer(state, "run 2", modified=NOW) == "known"
    assert offer(state, "run 3", modified=NOW) == "known"
    assert offer(state, "run 4", modified=NOW + HOUR) == "changed"


def test_a_listing_that_begins_to_date_a_url_later_than_it_was_seen_has_changed_it(
    state: State,
) -> None:
    offer(state, "run 1")
    state.urls.collected("a", NOW)
    assert offer(state, "run 2", modified=NOW) == "known"
    offer(state, "run 1", "b")
    state.urls.collected("b", NOW)
    assert offer(state, "run 2", "b", modified=NOW + timedelta(hours=1)) == "changed"


def test_a_passing_reason_is_tried_again_after_twice_as_long_each_time(state: State) -> None:
    offer(state, "run")
    now = NOW
    for waiting in (1, 2, 4, 8, 16, 32):
        state.urls.refused("a", TIMEOUT, now)
        almost = now + waiting * HOUR - timedelta(seconds=1)
        assert due(state, f"run {waiting}, early", almost) == []
        assert offer(state, f"run {waiting}, offered early", at=almost) == "known"
        now += waiting * HOUR
        assert due(state, f"run {waiting}", now) == ["a"]
        assert offer(state, f"run {waiting}, offered", at=now) == "due"
    assert now - NOW > timedelta(days=2.5)
    state.urls.refused("a", TIMEOUT, now)
    assert RETRY_MAX_ATTEMPTS == 7
    assert due(state, "run, years after", now + 100_000 * HOUR) == []
    assert offer(state, "run, offered years after", at=now + 100_000 * HOUR) == "known"


def test_a_success_between_failures_starts_the_count_again(state: State) -> None:
    offer(state, "run", modified=NOW)
    for _ in range(RETRY_MAX_ATTEMPTS - 1):
        state.urls.refused("a", TIMEOUT, NOW)
    state.urls.collected("a", NOW)
    assert offer(state, "run 2", modified=NOW + HOUR) == "changed"
    state.urls.refused("a", TIMEOUT, NOW)
    assert due(state, "run 3", NOW + HOUR) == ["a"]


def test_a_lasting_reason_ends_it_at_once(state: State) -> None:
    offer(state, "run 1")
    state.urls.refused("a", GONE, NOW)
    assert due(state, "run 2", NOW + 1000 * HOUR) == []


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_either_passes_or_lasts(state: State, reason: Reason) -> None:
    offer(state, "run 1")
    state.urls.refused("a", Refusal(reason), NOW)
    assert due(state, "run 2", NOW + HOUR) == (["a"] if reason.is_transient else [])


def test_what_is_due_comes_newest_first_and_undated_last(state: State) -> None:
    for name, published in [("old", NOW - 9 * HOUR), ("none", None), ("new", NOW)]:
        offer(state, "run 1", name, published=published)
    assert due(state, "run 2") == ["new", "old", "none"]


def test_what_is_due_is_offered_once_a_run(state: State) -> None:
    offer(state, "run 1")
    assert due(state, "run 2") == ["a"]
    assert offer(state, "run 2") == "again"


def test_what_is_due_carries_what_was_known_of_it(state: State) -> None:
    first_seen = datetime(2026, 11, 22, 23, 59, 59, 123456, tzinfo=UTC)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    for name, published in [("a", None), ("b", epoch), ("c", datetime(1955, 5, 5, tzinfo=UTC))]:
        offer(state, "run 1", name, at=first_seen, published=published)
    # A later listing neither moves the first sight of a URL nor its date.
    offer(state, "run 2", "a", at=NOW, published=NOW)
    assert list(state.urls.due("x", "run 3", NOW)) == [
        DueUrl("b", "https://x.example/b", first_seen, epoch),
        DueUrl("c", "https://x.example/c", first_seen, datetime(1955, 5, 5, tzinfo=UTC)),
        DueUrl("a", "https://x.example/a", first_seen, None),
    ]


def test_sources_do_not_see_each_others_urls(state: State) -> None:
    offer(state, "run 1")
    assert due(state, "run 2", source="y") == []
    assert state.urls.count("x") == 1
    assert state.urls.count("y") == 0


def test_a_change_told_by_a_second_listing_in_a_run_is_due_in_the_next(state: State) -> None:
    offer(state, "run 1", modified=NOW)
    state.urls.collected("a", NOW)
    assert offer(state, "run 2") == "known"
    assert offer(state, "run 2", modified=NOW + HOUR) == "again"
    assert due(state, "run 3") == ["a"]


def test_a_url_that_was_given_up_has_all_its_tries_again_when_it_changes(state: State) -> None:
    offer(state, "run 1", modified=NOW)
    for _ in range(RETRY_MAX_ATTEMPTS):
        state.urls.refused("a", TIMEOUT, NOW)
    assert offer(state, "run 2", modified=NOW + HOUR) == "changed"
    state.urls.refused("a", TIMEOUT, NOW)
    assert due(state, "run 3", NOW + 2 * HOUR) == ["a"]
