"""Asks every way to a source's articles for as little as tells what it holds.

Where a run reads listings to their end, a probe asks a feed or a listing page once, an API for its
first and its last page, and of a sitemap index a few of the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.checkup import Checkup, Probe
from crawler.discovery.candidate import Candidate, FoundBy
from crawler.discovery.feeds import parse_feed
from crawler.discovery.home import Endpoints, find_endpoints
from crawler.discovery.listings import parse_listing
from crawler.discovery.sitemaps import ChildSitemap, is_article_sitemap, newest_first, parse_sitemap
from crawler.discovery.urls import same_site
from crawler.discovery.wordpress import POSTS_PER_PAGE, parse_posts, posts_url
from crawler.errors import Refusal
from crawler.fetch.listings import Answer
from crawler.sources import Source
from crawler.spiders.extraction import Aside
from crawler.spiders.finding import Ask, Robots, configured_ways, find_ways
from crawler.state.listings import Validators, Ways

# Sitemaps asked for below one index: enough to get past those of pages and topics, and done within
# a few seconds at a request a second.
_SITEMAPS = 10
_NEVER_ASKED = Validators()


class SourceProber:
    """One look at one source; the same address is never asked twice."""

    def __init__(self, source: Source, ask: Ask, robots: Robots, aside: Aside) -> None:
        """`robots` gives a site's robots.txt, `aside` reads what came."""
        self._source = source
        self._ask_for = ask
        self._robots = robots
        self._aside = aside
        self._answers: dict[str, Answer | Refusal] = {}

    async def look(self) -> Checkup:
        """What the configured ways give, or else those that are found from the home page.

        Where that leads to another site, nothing more is asked.
        """
        ways = configured_ways(self._source)
        if ways:
            return Checkup(self._source, await self._probes(ways))
        url = self._source.url
        home = await self._ask(url)
        if isinstance(home, Refusal):
            return Checkup(self._source, (Probe("listing", url, refusal=home),))
        if not same_site(home.url, url):
            return Checkup(self._source, (), home.url)
        probes = await self._probes(
            await find_ways(url, home, self._ask, self._robots, self._aside)
        )
        said = await self._aside(find_endpoints, home.body, home.url)
        if isinstance(said, Refusal):
            said = Endpoints()
        languages = filter(None, (probe.language for probe in probes))
        return Checkup(
            self._source, probes, home.url, said.title, said.language or next(languages, None)
        )

    async def _probes(self, ways: Ways) -> tuple[Probe, ...]:
        return (
            *[await self._wordpress(root) for root in ways.wordpress],
            *[await self._sitemaps(url) for url in ways.sitemaps],
            *[await self._feed(url) for url in ways.feeds],
            *[await self._listing(url) for url in ways.listings],
        )

    async def _ask(self, url: str, known: Validators = _NEVER_ASKED) -> Answer | Refusal:
        if url not in self._answers:
            self._answers[url] = await self._ask_for(url, known)
        return self._answers[url]

    async def _feed(self, url: str) -> Probe:
        answer = await self._ask(url)
        if isinstance(answer, Refusal):
            return Probe("feed", url, refusal=answer)
        feed = await self._aside(parse_feed, answer.body, answer.url, answer.content_type)
        if isinstance(feed, Refusal):
            return Probe("feed", url, refusal=feed)
        return self._probe("feed", url, feed.candidates, language=feed.language)

    async def _listing(self, url: str) -> Probe:
        answer = await self._ask(url)
        if isinstance(answer, Refusal):
            return Probe("listing", url, refusal=answer)
        listing = await self._aside(parse_listing, answer.body, answer.url)
        if isinstance(listing, Refusal):
            return Probe("listing", url, refusal=listing)
        return self._probe(
            "listing", url, listing.candidates, is_partial=listing.next_url is not None
        )

    async def _wordpress(self, root: str) -> Probe:
        """The first page tells how many there are, the last one has the newest posts."""
        answer = await self._ask(posts_url(root))
        if isinstance(answer, Refusal):
            return Probe("wordpress", root, refusal=answer)
        posts = await self._aside(parse_posts, answer.body, answer.url)
        if isinstance(posts, Refusal):
            return Probe("wordpress", root, refusal=posts)
        pages = answer.pages or 1
        if pages == 1:
            is_full = answer.pages is None and posts.count == POSTS_PER_PAGE
            return self._probe("wordpress", root, posts.candidates, is_partial=is_full)
        end = await self._ask(posts_url(root, pages))
        last = (
            end if isinstance(end, Refusal) else await self._aside(parse_posts, end.body, end.url)
        )
        if isinstance(last, Refusal):
            return self._probe("wordpress", root, posts.candidates, is_partial=True)
        between = (pages - 2) * POSTS_PER_PAGE
        both = posts.candidates + last.candidates
        return self._probe("wordpress", root, both, unseen=between)

    async def _sitemaps(self, url: str) -> Probe:
        waiting = [ChildSitemap(url)]
        named = {url}
        candidates: list[Candidate] = []
        refusals: list[Refusal] = []
        asked = 0
        while waiting and asked <= _SITEMAPS:
            sitemap = waiting.pop(0)
            asked += 1
            answer = await self._ask(sitemap.url)
            parsed = (
                answer
                if isinstance(answer, Refusal)
                else await self._aside(parse_sitemap, answer.body, answer.url)
            )
            if isinstance(parsed, Refusal):
                refusals.append(parsed)
                continue
            candidates += parsed.candidates
            new = [
                child
                for child in parsed.children
                if child.url not in named and is_article_sitemap(child.url)
            ]
            named.update(child.url for child in new)
            waiting += newest_first(new)
        if refusals and not candidates:
            return Probe("sitemap", url, refusal=refusals[0])
        return self._probe("sitemap", url, candidates, is_partial=bool(waiting))

    def _probe(
        self,
        way: FoundBy,
        url: str,
        candidates: Sequence[Candidate],
        *,
        unseen: int = 0,
        is_partial: bool = False,
        language: str | None = None,
    ) -> Probe:
        hosts = [urlsplit(candidate.url).netloc for candidate in candidates]
        is_own = {host: self._source.owns(f"https://{host}/") for host in dict.fromkeys(hosts)}
        own = tuple(
            candidate for candidate, host in zip(candidates, hosts, strict=True) if is_own[host]
        )
        return Probe(
            way,
            url,
            own,
            elsewhere=tuple(host for host, ours in is_own.items() if not ours),
            count=len(own) + unseen,
            is_partial=is_partial,
            language=language,
        )
