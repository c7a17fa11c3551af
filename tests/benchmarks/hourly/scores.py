"""The score of the year: each planted fault, the visits that showed it, and whether it was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.benchmarks.hourly.newspapers import START, Newspaper
from tests.benchmarks.hourly.runs import Cost
from tests.benchmarks.hourly.server import Asked
from tests.benchmarks.newsrooms import Fault

MONTH_DAYS = 30
# Of what is asked, all but pages and the files at well-known places.
LISTINGS = ("feed", "sitemap", "home")
FOUND_AS = {
    "outage": ("unreachable",), "field": ("filled/",), "refusals": ("refused/",),
    "empty": ("empty/", "silent"), "elsewhere": ("elsewhere",), "leads": ("leads/",),
    "moved": ("listing/", "unreachable"), "burst": ("burst",), "stale": ("silent",),
}  # fmt: skip
# What is told by the counts of a run alone, and has no name in its file.
TOLD = "told"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something was told of a source in which nothing was wrong."""

    at: datetime
    source: str
    what: str
    sentence: str


@dataclass(slots=True)
class Month:
    """What the runs of thirty days took and did."""

    costs: list[Cost] = field(default_factory=list)
    exit_codes: Counter[int] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    compactions: int = 0
    commits: int = 0


@dataclass(slots=True)
class Scores:
    """What came of the runs so far."""

    papers: Sequence[Newspaper]
    years: float
    every: int
    months: list[Month] = field(default_factory=list)
    false: list[Alarm] = field(default_factory=list)
    runs: int = 0

    def month(self, at: datetime) -> Month:
        """The thirty days of a moment."""
        number = (at - START).days // MONTH_DAYS
        while len(self.months) <= number:
            self.months.append(Month())
        return self.months[number]

    def take(
        self,
        at: datetime,
        code: int,
        cost: Cost,
        said: Mapping[str, Any],
        asked: Asked,
        latest: str,
    ) -> None:
        """One run: what it took, what its file says, what it asked for, and the snapshot there."""
        self.runs += 1
        month = self.month(at)
        month.costs.append(cost)
        month.exit_codes[code] += 1
        month.commits += said["snapshot"] is not None
        month.compactions += said["snapshot"] is not None and said["snapshot"] != latest
        for counts in asked.values():
            month.asked.update(counts)
        told: dict[str, list[tuple[str, str, bool]]] = {}
        for finding in said["health"]:
            one = (finding["what"], finding["sentence"], finding["is_new"])
            told.setdefault(finding["source"], []).append(one)
        for source, sentence in said["problems"].items():
            told.setdefault(source, [(TOLD, sentence, True)])
        visited = set(said["visited"])
        for paper in self.papers:
            counts = asked.get(paper.name, {})
            self._judge(paper, at, paper.name in visited, counts, told.get(paper.name, []))

    def _judge(
        self,
        paper: Newspaper,
        at: datetime,
        is_visited: bool,
        asked: Mapping[str, int],
        told: Sequence[tuple[str, str, bool]],
    ) -> None:
        fault = paper.room.fault(at)
        if fault and not fault.found and is_visited and _shows(fault, asked):
            fault.visits += 1
            fault.since_shown += self._is_plain(paper, fault, at)
        for what, sentence, is_new in told:
            if fault and _names(fault, what):
                fault.found = fault.found or at
            elif is_new and not paper.room.explains(at):
                self.false.append(Alarm(at, paper.name, what, sentence))

    def _is_plain(self, paper: Newspaper, fault: Fault, at: datetime) -> bool:
        """Whether it is beyond chance for one who knows the true rates: a silence needs time."""
        if fault.kind != "stale":
            return True
        return paper.room.is_plainly_silent(fault.begins, at, self.years)

    def faults(self) -> Iterator[tuple[Newspaper, Fault]]:
        """All that was planted."""
        for paper in self.papers:
            for fault in paper.room.faults:
                yield paper, fault


def _shows(fault: Fault, asked: Mapping[str, int]) -> bool:
    """Whether a visit could see anything of it: a page, or a listing that was read anew."""
    if fault.kind == "field":  # what a story lacks is said once
        return asked.get("first 200", 0) > 0
    if fault.kind == "refusals":
        return asked.get("first 200", 0) + asked.get("page 200", 0) > 0
    return fault.kind != "elsewhere" or asked.get("elsewhere", 0) > 0


def _names(fault: Fault, what: str) -> bool:
    if what == TOLD:
        return fault.kind in ("outage", "refusals")
    return what.startswith(FOUND_AS[fault.kind])
