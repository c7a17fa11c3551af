"""When the article was published and changed, from the most trusted place that gives a real date.

JSON-LD first, then meta tags, then microdata, then `<time>` and the words near the headline, then
the day in the URL. The raw string is kept beside the moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from lxml import etree

from crawler.extract.dates import date_in_url, parse_date
from crawler.extract.document import Document, is_among_comments, text_of
from crawler.extract.structured import Structured, first_text
from crawler.items import FieldSource

Dated = tuple[datetime, str | None]

_PUBLISHED_META = (
    "date", "pubdate", "publishdate", "publish-date", "dc.date", "dc.date.issued",
    "dcterms.created", "dcterms.date", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "article.published", "published-date", "og:published_time",
    "og:pubdate", "article:published", "article:published_date", "publish_date", "published_at",
    "publication_date", "citation_publication_date", "citation_date",
)  # fmt: skip
_DATE_CLASS = re.compile(
    r"date|time|publi|posted|byline|meta|datum|fecha|tarih|author|line ?info|data", re.IGNORECASE
)
# Words before a date that is not the first one.
_CHANGED = re.compile(
    r"\b(?:updated?|modified|revised|reviewed|aktualisiert|akt\.|mis à jour|modifié|actualizado|"
    r"actualitzat|aggiornato|atualizado|bijgewerkt|uppdaterad|oppdatert|opdateret|güncelleme|"
    r"aktualizováno|zaktualizowano|päivitetty|stand)\b",
    re.IGNORECASE,
)
_DAY_IN_WORDS = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+"
    r"(?:de\s+|del\s+)?(?:19|20)\d\d"
    r"|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    r"|(?:19|20)\d\d\s[A-Z][a-z]{2,8}\.?\s\d{1,2}\b"
    r"|\b\d{1,2}[./-]\d{1,2}[./-](?:(?:19|20)\d\d|\d\d(?=\s*(?:\||$)))|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}"
    r"|(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)"
)


# A line with a date near the headline is a byline; longer text is prose that mentions a day.
MAX_LINE = 160
MAX_LONE_LINE = 60


def published_dates(
    document: Document, structured: Structured, language: str | None
) -> Iterator[tuple[FieldSource, Dated | None]]:
    """Yield the publication date as each source gives it, most trusted first."""
    meta = structured.first_meta
    page = next((node for node in structured.nodes if node.get("datePublished")), {})
    stated: tuple[tuple[FieldSource, str | None], ...] = (
        ("json-ld", first_text(structured.article.get("datePublished"))),
        ("meta", meta("article:published_time", "og:article:published_time", "datepublished")),
        ("json-ld", first_text(page.get("datePublished"))),
        ("microdata", structured.itemprop("datePublished")),
        ("meta", meta(*_PUBLISHED_META)),
        ("heuristic", _time(document)),
    )
    for source, raw in stated:
        moment = parse_date(raw, language)
        yield source, (moment, raw) if moment is not None else None
    yield "heuristic", _shown_date(document, language)
    moment = date_in_url(document.url)
    yield "heuristic", (moment, None) if moment is not None else None
    yield "heuristic", _lone_date(document, language)


def modified_dates(
    structured: Structured, language: str | None
) -> Iterator[tuple[FieldSource, datetime | None]]:
    """Yield the date of the last change as each source gives it, most trusted first."""
    meta = structured.first_meta
    stated: tuple[tuple[FieldSource, str | None], ...] = (
        ("json-ld", first_text(structured.article.get("dateModified"))),
        ("meta", meta("article:modified_time", "og:updated_time", "datemodified")),
        ("microdata", structured.itemprop("dateModified")),
    )
    for source, raw in stated:
        yield source, parse_date(raw, language)


def _time(document: Document) -> str | None:
    """The first `<time>` below the headline that is not of a change, else the first at all.

    One that is named for the publication is it, even where a theme calls it `published updated`.
    """
    found: str | None = None
    below = False
    for element in document.root.iter("h1", "time"):
        below = below or element.tag == "h1"
        moment = element.get("datetime")
        if element.tag == "h1" or not moment or is_among_comments(element):
            continue
        if "published" in (element.get("class") or "").split():
            return moment
        found = found or moment
        parent = element.getparent()
        before = f"{element.get('class') or ''} {parent.text if parent is not None else ''}"
        if below and not _CHANGED.search(before.replace("-", " ")):
            return moment
    return found


def _shown_date(document: Document, language: str | None) -> Dated | None:
    """The first date in words in an element that is named for one, a change's only for want."""
    changed: Dated | None = None
    for element in document.root.iter(
        "time", "span", "div", "p", "li", "a", "em", "small", "abbr", "td", "h2"
    ):
        if element.tag != "time" and not (
            _is_dates_name(element.get("class")) or _is_dates_name(element.get("id"))
        ):
            continue
        text = text_of(element)
        if len(text) > MAX_LINE or (match := _DAY_IN_WORDS.search(text)) is None:
            continue
        if (moment := parse_date(match[0], language)) is None:
            continue
        if not _CHANGED.search(text[: match.start()]):
            return moment, match[0]
        changed = changed or (moment, match[0])
    return changed


@lru_cache(maxsize=16_384)
def _is_dates_name(attribute: str | None) -> bool:
    return attribute is not None and _DATE_CLASS.search(attribute) is not None


def _lone_date(document: Document, language: str | None) -> Dated | None:
    """The first short line below the headline that holds a date in words."""
    below = False
    for element in document.root.iter(etree.Element):
        below = below or element.tag == "h1"
        if not below:
            continue
        for text in (element.text, element.tail):
            if not text or len(line := text.strip()) > MAX_LONE_LINE:
                continue
            match = _DAY_IN_WORDS.search(line)
            if match is not None and (moment := parse_date(match[0], language)) is not None:
                return moment, match[0]
    return None
