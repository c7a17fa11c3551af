"""Reads the listings of one source: which ways there are, how far to go, what was new.

The one place that decides in which order feeds, sitemaps, the WordPress API and listing pages are
asked, and when to stop. What the answers mean is read by the pure functions of `crawler.discovery`.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawler.discovery.candidate import Candidate
from crawler.discovery.feeds import parse_feed
from crawler.discovery.listings import parse_listing
from crawler.discovery.sitemaps import (
    ChildSitemap,
    is_article_sitemap,
    names_all,
    newest_first,
    parse_sitemap,
)
from crawler.errors import Reason, Refusal
from crawler.fetch.listings import Answer
from crawler.sources import Source
from crawler.spiders.blogs import BlogReader
from crawler.spiders.extraction import Aside
from crawler.spiders.finding import Ask, Robots, configured_ways, find_ways
from crawler.spiders.listing_pages import Page, WayRead
from crawler.state.listed import Listed, Part
from crawler.state.listings import Listings, Validators, Ways

# The ways that name all articles of a site, so that no other need be asked.
_COMPLETE = ("wordpress", "sitemaps")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a source is read in one run; settings of the same names say why."""

    sitemaps: int
    sitemap_depth: int
    listing_pages: int
    fruitless: int


@dataclass(slots=True)
class Outcome:
    """What became of the listings: how many answered, and why others did not, in their order.

    `named` counts the URLs they named, known ones too.
    """

    answered: int = 0
    named: int = 0
    unchanged: int = 0
    refusals: list[tuple[str, Refusal]] = field(default_factory=list)


