"""What a home page, its headers and robots.txt say about where a site lists its articles.

Only what is said is reported; the usual paths, for sites that say nothing, are tables here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.discovery.feeds import is_comment_feed_url
from crawler.discovery.hints import language_tag, plain_text
from crawler.discovery.html import Page, parse_page, text_of
from crawler.discovery.urls import identity_url, resolve, same_site
from crawler.errors import Refusal

# Where to look when nothing is said, the likeliest first.
USUAL_FEED_PATHS = ("/feed/", "/rss.xml", "/feed.xml", "/rss", "/atom.xml", "/index.xml")
USUAL_SITEMAP_PATHS = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap-news.xml")
USUAL_WORDPRESS_PATHS = ("/wp-json/", "/?rest_route=/")

_WORDPRESS_REL = "https://api.w.org/"
_XML_FEED_TYPES = frozenset(
    (
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
    )
)
_JSON_FEED_TYPES = frozenset(("application/feed+json", "application/json"))
# Alternates in JSON that are WordPress' API or oEmbed, not JSON Feed.
_OTHER_JSON = re.compile(r"/wp-json\b|rest_route=|oembed", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"/(?:feed|rss|atom)/?$|\.(?:rss|atom|rdf)$|(?:^|[/_-])(?:feed|rss|atom|rdf)[\w-]*\.(?:xml|json)$"
    r"|^/feeds?/|^/rss/",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed=(?:rss2?|atom|rdf)|format=(?:feed|rss|atom))(?:&|$)", re.I
)
_FEED_HOST = re.compile(r"(?:feeds?|rss)\d?\.", re.IGNORECASE)

# RFC 8288, 3: `<target>; name="value"; name=value, <target> …`.
_LINK_VALUE = re.compile(
    r'<([^<>]*+)>((?:\s*+;\s*+[\w!#$&+.^`|~*-]++\s*+(?:=\s*+(?:"[^"]*+"|[^\s";,]*+))?+)*+)'
)
_LINK_PARAMETER = re.compile(r';\s*([\w-]+)\*?\s*=\s*(?:"([^"]*)"|([^\s";,]*))')


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a site lists its articles, each kind in the order in which the page names it.

    `wordpress` holds roots of the REST API, for `wordpress.posts_url`.
    """

    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    wordpress: tuple[str, ...] = ()
    language: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class _Link:
    """A typed link, from `<link>` or from the header of that name."""

    url: str
    rels: frozenset[str]
    type: str


def find_endpoints(body: bytes, url: str, link_headers: Sequence[str] = ()) -> Endpoints | Refusal:
    """What the home page at `url` points to; `link_headers` are its `Link` headers' values."""
    page = parse_page(body, url)
    if isinstance(page, Refusal):
        return page
    links = [*_header_links(link_headers, url), *_element_links(page)]
    return Endpoints(
        feeds=_distinct(
            [*(link.url for link in links if _is_feed(link)), *_anchored_feeds(page, url)]
        ),
        sitemaps=_distinct(link.url for link in links if "sitemap" in link.rels),
        wordpress=_distinct(link.url for link in links if _WORDPRESS_REL in link.rels),
        language=_language(page),
        title=_title(page),
    )


def sitemaps_of_robots(body: bytes, url: str) -> tuple[str, ...]:
    """The `Sitemap:` lines of the robots.txt at `url`, made absolute, on whatever host they are."""
    lines = body.decode("utf-8-sig", "replace").splitlines()
    fields = (line.partition(":") for line in lines)
    addresses = (
        resolve(url, value.partition(" #")[0])
        for name, _, value in fields
        if name.strip().lower() == "sitemap"
    )
    return _distinct(filter(None, addresses))


def _header_links(headers: Sequence[str], url: str) -> Iterator[_Link]:
    for header in headers:
        for target, tail in _LINK_VALUE.findall(header):
            parameters = {
                name.lower(): quoted or token
                for name, quoted, token in _LINK_PARAMETER.findall(tail)
            }
            if address := resolve(url, target):
                yield _link(address, parameters.get("rel"), parameters.get("type"))


def _element_links(page: Page) -> Iterator[_Link]:
    for element, address in page.links("link"):
        yield _link(address, element.get("rel"), element.get("type"))


def _link(url: str, rel: str | None, media_type: str | None) -> _Link:
    rels = frozenset((rel or "").lower().split())
    return _Link(url, rels, (media_type or "").partition(";")[0].strip().lower())


def _is_feed(link: _Link) -> bool:
    if not link.rels & {"alternate", "feed"} or is_comment_feed_url(link.url):
        return False
    if link.type in _JSON_FEED_TYPES:
        return not _OTHER_JSON.search(link.url)
    return link.type in _XML_FEED_TYPES or "feed" in link.rels


def _anchored_feeds(page: Page, url: str) -> Iterator[str]:
    """Feeds that the page only shows to its readers, on the site or on a host made for feeds."""
    for _, address in page.links("a"):
        parts = urlsplit(address)
        shaped = _FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query)
        hosted = same_site(address, url) or _FEED_HOST.match(parts.netloc)
        if shaped and hosted and not is_comment_feed_url(address):
            yield address


def _language(page: Page) -> str | None:
    for element in page.root.iter("html"):
        if tag := language_tag(element.get("lang") or element.get("xml:lang")):
            return tag
    return language_tag(_meta(page, "og:locale")) or language_tag(_meta(page, "content-language"))


def _title(page: Page) -> str | None:
    """The site's name, as it gives it to those who share it, else the home page's title."""
    titles = (text_of(element) for element in page.root.iter("title"))
    return plain_text(_meta(page, "og:site_name")) or next(filter(None, titles), None)


def _meta(page: Page, name: str) -> str | None:
    for element in page.root.iter("meta"):
        names = (element.get("property"), element.get("name"), element.get("http-equiv"))
        if name in {value.strip().lower() for value in names if value}:
            return element.get("content")
    return None


def _distinct(urls: Iterable[str]) -> tuple[str, ...]:
    """Each address once, in its first spelling."""
    first: dict[str, str] = {}
    for url in urls:
        first.setdefault(identity_url(url), url)
    return tuple(first.values())
