"""A source with a past, made up visit by visit, and the store that its history is kept in."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from weakref import finalize

from crawler.health.history import History
from crawler.health.judging import Finding
from crawler.health.limits import Limits
from crawler.health.memory import Memory
from crawler.health.observation import Listing, NewArticle, Observation
from crawler.health.rhythm import Rhythm
from crawler.state.source_days import SOURCE_DAY_TABLES, SourceDays, Tally

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED, SITEMAP = "https://gazette.example/feed", "https://gazette.example/sitemap.xml"
FINE = {FEED: Listing(is_empty=False), SITEMAP: Listing()}
FILLED = ("authors", "date_published")


@dataclass(slots=True, weakref_slot=True)
class Paper:
    """What `visit` is told is what a run saw; all else is as it should be."""

    now: datetime = MONDAY
    db: sqlite3.Connection = field(
        default_factory=lambda: sqlite3.connect(":memory:", isolation_level=None)
    )

    def __post_init__(self) -> None:
        for table in SOURCE_DAY_TABLES:
            self.db.execute(table)
        finalize(self, self.db.close)

    @property
    def history(self) -> History:
        rhythm = Rhythm(0.5, timedelta(minutes=15), DAY)
        return History(SourceDays(self.db), Limits(), rhythm)

    @property
    def memory(self) -> Memory:
        return self.history.memory("gazette")

    def visit(
        self,
        after: timedelta = HOUR,
        new: int = 0,
        without: str = "",
        refused: int = 0,
        listings: dict[str, Listing] = FINE,
        named: int = 20,
        own: int | None = None,
        failed: str = "",
        passing: bool = True,
    ) -> dict[str, Finding]:
        """A visit some time after the last one; what is wrong, by what it is.

        New articles were published just before; the field `without` is empty on all of them.
        """
        self.now += after
        seen = Observation("gazette", self.now, answered=not failed, named=named, own=named)
        seen = replace(seen, refusal=failed, is_transient=passing, listings=listings)
        seen.own = named if own is None else own
        seen.elsewhere = "other.example"
        seen.is_unchanged = not new
        seen.articles = [NewArticle(self.now, self.now - HOUR / 2)] * new
        seen.tally = Tally(visits=1, failed=bool(failed), read=new, decided=new + refused)
        seen.tally.filled.update({name: new for name in FILLED if name != without})
        seen.tally.refused.update({"article/no-body": refused} if refused else {})
        return {finding.what: finding for finding in self.history.take(self.memory, seen)}

    def live(self, days: int, every: timedelta, new: int) -> None:
        """Days of visits at which all is well."""
        until = self.now + days * DAY
        while self.now < until:
            assert self.visit(every, new) == {}
