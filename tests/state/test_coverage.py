from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.errors import Reason, Refusal
from crawler.state import State
from crawler.state.coverage import Covered
from crawler.state.urls import DueUrl

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def offer(state: State, name: str, at: datetime = NOW) -> None:
    state.urls.offer(DueUrl(name, f"https://x.example/{name}", at, None), "x", "run")


def test_every_url_of_a_day_is_a_row_or_has_its_reason(state: State) -> None:
    for name in "abcde":
        offer(state, name)
    state.urls.collected("a", NOW)
    state.urls.collected("b", NOW)
    state.urls.refused("c", Refusal(Reason.GONE), NOW)
    state.urls.refused("d", Refusal(Reason.TIMEOUT), NOW)
    state.coverage.leave_out("x", NOW.date(), {"guard/off-site": 7})
    assert list(state.coverage.since(NOW - DAY)) == [
        Covered("x", "2026-11-23", "refused", "guard/off-site", 7),
        Covered("x", "2026-11-23", "refused", "http/gone", 1),
        Covered("x", "2026-11-23", "row", None, 2),
        Covered("x", "2026-11-23", "waiting", None, 1),
        Covered("x", "2026-11-23", "waiting", "fetch/timeout", 1),
    ]


def test_a_run_tells_of_the_days_that_it_changed_anything_on(state: State) -> None:
    for name, days_ago in (("a", 2), ("b", 2), ("c", 1)):
        offer(state, name, NOW - days_ago * DAY)
        state.urls.collected(name, NOW - days_ago * DAY)
    offer(state, "d", NOW - 2 * DAY)
    state.urls.collected("d", NOW)
    assert state.coverage.of_run(NOW) == [Covered("x", "2026-11-21", "row", None, 3)]


def test_a_day_of_which_something_is_left_out_is_told_whole(state: State) -> None:
    offer(state, "a", NOW - DAY / 24)
    state.urls.collected("a", NOW - DAY / 24)
    state.coverage.leave_out("x", NOW.date(), {"guard/off-site": 7})
    assert [one.outcome for one in state.coverage.of_run(NOW)] == ["refused", "row"]


def test_what_each_run_of_a_day_leaves_out_is_counted_once(state: State) -> None:
    for urls in (7, 9, 8):
        state.coverage.leave_out("x", NOW.date(), {"guard/trap": urls})
    assert [one.urls for one in state.coverage.of_run(NOW)] == [9]
    state.coverage.forget_before((NOW + DAY).date())
    assert state.coverage.of_run(NOW) == []
