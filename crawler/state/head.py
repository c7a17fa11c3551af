"""Which snapshot the store tells of, and what it tells otherwise than another one.

A snapshot that `latest` is put back to knows less than the store, or other things. What is compared
lies in temporary tables, so that it takes no memory however large the dataset is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

HEAD_TABLES = (
    """
    CREATE TABLE head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        commit_id TEXT,               -- of the snapshot that stories and comments tell of
        rolling_back_to TEXT          -- a snapshot's number, while that is not done
    )
    """,
)

_COMPARED_TABLES = (
    """
    CREATE TEMP TABLE IF NOT EXISTS told_stories (
        article_id TEXT PRIMARY KEY, place TEXT, content_hash TEXT, cluster_id TEXT,
        revision INTEGER, availability TEXT
    ) WITHOUT ROWID
    """,
    """
    CREATE TEMP TABLE IF NOT EXISTS told_comments (
        comment_id TEXT PRIMARY KEY, article_id TEXT
    ) WITHOUT ROWID
    """,
    "DELETE FROM told_stories",
    "DELETE FROM told_comments",
)


class ToldStory(NamedTuple):
    """What a snapshot's row says that a story in the store says too; `place` is `table/month`."""

    article_id: str
    place: str
    content_hash: str
    cluster_id: str
    revision: int
    availability: str


class Head:
    """The snapshot that the store tells of."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def commit_id(self) -> str | None:
        """Its commit; None before the first, and in stores from before this was kept."""
        return self._one("commit_id")

    def rolling_back_to(self) -> str | None:
        """The number of the snapshot that a roll-back is on its way to."""
        return self._one("rolling_back_to")

    def _one(self, column: str) -> str | None:
        row = self._db.execute(f"SELECT {column} FROM head").fetchone()  # noqa: S608 # one of ours
        return row[0] if row else None

    def follow(self, commit_id: str) -> None:
        """The store tells of this commit's snapshot now."""
        self._db.execute(
            "INSERT INTO head VALUES (1, ?, NULL)"
            " ON CONFLICT (one) DO UPDATE SET commit_id = excluded.commit_id",
            (commit_id,),
        )

    def begin_roll_back(self, snapshot_id: str) -> None:
        """Write down where to before anything is changed."""
        self._db.execute("INSERT OR IGNORE INTO head VALUES (1, NULL, NULL)")
        self._db.execute("UPDATE head SET rolling_back_to = ?", (snapshot_id,))

    def end_roll_back(self) -> None:
        """Nothing of it is left to do."""
        self._db.execute("UPDATE head SET rolling_back_to = NULL")

    def tell(self, stories: Iterable[ToldStory], comments: Iterable[tuple[str, str]]) -> None:
        """What a snapshot says: of comments their id and their article's."""
        for statement in _COMPARED_TABLES:
            self._db.execute(statement)
        self._db.executemany(
            "INSERT OR REPLACE INTO told_stories VALUES (?, ?, ?, ?, ?, ?)",
            stories,
        )
        self._db.executemany("INSERT OR REPLACE INTO told_comments VALUES (?, ?)", comments)

    def untold_stories(self) -> Iterator[str]:
        """Articles in the store that the snapshot has not."""
        return self._all(
            "SELECT article_id FROM stories EXCEPT SELECT article_id FROM told_stories"
        )

    def other_stories(self) -> Iterator[str]:
        """Articles of the snapshot that the store knows otherwise, or may.

        A new headline changes no hash that both have: so any that has more than one version.
        """
        return self._all(
            "SELECT told.article_id FROM told_stories AS told LEFT JOIN stories AS own"
            " USING (article_id) LEFT JOIN visits USING (article_id)"
            " WHERE own.article_id IS NULL OR told.revision > 1"
            " OR told.place <> own.table_name || '/' || own.p_month"
            " OR told.content_hash <> own.content_hash OR told.cluster_id <> own.cluster_id"
            " OR told.revision <> own.revision OR told.availability <> visits.availability"
        )

    def replace_comments(self) -> Iterator[str]:
        """Let the store know the snapshot's comments only; the articles that lack some now."""
        articles = list(
            self._all(
                "SELECT DISTINCT article_id FROM comments"
                " WHERE comment_id NOT IN (SELECT comment_id FROM told_comments)"
            )
        )
        self._db.execute(
            "DELETE FROM comments WHERE comment_id NOT IN (SELECT comment_id FROM told_comments)"
        )
        self._db.execute("INSERT OR IGNORE INTO comments SELECT * FROM told_comments")
        yield from articles

    def _all(self, query: str) -> Iterator[str]:
        for (value,) in self._db.execute(query).fetchall():
            yield value
