from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.errors import ConfigurationError, Reason, Refusal
from crawler.state import State
from crawler.state.urls import DueUrl
from crawler.state.visits import Plan, Visit

PUBLISHED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PLAN = Plan.of(["1h", "6h", "1d", "7d"])


def hold(state: State, name: str, plan: Plan = PLAN, now: datetime = PUBLISHED) -> Visit:
    """A story that was just collected from its own URL."""
    offer(state, name)
    visit = Visit(name, name, "x", PUBLISHED, '"tag"', "yesterday")
    state.visits.made(visit, plan.next(visit, now))
    state.urls.collected(name, now)
    return visit


def offer(state: State, name: str, run_id: str = "run", modified: datetime | None = None) -> str:
    due = DueUrl(name, f"https://x.example/{name}", PUBLISHED, PUBLISHED)
    return state.urls.offer(due, "x", run_id, modified)


def due(state: State, now: datetime, run_id: str = "later") -> list[str]:
    return [url.article_id for url in state.visits.due("x", run_id, now)]


@pytest.mark.parametrize(
    ("visited", "then"),
    [
        (MINUTE, HOUR),
        (HOUR, 6 * HOUR),
        (3 * HOUR, 6 * HOUR),  # a run that comes late makes one visit, not two
        (6 * HOUR + MINUTE, DAY),
        (2 * DAY, 7 * DAY),
        (7 * DAY, None),
        (900 * DAY, None),
    ],
)
def test_a_plan_counts_from_the_publication(visited: timedelta, then: timedelta | None) -> None:
    visit = Visit("a", "a", "x", PUBLISHED)
    following = PLAN.next(visit, PUBLISHED + visited)
    assert following == (None if then is None else PUBLISHED + then)


def test_what_has_just_gone_is_looked_for_once_more_when_its_plan_is_over() -> None:
    now = PUBLISHED + 30 * DAY
    gone = Visit("a", "a", "x", PUBLISHED, availability="gone", since=now)
    assert PLAN.next(gone, now) == now + 7 * DAY
    assert PLAN.next(gone, now + 7 * DAY) is None
    assert PLAN.next(replace(gone, availability="retracted"), now) is None


def test_a_plan_is_said_in_words_in_any_order() -> None:
    assert Plan.of(["1d", "90", "1.5h", "2 m", "1w"]).after == (
        timedelta(seconds=90), 2 * MINUTE, 1.5 * HOUR, DAY, 7 * DAY,
    )  # fmt: skip
    assert Plan.of([]).next(Visit("a", "a", "x", PUBLISHED), PUBLISHED) is None


@pytest.mark.parametrize("words", ["soon", "", "-1h", "1y"])
def test_what_is_no_duration_is_refused_with_the_cure(words: str) -> None:
    with pytest.raises(ConfigurationError, match="REVISIT_AFTER=1h,6h,1d,7d"):
        Plan.of([words])


def test_a_visit_comes_back_as_it_was_made(state: State) -> None:
    visit = replace(hold(state, "a"), asked_id="amp", availability="gone", since=PUBLISHED)
    state.visits.made(visit, None)
    assert state.visits.of("a") == state.visits.at("amp") == visit
    assert state.visits.at("a") is None


def test_a_page_is_due_when_its_time_has_come_and_until_it_was_seen(state: State) -> None:
    visit = hold(state, "a")
    assert due(state, PUBLISHED + HOUR - MINUTE) == []
    assert due(state, PUBLISHED + HOUR) == due(state, PUBLISHED + 3 * HOUR) == ["a"]
    state.visits.made(visit, PLAN.next(visit, PUBLISHED + 3 * HOUR))
    assert due(state, PUBLISHED + 3 * HOUR) == []
    assert due(state, PUBLISHED + 6 * HOUR) == ["a"]


def test_a_page_that_is_due_by_plan_is_offered_once_a_run(state: State) -> None:
    hold(state, "a")
    assert due(state, PUBLISHED + HOUR, "run 2") == ["a"]
    assert offer(state, "a", "run 2") == "again"


def test_a_page_that_is_fetched_in_any_case_or_waits_after_a_failure_is_not_planned(
    state: State,
) -> None:
    hold(state, "a")
    hold(state, "b")
    state.visits.call("a", "run 2")
    state.urls.refused("b", Refusal(Reason.TIMEOUT), PUBLISHED + HOUR)
    assert due(state, PUBLISHED + HOUR) == []


def test_a_page_that_was_refused_for_good_since_its_time_came_is_not_asked_for_each_run(
    state: State,
) -> None:
    hold(state, "a")
    state.urls.refused("a", Refusal(Reason.NO_BODY), PUBLISHED + 2 * HOUR)
    assert due(state, PUBLISHED + 3 * HOUR) == []


def test_only_a_story_that_we_hold_can_be_called(state: State) -> None:
    hold(state, "a")
    offer(state, "new")
    called = state.visits.call("a", "run 2")
    assert called == DueUrl("a", "https://x.example/a", PUBLISHED, PUBLISHED)
    assert state.visits.call("a", "run 2") is None, "it is due already"
    assert state.visits.call("new", "run 2") is None
    assert state.visits.call("unknown", "run 2") is None
    assert offer(state, "a", "run 2") == "again"
    assert [url.article_id for url in state.urls.due("x", "run 3", PUBLISHED)] == ["a", "new"]
