"""What is remembered of a source's listings: where they are, and how far they were read.

A listing is a feed, a sitemap, an API or a page that names articles. Conditional requests (RFC
9110, section 13) need its last `ETag` and `Last-Modified`, the WordPress API the newest date seen.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

LISTING_TABLES = (
    """
    CREATE TABLE listings (
        url TEXT PRIMARY KEY,
        source TEXT NOT NULL,
        etag TEXT,
        last_modified TEXT,
        body_hash TEXT,
        listed_modified TEXT,     -- what the index above says of it
        fetched REAL NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE sources (
        source TEXT PRIMARY KEY,
        ways TEXT,                -- JSON of `Ways`: what was found by itself
        discovered REAL,
        complete TEXT NOT NULL DEFAULT '[]',   -- JSON: the listings once read to their end
        newest_modified REAL
    ) WITHOUT ROWID
    """,
)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a listing answered last: header values as they came, and the hash of its body."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    listed_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """The listings of a source, as found or configured: URLs, in the order of use."""

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    wordpress: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a source was read. `complete` names the listings that were once read to their end."""

    complete: frozenset[str] = frozenset()
    newest_modified: datetime | None = None


class Listings:
    """The tables of listings and of sources."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def validators(self, url: str) -> Validators:
        """What to send with the next request for a listing."""
        row = self._db.execute(
            "SELECT etag, last_modified, body_hash, listed_modified FROM listings WHERE url = ?",
            (url,),
        ).fetchone()
        return Validators(*row) if row else Validators()

    def answered(self, url: str, source: str, validators: Validators, now: datetime) -> None:
        """Keep what a listing answered, once all it listed is in the store."""
        self._db.execute(
            "INSERT OR REPLACE INTO listings VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                url, source, validators.etag, validators.last_modified, validators.body_hash,
                validators.listed_modified, now.timestamp(),
            ),
        )  # fmt: skip

    def ways(self, source: str, since: datetime) -> Ways | None:
        """The ways found for a source, unless they were found before `since`."""
        row = self._db.execute(
            "SELECT ways FROM sources WHERE source = ? AND discovered >= ?",
            (source, since.timestamp()),
        ).fetchone()
        if row is None or row[0] is None:
            return None
        return Ways(**{name: tuple(urls) for name, urls in json.loads(row[0]).items()})

    def found(self, source: str, ways: Ways, now: datetime) -> None:
        """Keep the ways found for a source."""
        self._db.execute(
            "INSERT INTO sources (source, ways, discovered) VALUES (?, ?, ?) ON CONFLICT (source)"
            " DO UPDATE SET ways = excluded.ways, discovered = excluded.discovered",
            (source, json.dumps(asdict(ways)), now.timestamp()),
        )

    def reading(self, source: str) -> Reading:
        """How far a source was read by earlier runs."""
        row = self._db.execute(
            "SELECT complete, newest_modified FROM sources WHERE source = ?", (source,)
        ).fetchone()
        if row is None:
            return Reading()
        modified = datetime.fromtimestamp(row[1], UTC) if row[1] is not None else None
        return Reading(frozenset(json.loads(row[0])), modified)

    def read(self, source: str, reading: Reading) -> None:
        """Keep how far a source was read."""
        modified = reading.newest_modified.timestamp() if reading.newest_modified else None
        self._db.execute(
            "INSERT INTO sources (source, complete, newest_modified) VALUES (?, ?, ?)"
            " ON CONFLICT (source) DO UPDATE SET complete = excluded.complete,"
            " newest_modified = excluded.newest_modified",
            (source, json.dumps(sorted(reading.complete)), modified),
        )
