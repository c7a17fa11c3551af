"""Addresses without end: calendars, facets, sessions, paths that repeat themselves.

Some can be told by the address alone. For the others the site's own pages speak: addresses of a
shape that gave no article fifty times give none the next time. A shape is judged by what it yields,
so that an archive of any size is read as long as there are articles in it.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice, pairwise
from urllib.parse import parse_qsl, unquote, urlsplit

# Newspapers have paths of up to ten segments; a relative link that is resolved wrongly adds to them
# at each step.
MAX_DEPTH = 16
# Of one segment, or of two in a row, in one path.
MAX_REPEATS = 3
# Browsers and servers go no further; an address that grows at each step does.
MAX_LENGTH = 2_000
# So far ahead no article is dated: a calendar is, month after month.
MAX_YEARS_AHEAD = 1
# Pages of a shape that are tried before it is judged, and the share of articles below which it is
# barren: one in a hundred is a section's page among its tags.
TRIES = 50
MIN_YIELD = 0.01
# Pages on their way while further listings are read.
MAX_AHEAD = 2 * TRIES
# Queries of one path. What names an article in a query is part of its path here.
MAX_QUERIES = 30

_ARTICLE_PARAMETERS = frozenset(
    [
        "p",
        "id",
        "article",
        "articleid",
        "id_article",
        "story",
        "storyid",
        "nid",
        "aid",
        "news",
        "newsid",
    ]
)
_YEAR = re.compile(r"(?<!\d)(\d{4})(?=[/_-](?:0?[1-9]|1[0-2])(?!\d))")
_CALENDAR = re.compile(
    r"(?:^|[/_-])(?:calendar|calendrier|kalender|calendario|agenda|events?)(?:[/_.-]|$)"
)

# What addresses of one kind have in common, the narrowest first.
Shape = tuple[object, ...]


def endless(url: str, year: int) -> str | None:
    """Why an address is one of a row without end, by itself; `year` is the present."""
    if len(url) > MAX_LENGTH:
        return f"an address of {len(url)} characters"
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).lower().split("/") if segment]
    if len(segments) > MAX_DEPTH:
        return f"a path of {len(segments)} segments"
    for row in (segments, list(pairwise(segments))):
        found = Counter(row).most_common(1)
        if found and found[0][1] > MAX_REPEATS - (row is not segments):
            return f"a path that says the same {found[0][1]} times"
    place = f"{parts.path}?{parts.query}".lower()
    ahead = any(int(found) > year + MAX_YEARS_AHEAD for found in _YEAR.findall(place))
    if ahead and (_CALENDAR.search(place) or parts.query):
        return "a calendar of years to come"
    return None


class Harvest:
    """What the addresses of one source yield in a run."""

    def __init__(self) -> None:
        self._tried: Counter[Shape] = Counter()
        self._given: Counter[Shape] = Counter()
        self._queries: dict[Shape, set[str]] = defaultdict(set)
        self._waiting = 0
        self._fewer = asyncio.Event()

    def begun(self) -> None:
        """A page is going to be asked for."""
        self._waiting += 1

    def ended(self) -> None:
        """A page that was asked for is done with, whatever became of it."""
        self._waiting -= 1
        self._fewer.set()

    async def pace(self) -> None:
        """Wait until so few pages are on their way that it is known what such pages yield."""
        while self._waiting > MAX_AHEAD:
            self._fewer.clear()
            await self._fewer.wait()

    def tried(self, url: str, gave: bool, *, was_there: bool = True) -> None:
        """A page was fetched, and was an article or not; dead links speak for their like alone."""
        self.ended()
        for shape in islice(_shapes(url), None if was_there else 1):
            self._tried[shape] += 1
            self._given[shape] += gave

    def barren(self, url: str) -> str | None:
        """Why a page need not be fetched: none like it was an article. None if it may be one."""
        for shape in _shapes(url):
            tried = self._tried[shape]
            if tried >= TRIES and self._given[shape] < MIN_YIELD * tried:
                return f"{self._given[shape]} of {tried} pages like it were articles"
        return None

    def met(self, url: str) -> str | None:
        """Why an address is one too many of its path; None if it is not."""
        path = _path(url)
        query = urlsplit(url).query
        if not query:
            return None
        known = self._queries[path]
        if query not in known and len(known) >= MAX_QUERIES:
            return f"more than {MAX_QUERIES} queries of one path"
        known.add(query)
        return None


def _shapes(url: str) -> Iterator[Shape]:
    """The kinds that an address belongs to: its section's, those as deep as it, its host's."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    names = tuple(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))
    yield parts.netloc, len(segments), names[:4], segments[0] if len(segments) > 1 else ""
    yield parts.netloc, len(segments), bool(names)
    yield (parts.netloc,)


def _path(url: str) -> Shape:
    parts = urlsplit(url)
    named = tuple(pair for pair in parse_qsl(parts.query) if pair[0].lower() in _ARTICLE_PARAMETERS)
    return parts.netloc, parts.path, named
