"""Sitemaps as publishers write them (sitemaps.org 0.9): index, urlset, Google News, plain text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS_NAMESPACE = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True, slots=True)
class Location:
    """One entry: an address and, where the site says so, when it last changed."""

    url: str
    lastmod: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One entry of a Google News sitemap."""

    url: str
    publication: str
    language: str
    published: datetime
    title: str


def index(locations: Iterable[Location]) -> bytes:
    """A `sitemapindex` of other sitemaps."""
    return _document("sitemapindex", "sitemap", locations)


def urlset(locations: Iterable[Location]) -> bytes:
    """A `urlset` of pages."""
    return _document("urlset", "url", locations)


def _document(root: str, tag: str, locations: Iterable[Location]) -> bytes:
    lines = (f"<{tag}><loc>{escape(at.url)}</loc>{_lastmod(at)}</{tag}>" for at in locations)
    entries = "\n".join(lines)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
        f"{entries}\n</{root}>\n"
    ).encode()


def _lastmod(location: Location) -> str:
    return f"<lastmod>{location.lastmod.isoformat()}</lastmod>" if location.lastmod else ""


def news(entries: Iterable[News]) -> bytes:
    """A `urlset` with the Google News extension."""
    urls = "\n".join(
        f"""<url><loc>{escape(entry.url)}</loc>
<news:news><news:publication><news:name>{escape(entry.publication)}</news:name>\
<news:language>{entry.language}</news:language></news:publication>
<news:publication_date>{entry.published.isoformat()}</news:publication_date>
<news:title>{escape(entry.title)}</news:title></news:news></url>"""
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="{NAMESPACE}" xmlns:news="{NEWS_NAMESPACE}">\n{urls}\n</urlset>\n'
    ).encode()


def text(urls: Iterable[str]) -> bytes:
    """One address a line."""
    return "".join(f"{url}\n" for url in urls).encode()