class SourceReader:
    """One reading of one source's listings, in one run."""

    def __init__(
        self,
        source: Source,
        ask: Ask,
        robots: Robots,
        aside: Aside,
        listings: Listings,
        listed: Listed,
        limits: Limits,
        is_known: Callable[[Candidate], bool],
        is_wanted: Callable[[Candidate], bool],
        pace: Callable[[], Awaitable[None]],
    ) -> None:
        """`robots` gives a site's robots.txt, `aside` reads what came, `is_known` tells whether
        there is nothing new in a URL.

        `is_wanted` says whether a URL may be an article of the source at all; `pace` waits until a
        further listing may be asked for.
        """
        self._pace = pace
        self._is_wanted = is_wanted
        self.source = source
        self.outcome = Outcome()
        self._ask = ask
        self._robots = robots
        self._aside = aside
        self._listings = listings
        self._listed = listed
        self._limits = limits
        self._is_known = is_known
        self._reading = listings.reading(source.name)
        # The complete listings there are, also those that had not to be read; None if some failed.
        self._complete: set[str] | None = None

    async def read(self, remembered_since: datetime, now: datetime) -> AsyncIterator[Page]:
        """All pages of all listings that have something to say since the last run.

        The ways found by itself are remembered; those found before `remembered_since` are looked
        for again.
        """
        ways = configured_ways(self.source)
        found = ways is None
        if ways is None:
            ways = self._listings.ways(self.source.name, remembered_since)
            found = ways is None
        if ways is None:
            home = await self._get(self.source.url, conditional=False)
            ways = (
                await find_ways(self.source.url, home, self._ask, self._robots, self._aside)
                if home
                else Ways()
            )
        working: dict[str, tuple[str, ...]] = {}
        complete = False
        for way, urls, reader in (
            ("wordpress", ways.wordpress, self._read_wordpress),
            ("sitemaps", ways.sitemaps, self._read_sitemaps),
            ("feeds", ways.feeds, self._read_feed),
            ("listings", ways.listings, self._read_listing),
        ):
            if complete and way != "feeds":
                # One complete listing is enough; a feed is cheap, and first to tell what is new.
                continue
            working[way] = ()
            self._complete = set()
            for url in urls:
                before = replace(self.outcome, refusals=[])
                refused = len(self.outcome.refusals)
                async for page in reader(url):
                    self.outcome.named += len(page.candidates)
                    yield page
                if self.outcome.answered > before.answered:
                    complete = complete or (way in _COMPLETE and self._tells(url, before))
                elif any(not why.reason.is_transient for _, why in self.outcome.refusals[refused:]):
                    continue
                working[way] += (url,)
            if way in _COMPLETE and self._complete:
                yield Page(self.source.url, (), way_read=WayRead(way, frozenset(self._complete)))
        if found and any(working.values()):
            self._listings.found(self.source.name, replace(ways, **working), now)
        self._listings.read(self.source.name, self._reading)

    def _tells(self, url: str, before: Outcome) -> bool:
        """Whether a listing named articles, now or once: an empty one says nothing of its site."""
        return (
            self.outcome.named > before.named
            or self.outcome.unchanged > before.unchanged
            or url in self._reading.complete
        )

    async def _get(self, url: str, *, conditional: bool = True) -> Answer | None:
        """Ask for a listing; None, and noted, if there is nothing (new) to read."""
        known = self._listings.validators(url) if conditional else Validators()
        answer = await self._ask(url, known)
        if isinstance(answer, Refusal):
            self._refused(url, answer)
            return None
        same = conditional and known.body_hash == _digest(answer.body)
        if answer.unchanged or same:
            self.outcome.answered += 1
            self.outcome.unchanged += 1
            return None
        return answer

    def _refused(self, url: str, refusal: Refusal) -> None:
        self._complete = None
        self.outcome.refusals.append((url, refusal))

    def _page(
        self, url: str, answer: Answer, candidates: Iterable[Candidate], listed: str | None = None
    ) -> Page:
        self.outcome.answered += 1
        seen = Validators(answer.etag, answer.last_modified, _digest(answer.body), listed)
        return Page(url, tuple(candidates), seen)

    async def _get_anew(self, url: str) -> Answer | None:
        return await self._get(url, conditional=False)

    def _keep(self, *listings: str) -> None:
        if self._complete is not None:
            self._complete.update(listings)

    def _cut(self, page: Page) -> Page:
        """What a listing without end named; it is asked for again as if it had not been."""
        self._refused(page.url, Refusal(Reason.TRUNCATED, "the document has no end"))
        return replace(page, validators=None)

    async def _read_feed(self, url: str) -> AsyncIterator[Page]:
        answer = await self._get(url)
        if answer is None:
            return
        feed = await self._aside(parse_feed, answer.body, answer.url, answer.content_type)
        if isinstance(feed, Refusal):
            self._refused(url, feed)
            return
        page = self._page(url, answer, feed.candidates)
        yield page if feed.is_whole else self._cut(page)

    async def _read_sitemaps(self, url: str) -> AsyncIterator[Page]:
        waiting = [(1, ChildSitemap(url))]
        seen = {url}
        fruitless = 0
        for _ in range(self._limits.sitemaps):
            if not waiting or fruitless >= self._limits.fruitless:
                break
            depth, sitemap = waiting.pop(0)
            await self._pace()
            answer = await self._get(sitemap.url)
            if answer is None:
                continue
            parsed = await self._aside(parse_sitemap, answer.body, answer.url)
            if isinstance(parsed, Refusal):
                self._refused(sitemap.url, parsed)
                continue
            for child in newest_first(parsed.children):
                if child.url not in seen and is_article_sitemap(child.url):
                    seen.add(child.url)
                    if self._is_read(child):
                        self.outcome.unchanged += 1
                    elif depth < self._limits.sitemap_depth:
                        waiting.append((depth + 1, child))
            fruitless = 0 if any(map(self._is_wanted, parsed.candidates)) else fruitless + 1
            listed = sitemap.date_modified.isoformat() if sitemap.date_modified else None
            page = self._page(sitemap.url, answer, parsed.candidates, listed)
            if names_all(parsed):
                page = replace(page, part=Part(sitemap.url, "sitemaps", begins=True, ends=True))
            # An index is asked again each time: its own validators would hide a child that failed.
            if not parsed.is_whole:
                self._complete = None
                yield self._cut(replace(page, part=None))
            else:
                yield replace(page, validators=None) if parsed.children else page
        self._keep(*seen)
        if waiting:
            self._complete = None

    def _is_read(self, sitemap: ChildSitemap) -> bool:
        """Whether the index dates a sitemap as it did when that was last read."""
        known = self._listings.validators(sitemap.url).listed_modified
        return sitemap.date_modified is not None and sitemap.date_modified.isoformat() == known

    async def _read_wordpress(self, root: str) -> AsyncIterator[Page]:
        blog = BlogReader(root, self._ask, self._get_anew, self._refused, self._listed, self._aside)
        is_known = root in self._reading.complete
        async for page in blog.read(self._reading.newest_modified if is_known else None):
            self.outcome.answered += 1
            yield page
        if not blog.is_whole or blog.newest_modified is None:
            self._complete = None
            return
        self._keep(root)
        # Only now: an API that was not read to its end is read from the start again.
        self._read_to_the_end(root)
        self._reading = replace(self._reading, newest_modified=blog.newest_modified)

    async def _read_listing(self, start: str) -> AsyncIterator[Page]:
        """Page after page; once a listing was read to its end, only as far as there is news."""
        url: str | None = start
        seen: set[str] = set()
        fruitless = 0
        while url and url not in seen and len(seen) < self._limits.listing_pages:
            seen.add(url)
            await self._pace()
            answer = await self._get(url, conditional=False)
            if answer is None:
                return
            listing = await self._aside(parse_listing, answer.body, answer.url)
            if isinstance(listing, Refusal):
                self._refused(url, listing)
                return
            known = [candidate for candidate in listing.candidates if self._is_known(candidate)]
            self.outcome.answered += 1
            page = Page(url, listing.candidates)
            if not listing.is_whole:
                yield self._cut(page)
                return
            yield page
            if start in self._reading.complete and len(known) == len(listing.candidates):
                return
            fruitless = 0 if any(map(self._is_wanted, listing.candidates)) else fruitless + 1
            if fruitless >= self._limits.fruitless:
                return
            url = listing.next_url
        self._read_to_the_end(start)

    def _read_to_the_end(self, listing: str) -> None:
        complete = self._reading.complete | {listing}
        self._reading = replace(self._reading, complete=complete)


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
