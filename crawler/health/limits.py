"""How sure a judgement must be; settings of the same names say why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory` is how far back a source is known, `learning` how long it is watched before it is
    judged by that; `years` the return period of what chance may do, `accept` how long something is
    wrong before it is normal."""

    memory: timedelta = timedelta(days=56)
    learning: timedelta = timedelta(days=14)
    years: float = 5.0
    accept: timedelta = timedelta(days=28)
