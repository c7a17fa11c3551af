"""A simulated year: forty sources, a run every hour, and faults planted that must be found.

    python -m tests.benchmarks.year [--days 365] [--seed 1] [--years 5] [--news 0.5]

The clock is driven and no page is fetched: what a run would have seen of each source is made up
from what the source published (tests.benchmarks.newsrooms), with servers' hiccups, and given to the
judgement that runs are given to (crawler.health), with its store in a file.

Visits are counted from the first at which a fault shows, and from when it is plain: when one who
knows the true rates would see such a silence, or so many refusals in a row, less than once in the
return period. A listing that goes stale shows only by its silence.

Of 453 and 436 faults (seeds 1 and 2) that showed, all but one and ten were found: outages that
one saw at one visit only, and what struck a source of one article in four days. Found by the second
visit that showed them, of both seeds: outages 99 of 102, empty 151 of 151, elsewhere 92 of 92,
moved 93 of 93, leads 96 of 96, bursts 78 of 78, fields 77 of 82, refusals 86 of 95 once they were
plain; stale ones 24 of 68 by the second visit at which who knows the true rates would have been
sure, the others within 35 more. False alarms: .90 and .82 a month, half of them silences on
holidays.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import mean, median

from crawler.health.history import History
from crawler.health.judging import Finding
from crawler.health.limits import Limits
from crawler.health.observation import Listing, NewArticle, Observation
from crawler.health.rhythm import Rhythm, is_due
from crawler.state.source_days import SOURCE_DAY_TABLES, SourceDays, Tally, octave
from tests.benchmarks.newsrooms import HOUR, KINDS, START, Fault, Newsroom, newsrooms, plant

TWO_VISITS = 2
HICCUP = 0.001
# Days that an article may still be added to, by its date.
_NOT_OVER = 5
FEED = "https://paper.example/feed"
SITEMAP = "https://paper.example/sitemap.xml"

FOUND_AS = {
    "outage": ("unreachable",), "field": ("filled/",), "refusals": ("refused/",),
    "empty": ("empty/", "silent"), "elsewhere": ("elsewhere",), "moved": ("listing/",),
    "leads": ("leads/",), "stale": ("silent",), "burst": ("burst",),
}  # fmt: skip


@dataclass(slots=True)
class Year:
    """What came of it."""

    history: History
    limits: Limits
    visits: int = 0
    listings: int = 0
    pages: int = 0
    delays: list[float] = field(default_factory=list)
    false: list[Finding] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    seconds: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    taken: dict[str, int] = field(default_factory=Counter)

    def visit(self, room: Newsroom, at: datetime) -> None:
        """One visit of one run."""
        memory = self.history.memory(room.name)
        if not is_due(memory, None, at):
            return
        fault = room.fault(at)
        seen = self._seen(room, fault, at)
        if memory.first_answer is None:
            seen.articles, seen.tally = [], Tally(visits=1)
        began = time.perf_counter()
        findings = self.history.take(memory, seen)
        self.seconds[(at - START).days // 30].append(time.perf_counter() - began)
        self.visits += 1
        self._score(room, fault, seen, findings)

    def _seen(self, room: Newsroom, fault: Fault | None, at: datetime) -> Observation:
        kind = fault.kind if fault else ""
        seen = Observation(room.name, at, answered=True)
        seen.tally.visits = 1
        self.listings += 1
        if kind == "outage" or room.chance.random() < HICCUP:
            seen.answered, seen.refusal, seen.is_transient = False, "fetch/timeout", True
            seen.tally.failed = 1
            return seen
        new = room.published[self.taken[room.name] :]
        if kind in ("empty", "elsewhere", "stale"):
            new = []
        elif fault and kind == "burst" and not fault.visits:
            new = [*new, *[at - 0.5 * HOUR] * (300 + int(20 * room.rate))]
        self.taken[room.name] = len(room.published) if new else self.taken[room.name]
        seen.named = 0 if kind == "empty" or (kind == "stale" and not new) else 30
        seen.own = 0 if kind in ("empty", "elsewhere") else seen.named
        seen.elsewhere = "other.example" if kind == "elsewhere" else None
        seen.is_unchanged = not new and kind != "empty"
        seen.listings = {
            FEED: Listing(
                refused="http/gone" if kind == "moved" else None,
                leads_to="other.example" if kind == "leads" else None,
                is_empty=kind == "empty",
            ),
            SITEMAP: Listing(),
        }
        self._pages(room, fault, seen, new)
        return seen

    def _pages(
        self, room: Newsroom, fault: Fault | None, seen: Observation, new: list[datetime]
    ) -> None:
        kind, tally, chance = fault.kind if fault else "", seen.tally, room.chance
        for published in new:
            tally.decided += 1
            shares = room.refused if kind != "refusals" else {"article/no-body": 0.95}
            reason = next((name for name, share in shares.items() if chance.random() < share), None)
            if reason:
                tally.refused[reason] += 1
                continue
            tally.read += 1
            for name, share in room.filled.items():
                if not (kind == "field" and name == "date_published") and chance.random() < share:
                    tally.filled[name] += 1
            seen.articles.append(NewArticle(seen.at, published))
            tally.answers[octave(chance.lognormvariate(5, 1))] += 1
            late = (seen.at - published) / timedelta(minutes=1)
            tally.delays[octave(late)] += 1
            if not room.fault(published):
                self.delays.append(late)
        self.pages += len(new)

    def _score(
        self, room: Newsroom, fault: Fault | None, seen: Observation, findings: list[Finding]
    ) -> None:
        if fault and not fault.found and self._shows(fault, seen):
            fault.visits += 1
            fault.since_shown += self._is_plain(room, fault, seen)
        for finding in findings:
            if fault and finding.what.startswith(FOUND_AS[fault.kind]):
                fault.found = fault.found or seen.at
                self.told[finding.what.partition("/")[0]] += finding.is_new
            elif finding.is_new and not room.explains(seen.at):
                self.false.append(finding)

    def _shows(self, fault: Fault, seen: Observation) -> bool:
        """Whether a visit saw anything of a fault."""
        pages = {"field": seen.tally.read, "refusals": seen.tally.decided}
        fault.pages += pages.get(fault.kind, 0)
        return pages.get(fault.kind, 1) > 0

    def _is_plain(self, room: Newsroom, fault: Fault, seen: Observation) -> bool:
        """Whether what was seen is beyond chance for one who knows the true rates."""
        if fault.kind == "refusals":
            usual = room.refused["article/no-body"] or 1e-9
            return usual**fault.pages * room.rate * 365 * self.limits.years < 1
        if fault.kind == "stale":
            return room.is_plainly_silent(fault.begins, seen.at, self.limits.years)
        return True


class Remembering(SourceDays):
    """The store, with the days that are over read once: here they are asked for every hour."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self._over: dict[str, dict[date, Tally]] = defaultdict(dict)

    def of(self, source: str, since: date) -> dict[date, Tally]:
        """As the store has it."""
        over = self._over[source]
        for day in [day for day in over if day < since]:
            del over[day]
        later = super().of(source, max(over, default=since))
        over.update(list(later.items())[:-_NOT_OVER])
        return over | later


