"""The store to look at only: while a run writes, from a folder that may not exist, leaving none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crawler.state.coverage import Coverage
from crawler.state.source_days import SourceDays


class Looking:
    """The parts of a store that tell how sources are."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.source_days = SourceDays(db)
        self.coverage = Coverage(db)

    @classmethod
    @contextmanager
    def at(cls, path: Path) -> Iterator[Looking | None]:
        """The store at a path; None where there is none, or an older one without these parts."""
        if not path.exists():
            yield None
            return
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            known = db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'left_out'").fetchone()
            yield cls(db) if known else None
