"""What the files of the last runs tell: coverage by source and day, refusals, health, numbers.

A file that cannot be read, or was written by an older version, is left out and counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from crawler.state.coverage import COVERAGE

# An hourly run's files of as many days as coverage changes for, and some that were started by hand.
READ = COVERAGE // timedelta(hours=1) + 80
SHOWN = 20

Day = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in the table of the last ones."""

    run_id: str
    started: str
    ended: str
    reason: str
    exit_code: int
    requests: int
    found: int
    fetched: int
    articles: int
    refused: int


@dataclass(slots=True)
class Found:
    """Something that was wrong with a source: since when, and the last run that still said so."""

    source: str
    what: str
    since: str
    sentence: str
    last_said: str
    is_open: bool = True


@dataclass(slots=True)
class Runs:
    """The last runs, oldest first; coverage by source and day, then by outcome and reason."""

    lines: list[RunLine] = field(default_factory=list)
    coverage: dict[Day, Counter[tuple[str, str]]] = field(default_factory=dict)
    health: dict[tuple[str, str, str], Found] = field(default_factory=dict)
    last_visit: dict[str, str] = field(default_factory=dict)
    unreadable: int = 0

    def outcomes(self, source: str | None = None) -> Counter[str]:
        """URLs that were listed by what they came to, of all sources or one."""
        return _sum(self, source, 0)

    def refusals(self, source: str | None = None) -> Counter[str]:
        """URLs that were refused, by the reason."""
        reasons: Counter[str] = Counter()
        for (name, _), counts in self.coverage.items():
            for (outcome, reason), urls in counts.items():
                if outcome == "refused" and source in (None, name):
                    reasons[reason or "?"] += urls
        return reasons

    def findings(self, source: str | None = None) -> list[Found]:
        """What was found wrong, what still is first, then the newest."""
        found = [one for one in self.health.values() if source in (None, one.source)]
        return sorted(sorted(found, key=lambda one: one.since, reverse=True), key=_is_over)


def runs_in(folder: Path) -> Runs:
    """Read the files of the last runs below `runs/`."""
    runs = Runs()
    for path in sorted(folder.glob("*.json"))[-READ:]:
        try:
            _add(runs, json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            runs.unreadable += 1
    return runs


def _add(runs: Runs, said: Mapping[str, Any]) -> None:
    ended = str(said["ended"])
    sources = said.get("sources", {})
    sums: Counter[str] = Counter()
    for counts in sources.values():
        sums.update(counts)
    line = RunLine(
        str(said["run_id"]), str(said["started"]), ended, str(said["reason"]),
        int(said["exit_code"]), int(said.get("requests") or 0), sums["found"], sums["fetched"],
        sums["articles"], sum(n for thing, n in sums.items() if thing.startswith("refused/")),
    )  # fmt: skip
    touched: dict[Day, Counter[tuple[str, str]]] = {}
    for one in said.get("coverage", ()):
        day = touched.setdefault((one["source"], one["day"]), Counter())
        day[one["outcome"], one["reason"] or ""] += one["urls"]
    runs.coverage.update(touched)
    _judge(runs, said, ended)
    runs.lines.append(line)


def _judge(runs: Runs, said: Mapping[str, Any], ended: str) -> None:
    visited = set(said.get("visited", ()))
    runs.last_visit.update(dict.fromkeys(visited, ended))
    for found in runs.health.values():
        if found.source in visited:
            found.is_open = False
    for one in said.get("health", ()):
        key = (str(one["source"]), str(one["what"]), str(one["since"]))
        runs.health[key] = Found(*key, str(one["sentence"]), ended)


def _sum(runs: Runs, source: str | None, part: int) -> Counter[str]:
    sums: Counter[str] = Counter()
    for (name, _), counts in runs.coverage.items():
        for key, urls in counts.items():
            if source in (None, name):
                sums[key[part]] += urls
    return sums


def _is_over(found: Found) -> bool:
    return not found.is_open
