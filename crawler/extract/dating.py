"""When the article was published and changed, from the most trusted place that gives a real date.

JSON-LD first, then meta tags, then microdata, then `<time>` and the words near the headline, then
the day in the URL. The raw string is kept beside the moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from lxml import etree

from crawler.extract.dates import date_in_url, parse_date
from crawler.extract.document import Document, is_among_comments
from crawler.extract.shown_dates import (
    CHANGED,
    MIN_PROSE,
    NEAR,
    Dated,
    dateline,
    shown_dates,
    titled,
)
from crawler.extract.structured import Structured, first_text
from crawler.items import FieldSource

_TRUSTED_META = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time",
)  # fmt: skip
_PUBLISHED_META = (
    "date", "pubdate", "publishdate", "publish-date", "dc.date", "dc.date.issued",
    "dcterms.created", "dcterms.date", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "article.published", "published-date", "published",
    "og:pubdate", "article:published", "article:published_date", "publish_date", "published_at",
    "publication_date", "citation_publication_date", "citation_date", "og:time", "og:release_date",
    "bytedance:published_time", "pubtime", "publishtime", "publish_time", "release_date",
    "releasedate", "weibo:article:create_at", "article.created", "dc.date.created",
)  # fmt: skip
# How scripts call it, before a day that begins with the year.
_IN_SCRIPT = re.compile(
    r"(?:publish(?:ed)?_?(?:time|date)|pub_?(?:time|date)|date_?published|news_?time)"
    r"[\"']?\s*[:=]\s*[\"']"
    r"((?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?)",
    re.IGNORECASE,
)
_ISO_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?:T|$)")
# Without one of these there is none of them, in either spelling.
_SCRIPT_WORDS = ("ublish", "ubtime", "ubTime", "ubdate", "ubDate", "ub_", "ewsTime", "ews_time")
# A longer script is a library, or a state that is read for its story.
MAX_SCRIPT = 50_000
ONE_MINUTE = timedelta(minutes=1)


def published_dates(
    document: Document, structured: Structured, language: str | None, headline: str = ""
) -> Iterator[tuple[FieldSource, Dated | None]]:
    """Yield the publication date as each source gives it, most trusted first.

    What the page shows is looked for from its headline on.
    """
    for source, raw in _stated(document, structured):
        moment = parse_date(raw, language)
        yield source, (_in_its_zone(moment, document, structured), raw) if moment else None
    raw = _time(document)
    moment = parse_date(raw, language)
    yield "heuristic", (moment, raw) if moment is not None else None
    shown = shown_dates(document, language, headline)
    yield "heuristic", next(shown, None)
    moment = date_in_url(document.url)
    yield "heuristic", (moment, None) if moment is not None else None
    yield "heuristic", next(shown, None)
    yield "heuristic", dateline(document, language)
    yield "heuristic", titled(document, language)
    yield "heuristic", _scripted(document)


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
    told += [value for e in document.all("time") if (value := e.get("datetime"))]
    for raw in dict.fromkeys(told):
        other = parse_date(raw)
        if other is not None and other.utcoffset() and abs(other - moment) < ONE_MINUTE:
            return moment.astimezone(other.tzinfo)
    return moment


def _machine_date(element: etree._Element) -> str | None:
    """The moment in a `<time>`, or in the `<abbr>` that microformats set before there was one."""
    if element.tag != "abbr":
        return element.get("datetime")
    title = element.get("title") or ""
    return title if _ISO_DAY.match(title) else None


def modified_dates(
    structured: Structured, language: str | None
) -> Iterator[tuple[FieldSource, datetime | None]]:
    """Yield the date of the last change as each source gives it, most trusted first."""
    meta = structured.first_meta
    stated: tuple[tuple[FieldSource, str | None], ...] = (
        ("json-ld", first_text(structured.article.get("dateModified"))),
        (
            "meta",
            meta(
                "article:modified_time",
                "og:updated_time",
                "datemodified",
                "dateupdate",
                "bytedance:updated_time",
                "weibo:article:update_at",
            ),
        ),
        ("microdata", structured.itemprop("dateModified")),
    )
    for source, raw in stated:
        yield source, parse_date(raw, language)


def _scripted(document: Document) -> Dated | None:
    """The date that a script of the page gives its story, where nothing else tells one."""
    for script in document.all("script"):
        text = script.text or ""
        if len(text) > MAX_SCRIPT or not any(word in text for word in _SCRIPT_WORDS):
            continue
        if said := _IN_SCRIPT.search(text):
            moment = parse_date(said[1])
            return (moment, said[1]) if moment is not None else None
    return None


def _time(document: Document) -> str | None:
    """The first `<time>` below the headline that is not of a change, else the first at all.

    One that is named for the publication is it, even where a theme calls it `published updated`.
    """
    found: str | None = None
    above: str | None = None
    prose = -1
    for element in document.root.iter("h1", "time", "abbr", "p"):
        if element.tag == "p":
            prose += prose >= 0 and len(element.text or "") >= MIN_PROSE
            continue
        moment = _machine_date(element)
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
        if CHANGED.search(before.replace("-", " ")):
            continue
        if prose >= 0:
            return moment
        above = moment
    return above or found
