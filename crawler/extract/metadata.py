"""The facts of an article besides its text, each from the most trusted place that states it.

The order of trust is JSON-LD, then meta tags, then microdata, then what the page shows; for the
headline the page's own h1 decides between them, and `keywords` and `authors` tell which lists and
names give way to the next source. `Metadata.sources` says which won.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from crawler.extract.access import comment_counts, free_access
from crawler.extract.authors import read_authors
from crawler.extract.dating import modified_dates, published_dates, stated_date
from crawler.extract.descriptions import descriptions
from crawler.extract.document import Document
from crawler.extract.headline import headlines
from crawler.extract.keywords import keyword_lists
from crawler.extract.structured import (
    Structured,
    first_text,
    microdata_name,
    read_structured,
    types_of,
)
from crawler.extract.trust import choose
from crawler.items import FieldSource

_SITE_META = ("og:site_name", "application-name", "dc.publisher")
_SITE_TYPES = frozenset({"NewsMediaOrganization", "WebSite"})
# A publisher that gives its address for its name.
_ADDRESS = re.compile(r"(?:https?://(?:www\.)?|www\.)([\w-]+(?:\.[\w-]+)+)/?", re.IGNORECASE)
_NEWS = frozenset({"news", "nachrichten", "actualites", "noticias", "notizie", "nieuws"})
_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$", re.IGNORECASE)


@dataclass(slots=True)
class Metadata:
    """What the page says about its article; None or empty where it says nothing."""

    headline: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    date_published: datetime | None = None
    date_published_raw: str | None = None
    date_modified: datetime | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    in_language: str | None = None
    publisher: str | None = None
    main_image: str | None = None
    is_accessible_for_free: bool | None = None
    comment_count: int | None = None
    canonical_url: str | None = None
    sources: dict[str, FieldSource] = field(default_factory=dict)


def read_metadata(document: Document, structured: Structured) -> Metadata:
    """Read every field from the page; the lede as the reader sees it is the page object's part."""
    found = Metadata()
    found.in_language = choose(found.sources, "in_language", _languages(document, structured))
    found.publisher = choose(found.sources, "publisher", _publishers(structured))
    found.headline = choose(
        found.sources, "headline", headlines(document, structured, found.publisher or "")
    )
    found.description = choose(
        found.sources,
        "description",
        descriptions(structured, found.headline or "", found.publisher or ""),
    )
    authors = read_authors(document, structured, found.publisher or "")
    found.authors = choose(found.sources, "authors", authors) or ()
    published = choose(
        found.sources,
        "date_published",
        published_dates(document, structured, found.in_language, found.headline or ""),
    )
    if published is not None:
        found.date_published, found.date_published_raw = published
    else:
        found.date_published_raw = stated_date(document, structured)
    found.date_modified = choose(
        found.sources, "date_modified", modified_dates(structured, found.in_language)
    )
    found.section = choose(found.sources, "section", _sections(document, structured))
    keywords = keyword_lists(document, structured, found.publisher or "", found.authors)
    found.keywords = choose(found.sources, "keywords", keywords) or ()
    found.main_image = _main_image(found, document, structured)
    found.is_accessible_for_free = choose(
        found.sources, "is_accessible_for_free", free_access(document, structured)
    )
    found.comment_count = choose(found.sources, "comment_count", comment_counts(structured))
    found.canonical_url = _canonical(document, structured)
    return found


def _languages(
    document: Document, structured: Structured
) -> Iterable[tuple[FieldSource, str | None]]:
    offers: list[tuple[FieldSource, str | None]] = [
        ("heuristic", document.root.get("lang")),
        ("json-ld", first_text(structured.article.get("inLanguage"))),
        ("meta", structured.first_meta("og:locale", "content-language", "language", "dc.language")),
    ]
    return [
        (source, value.replace("_", "-") if value and _LANGUAGE.match(value) else None)
        for source, value in offers
    ]


