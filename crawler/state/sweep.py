"""Takes rows out of the whole store, whatever its tables are, so that nothing of them is left.

Not in free pages, nor in the write-ahead log: SQLite only forgets where a deleted row was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping

from crawler.state.journal import StagedRows

# What an erasure needs itself, and hashes that say nothing.
_OWN_TABLES = ("tombstones", "tombstone_key", "erasures", "staged")


class Sweep:
    """What an erasure does to the store."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def has_begun_commit(self) -> bool:
        """Whether a commit was begun and not finished: its rows may be in a snapshot already."""
        query = "SELECT 1 FROM staged WHERE commit_id IS NOT NULL"
        return self._db.execute(query).fetchone() is not None

    def staged(self) -> Iterator[tuple[int, StagedRows]]:
        """All that waits for a commit, by its position."""
        cursor = self._db.execute(
            "SELECT position, table_name, p_month, article_id, rows, replaces, leaves FROM staged"
            " ORDER BY position"
        )
        for position, *row in cursor.fetchall():
            yield position, StagedRows(*row)

    def unstage(self, position: int) -> None:
        """Take one of them back."""
        self._db.execute("DELETE FROM staged WHERE position = ?", (position,))

    def pages_of(self, is_traced: Callable[[str], bool]) -> list[str]:
        """The ids of addresses that are further pages of an article that is traced."""
        rows = self._db.execute(
            "SELECT article_id, detail FROM urls WHERE reason = 'article/later-page'"
        )
        return [article_id for article_id, first in rows if is_traced(first or "")]

    def addresses(self) -> Iterator[tuple[str, str]]:
        """The id and the address of every URL that is known."""
        yield from self._db.execute("SELECT article_id, url FROM urls")

    def regroup(self, heirs: Mapping[str, str], gone: Iterable[str]) -> None:
        """Let each cluster be kept in its heir, and bear its name where its own is gone."""
        names = set(gone)
        for cluster, heir in heirs.items():
            self._db.execute(
                "UPDATE stories SET table_name = 'articles' WHERE article_id = ?", (heir,)
            )
            self._db.execute(
                "UPDATE staged SET replaces = replace(replaces, 'duplicates/', 'articles/')"
                " WHERE article_id = ?",
                (heir,),
            )
            if cluster in names:
                new = (heir, cluster)
                self._db.execute("UPDATE stories SET cluster_id = ? WHERE cluster_id = ?", new)
                self._db.execute("UPDATE staged SET leaves = ? WHERE leaves = ?", new)

    def rows(self) -> Iterator[tuple[str, str, tuple[object, ...], str]]:
        """Every row that says something: table, the condition of its key, the key, its text."""
        tables = self._db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            if table in _OWN_TABLES:
                continue
            columns = self._db.execute(f'PRAGMA table_info("{table}")').fetchall()
            keys = [name for _, name, _, _, _, part in columns if part] or ["rowid"]
            names = ", ".join(f'"{name}"' for _, name, *_ in columns)
            where = " AND ".join(f'"{key}" = ?' for key in keys)
            chosen = ", ".join(f'"{key}"' for key in keys)
            query = f'SELECT {chosen}, {names} FROM "{table}"'  # noqa: S608 # the schema's own
            for row in self._db.execute(query):
                text = "\n".join(map(_text, row[len(keys) :]))
                yield table, where, row[: len(keys)], text

    def delete(self, is_traced: Callable[[str], bool]) -> int:
        """Delete every row whose text is traced; how many that were.

        A row too many is found again by the next run; one too few would be kept for ever.
        """
        gone = [row[:3] for row in self.rows() if is_traced(row[3])]
        for table, where, key in gone:
            self._db.execute(f'DELETE FROM "{table}" WHERE {where}', key)  # noqa: S608 # same
        return len(gone)

    def overwrite(self) -> None:
        """From now on what is deleted is overwritten with zeros."""
        self._db.execute("PRAGMA secure_delete=ON")

    def compact(self) -> None:
        """Write the file anew, without free pages, and empty the write-ahead log."""
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
