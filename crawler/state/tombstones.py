"""What was erased and must not come back, as marks that name nothing; and erasures under way.

A mark is a hash under a key of this store's own, or of the one whose shard it is, so that it says
nothing without the store. Who has the store can try names on it, as a run does with every author it
meets: that cannot be otherwise.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
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
        self._known_keys: tuple[bytes, ...] | None = None

    def bury(self, kind: Kind, value: str, now: datetime) -> None:
        """Let this article id, registrable domain or folded name never be collected again."""
        if self.is_empty():
            self._db.execute("INSERT INTO tombstone_key VALUES (?)", (secrets.token_bytes(32),))
            self._known_keys = None
        mark, *_ = self._marks(kind, value)
        self._db.execute(
            "INSERT OR IGNORE INTO tombstones VALUES (?, ?, ?)", (mark, kind, now.timestamp())
        )

    def inherit(self, other: Tombstones) -> None:
        """Let nothing be collected here that was erased there."""
        for key in set(other._keys()) - set(self._keys()):
            self._db.execute("INSERT INTO tombstone_key VALUES (?)", (key,))
        self._known_keys = None
        marks = other._db.execute("SELECT mark, kind, erased FROM tombstones")
        self._db.executemany("INSERT OR IGNORE INTO tombstones VALUES (?, ?, ?)", marks)

    def covers(self, kind: Kind, value: str) -> bool:
        """Whether it was erased."""
        query = "SELECT 1 FROM tombstones WHERE mark = ?"
        return any(self._db.execute(query, (mark,)).fetchone() for mark in self._marks(kind, value))

    def is_empty(self) -> bool:
        """Whether nothing was ever erased."""
        return not self._keys()

    def _keys(self) -> tuple[bytes, ...]:
        """The first is that of new marks."""
        if self._known_keys is None:
            rows = self._db.execute("SELECT key FROM tombstone_key ORDER BY rowid")
            self._known_keys = tuple(key for (key,) in rows)
        return self._known_keys

    def _marks(self, kind: Kind, value: str) -> Iterator[str]:
        """What a thing may be buried under, a mark for each key."""
        for key in self._keys():
            yield blake2b(f"{kind}/{value}".encode(), key=key, digest_size=16).hexdigest()

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
