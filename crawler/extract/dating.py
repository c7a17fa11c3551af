"""When the article was published and changed, from the most trusted place that gives a real date.

JSON-LD first, then meta tags, then microdata, then `<time>` and the words near the headline, then
the day in the URL. The raw string is kept beside the moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from lxml import etree

from crawler.extract.dates import DAY_IN_WORDS, date_in_url, parse_date
from crawler.extract.document import Document, collapse, is_among_comments
from crawler.extract.structured import Structured, first_text
from crawler.items import FieldSource

Dated = tuple[datetime, str | None]

_TRUSTED_META = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time",
)  # fmt: skip
_PUBLISHED_META = (
    "date", "pubdate", "publishdate", "publish-date", "dc.date", "dc.date.issued",
    "dcterms.created", "dcterms.date", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "article.published", "published-date", "published",
    "og:pubdate", "article:published", "article:published_date", "publish_date", "published_at",
    "publication_date", "citation_publication_date", "citation_date",
)  # fmt: skip
# For lower case: to fold it in the pattern takes five times as long.
_DATE_CLASS = re.compile(
    r"date|time|publi|posted|byline|meta|datum|fecha|tarih|author|line ?info|data"
)
# Words before a date that is not the first one.
_CHANGED = re.compile(
    r"\b(?:updated?|modified|revised|reviewed|aktualisiert|akt\.|mis à jour|modifié|actualizado|"
    r"actualitzat|aggiornato|atualizado|bijgewerkt|uppdaterad|oppdatert|opdateret|güncelleme|"
    r"aktualizováno|zaktualizowano|päivitetty|stand)\b",
    re.IGNORECASE,
)
_HAS_YEAR = re.compile(r"\d\d")
# Elements that themes name for a date.
_DATED = frozenset(
    {"time", "span", "div", "p", "li", "a", "em", "small", "abbr", "td", "h2", "date"}
)
# A line with a date near the headline is a byline; longer text is prose that mentions a day.
MAX_LINE = 160
MAX_LONE_LINE = 60
# A paragraph of the story; after so many of them a date is no longer near the headline.
MIN_PROSE = 80
NEAR = 2
# So many elements above the headline a date is still its own, and not the site's calendar.
CLOSE = 12
ONE_MINUTE = timedelta(minutes=1)


def published_dates(
    document: Document, structured: Structured, language: str | None
) -> Iterator[tuple[FieldSource, Dated | None]]:
    """Yield the publication date as each source gives it, most trusted first."""
    for source, raw in _stated(document, structured):
        moment = parse_date(raw, language)
        yield source, (_in_its_zone(moment, document, structured), raw) if moment else None
    raw = _time(document)
    moment = parse_date(raw, language)
    yield "heuristic", (moment, raw) if moment is not None else None
    shown = _shown_dates(document, language)
    yield "heuristic", next(shown, None)
    moment = date_in_url(document.url)
    yield "heuristic", (moment, None) if moment is not None else None
    yield "heuristic", next(shown, None)


def stated_date(document: Document, structured: Structured) -> str | None:
    """What the page tells machines as its date, in its own words, be it one that can't be."""
    return next((raw for _, raw in _stated(document, structured) if raw), None)


def _stated(document: Document, structured: Structured) -> Iterator[tuple[FieldSource, str | None]]:
    meta = structured.first_meta
    page = next((node for node in structured.nodes if node.get("datePublished")), {})
    yield "json-ld", first_text(structured.article.get("datePublished"))
    yield "meta", meta(*_TRUSTED_META)
    yield "json-ld", first_text(page.get("datePublished"))
    yield "microdata", structured.itemprop("datePublished")
    yield "meta", meta(*_PUBLISHED_META)


