"""Pages that we left to their publishers: what was said, when, and what we did."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from crawler.errors import Refusal

RIGHTS_TABLES = (
    """
    CREATE TABLE rights (
        article_id TEXT NOT NULL,
        reason TEXT NOT NULL,         -- `rights/…`: what the refusal is counted under
        said TEXT NOT NULL,           -- in the publisher's own words
        decision TEXT NOT NULL,
        first_said REAL NOT NULL,
        last_said REAL NOT NULL,
        PRIMARY KEY (article_id, reason)
    ) WITHOUT ROWID
    """,
)


class RightsLog:
    """The table of refusals for the publisher's sake."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def refused(self, article_id: str, refusal: Refusal, now: datetime) -> None:
        """Note what a publisher said, and that the page was not collected for it."""
        self._db.execute(
            "INSERT INTO rights VALUES (?, ?, ?, 'refused', ?, ?)"
            " ON CONFLICT DO UPDATE SET said = excluded.said, last_said = excluded.last_said",
            (article_id, str(refusal.reason), refusal.detail, now.timestamp(), now.timestamp()),
        )
