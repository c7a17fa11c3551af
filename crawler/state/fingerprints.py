"""The fingerprints that new articles are compared with, in the order they were collected.

A fingerprint goes in with its article's own rows, in one transaction. The log only grows at its end
and is cut at its beginning; what helps to search it is made from it (crawler.state.postings).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

FINGERPRINT_TABLES = (
    """
    CREATE TABLE fingerprints (
        number INTEGER PRIMARY KEY AUTOINCREMENT,  -- no number is used again: postings name it
        article_id TEXT NOT NULL,
        published REAL,               -- NULL where nobody says
        collected REAL NOT NULL,      -- ascending, but for what was restored from the dataset
        signature BLOB NOT NULL,      -- both opaque here: the pipelines compare them
        vocabulary BLOB NOT NULL
    )
    """,
    "CREATE INDEX fingerprints_by_article ON fingerprints (article_id)",
)


@dataclass(frozen=True, slots=True)
class Logged:
    """The fingerprint of one version of an article; `published` in seconds since the epoch."""

    number: int
    article_id: str
    published: float | None
    signature: bytes
    vocabulary: bytes


class FingerprintLog:
    """The table of fingerprints."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(
        self,
        article_id: str,
        published: datetime | None,
        collected: datetime,
        signature: bytes,
        vocabulary: bytes,
    ) -> None:
        """Log the fingerprint of an article's text; earlier versions stay."""
        self._db.execute(
            "INSERT INTO fingerprints (article_id, published, collected, signature, vocabulary)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                article_id, published.timestamp() if published else None, collected.timestamp(),
                signature, vocabulary,
            ),
        )  # fmt: skip

    def after(self, number: int, limit: int) -> list[tuple[int, bytes]]:
        """Numbers and signatures of what follows a number, in order."""
        return self._db.execute(
            "SELECT number, signature FROM fingerprints WHERE number > ? ORDER BY number LIMIT ?",
            (number, limit),
        ).fetchall()

    def get(self, numbers: Iterable[int]) -> list[Logged]:
        """The fingerprints with these numbers; those that were let go of are left out."""
        wanted = ",".join(map(str, numbers))
        cursor = self._db.execute(
            "SELECT number, article_id, published, signature, vocabulary FROM fingerprints"  # noqa: S608 # numbers
            f" WHERE number IN ({wanted})"
        )
        return [Logged(*row) for row in cursor]

    def of(self, article_id: str) -> Logged | None:
        """The newest fingerprint of an article."""
        row = self._db.execute(
            "SELECT number, article_id, published, signature, vocabulary FROM fingerprints"
            " WHERE article_id = ? ORDER BY number DESC LIMIT 1",
            (article_id,),
        ).fetchone()
        return Logged(*row) if row else None

    def span(self) -> tuple[int, int]:
        """The lowest and the highest number; (1, 0) where there is none."""
        low, high = self._db.execute(
            "SELECT (SELECT min(number) FROM fingerprints), (SELECT max(number) FROM fingerprints)"
        ).fetchone()
        return (low, high) if low is not None else (1, 0)

    def forget_before(self, moment: datetime) -> None:
        """Let go of what was collected before a moment."""
        first_kept = self._db.execute(
            "SELECT number FROM fingerprints WHERE collected >= ? ORDER BY number LIMIT 1",
            (moment.timestamp(),),
        ).fetchone()
        if first_kept is None:
            self._db.execute("DELETE FROM fingerprints")
        else:
            self._db.execute("DELETE FROM fingerprints WHERE number < ?", first_kept)

    def take_back(self, article_id: str, signature: bytes) -> None:
        """Let go of one version of an article, which is staged again in other words."""
        self._db.execute(
            "DELETE FROM fingerprints WHERE article_id = ? AND signature = ?",
            (article_id, signature),
        )

    def forget(self, article_id: str) -> None:
        """Let go of every version of an article."""
        self._db.execute("DELETE FROM fingerprints WHERE article_id = ?", (article_id,))
