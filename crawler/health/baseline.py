"""What a source is used to: its articles by weekday and hour, from the days that it was watched.

Counts are small (a weekly column has eight in two months), so the week is not learnt cell by cell:
a rate, a shape of the week and a shape of the day, each pulled towards the even one by a few
articles that were never there (additive smoothing; Gelman et al., Bayesian Data Analysis, 2.4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from crawler.state.source_days import Tally

# Articles, spread evenly over week and day, that the shapes are drawn towards.
_EVEN_WEEKDAYS = 14.0
_EVEN_HOURS = 24.0
# A day counts at most for so many middling ones, of those with an article (a source may have been
# silent for long): a burst is not what a source is used to.
_DAY_AT_MOST = 2.0
# Numbers that are learnt of the days, so many of which are free to differ for the rest.
_SHAPES = 7
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Baseline:
    """`days` watched, `rate` articles on a day of them, and by how much weekdays and hours differ.

    The weights are 1 on average. `dispersion` is how many times the variance of a day's articles
    is what independent ones would have (McCullagh and Nelder, Generalized Linear Models, 6.2):
    articles that come in batches of five have 5, and tell as much as a fifth of them would.
    """

    days: float
    rate: float
    weekdays: tuple[float, ...]
    hours: tuple[float, ...]
    dispersion: float

    @classmethod
    def of(
        cls,
        days: Mapping[date, Tally],
        since: datetime,
        until: datetime,
        apart: Sequence[Sequence[float]] = (),
    ) -> Baseline:
        """The baseline from the days since a moment, up to another one.

        Without those that have a part in a time `apart`, from and to in seconds since the epoch: a
        site that was down for a month is not used to being silent.
        """
        every = [since.date() + n * _DAY for n in range(1, (until.date() - since.date()).days)]
        whole = [day for day in every if not _is_apart(day, apart)]
        span = max((until - since) / _DAY - (len(every) - len(whole)), 1e-6)
        counts = {day: days[day].new if day in days else 0 for day in whole}
        told = [number for number in counts.values() if number]
        cap = _DAY_AT_MOST * (median(told) + 1) if told else 0.0
        kept = {day: min(float(number), cap) for day, number in counts.items()}
        rate = sum(kept.values()) / len(kept) if kept else 0.0
        weekdays, hours = _weekdays(kept, rate), _hours(days, kept)
        dispersion = _dispersion(days, kept, rate, weekdays, hours)
        return cls(span, rate, weekdays, hours, dispersion)

    @property
    def clumps(self) -> float:
        """How many independent events the articles of these days are worth."""
        return self.rate * self.days / self.dispersion

    def expected(self, since: datetime, until: datetime) -> float:
        """Articles to be expected between two moments."""
        total = 0.0
        moment = since.astimezone(UTC)
        whole_weeks = max(0, (until - moment) // timedelta(weeks=1))
        total += whole_weeks * sum(self.weekdays)
        moment += whole_weeks * timedelta(weeks=1)
        while moment < until:
            end = min(moment.replace(minute=0, second=0, microsecond=0) + _HOUR, until)
            share = (end - moment) / _DAY
            total += share * self.weekdays[moment.weekday()] * self.hours[moment.hour]
            moment = end
        return total * self.rate


def _is_apart(day: date, apart: Sequence[Sequence[float]]) -> bool:
    begins = datetime.combine(day, time(), UTC).timestamp()
    ends = begins + _DAY.total_seconds()
    return any(since < ends and until >= begins for since, until in apart)


def _weekdays(counts: Mapping[date, float], rate: float) -> tuple[float, ...]:
    if not rate:
        return (1.0,) * 7
    weights = []
    for weekday in range(7):
        own = [number for day, number in counts.items() if day.weekday() == weekday]
        even = _EVEN_WEEKDAYS / 7
        weights.append((sum(own) + even) / (len(own) * rate + even))
    mean = sum(weights) / 7
    return tuple(weight / mean for weight in weights)


def _hours(days: Mapping[date, Tally], kept: Mapping[date, float]) -> tuple[float, ...]:
    """Each hour with half of both its neighbours: an hour's shift (summer time) is no silence."""
    by_hour = [0.0] * 24
    for day in kept.keys() & days.keys():
        share = kept[day] / max(days[day].new, 1)
        for hour, number in days[day].hours.items():
            by_hour[hour] += number * share
    smooth = [
        (by_hour[hour - 1] + 2 * by_hour[hour] + by_hour[(hour + 1) % 24]) / 4 for hour in range(24)
    ]
    total = sum(smooth) + _EVEN_HOURS
    return tuple((number + _EVEN_HOURS / 24) / total * 24 for number in smooth)


def _dispersion(
    days: Mapping[date, Tally],
    kept: Mapping[date, float],
    rate: float,
    weekdays: tuple[float, ...],
    hours: tuple[float, ...],
) -> float:
    """The greater of what days and hours show: batches fill an hour, quiet weeks whole days.

    Of sums, as an hour in which hardly anything is to be expected would else outweigh all others.
    """
    if not rate or len(kept) <= _SHAPES:
        return 1.0
    by_day = by_hour = total = 0.0
    uneven = sum((weight / 24) ** 2 for weight in hours)
    for day, number in kept.items():
        expected = rate * weekdays[day.weekday()]
        total += expected
        by_day += (number - expected) ** 2
        counted = days[day].hours if day in days else Counter[int]()
        share = number / counted.total() if counted else 0.0
        # Of hours without an article only what was expected of them is left.
        by_hour += expected**2 * uneven + sum(
            n * share * (n * share - 2 * expected * hours[hour] / 24) for hour, n in counted.items()
        )
    free = len(kept) / (len(kept) - _SHAPES)
    return max(1.0, by_day * free / total, by_hour / total)
