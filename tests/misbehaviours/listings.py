"""Feeds, sitemaps and listing pages that break: each a source of its own."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass

from crawler.sources import Source
from tests.markup import Story, page, rss, sitemap, stories
from tests.misbehaviours.bodies import coded, gzip_bomb
from tests.misbehaviours.markup import attributes
from tests.misbehaviours.wire import Wire, head
from tests.server import Body, Resource, Server, Site

FEW = 4
FEED = "application/rss+xml"
Listed = list[tuple[str, Story]]


@dataclass(frozen=True, slots=True)
class BrokenListing:
    """One listing, how it is configured, why it is not read, and how many articles it gives."""

    kind: str
    resource: Callable[[Listed], Resource]
    reason: str
    articles: int = 0


def packed(listed: Listed) -> bytes:
    return gzip.compress(sitemap(listed).encode())


LISTINGS: dict[str, BrokenListing] = {
    "feed less than was said": BrokenListing(
        "feeds",
        lambda listed: Wire(head("Content-Length: 99999") + rss(listed).encode()),
        "integrity/truncated",
    ),
    "feed without end of connection": BrokenListing(
        "feeds", lambda listed: Wire(head() + rss(listed).encode()[:-20]), "integrity/truncated"
    ),
    "feed without end": BrokenListing(
        "feeds",
        lambda listed: Body(rss(listed).replace("</channel></rss>", ""), FEED),
        "integrity/truncated",
        FEW,
    ),
    "feed in half a gzip": BrokenListing(
        "feeds",
        lambda listed: coded(gzip.compress(rss(listed).encode())[:-20], "gzip"),
        "integrity/truncated",
    ),
    "feed unchanged and never seen": BrokenListing(
        "feeds", lambda _: Wire(b"HTTP/1.1 304 Same\r\n\r\n"), "http/client-error"
    ),
    "feed of nothing": BrokenListing("feeds", lambda _: Body("", FEED), "integrity/empty"),
    "feed that is a bomb": BrokenListing(
        "feeds", lambda _: coded(gzip_bomb(), "gzip"), "fetch/too-large"
    ),
    "sitemap in half a gzip": BrokenListing(
        "sitemaps",
        lambda listed: Body(packed(listed)[:-20], "application/gzip"),
        "integrity/truncated",
    ),
    "sitemap of many nothings": BrokenListing(
        "sitemaps",
        lambda _: Body(gzip.compress(b"") * 100_000, "application/gzip"),
        "integrity/bad-encoding",
    ),
    "sitemap that is a bomb": BrokenListing(
        "sitemaps", lambda _: Body(gzip_bomb(), "application/gzip"), "fetch/too-large"
    ),
    "sitemap without end": BrokenListing(
        "sitemaps",
        lambda listed: Body(sitemap(listed).replace("</urlset>", ""), "application/xml"),
        "integrity/truncated",
        FEW,
    ),
    "page of attributes": BrokenListing(
        "listings", lambda _: Body(page(attributes(40_000).decode())), "extract/too-large"
    ),
    "page of tags": BrokenListing(
        "listings", lambda _: Body(page("<b>" * 1_000_000)), "extract/too-large"
    ),
    "page without end": BrokenListing(
        "listings",
        lambda listed: Body(links(listed).replace("</body></html>", "")),
        "integrity/truncated",
        FEW,
    ),
    "page in a charset that unpacks": BrokenListing(
        "listings",
        lambda listed: Body(
            links(listed).replace("<head>", "<head><meta charset=zip>"), "text/html"
        ),
        "",
        FEW,
    ),
}


def links(listed: Listed) -> str:
    """A listing page."""
    return page("".join(f'<p><a href="{url}">{story.headline}</a></p>' for url, story in listed))


def publish(server: Server) -> list[Source]:
    """A site for each listing, with whole articles."""
    return [_source(server.site(_host(name)), name, one) for name, one in LISTINGS.items()]


def _host(name: str) -> str:
    return name.replace(" ", "-")


def _source(site: Site, name: str, broken: BrokenListing) -> Source:
    told = stories(FEW, f"{_host(name)}-")
    for story in told:
        site.paths[story.path] = Body(story.html())
    at = site.url.rstrip("/")
    site.paths["/listing"] = broken.resource([(at + story.path, story) for story in told])
    return Source(name=_host(name), url=site.url, **{broken.kind: (f"{at}/listing",)})  # type: ignore[arg-type] # any field