def _publishers(structured: Structured) -> Iterable[tuple[FieldSource, str | None]]:
    """Yield what the publisher is called; its address serves for want of a name."""
    addresses: list[tuple[FieldSource, str]] = []
    for source, name in _publisher_names(structured):
        if name and (address := _ADDRESS.fullmatch(name)):
            addresses.append((source, address[1]))
        else:
            yield source, name
    yield from addresses


def _publisher_names(structured: Structured) -> Iterable[tuple[FieldSource, str | None]]:
    yield "json-ld", first_text(structured.article.get("publisher"))
    title = structured.first_meta("og:title")
    named = (structured.first_meta(name) for name in _SITE_META)
    yield "meta", next((name for name in named if name and name != title), None)
    for element in structured.microdata("publisher"):
        yield "microdata", microdata_name(element)
    for node in structured.nodes:
        if _SITE_TYPES.intersection(types_of(node)):
            yield "json-ld", first_text(node.get("name"))


def _sections(
    document: Document, structured: Structured
) -> Iterable[tuple[FieldSource, str | None]]:
    yield "json-ld", _section(first_text(structured.article.get("articleSection")))
    yield "meta", _section(structured.first_meta("article:section", "section", "category"))
    yield "microdata", _section(structured.itemprop("articleSection"))
    yield "heuristic", _crumb(document, structured)


def _section(stated: str | None) -> str | None:
    """A section's name; of a path the last part, of several the first that says more than news."""
    if stated is None or " " in stated:
        return stated
    if stated.startswith("/"):
        return stated.strip("/").rpartition("/")[2].replace("_", " ").replace("-", " ") or None
    parts = [part for part in stated.split(",") if part]
    return next((part for part in parts if part.lower() not in _NEWS), next(iter(parts), None))


def _crumb(document: Document, structured: Structured) -> str | None:
    """The section as the page's breadcrumbs tell it: the last that leads up from the article."""
    for node in structured.nodes:
        crumbs = node.get("itemListElement")
        if "BreadcrumbList" not in types_of(node) or not isinstance(crumbs, list):
            continue
        for crumb in reversed(crumbs[1:]):
            item = crumb.get("item") if isinstance(crumb, Mapping) else None
            link = item.get("@id") or item.get("url") if isinstance(item, Mapping) else item
            name = first_text(crumb.get("name")) or first_text(item) if item else None
            up = link if isinstance(link, str) else ""
            if name and _leads_up(document.absolute(up), document.url):
                return name
    return None


def _leads_up(link: str | None, url: str) -> bool:
    """Whether a link leads to a page above the article's, and not to the site's front."""
    if link is None:
        return False
    path, own = urlsplit(link).path.strip("/"), urlsplit(url).path.strip("/")
    return bool(path) and len(path) < len(own) and path != own


def _main_image(found: Metadata, document: Document, structured: Structured) -> str | None:
    image = structured.article.get("image")
    while isinstance(image, list) and image:
        image = image[0]
    if isinstance(image, Mapping):
        image = image.get("url") or image.get("contentUrl")
    offers: list[tuple[FieldSource, str | None]] = [
        ("json-ld", document.absolute(image) if isinstance(image, str) else None),
        (
            "meta",
            document.absolute(structured.first_meta("og:image", "og:image:url", "twitter:image")),
        ),
    ]
    return choose(found.sources, "main_image", offers)


def stated_url(document: Document, structured: Structured | None = None) -> str | None:
    """Return the URL that the page gives as its own: canonical link, else og:url."""
    links = document.all("link")
    canonical = (link.get("href") for link in links if " canonical " in f" {link.get('rel')} ")
    link = next((href for href in canonical if href is not None), None)
    structured = structured or read_structured(document)
    return document.absolute(link or structured.first_meta("og:url"))


def _canonical(document: Document, structured: Structured) -> str | None:
    """The page's own word for its URL, if it stays on the page's own site."""
    stated = stated_url(document, structured)
    if stated is None:
        return None
    try:
        own, other = urlsplit(document.url).hostname or "", urlsplit(stated).hostname or ""
    except ValueError:
        return None
    return stated if own.split(".")[-2:] == other.split(".")[-2:] else None
