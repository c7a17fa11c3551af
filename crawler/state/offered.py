"""Which URLs this run was offered: each is asked for once, however many listings name it.

In a temporary table, which no crash has to survive: fifty thousand known URLs are met without a
word written to the store. Memory stays flat, since SQLite keeps what is much of it in a file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

OFFERED_TABLE = (
    "CREATE TEMP TABLE offered (article_id TEXT PRIMARY KEY, run_id TEXT NOT NULL) WITHOUT ROWID"
)


def mark_offered(db: sqlite3.Connection, article_ids: Iterable[str], run_id: str) -> None:
    """A run has met these URLs."""
    db.execute(
        "INSERT OR REPLACE INTO temp.offered SELECT value, ? FROM json_each(?)",
        (run_id, json.dumps([*article_ids])),
    )
