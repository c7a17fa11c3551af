from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.state import State
from crawler.state.listings import Reading, Validators, Ways

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
FEED = "https://x.example/feed"


def test_a_listing_that_was_never_read_has_no_validators(state: State) -> None:
    assert state.listings.validators(FEED) == Validators()


def test_the_last_validators_survive_reopening(path: Path) -> None:
    last = Validators('W/"é-2"', "Sun, 22 Nov 2026 08:00:00 GMT", "ab", "2026-11-22T08:00:00+00:00")
    with closing(State(path)) as state:
        state.listings.answered(FEED, "x", Validators('"1"'), NOW)
        state.listings.answered(FEED, "x", last, NOW)
    with closing(State(path)) as state:
        assert state.listings.validators(FEED) == last


def test_a_header_that_is_gone_is_not_sent_again(state: State) -> None:
    state.listings.answered(FEED, "x", Validators('"1"', "yesterday"), NOW)
    state.listings.answered(FEED, "x", Validators(body_hash="ab"), NOW)
    assert state.listings.validators(FEED) == Validators(body_hash="ab")


def test_the_ways_of_a_source_survive_reopening_until_they_are_too_old(path: Path) -> None:
    ways = Ways(feeds=(FEED, FEED + "2"), sitemaps=("https://x.example/s.xml",), listings=())
    with closing(State(path)) as state:
        assert state.listings.ways("x", NOW) is None
        state.listings.found("x", ways, NOW)
    with closing(State(path)) as state:
        assert state.listings.ways("x", NOW) == ways
        assert state.listings.ways("x", NOW + timedelta(seconds=1)) is None
        assert state.listings.ways("y", NOW) is None


def test_how_far_a_source_was_read_survives_reopening(path: Path) -> None:
    reading = Reading(frozenset({FEED, "https://x.example/"}), NOW)
    with closing(State(path)) as state:
        assert state.listings.reading("x") == Reading()
        state.listings.read("x", Reading())
        assert state.listings.reading("x") == Reading()
        state.listings.read("x", reading)
    with closing(State(path)) as state:
        assert state.listings.reading("x") == reading


def test_ways_and_readings_do_not_overwrite_each_other(state: State) -> None:
    reading, ways = Reading(frozenset({FEED}), NOW), Ways(feeds=(FEED,))
    state.listings.read("x", reading)
    assert state.listings.ways("x", NOW - timedelta(days=7)) is None
    state.listings.found("x", ways, NOW)
    assert state.listings.reading("x") == reading
    state.listings.read("x", Reading())
    assert state.listings.ways("x", NOW) == ways