def _in_its_zone(moment: datetime, document: Document, structured: Structured) -> datetime:
    """The same moment with the zone of the newsroom, where another source tells it with one."""
    if moment.utcoffset():
        return moment
    told = [value for name in _TRUSTED_META for value in structured.meta.get(name, ())]
    told += [value for name in _PUBLISHED_META for value in structured.meta.get(name, ())]
    told += [value for e in document.root.iter("time") if (value := e.get("datetime"))]
    for raw in dict.fromkeys(told):
        other = parse_date(raw)
        if other is not None and other.utcoffset() and abs(other - moment) < ONE_MINUTE:
            return moment.astimezone(other.tzinfo)
    return moment


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
    above: str | None = None
    prose = -1
    for element in document.root.iter("h1", "time", "p"):
        if element.tag == "p":
            prose += prose >= 0 and len(element.text or "") >= MIN_PROSE
            continue
        moment = element.get("datetime")
        if element.tag == "h1":
            prose = max(prose, 0)
        if element.tag == "h1" or not moment or is_among_comments(element):
            continue
        if "published" in (element.get("class") or "").split():
            return moment
        found = found or moment
        if prose >= NEAR and above:
            return above
        parent = element.getparent()
        before = f"{element.get('class') or ''} {parent.text if parent is not None else ''}"
        if _CHANGED.search(before.replace("-", " ")):
            continue
        if prose >= 0:
            return moment
        above = moment
    return above or found


def _shown_dates(document: Document, language: str | None) -> Iterator[Dated | None]:
    """Yield the dates in words that the page shows: the most telling, then the best of the rest.

    Telling are lines between the headline and the story, and lines whose markup is named for a
    date; for want of them serve short lines elsewhere, and last the date of a change.
    """
    headline = next(document.root.iter("h1"), None)
    above: list[tuple[int, bool, Dated]] = []
    below: list[tuple[bool, Dated]] = []
    changed: list[Dated] = []
    top, prose = (-1, 0) if headline is None else (-1, -1)
    for position, element in enumerate(document.root.iter(etree.Element)):
        if element is headline:
            top, prose = position, 0
        elif prose >= 0 and element.tag == "p" and len(element.text or "") >= MIN_PROSE:
            prose += 1
        if not (lines := _lines(element)):
            continue
        for dated, marked, first in _dated_lines(element, lines, language):
            if not first:
                changed.append(dated)
            elif prose < 0:
                above.append((position, marked, dated))
            elif headline is not None and prose < NEAR:
                yield dated
            else:
                below.append((marked, dated))
    above.reverse()
    telling = [dated for at, marked, dated in above if marked or at > top - CLOSE]
    telling += [dated for marked, dated in below if marked]
    others = [dated for _, dated in below] + [dated for *_, dated in above] + changed
    yield next(iter(telling), None)
    yield next(iter(others), None)


def _dated_lines(
    element: etree._Element, lines: list[tuple[str, bool]], language: str | None
) -> Iterator[tuple[Dated, bool, bool]]:
    """Yield an element's dates: whether its markup is named for one, and whether of no change."""
    for line, marked in lines:
        match = DAY_IN_WORDS.search(line)
        if match is None or (moment := parse_date(match[0], language)) is None:
            continue
        if not is_among_comments(element):
            yield (moment, match[0]), marked, not _CHANGED.search(line[: match.start()])


def _lines(element: etree._Element) -> list[tuple[str, bool]]:
    """The texts of an element that may hold a date; those of an element named for one."""
    lines: list[tuple[str, bool]] = []
    if element.tag in _DATED and (
        element.tag == "time"
        or ((name := element.get("class")) and _is_date_name(name))
        or ((name := element.get("id")) and _is_date_name(name))
    ):
        line = _short_text(element)
        if _HAS_YEAR.search(line):
            lines.append((line, True))
    for text in (element.text, element.tail):
        if text and ("20" in text or "19" in text) and len(line := text.strip()) <= MAX_LONE_LINE:
            lines.append((line, False))
    return lines


@lru_cache(maxsize=16_384)
def _is_date_name(attribute: str) -> bool:
    return bool(_DATE_CLASS.search(attribute.lower()))


def _short_text(element: etree._Element) -> str:
    """Return an element's text, its parts apart; nothing where it is too long for a byline."""
    parts: list[str] = []
    length = 0
    for text in map(str, element.itertext()):
        parts.append(text)
        length += len(text.strip())
        if length > MAX_LINE:
            return ""
    return collapse(" ".join(parts))
