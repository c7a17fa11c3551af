"""The history of all sources: takes what runs saw, says what is wrong and when to come again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crawler.health.evidence import evidence
from crawler.health.judging import Finding, baseline_of, by_day, dated, judge
from crawler.health.limits import Limits
from crawler.health.memory import Memory
from crawler.health.observation import Observation
from crawler.health.rhythm import Rhythm
from crawler.state.source_days import SourceDays


class History:
    """What is known of the sources, and what follows from it."""

    def __init__(self, days: SourceDays, limits: Limits, rhythm: Rhythm) -> None:
        self._days = days
        self._limits = limits
        self._rhythm = rhythm
        # So that what came before a trouble is known until that is normal.
        self._kept = limits.memory + limits.accept

    def memory(self, source: str) -> Memory:
        """What is remembered of a source."""
        return Memory.read(self._days.memory(source))

    def take(self, memory: Memory, seen: Observation) -> list[Finding]:
        """Keep what was seen of a source, in the caller's transaction; what is wrong with it."""
        days = self._days.of(seen.source, (seen.at - self._kept).date())
        appeared = dated(memory, seen)
        baseline = baseline_of(memory, days, self._limits)
        findings = judge(memory, days, baseline, seen, self._limits)
        if seen.answered is not None:
            self._rhythm.plan(memory, baseline, seen.at)
        self._days.add(seen.source, seen.at.date(), seen.tally)
        for day, tally in by_day(appeared).items():
            self._days.add(seen.source, day, tally)
        self._days.remember(seen.source, memory.written())
        return findings

    def evidence(self, source: str, every: timedelta | None, now: datetime) -> Iterator[str]:
        """What is known of a source, in lines for people."""
        days = self._days.of(source, (now - self._limits.memory).date())
        yield from evidence(self.memory(source), days, self._limits, every, now)

    def prune(self, now: datetime) -> None:
        """Let go of the days that nothing is judged by any more."""
        self._days.forget_before((now - self._kept).date())
