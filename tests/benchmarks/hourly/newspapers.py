"""The newspapers of the year of real runs: how each publishes, lists, and what goes wrong with it.

All of it is of one seed, so that the site that serves them and the one who keeps the score know the
same of every hour without a word between them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp, log

from crawler.sources import Source
from tests.benchmarks.newsrooms import AFTERMATH, HOUR, Fault, Newsroom

# A Monday, so long ago that the year is over today: pages are read by the clock of the day.
START = datetime(2025, 11, 3, tzinfo=UTC)
# What each has published before anybody comes: of so many days, or so many articles.
BEFORE, BEFORE_AT_LEAST = timedelta(days=10), 5
# Articles a day, of the slowest and of the fastest.
SLOWEST, FASTEST = 0.1, 8.0
# Left at the end, so that what was planted last can be seen twice.
AT_THE_END = timedelta(days=2)
FEED_LENGTH = 30
# One article in so many is corrected, so many hours after it appeared.
CORRECTED, CORRECTED_AFTER = 20, 3 * HOUR
ELSEWHERE = "elsewhere.localhost"

KINDS = ("outage", "field", "refusals", "empty", "elsewhere", "moved", "leads", "burst", "stale")
LASTS_DAYS = {
    "outage": (1.1, 3), "field": (10, 14), "refusals": (6, 10), "empty": (2, 8),
    "elsewhere": (2, 8), "moved": (3, 8), "leads": (3, 8), "burst": (2, 3), "stale": (15, 30),
}  # fmt: skip
# Pages in a month, without which a change of the pages has nothing to be seen on.
_PAGES_A_DAY = 0.5
# Articles a day, without which nobody can tell a frozen listing from a quiet week.
_STALE_FROM = 2.0
# Found by what a source is used to, which takes two weeks to learn (HEALTH_LEARNING_DAYS).
_BY_HABIT, _LEARNING_DAYS = ("burst", "stale"), 14
_IN_A_BURST = 80


@dataclass(frozen=True, slots=True)
class Plan:
    """How long the runs go on, every how many hours, over how many sources.

    Faults are planted after `warm` days, those of one source some `apart`, in days too.
    """

    days: int = 365
    every: int = 1
    sources: int = 40
    seed: int = 1
    warm: float = 28.0
    apart: float = 30.0


@dataclass(frozen=True, slots=True)
class Story:
    """An article: when it was published, and when its newspaper began to list it."""

    number: int
    published: datetime
    listed: datetime

    def version(self, at: datetime) -> int:
        """How its text is at a moment."""
        return 2 if self.number % CORRECTED == 7 and at >= self.listed + CORRECTED_AFTER else 1

    def modified(self, at: datetime) -> datetime:
        """Since when it is as it is at a moment."""
        return self.listed + CORRECTED_AFTER if self.version(at) > 1 else self.listed

    @property
    def path(self) -> str:
        """Its address on its site, which tells nothing of its date."""
        return f"/article/recit-{self.number}.html"


@dataclass(slots=True)
class Newspaper:
    """A site: its rhythm is a newsroom's, and its `ways` are feed, sitemaps or both.

    The sources file names them, but for those that are `found` out by the crawler.
    """

    room: Newsroom
    ways: tuple[str, ...]
    found: bool
    stories: list[Story] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.room.name

    @property
    def host(self) -> str:
        return f"{self.name}.localhost"

    def source(self, port: int) -> Source:
        """Its entry in the sources file."""
        home = f"http://{self.host}:{port}/"
        if self.found:
            return Source(self.name, home)
        feeds = (f"{home}feed.xml",) if "feed" in self.ways else ()
        sitemaps = (f"{home}sitemap.xml",) if "sitemap" in self.ways else ()
        return Source(self.name, home, feeds=feeds, sitemaps=sitemaps)

    def publish(self, at: datetime) -> None:
        """What appears in the hour before a moment: news, and an archive that is opened."""
        known = len(self.room.published)
        self.room.publish(at)
        for published in self.room.published[known:]:
            self.stories.append(Story(len(self.stories), published, published))
        for fault in self.room.faults:
            if fault.kind == "burst" and at - HOUR < fault.begins <= at:
                self.stories += list(self._archive(fault))

    def _archive(self, fault: Fault) -> Iterator[Story]:
        chance = random.Random(f"{self.name}/{fault.begins}")
        for number in range(_IN_A_BURST + int(12 * self.room.rate)):
            published = fault.begins - timedelta(days=chance.uniform(2, 60))
            yield Story(len(self.stories) + number, published, fault.begins)

    def listed(self, at: datetime) -> Sequence[Story]:
        """What its listings know of at a moment, the newest last; less, while they are frozen."""
        fault = self.room.fault(at)
        if fault and fault.kind == "stale":
            return [story for story in self.stories if story.listed <= fault.begins]
        return self.stories


def newspapers(plan: Plan) -> list[Newspaper]:
    """Newspapers of every rhythm, with some days behind them, and what will go wrong with them."""
    papers = [_newspaper(number, plan) for number in range(plan.sources)]
    _plant(papers, plan)
    return papers


def _newspaper(number: int, plan: Plan) -> Newspaper:
    chance = random.Random(f"{plan.seed}/{number}")
    rate = SLOWEST * exp(log(FASTEST / SLOWEST) * number / max(plan.sources - 1, 1))
    # Of what a redesign breaks, dates are always there; who signs all is not for every paper.
    filled = {
        "authors": chance.choice((1.0, 0.97, 0.85)), "description": chance.choice((1.0, 0.9)),
    }  # fmt: skip
    weekend = chance.choice((0.0, 0.3, 0.6, 1.0))
    batch = chance.choice((1, 1, 2, 3)) if rate > 1 else 1
    room = Newsroom(f"s{number:02}", rate, weekend, batch, filled, {}, chance)
    ways = chance.choice((("feed",), ("feed", "sitemap"), ("sitemap",)))
    paper = Newspaper(room, ways, found=len(ways) > 1 and number % 2 > 0)
    before = max(BEFORE, timedelta(days=BEFORE_AT_LEAST / rate))
    for hour in range(-(before // HOUR), 1):
        paper.publish(START + hour * HOUR)
    return paper


def _plant(papers: Sequence[Newspaper], plan: Plan) -> None:
    """Faults of each kind again and again, one at a time in a paper, where they can show."""
    chance = random.Random(plan.seed)
    end = START + timedelta(days=plan.days) - AT_THE_END
    apart = timedelta(days=plan.apart)
    turn = 0
    for paper in papers:
        at = START + timedelta(days=plan.warm) + chance.random() * apart
        possible = _possible(paper, plan)
        while True:
            # In turn, so that there are as many of each as can be.
            kind = possible[turn % len(possible)]
            turn += 1
            lasts = timedelta(days=chance.uniform(*LASTS_DAYS[kind]))
            if kind in ("field", "refusals"):  # until some pages were there
                lasts = max(lasts, timedelta(days=8 / paper.room.rate))
            at = at.replace(minute=0, second=0, microsecond=0)
            if at + lasts > end:
                break
            paper.room.faults.append(Fault(kind, at, at + lasts))
            at += lasts + AFTERMATH + apart * (0.5 + chance.random())


def _possible(paper: Newspaper, plan: Plan) -> list[str]:
    kinds = list(KINDS)
    if "feed" not in paper.ways:  # sitemaps name more than what is new: not all of it can be gone
        kinds = [kind for kind in kinds if kind not in ("empty", "moved", "leads")]
    if paper.found:  # a feed that is gone is dropped when the ways are looked for again
        kinds = [kind for kind in kinds if kind != "moved"]
    if paper.room.rate < _PAGES_A_DAY:
        kinds = [kind for kind in kinds if kind not in ("field", "refusals")]
    if paper.room.rate < _STALE_FROM:
        kinds.remove("stale")
    if plan.warm < _LEARNING_DAYS:
        kinds = [kind for kind in kinds if kind not in _BY_HABIT]
    return kinds
