"""Hosts that asked to be left alone, and until when: the next run keeps to it too."""

from __future__ import annotations

import sqlite3
from datetime import datetime

HOST_TABLES = (
    """
    CREATE TABLE hosts (
        host TEXT PRIMARY KEY,
        not_before REAL NOT NULL,     -- no request before this
        said TEXT NOT NULL            -- what the host answered
    ) WITHOUT ROWID
    """,
)


class Hosts:
    """The table of hosts."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def put_off(self, host: str, not_before: float, said: str) -> None:
        """Keep until when a host must not be asked, in seconds since the epoch."""
        self._db.execute("INSERT OR REPLACE INTO hosts VALUES (?, ?, ?)", (host, not_before, said))

    def waiting(self, now: datetime) -> dict[str, tuple[float, str]]:
        """Of each host that still wants no request: until when, and what it said."""
        rows = self._db.execute(
            "SELECT host, not_before, said FROM hosts WHERE not_before > ?", (now.timestamp(),)
        )
        return {host: (not_before, said) for host, not_before, said in rows}
