"""The journal between collecting and committing: staged rows, and the stories they tell.

A staged row is written in the same transaction as its URL's new status, and leaves when the
snapshot that holds it is in place. Taking it twice is harmless: a commit is known by its id.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crawler.state.head import Head

JOURNAL_TABLES = (
    """
    CREATE TABLE staged (
        position INTEGER PRIMARY KEY,
        table_name TEXT NOT NULL,
        p_month TEXT NOT NULL,
        article_id TEXT NOT NULL,
        replaces TEXT,                -- TABLE/MONTH of the committed row that these replace
        leaves TEXT,                  -- the cluster of that row, if the new one has another
        commit_id TEXT,
        rows BLOB NOT NULL            -- opaque here: the pipelines write and read it
    )
    """,
    "CREATE INDEX staged_by_place ON staged (table_name, p_month, article_id)",
    "CREATE INDEX staged_by_article ON staged (article_id, table_name)",
    """
    CREATE TABLE stories (
        article_id TEXT PRIMARY KEY,
        table_name TEXT NOT NULL,     -- articles or duplicates: where its row lies
        p_month TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        text_hash TEXT NOT NULL,      -- of all that a reader would call the article
        cluster_id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        first_seen REAL NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX stories_by_content ON stories (content_hash)",
    "CREATE INDEX stories_by_cluster ON stories (cluster_id)",
    """
    CREATE TABLE comments (
        comment_id TEXT PRIMARY KEY,
        article_id TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)


# Not a table: under this name, what a committed row says anew of whether its page is there. Its
# `p_month` is the `table/month` of that row.
AVAILABILITY = "availability"


@dataclass(frozen=True, slots=True)
class Story:
    """What is remembered of an article that is in the dataset or on its way there."""

    article_id: str
    table: str
    p_month: str
    content_hash: str
    text_hash: str
    cluster_id: str
    revision: int
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class StagedRows:
    """Rows of one article for one partition of one table, as the pipelines wrote them.

    `replaces` is the partition, `table/month`, of the older version that these take the place of;
    `leaves` its cluster, if they belong to another.
    """

    table: str
    p_month: str
    article_id: str
    rows: bytes
    replaces: str | None = None
    leaves: str | None = None


# The clusters that gain, lose or change a story by a commit. Only versions of a story change one.
_VERSIONS = "staged.table_name IN ('articles', 'duplicates')"
_TOUCHED = f"""
    SELECT cluster_id FROM stories JOIN staged USING (article_id)
    WHERE commit_id = :commit AND {_VERSIONS}
    UNION SELECT leaves FROM staged WHERE commit_id = :commit AND leaves IS NOT NULL
"""  # noqa: S608 # our own clause


class Journal:
    """The staged rows and the stories."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._on_disk: str | None = None  # the commit that this process marked
        self.commits = 0  # of this process, so far

    def stage(self, staged: StagedRows) -> None:
        """Put rows down for the next commit."""
        self._db.execute(
            "INSERT INTO staged (table_name, p_month, article_id, rows, replaces, leaves)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                staged.table, staged.p_month, staged.article_id, staged.rows, staged.replaces,
                staged.leaves,
            ),
        )  # fmt: skip

    def is_staged(self, article_id: str) -> bool:
        """Whether a version of the article waits for the next commit."""
        query = f"SELECT 1 FROM staged WHERE article_id = ? AND {_VERSIONS}"  # noqa: S608 # ours
        return self._db.execute(query, (article_id,)).fetchone() is not None

    def remember(self, story: Story) -> None:
        """Keep what later articles are compared with."""
        self._db.execute(
            "INSERT OR REPLACE INTO stories VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                story.article_id, story.table, story.p_month, story.content_hash, story.text_hash,
                story.cluster_id, story.revision, story.first_seen.timestamp(),
            ),
        )  # fmt: skip

    def story(self, article_id: str) -> Story | None:
        """The story of an article, None if it was never collected."""
        return self._one("article_id = ?", article_id)

    def has_stories(self) -> bool:
        """Whether any article is remembered."""
        return self._db.execute("SELECT 1 FROM stories LIMIT 1").fetchone() is not None

    def first_with(self, content_hash: str) -> Story | None:
        """The kept story with these very words, None if there is none."""
        return self._one("content_hash = ? AND table_name = 'articles'", content_hash)

    def _one(self, where: str, value: str) -> Story | None:
        row: tuple[Any, ...] | None = self._db.execute(
            f"SELECT * FROM stories WHERE {where}"  # noqa: S608 # our own two clauses
            " ORDER BY first_seen LIMIT 1",
            (value,),
        ).fetchone()
        return Story(*(*row[:-1], datetime.fromtimestamp(row[-1], UTC))) if row else None

    def new_comments(self, article_id: str, comment_ids: list[str]) -> set[str]:
        """Which of these comments were never staged; they are thereby taken down."""
        return {
            comment_id
            for comment_id in comment_ids
            if self._db.execute(
                "INSERT OR IGNORE INTO comments VALUES (?, ?)", (comment_id, article_id)
            ).rowcount
        }

    def begun_commit(self) -> str | None:
        """The id of a commit that was begun and not finished."""
        begun = self._db.execute(
            "SELECT commit_id FROM staged WHERE commit_id IS NOT NULL LIMIT 1"
        ).fetchone()
        return str(begun[0]) if begun else None

    def begin_commit(self, commit_id: str) -> str | None:
        """Mark what is staged as part of a commit, and give its id; None if nothing is staged.

        A commit that an earlier run began and did not finish comes first, under its own id. The
        mark is on disk before this returns, with all that was written before it, so that no power
        cut leaves a state that is behind the snapshot: its rows would be written once more.
        """
        found = self.begun_commit() or commit_id
        if found != self._on_disk:
            self._db.execute("PRAGMA synchronous=FULL")
            try:
                if not self._mark(found):
                    return None
            finally:
                self._db.execute("PRAGMA synchronous=NORMAL")
            self._on_disk = found
        return found

    def _mark(self, commit_id: str) -> int:
        """How many rows are part of the commit now.

        Whoever marked them before may have died before the mark was on disk: they are let go and
        marked anew, because SQLite writes nothing where nothing changes.
        """
        with self._db:  # commits, or rolls back
            self._db.execute("BEGIN IMMEDIATE")
            again = self._db.execute(
                "UPDATE staged SET commit_id = '' WHERE commit_id = ?", (commit_id,)
            ).rowcount
            which = "commit_id = ''" if again else "commit_id IS NULL"
            return self._db.execute(
                f"UPDATE staged SET commit_id = ? WHERE {which}",  # noqa: S608 # one of the two
                (commit_id,),
            ).rowcount

    def staged(self, commit_id: str) -> Iterator[StagedRows]:
        """The rows of a commit, ordered by table, partition and article."""
        cursor = self._db.execute(
            "SELECT table_name, p_month, article_id, rows, replaces, leaves FROM staged"
            " WHERE commit_id = ? AND table_name <> ? ORDER BY table_name, p_month, article_id",
            (commit_id, AVAILABILITY),
        )
        for row in cursor:
            yield StagedRows(*row)

    def versions(self, commit_id: str, article_id: str) -> list[StagedRows]:
        """The version of an article that a commit brings, if it brings one."""
        cursor = self._db.execute(
            "SELECT table_name, p_month, article_id, rows, replaces, leaves FROM staged"  # noqa: S608 # ours
            f" WHERE commit_id = ? AND article_id = ? AND {_VERSIONS} ORDER BY position",
            (commit_id, article_id),
        )
        return [StagedRows(*row) for row in cursor.fetchall()]

    def availability(self, commit_id: str) -> dict[str, list[StagedRows]]:
        """What a commit says of rows that are there, by the partition they lie in, in order."""
        cursor = self._db.execute(
            "SELECT table_name, p_month, article_id, rows FROM staged"
            " WHERE commit_id = ? AND table_name = ? ORDER BY position",
            (commit_id, AVAILABILITY),
        )
        places: dict[str, list[StagedRows]] = {}
        for row in cursor:
            places.setdefault(row[1], []).append(StagedRows(*row))
        return places

    def replaced(self, commit_id: str) -> dict[str, set[str]]:
        """The articles whose older row a commit replaces, by the partition that row lies in."""
        cursor = self._db.execute(
            "SELECT replaces, article_id FROM staged WHERE commit_id = ? AND replaces IS NOT NULL",
            (commit_id,),
        )
        places: dict[str, set[str]] = {}
        for place, article_id in cursor:
            places.setdefault(place, set()).add(article_id)
        return places

    def resized(self, commit_id: str) -> dict[str, int]:
        """How many stories each cluster has that a commit touches."""
        cursor = self._db.execute(
            "SELECT cluster_id, count(*) FROM stories"  # noqa: S608 # our own clause
            f" WHERE cluster_id IN ({_TOUCHED}) GROUP BY cluster_id",
            {"commit": commit_id},
        )
        return dict(cursor.fetchall())

    def elsewhere(self, commit_id: str) -> dict[str, set[str]]:
        """Committed rows of the touched clusters, by partition: their cluster's size changes."""
        cursor = self._db.execute(
            "SELECT DISTINCT table_name || '/' || p_month, cluster_id FROM stories"  # noqa: S608 # same
            f" WHERE cluster_id IN ({_TOUCHED}) AND NOT EXISTS (SELECT 1 FROM staged"
            f"  WHERE article_id = stories.article_id AND {_VERSIONS})",
            {"commit": commit_id},
        )
        places: dict[str, set[str]] = {}
        for place, cluster_id in cursor:
            places.setdefault(place, set()).add(cluster_id)
        return places

    def finish_commit(self, commit_id: str) -> None:
        """Let go of rows that a snapshot now holds; the store tells of that snapshot."""
        with self._db:  # commits, or rolls back
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("DELETE FROM staged WHERE commit_id = ?", (commit_id,))
            Head(self._db).follow(commit_id)
        self.commits += 1
