"""Simulated newsrooms with their rhythms, and the faults planted in them.

Rates go from one article in ten days to 150 a day, at the hours and weekdays of newsrooms, in
batches, with summer time, holidays and a quiet summer. What a newsroom does is all of one seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp, log

START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCES = 40
# Planted after the sources are known, one at a time in a source.
WARM = timedelta(days=28)
APART = timedelta(days=14)
# What a trouble that is over may still be told of: a share has to become well again.
AFTERMATH = timedelta(days=5)

KINDS = ("outage", "field", "refusals", "empty", "elsewhere", "moved", "leads", "stale", "burst")
LASTS_DAYS = {
    "outage": (0.25, 3), "field": (20, 25), "refusals": (10, 20), "empty": (2, 10),
    "elsewhere": (2, 10), "moved": (5, 10), "leads": (5, 10), "stale": (20, 60), "burst": (0.04, 1),
}  # fmt: skip


@dataclass(slots=True)
class Fault:
    """Something planted: what, from when to when; and how it was found."""

    kind: str
    begins: datetime
    ends: datetime
    pages: int = 0
    visits: int = 0
    since_shown: int = 0
    found: datetime | None = None


@dataclass(slots=True)
class Newsroom:
    """A source, with its habits."""

    name: str
    rate: float
    weekend: float
    batch: int
    filled: dict[str, float]
    refused: dict[str, float]
    chance: random.Random
    published: list[datetime] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def weight(self, at: datetime) -> float:
        """How much is published in an hour against the middling one."""
        summer = (at.month, at.day) >= (3, 29) and (at.month, at.day) < (10, 25)
        hour = (at.hour + 1 + summer) % 24
        day = 0.08 if hour < 6 else 1.9 if 7 <= hour < 19 else 0.7
        week = self.weekend if at.weekday() >= 5 else (7 - 2 * self.weekend) / 5
        season = 0.6 if at.month in (7, 8) else 1.0
        holiday = 0.3 if (at.month, at.day) in ((12, 24), (12, 25), (12, 26), (5, 1)) else 1.0
        return day * week * season * holiday / 1.19

    def publish(self, at: datetime) -> None:
        """What appears in the hour before a moment."""
        for _ in range(_poisson(self.chance, self.rate / 24 / self.batch * self.weight(at))):
            moment = at - self.chance.random() * HOUR
            size = self.chance.randint(1, 2 * self.batch - 1)
            self.published += [moment] * size

    def fault(self, at: datetime) -> Fault | None:
        """What is wrong at a moment."""
        return next((one for one in self.faults if one.begins <= at < one.ends), None)

    def explains(self, at: datetime) -> bool:
        """Whether a fault is there, or was until just now: what follows is no false alarm."""
        return any(one.begins <= at < one.ends + AFTERMATH for one in self.faults)

    def expected(self, since: datetime, until: datetime) -> float:
        """How many articles are published in a time, at the true rate."""
        hours = int((until - since) / HOUR)
        return sum(self.weight(since + n * HOUR) for n in range(hours)) * self.rate / 24

    def is_plainly_silent(self, begins: datetime, at: datetime, years: float) -> bool:
        """Whether a silence from some moment on is beyond chance for one who knows the rates.

        That is, one such is to be expected less than once in so many years.
        """
        last = max((one for one in self.published if one < begins), default=START)
        return self.expected(last, at) / self.batch >= log(self.rate * 365 / self.batch * years)


def newsrooms(seed: int) -> list[Newsroom]:
    """Sources of every rhythm."""
    made = []
    for number in range(SOURCES):
        chance = random.Random(f"{seed}/{number}")
        rate = 0.1 * exp(log(1500) * number / (SOURCES - 1))
        filled = {
            "authors": chance.choice((0.995, 0.97, 0.85)), "description": chance.choice((1.0, 0.9)),
            "date_published": 1.0, "in_language": 1.0, "main_image": chance.choice((0.99, 0.6)),
            "section": chance.choice((1.0, 0.0)), "keywords": chance.choice((0.98, 0.5, 0.0)),
        }  # fmt: skip
        refused = {
            "article/no-body": chance.choice((0.0, 0.01, 0.05)),
            "http/gone": 0.005, "article/listing-page": chance.choice((0.0, 0.02)),
        }  # fmt: skip
        weekend = chance.choice((0.0, 0.3, 0.6, 1.0))
        batch = chance.choice((1, 1, 2, 4)) if rate > 1 else 1
        made.append(Newsroom(f"s{number:02}", rate, weekend, batch, filled, refused, chance))
    return made


def plant(rooms: list[Newsroom], days: int, seed: int) -> None:
    """A fault of each kind again and again, in sources in which it can show."""
    chance = random.Random(seed)
    end = START + timedelta(days=days)
    for room in rooms:
        at = START + WARM + chance.random() * APART
        while True:
            kind = chance.choice(KINDS)
            lasts = timedelta(days=chance.uniform(*LASTS_DAYS[kind]))
            if kind in ("field", "refusals"):  # until some pages were there
                lasts = max(lasts, timedelta(days=12 / room.rate))
            if kind == "stale":
                lasts = max(lasts, timedelta(days=25 / room.rate))
            if lasts > timedelta(days=60):
                kind, lasts = "empty", timedelta(days=5)
            at = at.replace(minute=0, second=0, microsecond=0)
            if at + lasts > end:
                break
            room.faults.append(Fault(kind, at, at + lasts))
            at += lasts + AFTERMATH + APART * (0.5 + chance.random())


def _poisson(chance: random.Random, expected: float) -> int:
    number, left = 0, chance.expovariate(1)
    while left < expected:
        number, left = number + 1, left + chance.expovariate(1)
    return number