def live(rooms: list[Newsroom], days: int, file: Path, limits: Limits, rhythm: Rhythm) -> Year:
    """Let the time pass."""
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    for table in SOURCE_DAY_TABLES:
        db.execute(table)
    year = Year(History(Remembering(db), limits, rhythm), limits)
    for hour in range(1, days * 24):
        at = START + hour * HOUR
        db.execute("BEGIN")
        for room in rooms:
            room.publish(at)
            year.visit(room, at)
        year.history.prune(at)
        db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return year


def report(year: Year, rooms: list[Newsroom], days: int, file: Path) -> Iterator[str]:
    """The figures."""
    faults = [one for room in rooms for one in room.faults]
    yield f"{len(rooms)} sources, {days} days, {days * 24} runs, {len(faults)} faults planted"
    yield "| fault | shown | found | by the 2nd visit | by the 2nd once plain | worst | hours |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for kind in KINDS:
        mine = [one for one in faults if one.kind == kind and one.visits]
        found = [one for one in mine if one.found]
        soon = [one for one in found if one.visits <= TWO_VISITS]
        plain = [one for one in found if one.since_shown <= TWO_VISITS]
        hours = [(one.found - one.begins) / HOUR for one in found if one.found] or [0.0]
        yield (
            f"| {kind} | {len(mine)} | {len(found)} | {len(soon)} | {len(plain)} | "
            f"{max((one.since_shown for one in mine), default=0)} | "
            f"{median(hours):.0f}, {max(hours):.0f} |"
        )
    yield f"false alarms: {len(year.false)}, {len(year.false) / (days / 30):.2f} a month"
    for finding in year.false:
        yield f"  {finding.since:%Y-%m-%d} {finding.source}: {finding.what}: {finding.sentence}"
    yield from _late(rooms)
    hourly = len(rooms) * days * 24
    yield (
        f"listings asked: {year.listings}, hourly {hourly}: {year.listings / hourly:.1%}; requests "
        f"for each new article: {(year.listings + year.pages) / year.pages:.2f}, hourly "
        f"{(hourly + year.pages) / year.pages:.2f}; {year.listings / year.pages:.2f} listings an "
        f"article, hourly {hourly / year.pages:.2f}"
    )
    delays = sorted(year.delays)
    yield (
        f"from publication to collection: median {median(delays):.0f} min, 90 % within "
        f"{delays[len(delays) * 9 // 10] / 60:.1f} h"
    )
    first, last = year.seconds[1], year.seconds[max(year.seconds)]
    yield (
        f"judging a visit: {mean(first) * 1000:.2f} ms in the second month, "
        f"{mean(last) * 1000:.2f} in the last; the store has {file.stat().st_size / 1000:.0f} kB"
    )


def _late(rooms: list[Newsroom]) -> Iterator[str]:
    """The faults that were found later than at the second visit once they were plain, or never."""
    late = [
        f"  {room.name}, {room.rate:.2f} a day: {one}"
        for room in rooms
        for one in room.faults
        if one.visits and (one.found is None or one.since_shown > TWO_VISITS)
    ]
    yield f"later than that, or never found: {len(late)}"
    yield from late


def main() -> None:
    """Let a year pass, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--years", type=float, default=5.0)
    parser.add_argument("--news", type=float, default=0.5)
    said = parser.parse_args()
    rooms = newsrooms(said.seed)
    plant(rooms, said.days, said.seed)
    limits = Limits(years=said.years)
    rhythm = Rhythm(said.news, timedelta(minutes=15), timedelta(days=1))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "state.sqlite")
        year = live(rooms, said.days, file, limits, rhythm)
        print(*report(year, rooms, said.days, file), sep="\n")


if __name__ == "__main__":
    main()
