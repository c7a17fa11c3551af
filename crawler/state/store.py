"""The SQLite store: one file, one writer, every change in a transaction.

WAL mode with `synchronous=NORMAL`: a killed process loses nothing it committed; a power cut may
lose the last transactions, each of them whole, and then their pages are simply collected again.
Only the mark that begins a commit waits for the disk (crawler.state.journal).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from crawler.errors import DatasetError
from crawler.state.batch import BATCH_TABLES, Batch
from crawler.state.blocks import BLOCK_TABLES, Blocks
from crawler.state.coverage import COVERAGE_TABLES, Coverage
from crawler.state.fingerprints import FINGERPRINT_TABLES, FingerprintLog
from crawler.state.folder import DataFolder
from crawler.state.head import HEAD_TABLES, Head
from crawler.state.hosts import HOST_TABLES, Hosts
from crawler.state.journal import JOURNAL_TABLES, Journal
from crawler.state.listed import LISTED_TABLES, NAMED_TABLE, Listed
from crawler.state.listings import LISTING_TABLES, Listings
from crawler.state.offered import OFFERED_TABLE
from crawler.state.replays import REPLAY_SELECTION_TABLES, REPLAY_TABLES, Replays
from crawler.state.rights import RIGHTS_TABLES, RightsLog
from crawler.state.site_files import SITE_FILE_TABLES, SiteFiles
from crawler.state.source_days import SOURCE_DAY_TABLES, SourceDays
from crawler.state.sweep import Sweep
from crawler.state.tombstones import TOMBSTONE_TABLES, Tombstones
from crawler.state.urls import URL_TABLES, Urls
from crawler.state.visits import VISIT_TABLES, Visits

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# What each version of the store added to the one before.
_VERSIONS = (
    (*URL_TABLES, *LISTING_TABLES, *JOURNAL_TABLES),
    (*HOST_TABLES, *SITE_FILE_TABLES, *RIGHTS_TABLES),
    (
        *VISIT_TABLES,
        *LISTED_TABLES,
        *TOMBSTONE_TABLES,
        *FINGERPRINT_TABLES,
        *BATCH_TABLES,
        *BLOCK_TABLES,
    ),
    REPLAY_TABLES,
    HEAD_TABLES,
    REPLAY_SELECTION_TABLES,
    (*SOURCE_DAY_TABLES, *COVERAGE_TABLES),
    (),  # only columns that went away
)
# Tables and their columns that older versions had.
_FORMER_COLUMNS = (("urls", "offered_in"), ("complete_listings", "round"), ("listed", "round"))
# Of one connection, gone with it.
_TEMPORARY_TABLES = (OFFERED_TABLE, NAMED_TABLE)
STATE_VERSION = len(_VERSIONS)

_of_crawler: WeakKeyDictionary[Crawler, State] = WeakKeyDictionary()


class State:
    """An open store. Its parts share one connection, so that one transaction can span them all."""

    def __init__(self, path: Path) -> None:
        """Open or create the store. Raises: DatasetError."""
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        except sqlite3.Error as error:
            raise _cannot_open(path, error) from error
        try:
            self._prepare(path)
        except sqlite3.Error as error:
            self.close()
            raise _cannot_open(path, error) from error
        except DatasetError:
            self.close()
            raise
        self.urls = Urls(self._db)
        self.visits = Visits(self._db)
        self.listings = Listings(self._db)
        self.listed = Listed(self._db)
        self.hosts = Hosts(self._db)
        self.site_files = SiteFiles(self._db)
        self.rights = RightsLog(self._db)
        self.tombstones = Tombstones(self._db)
        self.sweep = Sweep(self._db)
        self.journal = Journal(self._db)
        self.fingerprints = FingerprintLog(self._db)
        self.batch = Batch(self._db)
        self.blocks = Blocks(self._db)
        self.replays = Replays(self._db)
        self.head = Head(self._db)
        self.source_days = SourceDays(self._db)
        self.coverage = Coverage(self._db)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> State:
        """The one store of a crawler, opened by whichever component asks first."""
        if crawler not in _of_crawler:
            folder = DataFolder.from_settings(crawler.settings)
            _of_crawler[crawler] = cls(folder.state)
        return _of_crawler[crawler]

    @staticmethod
    def open_in(crawler: Crawler) -> State | None:
        """The store that a crawler has open; None for one that leaves nothing behind."""
        return _of_crawler.get(crawler)

    def _prepare(self, path: Path) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > STATE_VERSION:
            raise DatasetError(
                f'the state "{path}" was written by a newer Colporteur (version {version}, '
                f"this one knows {STATE_VERSION}); upgrade it, or set another DATA_DIR."
            )
        if version < STATE_VERSION:
            self._upgrade(version)
        for table in _TEMPORARY_TABLES:
            self._db.execute(table)

    def _upgrade(self, version: int) -> None:
        with self.transaction():
            for added in _VERSIONS[version:]:
                for statement in added:
                    self._db.execute(statement)
            for table, column in _FORMER_COLUMNS:
                if column in {row[1] for row in self._db.execute(f"PRAGMA table_info({table})")}:
                    self._db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
            self._db.execute(f"PRAGMA user_version={STATE_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside another transaction, part of that one."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._db.rollback()  # nothing, where a full disk has done it already
            raise

    def close(self) -> None:
        """Close the store; what was committed is on disk."""
        self._db.close()


def _cannot_open(path: Path, error: sqlite3.Error) -> DatasetError:
    return DatasetError(
        f'the state "{path}" cannot be opened ({error}); '
        "free the disk or repair the file, or name another folder with -s DATA_DIR=FOLDER."
    )
