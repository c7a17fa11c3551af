"""What one run saw of one source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crawler.state.source_days import Tally


@dataclass(frozen=True, slots=True)
class Listing:
    """What became of one feed, sitemap or API: why it was `refused`, or the site it `leads_to`.

    `is_empty` says of one that names all it has each time that it named nothing; None if it was as
    before, or is asked for what is new. `is_unchanged` that it said so, or was the same to a byte.
    """

    refused: str | None = None
    leads_to: str | None = None
    is_empty: bool | None = None
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article that was collected for the first time, its address met at `first_seen`.

    Not one that the first visit to its source named: those are of all ages.
    """

    first_seen: datetime
    published: datetime | None = None


@dataclass(slots=True)
class Observation:
    """One visit to a source, ended `at`.

    `answered` says whether any listing did; None if none was asked. `named` counts what listings
    named, `own` what of it is the source's; `is_unchanged` that all was as at the visit before, and
    so not read. `elsewhere` is the host that most of the others are on.
    """

    source: str
    at: datetime
    answered: bool | None = None
    refusal: str = ""
    is_transient: bool = False
    named: int = 0
    own: int = 0
    is_unchanged: bool = False
    elsewhere: str | None = None
    listings: dict[str, Listing] = field(default_factory=dict)
    articles: list[NewArticle] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
