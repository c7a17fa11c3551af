"""A URL that may be an article, with what its listing said about it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

FoundBy = Literal["feed", "sitemap", "wordpress", "listing"]


class Candidate(NamedTuple):
    """One entry of a feed, a sitemap, an API or a listing page.

    A tuple, because workers send fifty thousand of them at a time.

    The dates are the listing's own words about the article: hints, kept beside what the page says,
    never instead of it. `title` likewise.
    """

    url: str
    found_by: FoundBy
    date_published: datetime | None = None
    date_modified: datetime | None = None
    title: str | None = None
    language: str | None = None
