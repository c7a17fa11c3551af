"""What sites say of themselves in files at well-known places, so that not every run asks again."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

SITE_FILE_TABLES = (
    """
    CREATE TABLE site_files (
        url TEXT PRIMARY KEY,
        body BLOB,                    -- NULL: there is no such file
        fetched REAL NOT NULL
    ) WITHOUT ROWID
    """,
)


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file as it was served; `body` is None where the server said that there is none."""

    body: bytes | None


class SiteFiles:
    """The table of site files."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def get(self, url: str, since: datetime) -> SiteFile | None:
        """The file, if it was asked for since then."""
        row = self._db.execute(
            "SELECT body FROM site_files WHERE url = ? AND fetched >= ?", (url, since.timestamp())
        ).fetchone()
        return SiteFile(row[0]) if row else None

    def keep(self, url: str, body: bytes | None, now: datetime) -> None:
        """Keep what a server answered; None for "there is none"."""
        self._db.execute(
            "INSERT OR REPLACE INTO site_files VALUES (?, ?, ?)", (url, body, now.timestamp())
        )
