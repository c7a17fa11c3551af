"""The simulated year: some weeks of a few sources, and all of it where minutes do not matter."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.health.limits import Limits
from crawler.health.rhythm import Rhythm
from tests.benchmarks.newsrooms import SOURCES, Newsroom, newsrooms, plant
from tests.benchmarks.year import TWO_VISITS, Year, live

# Of shares and silences it is known only after some pages, or some time, that they are no chance.
AT_ONCE = ("outage", "empty", "elsewhere", "moved", "leads", "burst")
RHYTHM = Rhythm(0.5, timedelta(minutes=15), timedelta(days=1))


def lived(days: int, every: int, folder: Path) -> tuple[Year, list[Newsroom]]:
    rooms = newsrooms(seed=1)[every - 1 :: every]
    plant(rooms, days, seed=1)
    return live(rooms, days, folder / "state.sqlite", Limits(), RHYTHM), rooms


def check(rooms: list[Newsroom]) -> int:
    """Every fault that a visit could see at once was found by then; how many there were."""
    faults = [fault for room in rooms for fault in room.faults if fault.visits]
    for fault in faults:
        if fault.kind in AT_ONCE:
            assert fault.found, fault
            assert fault.visits <= TWO_VISITS, fault
    return len(faults)


def test_in_some_weeks_of_eight_sources_what_is_planted_is_found(tmp_path: Path) -> None:
    year, rooms = lived(50, 5, tmp_path)
    assert check(rooms) >= 5
    assert len(year.false) <= 1, year.false
    assert year.listings < 0.8 * 50 * 24 * len(rooms)


@pytest.mark.slow
def test_in_a_year_of_forty_sources_there_is_less_than_one_false_alarm_a_month(
    tmp_path: Path,
) -> None:
    year, rooms = lived(365, 1, tmp_path)
    assert len(rooms) == SOURCES
    assert check(rooms) > 300
    assert len(year.false) <= 12, year.false
    lost = [one for room in rooms for one in room.faults if one.visits and not one.found]
    assert len(lost) <= 3, lost
    assert (tmp_path / "state.sqlite").stat().st_size < 2_000_000
