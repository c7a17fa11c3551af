"""When a source is visited next: as often as it has something to tell.

A visit that finds nothing costs a site its answer and us the request. With a known rate of change
the visits that find most are those at which about as much is to be expected each time (Cho and
Garcia-Molina, Effective page refresh policies for Web crawlers, ACM TODS 2003); as the rate here is
that of the weekday and hour, a paper that sleeps at night is left to sleep.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.health.baseline import Baseline
from crawler.health.memory import Memory, moment

# What makes one look again soon: twenty times as likely as chance (the logarithm of that).
_SUSPECTED = 3.0
_STEP = timedelta(minutes=15)
# Of an interval: a run that cron begins some seconds early, or that comes sooner to a source than
# the last one did, is not to leave it to the next.
_EARLY = 0.1
_EARLY_AT_MOST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A visit is worth it once `news` articles are expected; between `least` and `most` apart."""

    news: float
    least: timedelta
    most: timedelta

    def plan(self, memory: Memory, baseline: Baseline | None, now: datetime) -> None:
        """Put into the memory when a source that was just visited is due, and why then."""
        after, why = self._next(memory, baseline, now)
        memory.next_visit = (now + after).timestamp()
        memory.next_visit_why = why

    def _next(
        self, memory: Memory, baseline: Baseline | None, now: datetime
    ) -> tuple[timedelta, str]:
        suspected = any(one.score > _SUSPECTED for one in memory.suspicions.values())
        if memory.failed or suspected or memory.troubles:
            return timedelta(), "visited by each run, as something may be wrong"
        if baseline is None:
            return timedelta(), "visited by each run, as it is not known for long"
        after = self.least
        expected = baseline.expected(now, now + after)
        while after < self.most and expected < self.news:
            expected += baseline.expected(now + after, now + after + _STEP)
            after += _STEP
        return min(after, self.most), f"{expected:.1f} articles are to be expected by then"


def due_at(memory: Memory, every: timedelta | None) -> datetime:
    """When a source that was visited is to be visited again."""
    last = memory.last_visit or 0.0
    return moment(last) + every if every else moment(memory.next_visit or last)


def is_due(memory: Memory, every: timedelta | None, now: datetime) -> bool:
    """Whether a source is to be visited; `every` is what its entry in the sources file says."""
    if memory.last_visit is None:
        return True
    last, due = moment(memory.last_visit), due_at(memory, every)
    return now >= due - min((due - last) * _EARLY, _EARLY_AT_MOST)
