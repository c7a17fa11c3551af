"""The archive files that were replayed to their end: none is done twice.

A file is known by its name and size, wherever it lies: archives name theirs once and for all.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

REPLAY_TABLES = (
    """
    CREATE TABLE replays (
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        done REAL NOT NULL,
        PRIMARY KEY (name, size)
    ) WITHOUT ROWID
    """,
)


class Replays:
    """The table of replayed files."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def is_done(self, file: Path) -> bool:
        """Whether all of a file's pages are in the dataset, or refused. Raises: OSError."""
        known = (file.name, file.stat().st_size)
        query = "SELECT 1 FROM replays WHERE name = ? AND size = ?"
        return self._db.execute(query, known).fetchone() is not None

    def done(self, file: Path, now: datetime) -> None:
        """All pages of a file are staged or refused. Raises: OSError."""
        self._db.execute(
            "INSERT OR REPLACE INTO replays VALUES (?, ?, ?)",
            (file.name, file.stat().st_size, now.timestamp()),
        )

    def forget_since(self, moment: datetime) -> None:
        """What came of files since then was lost: they may be replayed again."""
        self._db.execute("DELETE FROM replays WHERE done >= ?", (moment.timestamp(),))
