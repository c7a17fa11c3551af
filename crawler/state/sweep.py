"""Takes rows out of the whole store, whatever its tables are, so that nothing of them is left.

Not in free pages, nor in the write-ahead log: SQLite only forgets where a deleted row was.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from crawler.state.journal import StagedRows

_ARTICLE_ID = re.compile(r"[0-9a-f]{32}")
# What an erasure needs itself, and hashes that say nothing.
_OWN_TABLES = ("tombstones", "tombstone_key", "erasures", "staged")


@dataclass(frozen=True, slots=True)
class _Row:
    table: str
    where: str
    key: tuple[Any, ...]
    values: dict[str, Any]

    def pointing_elsewhere(self, ids: Set[str], heirs: Mapping[str, str]) -> dict[str, str]:
        """The columns that point at what goes, as they are without it."""
        own = self.values["article_id"]

        def elsewhere(match: re.Match[str]) -> str:
            return heirs.get(match[0], own) if match[0] in ids else match[0]

        found = {}
        for name, value in self.values.items():
            if isinstance(value, str) and name != "article_id":
                without = _ARTICLE_ID.sub(elsewhere, value)
                if without != value:
                    found[name] = without
        return found


class Sweep:
    """What an erasure does to the store."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def staged(self) -> Iterator[tuple[int, StagedRows]]:
        """All that waits for a commit, by its position: one at a time, however much it is."""
        positions = self._db.execute("SELECT position FROM staged ORDER BY position").fetchall()
        for (position,) in positions:
            row = self._db.execute(
                "SELECT table_name, p_month, article_id, rows, replaces, leaves FROM staged"
                " WHERE position = ?",
                (position,),
            ).fetchone()
            if row:  # who asks may have taken others back
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

    def regroup(self, heirs: Mapping[str, str], gone: Set[str]) -> None:
        """Let each cluster be kept in its heir, and bear its name where its own is gone."""
        for cluster, heir in heirs.items():
            self._db.execute(
                "UPDATE stories SET table_name = 'articles' WHERE article_id = ?", (heir,)
            )
            # What is staged of the heir tells by its place where its committed row lies.
            self._db.execute(
                "UPDATE staged SET replaces = replace(replaces, 'duplicates/', 'articles/'),"
                " p_month = replace(p_month, 'duplicates/', 'articles/') WHERE article_id = ?",
                (heir,),
            )
            if cluster in gone:
                new = (heir, cluster)
                self._db.execute("UPDATE stories SET cluster_id = ? WHERE cluster_id = ?", new)
                self._db.execute("UPDATE staged SET leaves = ? WHERE leaves = ?", new)

    def clear(
        self, ids: Set[str], heirs: Mapping[str, str], is_traced: Callable[[str], bool]
    ) -> None:
        """Delete every row that is of these articles or otherwise traced.

        A row of another article that only points at one of them, as at its cluster, points at the
        heir from then on, or at itself. A row too many would be found again by the next run; one
        too few would be kept for ever.
        """
        gone, changed = [], []
        for row in self._rows():
            own = row.values.get("article_id")
            pointing = row.pointing_elsewhere(ids, heirs) if isinstance(own, str) else {}
            text = "\n".join(map(_text, {**row.values, **pointing}.values()))
            if own in ids or is_traced(text):
                gone.append(row)
            elif pointing:
                changed.append((row, pointing))
        for row in gone:
            self._db.execute(f'DELETE FROM "{row.table}" WHERE {row.where}', row.key)  # noqa: S608 # the schema's own names
        for row, pointing in changed:
            set_to = ", ".join(f'"{name}" = ?' for name in pointing)
            self._db.execute(
                f'UPDATE "{row.table}" SET {set_to} WHERE {row.where}',  # noqa: S608 # same
                (*pointing.values(), *row.key),
            )

    def _rows(self) -> Iterator[_Row]:
        """Every row that says something."""
        tables = self._db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            if table in _OWN_TABLES:
                continue
            columns = self._db.execute(f'PRAGMA table_info("{table}")').fetchall()
            names = [name for _, name, *_ in columns]
            keys = [name for _, name, _, _, _, part in columns if part] or ["rowid"]
            where = " AND ".join(f'"{key}" = ?' for key in keys)
            chosen = ", ".join(f'"{name}"' for name in (*keys, *names))
            for row in self._db.execute(f'SELECT {chosen} FROM "{table}"'):  # noqa: S608 # same
                values = dict(zip(names, row[len(keys) :], strict=True))
                yield _Row(table, where, row[: len(keys)], values)

    def overwrite(self) -> None:
        """From now on what is deleted is overwritten with zeros."""
        self._db.execute("PRAGMA secure_delete=ON")

    def compact(self) -> None:
        """Write the file anew, without free pages, and empty the write-ahead log."""
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
