"""Coverage: of the URLs that were found, how many became rows, and why others did not.

By source and day, the day on which a URL was first listed. What each came to is told as it is now:
a page that failed at first and was collected later is a row of the day that it was listed on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

COVERAGE_TABLES = (
    # In the order of time, so that an insert costs little.
    "CREATE INDEX urls_by_day ON urls (first_seen)",
    """
    CREATE TABLE left_out (           -- what was not taken, and is written down nowhere by itself
        source TEXT NOT NULL,
        day TEXT NOT NULL,
        reason TEXT NOT NULL,
        urls INTEGER NOT NULL,        -- of the run of that day that left out most
        PRIMARY KEY (source, day, reason)
    ) WITHOUT ROWID
    """,
)

# Retries end after two and a half days, visits by plan after a week: of older days nothing changes,
# but for what a listing dates anew.
COVERAGE = timedelta(days=30)

Outcome = Literal["row", "waiting", "refused"]


@dataclass(frozen=True, slots=True)
class Covered:
    """So many URLs that a source listed first on a day came to this, for this reason.

    What waits has a reason if it was tried, or put off.
    """

    source: str
    day: str
    outcome: Outcome
    reason: str | None
    urls: int


class Coverage:
    """What the store says of coverage."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def leave_out(self, source: str, day: date, reasons: Mapping[str, int]) -> None:
        """Keep how many URLs a run left out. The same ones are left out by each run of a day."""
        self._db.executemany(
            "INSERT INTO left_out VALUES (?, ?, ?, ?) ON CONFLICT (source, day, reason)"
            " DO UPDATE SET urls = max(urls, excluded.urls)",
            [(source, day.isoformat(), reason, urls) for reason, urls in reasons.items()],
        )

    def forget_before(self, day: date) -> None:
        """Let go of what was left out on older days."""
        self._db.execute("DELETE FROM left_out WHERE day < ?", (day.isoformat(),))

    def of_run(self, started: datetime) -> list[Covered]:
        """What has become of the URLs of every day on which a run that began then changed any."""
        try:
            return list(self.since(started - COVERAGE, started))
        except sqlite3.Error:  # what could not be written cannot be read: that is told already
            return []

    def since(self, listed: datetime, changed: datetime | None = None) -> Iterator[Covered]:
        """Of the URLs listed since a moment; only the days on which something has `changed` since.

        Of days that nothing was found on or tried of, what was told before still holds.
        """
        moment = changed.timestamp() if changed else 0.0
        day = (changed or listed).date().isoformat()
        rows = self._db.execute(
            "WITH listed AS (SELECT source, date(first_seen, 'unixepoch') AS day, status, reason,"
            " first_seen, last_tried FROM urls WHERE first_seen >= ?),"
            " touched AS (SELECT source, day FROM listed GROUP BY source, day"
            " HAVING max(first_seen) >= ? OR max(coalesce(last_tried, 0)) >= ?"
            # A day is told whole, or what was left out of it would be all there is.
            " UNION SELECT source, day FROM left_out WHERE day >= ?)"
            " SELECT source, day, CASE status WHEN 'collected' THEN 'row' WHEN 'due' THEN 'waiting'"
            " ELSE status END, CASE status WHEN 'collected' THEN NULL ELSE reason END AS why,"
            " count(*) FROM listed JOIN touched USING (source, day) GROUP BY 1, 2, 3, 4"
            " UNION ALL SELECT source, day, 'refused', reason, urls FROM left_out WHERE day >= ?"
            " ORDER BY 1, 2, 3, 4",
            (
                listed.timestamp(), moment, moment, day, day,
            ),
        )  # fmt: skip
        for row in rows:
            yield Covered(*row)
