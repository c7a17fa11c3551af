"""Feeds as publishers write them: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1.

The writers take plain entries, so that a feed can also list what is no article.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed. `url` is the link as listed, `guid` what stays when the link changes."""

    url: str
    guid: str
    title: str
    summary: str
    published: datetime
    modified: datetime
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed says about itself."""

    title: str
    home: str
    url: str
    language: str


def newest_change(entries: Sequence[Entry]) -> datetime:
    """When the feed last changed."""
    return max(entry.modified for entry in entries)


def rss(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """RSS 2.0 with `dc:creator` and `atom:link rel="self"`."""
    items = "\n".join(_rss_item(entry) for entry in entries)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>{escape(channel.title)}</title>
<atom:link href="{escape(channel.url)}" rel="self" type="application/rss+xml"/>
<link>{escape(channel.home)}</link>
<description>{escape(channel.title)}</description>
<lastBuildDate>{format_datetime(newest_change(entries))}</lastBuildDate>
<language>{channel.language}</language>
{items}
</channel>
</rss>
""".encode()


def _rss_item(entry: Entry) -> str:
    creators = "".join(f"<dc:creator>{escape(name)}</dc:creator>\n" for name in entry.authors)
    categories = "".join(f"<category>{escape(name)}</category>\n" for name in entry.categories)
    return f"""<item>
<title>{escape(entry.title)}</title>
<link>{escape(entry.url)}</link>
{creators}<pubDate>{format_datetime(entry.published)}</pubDate>
{categories}<guid isPermaLink="false">{escape(entry.guid)}</guid>
<description>{escape(entry.summary)}</description>
</item>"""


def atom(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """Atom, each entry in its own `xml:lang`."""
    items = "\n".join(_atom_entry(entry, channel.language) for entry in entries)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{channel.language}">
<title>{escape(channel.title)}</title>
<id>{escape(channel.url)}</id>
<link rel="self" href="{escape(channel.url)}"/>
<link rel="alternate" type="text/html" href="{escape(channel.home)}"/>
<updated>{newest_change(entries).isoformat()}</updated>
{items}
</feed>
""".encode()


def _atom_entry(entry: Entry, language: str) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>\n" for name in entry.authors)
    terms = "".join(f'<category term="{escape(name)}"/>\n' for name in entry.categories)
    return f"""<entry xml:lang="{entry.language or language}">
<title>{escape(entry.title)}</title>
<id>{escape(entry.guid)}</id>
<link rel="alternate" type="text/html" href="{escape(entry.url)}"/>
<published>{entry.published.isoformat()}</published>
<updated>{entry.modified.isoformat()}</updated>
{authors}{terms}<summary>{escape(entry.summary)}</summary>
</entry>"""


def json_feed(channel: Channel, entries: Sequence[Entry]) -> bytes:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.url,
        "language": channel.language,
        "items": [
            {
                "id": entry.guid,
                "url": entry.url,
                "title": entry.title,
                "summary": entry.summary,
                # The format asks for one of content_text and content_html.
                "content_text": entry.summary,
                "date_published": entry.published.isoformat(),
                "date_modified": entry.modified.isoformat(),
                "authors": [{"name": name} for name in entry.authors],
                "tags": list(entry.categories),
            }
            for entry in entries
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()
