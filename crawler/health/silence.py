"""Whether a source that names nothing new is only quiet.

A silence is judged by how often the source would fall so silent by chance. The chance of nothing in
a time `t` after `n` events in a time `T` is `(T / (T + t)) ** (n + 1/2)`: Poisson events whose rate
is known only from those `n` (Gamma-Poisson, Jeffreys' prior; Gelman et al., Bayesian Data Analysis,
2.6 and 2.8). Unlike a limit in standard deviations it holds for a source with three articles: what
is hardly known needs a long silence. Each event begins a silence, `n / T` of them a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import exp, log

from crawler.health.baseline import Baseline

_YEAR = 365.25
# A logarithm: what comes once in a million years need not be told apart from what comes never.
_YEARS_AT_MOST = log(1e6)


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing new since a moment, where so many articles were `expected`.

    `years` is how many pass from one such silence to the next, if nothing is wrong.
    """

    since: datetime
    expected: float
    years: float


def silence(baseline: Baseline, since: datetime, now: datetime) -> Silence | None:
    """The silence of a source now; None where its rate is not known at all."""
    if not baseline.rate:
        return None
    expected = baseline.expected(since, now)
    time = expected / baseline.rate
    # The logarithm of the chance: itself it is soon too small for a number.
    chance = (baseline.clumps + 0.5) * log(baseline.days / (baseline.days + time))
    a_year = baseline.clumps / baseline.days * _YEAR
    return Silence(since, expected, exp(min(-chance - log(a_year), _YEARS_AT_MOST)))
