"""RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed: the articles a feed announces, and where it goes on.

Broken XML is read as far as feedparser can; nothing is fetched, no entity is resolved. A feed of
comments says so and announces no article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from time import struct_time
from typing import Any

from crawler.discovery.candidate import Candidate
from crawler.discovery.hints import iso_date, json_value, language_tag, plain_text
from crawler.discovery.urls import resolve
from crawler.errors import Reason, Refusal
from crawler.markup import is_cut

# The start of a document up to a DTD that declares something of its own: entities, in practice.
# RSS 0.91 names a DTD without declaring anything, and is welcome.
_OWN_DTD = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<!doctype[^>\[]*+\[",
    re.IGNORECASE | re.DOTALL,
)
# How the common engines address one comment of an article.
_COMMENT_LINK = re.compile(r"#(?:comments?|comm|c|forum|reply)[-_]?\d+$", re.IGNORECASE)
_COMMENT_FEED = re.compile(
    r"/comments/feed|/feeds/(?:\d+/)?comments/|[?&]feed=comments-|/comments\.(?:rss|atom|xml)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Feed:
    """What one feed document holds.

    `next_url` is where older entries are (RFC 5005), `home_url` the page the feed belongs to.
    `candidates` is empty where `comments` is True. `is_whole` is False where the document lacks its
    end, and with it what else it announces.
    """

    candidates: tuple[Candidate, ...]
    title: str | None = None
    language: str | None = None
    next_url: str | None = None
    home_url: str | None = None
    comments: bool = False
    is_whole: bool = True


def parse_feed(body: bytes, url: str, content_type: str | None = None) -> Feed | Refusal:
    """The feed in `body`, served at `url`; a Refusal where it is none (HTML, say)."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_feed(body, url)
    if _OWN_DTD.match(body.replace(b"\0", b"")):  # the zeros of UTF-16
        return _unreadable("a DTD with declarations of its own")
    import feedparser  # noqa: PLC0415 # for the workers, which read what came

    headers = {"content-location": url, "content-type": content_type or "application/xml"}
    try:
        # A stream: feedparser would take bytes for a file's name first.
        parsed = feedparser.parse(
            BytesIO(body),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:  # its loose parser raises anything at all on garbage
        return _unreadable(f"not a feed: {type(error).__name__}")
    if not parsed.get("version"):  # an empty body leaves none
        return _unreadable("neither RSS nor Atom")
    if parsed.bozo and not parsed.entries:
        return _unreadable("broken XML without an entry")
    return replace(_xml_feed(parsed, url), is_whole=not (parsed.bozo and is_cut(body)))


def is_comment_feed_url(url: str) -> bool:
    """Whether the address alone tells a feed of readers' comments."""
    return _COMMENT_FEED.search(url) is not None


def _xml_feed(parsed: Any, url: str) -> Feed:
    channel = parsed.feed
    language = language_tag(channel.get("language"))
    links = {
        link["rel"]: link["href"]
        for link in channel.get("links", ())
        if link.keys() >= {"rel", "href"}
    }
    candidates = [
        candidate
        for entry in parsed.entries
        if (candidate := _entry_candidate(entry, url, parsed.version, language))
    ]
    older = links.get("next") or links.get("prev-archive")
    comments = is_comment_feed_url(url) or _all_comments(
        entry.get("link") for entry in parsed.entries
    )
    return Feed(
        candidates=() if comments else tuple(candidates),
        title=plain_text(channel.get("title")),
        language=language,
        next_url=resolve(url, older),
        home_url=resolve(url, channel.get("link")),
        comments=comments,
    )


def _entry_candidate(entry: Any, url: str, version: str, language: str | None) -> Candidate | None:
    address = resolve(url, _entry_link(entry))
    if address is None:
        return None
    published = _utc(dict.get(entry, "published_parsed"))
    # feedparser's own `get` would warn, and answer with the other date.
    modified = _utc(dict.get(entry, "updated_parsed"))
    if published is None and version.startswith("rss"):
        published, modified = modified, None  # dc:date, RSS 1.0's only date
    return Candidate(
        url=address,
        found_by="feed",
        date_published=published,
        date_modified=modified,
        title=plain_text(entry.get("title")),
        language=_entry_language(entry) or language,
    )


def _entry_language(entry: Any) -> str | None:
    """dc:language, else the `xml:lang` that the title stands in."""
    return language_tag(entry.get("language") or entry.get("title_detail", {}).get("language"))


def _entry_link(entry: Any) -> str | None:
    """FeedBurner's original, else the page that the entry is an alternate of, else its link."""
    alternates = [
        link["href"]
        for link in entry.get("links", ())
        if link.get("rel") == "alternate"
        and link.get("href")
        and "json" not in link.get("type", "")
    ]
    link = entry.get("feedburner_origlink") or (alternates[0] if alternates else entry.get("link"))
    return str(link) if link else None


def _all_comments(links: Iterable[str | None]) -> bool:
    known = [link for link in links if link]
    return bool(known) and all(_COMMENT_LINK.search(link) for link in known)


def _utc(moment: struct_time | None) -> datetime | None:
    """feedparser's dates are in UTC, also those that named no zone."""
    if moment is None:
        return None
    try:
        return datetime(*moment[:6], tzinfo=UTC)
    except ValueError:  # a leap second
        return None


def _json_feed(body: bytes, url: str) -> Feed | Refusal:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    feed = json_value(body)
    if not isinstance(feed, dict) or "jsonfeed.org/version" not in str(feed.get("version")):
        return _unreadable("JSON, but no JSON Feed")
    items = feed.get("items")
    language = language_tag(feed.get("language"))
    candidates = [
        candidate
        for item in (items if isinstance(items, list) else ())
        if isinstance(item, dict) and (candidate := _item_candidate(item, url, language))
    ]
    comments = is_comment_feed_url(url)
    return Feed(
        candidates=() if comments else tuple(candidates),
        title=plain_text(feed.get("title")),
        language=language,
        next_url=resolve(url, feed.get("next_url")),
        home_url=resolve(url, feed.get("home_page_url")),
        comments=comments,
    )


def _item_candidate(item: dict[str, object], url: str, language: str | None) -> Candidate | None:
    """`url` is the article; `id` may be its address too. `external_url` is someone else's page."""
    identifier = item.get("id")
    is_address = isinstance(identifier, str) and identifier.startswith(("http://", "https://"))
    address = resolve(url, item.get("url")) or (resolve(url, identifier) if is_address else None)
    if address is None:
        return None
    return Candidate(
        url=address,
        found_by="feed",
        date_published=iso_date(item.get("date_published")),
        date_modified=iso_date(item.get("date_modified")),
        title=plain_text(item.get("title")),
        language=language_tag(item.get("language")) or language,
    )


def _unreadable(detail: str) -> Refusal:
    return Refusal(Reason.UNREADABLE_LISTING, detail)
