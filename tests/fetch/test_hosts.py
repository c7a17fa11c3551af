from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy.settings import Settings

from crawler.errors import Reason
from crawler.fetch.hosts import Hosts, Limits, retry_after

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
LIMITS = Limits(
    backoff_first=10, jitter=0, retry_after_max=1000, retry_after_wait=60, breaker_failures=3,
    breaker_rest=90,
)  # fmt: skip


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW.timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hosts(clock: Clock) -> Hosts:
    return Hosts(LIMITS, clock=clock)


def test_a_host_of_which_nothing_is_known_may_be_asked(hosts: Hosts) -> None:
    hosts.asked("a.example")
    hosts.answered("a.example")
    assert hosts.wait("a.example") == 0
    assert hosts.refusal("a.example") is None


def test_a_short_pause_is_waited_for(hosts: Hosts, clock: Clock) -> None:
    hosts.put_off("a.example", 20, "HTTP 429")
    assert hosts.wait("a.example") == 20
    assert hosts.refusal("a.example") is None
    assert hosts.wait("b.example") == 0
    clock.now += 20
    assert hosts.wait("a.example") == 0


def test_a_long_pause_ends_the_run_of_its_host(hosts: Hosts) -> None:
    hosts.put_off("a.example", 600, "HTTP 503")
    refusal = hosts.refusal("a.example")
    assert refusal is not None
    assert refusal.reason is Reason.PUT_OFF
    assert refusal.detail == ("a.example said HTTP 503: no request until 2026-11-23 08:40:00 UTC")


def test_no_pause_is_longer_than_the_longest(hosts: Hosts) -> None:
    hosts.put_off("a.example", 10**9, "HTTP 429")
    assert hosts.wait("a.example") == 1000


def test_a_host_that_names_no_time_is_left_for_twice_as_long_each_time(
    hosts: Hosts, clock: Clock
) -> None:
    for seconds in (10, 20, 40):
        hosts.put_off("a.example", None, "HTTP 429")
        assert hosts.wait("a.example") == seconds
        clock.now += seconds
    hosts.answered("a.example")
    hosts.put_off("a.example", None, "HTTP 429")
    assert hosts.wait("a.example") == 10


def test_the_pause_that_a_host_does_not_name_is_not_the_same_for_all(clock: Clock) -> None:
    hosts = Hosts(replace(LIMITS, jitter=0.5), clock=clock)
    for number in range(50):
        hosts.put_off(f"{number}.example", None, "HTTP 429")
    pauses = {hosts.wait(f"{number}.example") for number in range(50)}
    assert len(pauses) > 10
    assert 10 <= min(pauses) <= max(pauses) <= 15


def test_what_was_on_its_way_when_a_host_asked_for_a_pause_is_no_second_one(
    hosts: Hosts, clock: Clock
) -> None:
    for _ in range(4):
        hosts.put_off("a.example", None, "HTTP 429")
        clock.now += 0.1
    assert hosts.wait("a.example") == pytest.approx(10, abs=0.5)


def test_a_host_whose_short_pauses_never_help_is_left_for_longer(
    hosts: Hosts, clock: Clock
) -> None:
    for seconds in (2, 10, 20, 40, 80):
        hosts.put_off("a.example", 2, "HTTP 429")
        assert hosts.wait("a.example") == seconds
        clock.now += seconds


def test_a_thousand_pauses_in_a_row_are_no_overflow(hosts: Hosts, clock: Clock) -> None:
    for _ in range(2_000):
        hosts.put_off("a.example", None, "HTTP 503")
        clock.now += hosts.wait("a.example")
    hosts.put_off("a.example", None, "HTTP 503")
    assert hosts.wait("a.example") == 1000


def test_a_shorter_pause_does_not_cut_a_longer_one(hosts: Hosts) -> None:
    hosts.put_off("a.example", 50, "HTTP 429")
    hosts.put_off("a.example", 5, "HTTP 429")
    assert hosts.wait("a.example") == 50


def test_pauses_are_told_and_those_of_earlier_runs_kept(clock: Clock) -> None:
    told: list[tuple[str, float, str]] = []
    hosts = Hosts(LIMITS, note=lambda *said: told.append(said), clock=clock)
    hosts.put_off("a.example", 600, "HTTP 429")
    [(host, until, said)] = told
    later = Hosts(LIMITS, {host: (until, said)}, clock=clock)
    assert later.refusal("a.example") == hosts.refusal("a.example")


def test_a_host_that_fails_too_often_is_tried_once_after_each_rest(
    hosts: Hosts, clock: Clock
) -> None:
    for _ in range(3):
        assert hosts.refusal("a.example") is None
        hosts.failed("a.example", "fetch/timeout")
    refusal = hosts.refusal("a.example")
    assert refusal is not None
    assert refusal.reason is Reason.HOST_DOWN
    assert refusal.detail == (
        "a.example failed 3 times in a row, last with fetch/timeout; "
        "it is left alone, and its pages stay due"
    )
    clock.now += 90
    assert hosts.refusal("a.example") is None
    hosts.asked("a.example")
    assert hosts.refusal("a.example") is not None
    hosts.answered("a.example")
    assert hosts.refusal("a.example") is None
    hosts.failed("a.example", "fetch/timeout")
    assert hosts.refusal("a.example") is None


def test_failures_with_answers_between_them_are_no_row(hosts: Hosts) -> None:
    for _ in range(5):
        hosts.failed("a.example", "HTTP 500")
        hosts.failed("a.example", "HTTP 500")
        hosts.answered("a.example")
    assert hosts.refusal("a.example") is None


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 1),
        ("9" * 400, 999_999_999_999),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        ("Monday, 23-Nov-26 08:31:00 GMT", 60),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 1),
        ("", None),
        (None, None),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("١٢٠", None),
        ("Fri, 99 Foo 2026 99:99:99 GMT", None),
    ],
)
def test_a_retry_after_is_seconds_or_a_date(said: str | None, seconds: float | None) -> None:
    assert retry_after(said, None, NOW.timestamp()) == seconds


@pytest.mark.parametrize("ahead", [-3600, 0, 3600])
def test_a_date_is_read_by_the_clock_of_the_host(ahead: int) -> None:
    its_now = NOW + timedelta(seconds=ahead)
    until = format_datetime(its_now + timedelta(seconds=90), usegmt=True)
    assert retry_after(until, format_datetime(its_now, usegmt=True), NOW.timestamp()) == 90


def test_a_host_without_a_clock_is_read_by_ours() -> None:
    until = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
    assert retry_after(until, "just now", NOW.timestamp()) == 90


def test_the_limits_are_settings() -> None:
    said = {"BACKOFF_FIRST": "1", "DOWNLOAD_DELAY_JITTER": 0.5, "RETRY_AFTER_MAX": 2,
            "RETRY_AFTER_WAIT": 3, "BREAKER_FAILURES": "4", "BREAKER_REST": 5}  # fmt: skip
    assert Limits.from_settings(Settings(said)) == Limits(1, 0.5, 2, 3, 4, 5)
