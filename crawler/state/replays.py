"""The archive files that were replayed to their end: none is done twice.

A file is known by its name and size, wherever it lies: archives name theirs once and for all. Where
only some of its pages were wanted, the others may be wanted another day.
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
REPLAY_SELECTION_TABLES = (
    """
    CREATE TABLE replayed (
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        selection TEXT NOT NULL,      -- which of its pages were wanted; empty: all
        done REAL NOT NULL,
        PRIMARY KEY (name, size, selection)
    ) WITHOUT ROWID
    """,
    "INSERT INTO replayed SELECT name, size, '', done FROM replays",
    "DROP TABLE replays",
)


class Replays:
    """The table of replayed files."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def is_done(self, name: str, size: int, selection: str = "") -> bool:
        """Whether all wanted pages of a file are in the dataset, or refused."""
        known = (name, size, selection)
        query = "SELECT 1 FROM replayed WHERE name = ? AND size = ? AND selection IN ('', ?)"
        return self._db.execute(query, known).fetchone() is not None

    def done(self, file: Path, now: datetime, selection: str = "") -> None:
        """All wanted pages of a file are staged or refused. Raises: OSError."""
        self._db.execute(
            "INSERT OR REPLACE INTO replayed VALUES (?, ?, ?, ?)",
            (file.name, file.stat().st_size, selection, now.timestamp()),
        )

    def forget_since(self, moment: datetime) -> None:
        """What came of files since then was lost: they may be replayed again."""
        self._db.execute("DELETE FROM replayed WHERE done >= ?", (moment.timestamp(),))
