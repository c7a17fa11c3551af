"""Every URL that was ever found: whether it is due, collected or refused, why, and since when.

A URL is known by its `article_id`, the hash of its identity. Times are seconds since the epoch.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from crawler.errors import Reason, Refusal
from crawler.state.offered import mark_offered

URL_TABLES = (
    """
    CREATE TABLE urls (
        article_id TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        source TEXT NOT NULL,
        status TEXT NOT NULL,         -- due, collected, refused
        reason TEXT,                  -- of the last refusal, `area/thing`
        detail TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        listed_published REAL,        -- what feeds, sitemaps and APIs said
        listed_modified REAL,
        first_seen REAL NOT NULL,
        last_tried REAL,
        next_try REAL                 -- of a URL that is due: not before
    ) WITHOUT ROWID
    """,
    "CREATE INDEX urls_due ON urls (source, next_try) WHERE status = 'due'",
)

# A page that failed for a passing reason is tried again after an hour, then after twice as long
# each time, and given up at the seventh try: an outage of two and a half days is survived.
RETRY_FIRST = 3600.0
RETRY_MAX_ATTEMPTS = 7

Met = Literal["new", "changed", "due", "known", "again"]


class DueUrl(NamedTuple):
    """A URL to fetch, when it was first met, and what its listing said."""

    article_id: str
    url: str
    first_seen: datetime
    listed_published: datetime | None


class _Row(NamedTuple):
    """What is known of a URL that is offered."""

    status: str
    listed_modified: float | None = None
    last_tried: float | None = None
    next_try: float | None = None
    offered_in: str | None = None


class Urls:
    """The table of URLs."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def offer(self, due: DueUrl, source: str, run_id: str, modified: datetime | None = None) -> Met:
        """Tell the store that a listing names this URL; the answer says whether to fetch it."""
        return self.offer_all([(due, modified)], source, run_id)[0]

    def offer_all(
        self, named: Sequence[tuple[DueUrl, datetime | None]], source: str, run_id: str
    ) -> list[Met]:
        """The same for many, each with the date that the listing gives to its last change.

        `new`, `changed` (the listing dates it later than when it was last collected or refused) and
        `due` are to be fetched; `known` is not; `again` was already offered in this run.
        """
        rows = self._rows(due.article_id for due, _ in named)
        met: list[Met] = []
        for due, modified in named:
            row = rows.get(due.article_id)
            if row is None:
                after = self._insert(due, source, _seconds(modified))
                met.append("new")
            else:
                after = self._redate(due.article_id, row, _seconds(modified))
                met.append(_met(due, row, after, run_id))
            rows[due.article_id] = after._replace(offered_in=run_id)
        mark_offered(self._db, rows, run_id)
        return met

    def _rows(self, article_ids: Iterable[str]) -> dict[str, _Row]:
        rows = self._db.execute(
            "SELECT article_id, status, listed_modified, last_tried, next_try, run_id FROM urls"
            " LEFT JOIN temp.offered USING (article_id)"
            " WHERE article_id IN (SELECT value FROM json_each(?))",
            (json.dumps([*article_ids]),),
        )
        return {article_id: _Row(*row) for article_id, *row in rows}

    def _insert(self, due: DueUrl, source: str, modified: float | None) -> _Row:
        self._db.execute(
            "INSERT INTO urls (article_id, url, source, status, listed_published,"
            " listed_modified, first_seen) VALUES (?, ?, ?, 'due', ?, ?, ?)",
            (
                due.article_id, due.url, source, _seconds(due.listed_published), modified,
                due.first_seen.timestamp(),
            ),
        )  # fmt: skip
        return _Row("due", modified)

    def _redate(self, article_id: str, row: _Row, listed: float | None) -> _Row:
        """Keep a listing's newer date, by which a URL is due that was done with.

        A date where there was none is news only if we saw the page before.
        """
        known = row.listed_modified or row.last_tried
        if listed is None or listed <= (known or 0):
            return row
        self._db.execute(
            "UPDATE urls SET listed_modified = ? WHERE article_id = ?", (listed, article_id)
        )
        if row.status == "due" or known is None:
            return row._replace(listed_modified=listed)
        self._db.execute(
            "UPDATE urls SET status = 'due', attempts = 0, next_try = NULL WHERE article_id = ?",
            (article_id,),
        )
        return row._replace(status="due", listed_modified=listed, next_try=None)

    def due(self, source: str, run_id: str, now: datetime) -> list[DueUrl]:
        """What earlier runs found and did not finish, newest first; each is thereby offered."""
        rows = self._db.execute(
            "SELECT article_id, url, first_seen, listed_published FROM urls"
            " WHERE source = ? AND status = 'due' AND coalesce(next_try, 0) <= ?"
            " ORDER BY listed_published DESC",
            (source, now.timestamp()),
        ).fetchall()
        mark_offered(self._db, (article_id for article_id, *_ in rows), run_id)
        return [
            DueUrl(
                article_id,
                url,
                _moment(first_seen),
                _moment(published) if published is not None else None,
            )
            for article_id, url, first_seen, published in rows
        ]

    def collected(self, article_id: str, now: datetime) -> None:
        """The page behind the URL became a row, or was found to be one already."""
        self._db.execute(
            "UPDATE urls SET status = 'collected', reason = NULL, detail = NULL, attempts = 0,"
            " last_tried = ?, next_try = NULL WHERE article_id = ?",
            (now.timestamp(), article_id),
        )

    def refused(self, article_id: str, refusal: Refusal, now: datetime) -> None:
        """The URL gave no row. A passing reason makes it due again later, a number of times.

        One that was not asked for stays due, for however many runs.
        """
        if refusal.reason.is_postponed:
            self.put_off([article_id], refusal)
            return
        row = self._db.execute(
            "SELECT attempts FROM urls WHERE article_id = ?", (article_id,)
        ).fetchone()
        attempts = (row[0] if row else 0) + 1
        again = refusal.reason.is_transient and attempts < RETRY_MAX_ATTEMPTS
        self._db.execute(
            "UPDATE urls SET status = ?, reason = ?, detail = ?, attempts = ?, last_tried = ?,"
            " next_try = ? WHERE article_id = ?",
            (
                "due" if again else "refused",
                str(refusal.reason),
                refusal.detail,
                attempts,
                now.timestamp(),
                now.timestamp() + RETRY_FIRST * 2 ** (attempts - 1) if again else None,
                article_id,
            ),
        )

    def forget(self, article_id: str) -> None:
        """As if the URL had never been found."""
        self._db.execute("DELETE FROM urls WHERE article_id = ?", (article_id,))

    def ask_again(self, article_id: str) -> None:
        """What came of the URL was lost: it is due, and an archive's page of it news again."""
        self._db.execute(
            "UPDATE urls SET status = 'due', attempts = 0, next_try = NULL, last_tried = NULL"
            " WHERE article_id = ?",
            (article_id,),
        )

    def put_off(self, article_ids: Iterable[str], refusal: Refusal) -> None:
        """The URLs were not asked for, and why; they stay due."""
        self._db.executemany(
            "UPDATE urls SET reason = ?, detail = ? WHERE article_id = ?",
            [(str(refusal.reason), refusal.detail, article_id) for article_id in article_ids],
        )

    def is_known(self, article_id: str) -> bool:
        """Whether the URL was ever found."""
        return bool(self.known([article_id]))

    def known(self, article_ids: Iterable[str]) -> set[str]:
        """Those of many that were ever found."""
        rows = self._db.execute(
            "SELECT article_id FROM urls WHERE article_id IN (SELECT value FROM json_each(?))",
            (json.dumps([*article_ids]),),
        )
        return {article_id for (article_id,) in rows}

    def is_told(self, article_id: str, moment: datetime) -> bool:
        """Whether the page is known as it was then, or later: as a row, or as none for what it is.

        What was only not wanted may be another day.
        """
        row = self._db.execute(
            "SELECT reason FROM urls WHERE article_id = ? AND last_tried >= ?",
            (article_id, moment.timestamp()),
        ).fetchone()
        return row is not None and row[0] != Reason.OTHER_LANGUAGE

    def count(self, source: str) -> int:
        """How many URLs of a source are known."""
        row = self._db.execute("SELECT count(*) FROM urls WHERE source = ?", (source,)).fetchone()
        return int(row[0])


def _met(due: DueUrl, row: _Row, after: _Row, run_id: str) -> Met:
    """What a URL is, by what was known of it and what is known after its listing was heard."""
    if row.offered_in == run_id:
        # What changed by another listing's word is due, for the next run.
        return "again"
    if row.status == "due":
        return "known" if row.next_try and row.next_try > due.first_seen.timestamp() else "due"
    return "changed" if after.status == "due" else "known"


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
