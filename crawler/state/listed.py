"""What the complete listings of a site name: the sitemaps and the APIs that have all its articles.

What they named once and name no more was withdrawn, or has moved: that is seen at once, long after
the plan of visits is over.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Set
from dataclasses import dataclass

LISTED_TABLES = (
    """
    CREATE TABLE complete_listings (
        number INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,     -- of a sitemap, or the root of an API
        source TEXT NOT NULL,
        way TEXT NOT NULL,            -- sitemaps, wordpress: what is complete only together
        uncounted INTEGER,            -- how many more it says to have than it named
        newest_comment INTEGER        -- the greatest id of a comment it has told
    )
    """,
    """
    CREATE TABLE listed (
        listing INTEGER NOT NULL,
        article_id TEXT NOT NULL,
        missing INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (listing, article_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX listed_by_article ON listed (article_id)",
    "CREATE INDEX listed_missing ON listed (listing) WHERE missing",
)
# What the reading under way has named, so that only what is new or missing is written down.
NAMED_TABLE = """
    CREATE TEMP TABLE named (
        listing INTEGER NOT NULL,
        article_id TEXT NOT NULL,
        PRIMARY KEY (listing, article_id)
    ) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a complete listing: whether a reading of it begins here, and whether it ends."""

    listing: str
    way: str
    begins: bool = False
    ends: bool = False


class Listed:
    """The tables of complete listings and of what they name."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def named(self, part: Part, source: str, article_ids: Iterable[str]) -> set[str]:
        """Take down what a part names; which of it the listing did not name before."""
        (number,) = self._db.execute(
            "INSERT INTO complete_listings (url, source, way) VALUES (?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET source = excluded.source, way = excluded.way"
            " RETURNING number",
            (part.listing, source, part.way),
        ).fetchone()
        if part.begins:
            self._db.execute("DELETE FROM temp.named WHERE listing = ?", (number,))
        new = self._take_down(number, json.dumps([*article_ids]))
        if part.ends:
            self._db.execute(
                "UPDATE listed SET missing = 1 WHERE listing = ?1 AND NOT missing"
                " AND article_id NOT IN (SELECT article_id FROM temp.named WHERE listing = ?1)",
                (number,),
            )
            self._db.execute("DELETE FROM temp.named WHERE listing = ?", (number,))
        return new

    def _take_down(self, number: int, named: str) -> set[str]:
        """Put down what is new in a JSON list of ids, and that it is not missing."""
        self._db.execute(
            "INSERT OR IGNORE INTO temp.named SELECT ?, value FROM json_each(?)", (number, named)
        )
        self._db.execute(
            "UPDATE listed SET missing = 0 WHERE listing = ? AND missing"
            " AND article_id IN (SELECT value FROM json_each(?))",
            (number, named),
        )
        new = self._db.execute(
            "INSERT OR IGNORE INTO listed SELECT ?, value, 0 FROM json_each(?)"
            " RETURNING article_id",
            (number, named),
        )
        return {article_id for (article_id,) in new}

    def vanished(self, source: str, way: str, listings: Set[str]) -> list[str]:
        """What no listing of this way names any more, now that all of them are as read.

        `listings` are those there are: what is no longer among them names nothing.
        """
        numbers = dict(
            self._db.execute(
                "SELECT url, number FROM complete_listings WHERE source = ? AND way = ?",
                (source, way),
            ).fetchall()
        )
        missing: set[str] = set()
        for url, number in numbers.items():
            gone = "" if url not in listings else " AND missing"
            rows = self._db.execute(
                f"DELETE FROM listed WHERE listing = ?{gone} RETURNING article_id",  # noqa: S608 # ours
                (number,),
            )
            missing.update(article_id for (article_id,) in rows.fetchall())
        return [
            article_id
            for article_id in sorted(missing)
            if numbers.keys().isdisjoint(self._listings_with(article_id))
        ]

    def _listings_with(self, article_id: str) -> set[str]:
        rows = self._db.execute(
            "SELECT url FROM listed JOIN complete_listings ON number = listing"
            " WHERE article_id = ?",
            (article_id,),
        )
        return {url for (url,) in rows.fetchall()}

    def uncounted(self, listing: str, total: int | None) -> int | None:
        """How many more a listing says to have than it named, where it says how many it has."""
        row = self._db.execute(
            "SELECT count(article_id) FROM complete_listings"
            " LEFT JOIN listed ON listing = number AND NOT missing WHERE url = ?",
            (listing,),
        ).fetchone()
        return None if total is None else total - int(row[0])

    def last_uncounted(self, listing: str) -> int | None:
        """That number after the last reading to the end; None if the listing did not say."""
        return self._one("uncounted", listing)

    def counted(self, listing: str, uncounted: int | None) -> None:
        """Keep that number, at the end of a reading."""
        self._db.execute(
            "UPDATE complete_listings SET uncounted = ? WHERE url = ?", (uncounted, listing)
        )

    def newest_comment(self, listing: str) -> int | None:
        """The greatest id of a comment that was told of; None if comments were never told of."""
        return self._one("newest_comment", listing)

    def commented(self, listing: str, newest: int) -> None:
        """Keep the greatest id of a comment."""
        self._db.execute(
            "UPDATE complete_listings SET newest_comment = ? WHERE url = ?", (newest, listing)
        )

    def _one(self, column: str, listing: str) -> int | None:
        row = self._db.execute(
            f"SELECT {column} FROM complete_listings WHERE url = ?",  # noqa: S608 # one of our two
            (listing,),
        ).fetchone()
        return row[0] if row else None
