"""What was erased and must not come back, as marks that name nothing; and erasures under way.

A mark is a hash under a key of this store's own, so that it says nothing without the store. Who has
the store can try names on it, as a run does with every author it meets: that cannot be otherwise.
"""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Literal

TOMBSTONE_TABLES = (
    """
    CREATE TABLE tombstones (
        mark TEXT PRIMARY KEY,        -- keyed hash of kind and value: never the value
        kind TEXT NOT NULL,
        erased REAL NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE TABLE tombstone_key (key BLOB NOT NULL)",
    """
    CREATE TABLE erasures (
        erasure_id TEXT PRIMARY KEY,
        plan TEXT                     -- in plain words while rows are left; NULL once none are
    ) WITHOUT ROWID
    """,
)

Kind = Literal["article", "domain", "author"]


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure that was begun; without a plan, all that is left to do is to clean the files."""

    erasure_id: str
    plan: str | None


class Tombstones:
    """The marks, and the erasures that were begun and not finished."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._key: bytes | None = None
        self._is_read = False

    def bury(self, kind: Kind, value: str, now: datetime) -> None:
        """Let this article id, registrable domain or folded name never be collected again."""
        if self._read_key() is None:
            self._db.execute("INSERT INTO tombstone_key VALUES (?)", (secrets.token_bytes(32),))
            self._is_read = False
        self._db.execute(
            "INSERT OR IGNORE INTO tombstones VALUES (?, ?, ?)",
            (self._mark(kind, value), kind, now.timestamp()),
        )

    def covers(self, kind: Kind, value: str) -> bool:
        """Whether it was erased."""
        if self._read_key() is None:
            return False
        query = "SELECT 1 FROM tombstones WHERE mark = ?"
        return self._db.execute(query, (self._mark(kind, value),)).fetchone() is not None

    def is_empty(self) -> bool:
        """Whether nothing was ever erased."""
        return self._read_key() is None

    def _read_key(self) -> bytes | None:
        if not self._is_read:
            row = self._db.execute("SELECT key FROM tombstone_key").fetchone()
            self._key, self._is_read = row[0] if row else None, True
        return self._key

    def _mark(self, kind: Kind, value: str) -> str:
        key = self._read_key()
        assert key is not None
        return blake2b(f"{kind}/{value}".encode(), key=key, digest_size=16).hexdigest()

    def begun(self) -> list[Erasure]:
        """Erasures that whoever began them did not finish, oldest first."""
        rows = self._db.execute("SELECT erasure_id, plan FROM erasures ORDER BY erasure_id")
        return [Erasure(*row) for row in rows]

    def begin(self, erasure: Erasure) -> None:
        """Write an erasure down before its first change."""
        self._db.execute(
            "INSERT OR REPLACE INTO erasures VALUES (?, ?)", (erasure.erasure_id, erasure.plan)
        )

    def end(self, erasure_id: str) -> None:
        """Nothing of an erasure is left to do."""
        self._db.execute("DELETE FROM erasures WHERE erasure_id = ?", (erasure_id,))
