"""What runs saw of each source, day by day: its history, from which its health is judged.

Sums, no articles and no addresses: some hundred bytes a day. Days that are too old to be judged by
are forgotten, so that the size depends on the number of sources only.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date

SOURCE_DAY_TABLES = (
    """
    CREATE TABLE source_days (
        source TEXT NOT NULL,
        day TEXT NOT NULL,            -- of the visit, UTC; of new articles that of publication
        seen TEXT NOT NULL,           -- JSON of a `Tally`
        PRIMARY KEY (source, day)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE source_health (
        source TEXT PRIMARY KEY,
        memory TEXT NOT NULL          -- JSON of a `crawler.health.memory.Memory`
    ) WITHOUT ROWID
    """,
)


@dataclass(slots=True)
class Tally:
    """What was seen of a source, summed up.

    `hours` counts new articles by the hour (UTC) of their publication. `read` pages were articles,
    `decided` ones were that or were refused. `delays` and `answers` are histograms, by powers of
    two: of the minutes from publication to collection, and of the milliseconds to an answer.
    """

    visits: int = 0
    failed: int = 0
    read: int = 0
    decided: int = 0
    hours: Counter[int] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    delays: Counter[int] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add what was seen elsewhere."""
        for one in fields(Tally):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            else:
                setattr(self, one.name, mine + theirs)

    @property
    def new(self) -> int:
        """New articles."""
        return self.hours.total()


def octave(value: float) -> int:
    """The class of a value in a histogram: 0 below 1, then 1 for 1, 2 for 2 to 3, 3 for 4 to 7."""
    return int(max(value, 0)).bit_length()


def typical(histogram: Counter[int]) -> float | None:
    """The value in the middle of a histogram, to within its class; None for an empty one."""
    left = histogram.total() / 2
    for number in sorted(histogram):
        left -= histogram[number]
        if left <= 0:
            return 1.5 * 2 ** (number - 1) if number else 0.0
    return None


class SourceDays:
    """The tables of days and of what is remembered beside them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, source: str, day: date, tally: Tally) -> None:
        """Add to what was seen on a day."""
        row = self._db.execute(
            "SELECT seen FROM source_days WHERE source = ? AND day = ?", (source, day.isoformat())
        ).fetchone()
        sum_ = _tally(row[0]) if row else Tally()
        sum_.add(tally)
        self._db.execute(
            "INSERT OR REPLACE INTO source_days VALUES (?, ?, ?)",
            (source, day.isoformat(), _json(sum_)),
        )

    def of(self, source: str, since: date) -> dict[date, Tally]:
        """The days of a source, in order; those on which nothing was seen are left out."""
        cursor = self._db.execute(
            "SELECT day, seen FROM source_days WHERE source = ? AND day >= ? ORDER BY day",
            (source, since.isoformat()),
        )
        return {date.fromisoformat(day): _tally(seen) for day, seen in cursor}

    def forget_before(self, day: date) -> None:
        """Let go of what is older."""
        self._db.execute("DELETE FROM source_days WHERE day < ?", (day.isoformat(),))

    def memory(self, source: str) -> str | None:
        """What is remembered of a source, as it was given."""
        row = self._db.execute(
            "SELECT memory FROM source_health WHERE source = ?", (source,)
        ).fetchone()
        return row[0] if row else None

    def remember(self, source: str, memory: str) -> None:
        """Keep what is to be remembered of a source."""
        self._db.execute("INSERT OR REPLACE INTO source_health VALUES (?, ?)", (source, memory))


def _json(tally: Tally) -> str:
    told = {one.name: getattr(tally, one.name) for one in fields(Tally)}
    return json.dumps({name: value for name, value in told.items() if value})


def _tally(text: str) -> Tally:
    told = json.loads(text)
    for name in ("hours", "delays", "answers"):
        told[name] = Counter({int(key): number for key, number in told.get(name, {}).items()})
    for name in ("filled", "refused"):
        told[name] = Counter(told.get(name, {}))
    return Tally(**told)
