"""The pages of the stories that we hold: when each is seen again, and what it answered last.

News is corrected within hours and withdrawn within days: a page is visited by a plan that counts
from its publication, and before that when a listing gives reason to. A conditional request (RFC
9110, section 13) needs the validators of the last answer, which are not always those of the row: a
page whose text is unchanged makes no row, but may have another `ETag`.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.errors import ConfigurationError
from crawler.state.offered import mark_offered
from crawler.state.urls import DueUrl

VISIT_TABLES = (
    """
    CREATE TABLE visits (
        article_id TEXT PRIMARY KEY,
        asked_id TEXT NOT NULL,       -- the URL that the story is read from
        source TEXT NOT NULL,
        planned_from REAL NOT NULL,   -- published; where that is not known, first seen
        next_visit REAL,              -- NULL: by plan no more
        etag TEXT,
        last_modified TEXT,
        availability TEXT NOT NULL,
        since REAL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX visits_by_address ON visits (asked_id)",
    "CREATE INDEX visits_due ON visits (source, next_visit) WHERE next_visit IS NOT NULL",
)

# The address of a story whose page has become another's: it is not visited, and may come back.
NOWHERE = ""

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_FOR_INSTANCE = {"REVISIT_AFTER": "REVISIT_AFTER=1h,6h,1d,7d"}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw]?)")


@dataclass(frozen=True, slots=True)
class Visit:
    """The last visit to a story's page: what it answered, and how the story was found."""

    article_id: str
    asked_id: str
    source: str
    planned_from: datetime
    etag: str | None = None
    last_modified: str | None = None
    availability: str = "available"
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How long after its publication a page is seen again, each time; ascending."""

    after: tuple[timedelta, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> Plan:
        """The plan in a setting's words, `1h 6h 1d 7d`. Raises: ConfigurationError."""
        return cls(tuple(sorted(duration(word, "REVISIT_AFTER") for word in words)))

    def next(self, visit: Visit, now: datetime) -> datetime | None:
        """The next visit after one that was made `now`; None if there is none.

        A story that is not there is looked for once more when its plan is over: what a site
        withdraws for an hour would else be gone for ever.
        """
        moments = (visit.planned_from + after for after in self.after)
        planned = next((moment for moment in moments if moment > now), None)
        just_left = visit.availability in ("gone", "redirected") and visit.since == now
        return now + self.after[-1] if planned is None and just_left and self.after else planned


class Visits:
    """The table of visits."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def made(self, visit: Visit, next_visit: datetime | None) -> None:
        """Keep what a page answered, and when it is seen again."""
        self._db.execute(
            "INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                visit.article_id, visit.asked_id, visit.source, visit.planned_from.timestamp(),
                next_visit.timestamp() if next_visit else None, visit.etag, visit.last_modified,
                visit.availability, visit.since.timestamp() if visit.since else None,
            ),
        )  # fmt: skip

    def forget_answer(self, article_id: str) -> None:
        """What a story's page answered was lost: the next request for it is on no condition."""
        self._db.execute(
            "UPDATE visits SET etag = NULL, last_modified = NULL WHERE article_id = ?",
            (article_id,),
        )

    def restore(self, article_id: str, availability: str, since: datetime | None) -> None:
        """Believe an older row of a story: the next request for its page is on no condition."""
        self.forget_answer(article_id)
        self._db.execute(
            "UPDATE visits SET availability = ?, since = ? WHERE article_id = ?",
            (availability, since.timestamp() if since else None, article_id),
        )

    def forget(self, article_id: str) -> None:
        """A story was never collected."""
        self._db.execute("DELETE FROM visits WHERE article_id = ?", (article_id,))

    def of(self, article_id: str) -> Visit | None:
        """The last visit to a story; None if it was never collected."""
        return self._one("article_id", article_id)

    def at(self, asked_id: str) -> Visit | None:
        """The last visit to a URL; None if no story is read from it."""
        return self._one("asked_id", asked_id)

    def away(self, asked_ids: Iterable[str]) -> dict[str, bool]:
        """Of those URLs that stories are read from: whether these were not there any more."""
        rows = self._db.execute(
            "SELECT asked_id, availability IN ('gone', 'redirected') FROM visits"
            " WHERE asked_id IN (SELECT value FROM json_each(?))",
            (json.dumps([*asked_ids]),),
        )
        return {asked_id: bool(is_away) for asked_id, is_away in rows}

    def _one(self, column: str, value: str) -> Visit | None:
        row: tuple[Any, ...] | None = self._db.execute(
            "SELECT article_id, asked_id, source, planned_from, etag, last_modified,"  # noqa: S608
            f" availability, since FROM visits WHERE {column} = ?",  # one of our two
            (value,),
        ).fetchone()
        if row is None:
            return None
        since = _moment(row[7]) if row[7] is not None else None
        return Visit(row[0], row[1], row[2], _moment(row[3]), row[4], row[5], row[6], since)

    def due(self, source: str, run_id: str, now: datetime) -> Iterator[DueUrl]:
        """What the plan wants to be seen again, newest first; each is thereby offered.

        Not what waits to be fetched in any case, or has failed and is tried again later; nor what
        was tried since, and gave no answer that could be kept.
        """
        rows = self._db.execute(
            "SELECT asked_id, url, urls.first_seen, listed_published FROM visits"
            " JOIN urls ON urls.article_id = asked_id"
            " WHERE visits.source = ? AND next_visit <= ? AND status <> 'due'"
            " AND coalesce(last_tried, 0) < next_visit"
            " ORDER BY planned_from DESC",
            (source, now.timestamp()),
        ).fetchall()
        for asked_id, url, first_seen, published in rows:
            mark_offered(self._db, [asked_id], run_id)
            yield _due(asked_id, url, first_seen, published)

    def call(self, asked_id: str, run_id: str) -> DueUrl | None:
        """Make a story's page due at once; None if no story is read from it or it is due already.

        It is thereby offered.
        """
        row = self._db.execute(
            "UPDATE urls SET status = 'due', attempts = 0, next_try = NULL"
            " WHERE article_id = ? AND status <> 'due'"
            " AND EXISTS (SELECT 1 FROM visits WHERE asked_id = urls.article_id)"
            " RETURNING article_id, url, first_seen, listed_published",
            (asked_id,),
        ).fetchone()
        if row is None:
            return None
        mark_offered(self._db, [asked_id], run_id)
        return _due(*row)


def _due(article_id: str, url: str, first_seen: float, published: float | None) -> DueUrl:
    listed = _moment(published) if published is not None else None
    return DueUrl(article_id, url, _moment(first_seen), listed)


def duration(words: str, setting: str) -> timedelta:
    """The time that a setting's words tell, `90m`, `1d`. Raises: ConfigurationError."""
    said = _DURATION.fullmatch(str(words).strip())
    if said is None:
        raise ConfigurationError(
            f'{setting}: "{words}" is no duration; write numbers with s, m, h, d or w, '
            f"for instance -s {_FOR_INSTANCE.get(setting, f'{setting}=12h')}."
        )
    return timedelta(seconds=float(said[1]) * _UNITS[said[2]])


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
