"""What is remembered of a site's blocks: in how many articles each stood, and since when.

Hashes only, no text. Time is told in articles of the site, not in days, so that what is kept of a
site is bounded however much it publishes: a block that so many articles came without is forgotten.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass

BLOCK_TABLES = (
    """
    CREATE TABLE block_sites (
        site INTEGER PRIMARY KEY AUTOINCREMENT,   -- an erased site leaves its number to nobody
        domain TEXT NOT NULL UNIQUE,
        articles INTEGER NOT NULL,    -- that were counted
        judged INTEGER NOT NULL       -- how many of them when its blocks were last judged
    )
    """,
    """
    CREATE TABLE blocks (
        site INTEGER NOT NULL,
        block INTEGER NOT NULL,       -- hash of its words, all numbers alike
        articles INTEGER NOT NULL,    -- that it stood in
        first INTEGER NOT NULL,       -- number of the first of them among the site's articles
        last INTEGER NOT NULL,
        wording INTEGER NOT NULL,     -- hash of its words, numbers and all, when first seen
        varies INTEGER NOT NULL,      -- whether its numbers were others since
        furniture INTEGER NOT NULL,   -- what was decided when it was last judged
        PRIMARY KEY (site, block)
    ) WITHOUT ROWID
    """,
)


@dataclass(frozen=True, slots=True)
class SeenBlock:
    """A block of a site: `first` and `last` are numbers of the site's articles, from 1."""

    block: int
    articles: int
    first: int
    last: int
    varies: bool
    is_furniture: bool


class Blocks:
    """The blocks of all sites, by domain; a block goes by its 64-bit hash."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def known(self, domain: str, blocks: Collection[int]) -> dict[int, bool]:
        """Those of the blocks that were seen on the site before, and whether they are furniture."""
        cursor = self._db.execute(
            "SELECT block, furniture FROM blocks JOIN block_sites USING (site)"
            " WHERE domain = ? AND block IN (SELECT value FROM json_each(?))",
            (domain, json.dumps(list(blocks))),
        )
        return {block: bool(furniture) for block, furniture in cursor}

    def see(self, domain: str, wordings: Mapping[int, int]) -> None:
        """Count an article of the site with its blocks: the hash of each, and of its wording."""
        site, number = self._db.execute(
            "INSERT INTO block_sites (domain, articles, judged) VALUES (?, 1, 0)"
            " ON CONFLICT (domain) DO UPDATE SET articles = articles + 1 RETURNING site, articles",
            (domain,),
        ).fetchone()
        self._db.executemany(
            "INSERT INTO blocks VALUES (?, ?, 1, ?, ?, ?, 0, 0) ON CONFLICT (site, block)"
            " DO UPDATE SET articles = articles + 1, last = excluded.last,"
            " varies = varies OR wording <> excluded.wording",
            [(site, block, number, number, wording) for block, wording in wordings.items()],
        )

    def unjudged(self) -> dict[str, int]:
        """How many articles a site has, of all sites with some that no judgement knew yet."""
        return dict(
            self._db.execute("SELECT domain, articles FROM block_sites WHERE articles > judged")
        )

    def seen(self, domain: str, at_least: int = 1) -> Iterator[SeenBlock]:
        """What is remembered of a site, of blocks that stood in so many articles: most in one."""
        cursor = self._db.execute(
            "SELECT block, blocks.articles, first, last, varies, furniture"
            " FROM blocks JOIN block_sites USING (site) WHERE domain = ? AND blocks.articles >= ?",
            (domain, at_least),
        )
        for block, articles, first, last, varies, furniture in cursor:
            yield SeenBlock(block, articles, first, last, bool(varies), bool(furniture))

    def judge(self, domain: str, furniture: Set[int], memory: int) -> None:
        """Keep which blocks of a site are furniture, and forget those its last articles lack.

        `memory` is how many articles are the last ones.
        """
        site, articles = self._db.execute(
            "UPDATE block_sites SET judged = articles WHERE domain = ? RETURNING site, articles",
            (domain,),
        ).fetchone()
        self._db.execute(
            "DELETE FROM blocks WHERE site = ? AND last <= ?", (site, articles - memory)
        )
        self._db.execute("UPDATE blocks SET furniture = 0 WHERE site = ? AND furniture", (site,))
        self._db.executemany(
            "UPDATE blocks SET furniture = 1 WHERE site = ? AND block = ?",
            [(site, block) for block in furniture],
        )
