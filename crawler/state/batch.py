"""What waits for the next commit, while it can still be taken back and staged in other words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from crawler.state.journal import StagedRows

BATCH_TABLES = (
    """
    CREATE TABLE stories_before (
        article_id TEXT PRIMARY KEY,
        story TEXT NOT NULL           -- JSON: the row of `stories` that a staged version replaced
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE taken_back (         -- empty but while a batch is staged again
        position INTEGER PRIMARY KEY,
        table_name TEXT NOT NULL,
        p_month TEXT NOT NULL,
        article_id TEXT NOT NULL,
        rows BLOB NOT NULL,
        replaces TEXT,
        leaves TEXT
    )
    """,
)

_COLUMNS = "table_name, p_month, article_id, rows, replaces, leaves"
# Versions of a story; what else is staged of an article (its comments) stays.
_VERSIONS = "commit_id IS NULL AND table_name IN ('articles', 'duplicates')"


class Batch:
    """The staged versions that no commit has begun to write."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def keep(self, article_id: str) -> None:
        """Keep the story as it is, if there is one, before a new version of it is remembered."""
        row = self._story(article_id)
        if row is not None:
            self._db.execute(
                "INSERT OR REPLACE INTO stories_before VALUES (?, ?)", (article_id, json.dumps(row))
            )

    def versions(self) -> Iterator[StagedRows]:
        """The staged versions, in the order they came in."""
        yield from self._rows("staged", _VERSIONS)

    def take_back(self, article_id: str) -> None:
        """Unstage an article's version; its story is what it was before, or was never told."""
        theirs = f"article_id = ? AND {_VERSIONS}"
        self._db.execute(
            f"INSERT INTO taken_back (position, {_COLUMNS})"  # noqa: S608 # ours
            f" SELECT position, {_COLUMNS} FROM staged WHERE {theirs}",
            (article_id,),
        )
        self._db.execute(f"DELETE FROM staged WHERE {theirs}", (article_id,))  # noqa: S608 # ours
        self.restore_story(article_id)

    def restore_story(self, article_id: str) -> None:
        """Let a story be what it was before the version that is no longer staged, or untold."""
        self._db.execute("DELETE FROM stories WHERE article_id = ?", (article_id,))
        before = self._db.execute(
            "SELECT story FROM stories_before WHERE article_id = ?", (article_id,)
        ).fetchone()
        if before:
            row = json.loads(before[0])
            marks = ", ".join("?" * len(row))
            self._db.execute(f"INSERT INTO stories VALUES ({marks})", row)  # noqa: S608 # only "?"

    def give_back(self) -> Iterator[StagedRows]:
        """All that was taken back, in the order it came in; after that it is gone."""
        yield from self._rows("taken_back", "TRUE")
        self._db.execute("DELETE FROM taken_back")

    def _rows(self, table: str, which: str) -> Iterator[StagedRows]:
        query = f"SELECT {_COLUMNS} FROM {table} WHERE {which} ORDER BY position"  # noqa: S608 # ours
        for row in self._db.execute(query):
            yield StagedRows(*row)

    def forget_committed(self) -> None:
        """Let go of what the stories were whose next version is no longer staged."""
        self._db.execute(
            "DELETE FROM stories_before WHERE article_id NOT IN (SELECT article_id FROM staged)"
        )

    def _story(self, article_id: str) -> tuple[object, ...] | None:
        row: tuple[object, ...] | None = self._db.execute(
            "SELECT * FROM stories WHERE article_id = ?", (article_id,)
        ).fetchone()
        return row
