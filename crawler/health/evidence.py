"""What a source is judged by, in lines for people: its habits, its troubles, its next visit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from crawler.health.baseline import Baseline
from crawler.health.judging import baseline_of
from crawler.health.limits import Limits
from crawler.health.memory import Memory, moment
from crawler.health.rhythm import due_at
from crawler.health.shares import FIELDS
from crawler.health.silence import silence
from crawler.state.coverage import Covered
from crawler.state.source_days import Tally, typical

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTES_AN_HOUR = 60


def evidence(
    memory: Memory,
    days: Mapping[date, Tally],
    limits: Limits,
    every: timedelta | None,
    now: datetime,
) -> Iterator[str]:
    """What is known of a source; nothing of one that no run has visited."""
    if memory.last_visit is None:
        return
    total = Tally()
    for tally in days.values():
        total.add(tally)
    yield f"visits      {total.visits} in {len(days)} days, {total.failed} failed"
    baseline = baseline_of(memory, days, limits)
    yield f"articles    {_habits(baseline) if baseline else _learning(memory, limits)}"
    if baseline and memory.newest:
        quiet = silence(baseline, moment(memory.newest), now)
        if quiet:
            yield (
                f"silence     since {quiet.since:%Y-%m-%d %H:%M}, {quiet.expected:.1f} articles "
                f"were to be expected; so long a one comes {_how_often(quiet.years)}"
            )
    if total.read:
        shares = (f"{name} {total.filled[name] / total.read:.0%}" for name in FIELDS)
        yield f"filled      {', '.join(shares)} of {total.read} pages"
    if total.refused:
        refused = total.refused.most_common()
        shares = (f"{name} {number / total.decided:.1%}" for name, number in refused)
        yield f"refused     {', '.join(shares)} of {total.decided} pages"
    yield from _times(total)
    yield f"next visit  {_next(memory, every)}"
    for trouble in memory.troubles.values():
        yield f"unhealthy   since {moment(trouble.since):%Y-%m-%d %H:%M}: {trouble.sentence}"


def coverage(covered: Iterable[Covered]) -> Iterator[str]:
    """A line a day: how many URLs were listed, how many are rows, and why others are not."""
    by_day: dict[str, Counter[str]] = {}
    for one in covered:
        came_to = one.outcome if one.outcome != "refused" else one.reason or one.outcome
        by_day.setdefault(one.day, Counter())[came_to] += one.urls
    for day, counts in sorted(by_day.items()):
        rows = counts.pop("row", 0)
        others = ", ".join(f"{number} {why}" for why, number in counts.most_common())
        listed = rows + counts.total()
        yield f"listed      {day}: {listed} URLs, {rows} are rows{f'; {others}' if others else ''}"


def _habits(baseline: Baseline) -> str:
    a_week = (
        f"{weekday} {baseline.rate * weight:.1f}"
        for weekday, weight in zip(_WEEKDAYS, baseline.weekdays, strict=True)
    )
    return f"{baseline.rate:.1f} a day in {baseline.days:.0f} days ({', '.join(a_week)})"


def _learning(memory: Memory, limits: Limits) -> str:
    if memory.first_answer is None:
        return "it never answered"
    judged = moment(memory.first_answer) + limits.learning
    return f"known since {moment(memory.first_answer):%Y-%m-%d}, judged from {judged:%Y-%m-%d} on"


def _how_often(years: float) -> str:
    return f"once in {years:.0f} years" if years >= 1 else f"{1 / years:.0f} times a year"


def _times(total: Tally) -> Iterator[str]:
    delay, answer = typical(total.delays), typical(total.answers)
    if delay is not None:
        in_hours = delay >= _MINUTES_AN_HOUR
        told = f"{delay / _MINUTES_AN_HOUR:.0f} hours" if in_hours else f"{delay:.0f} minutes"
        yield f"delay       collected {told} after publication, typically"
    if answer is not None:
        yield f"answers     after {answer:.0f} ms, typically"


def _next(memory: Memory, every: timedelta | None) -> str:
    due = f"{due_at(memory, every):%Y-%m-%d %H:%M}"
    return f"{due}: {'as the sources file says' if every else memory.next_visit_why}"
