"""Dates that a page shows its readers: beside the headline, in the byline, before the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import islice

from lxml import etree

from crawler.extract.dates import DAY_IN_WORDS, parse_date
from crawler.extract.document import Document, collapse, is_among_comments, text_of
from crawler.extract.scripts import is_wide
from crawler.extract.survey import fold

Dated = tuple[datetime, str | None]

# For lower case: to fold it in the pattern takes five times as long.
_DATE_CLASS = re.compile(
    r"date|time|publi|posted|byline|meta|datum|fecha|tarih|author|line ?info|data"
)
# Words before a date that is not the first one.
CHANGED = re.compile(
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
_UNREAD = frozenset({"script", "style"})
# What may hold a headline where no h1 does.
_HOLDERS = ("h2", "h3", "h4", "h5", "h6", "div", "span", "p", "td", "b", "strong")
# A time of day right behind the day.
_CLOCK_BEHIND = re.compile(
    r"[\s,|·T–-]{0,4}(?:(?:at|um|à|às|a las|alle|ore|kl\.?|om|klo)\s)?\s?"
    r"(?:[01]?\d|2[0-3])[:.h]\s?[0-5]\d(?::[0-5]\d)?(?!\d)(?:\s?[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none")
# More beside a date in a link is the title of another story.
MIN_STORY = 6
# A place and a day before a dash, or in brackets: "BREST, June 3, 2025 --".
_DASH_BEHIND = re.compile(r"\)[.:]?\s|\)?\s*(?:--|[–—―]|/PR|\(GLOBE)")
MAX_DATELINE = 80
# Enough elements to come to the text of a press release.
MAX_SEARCHED = 2_000


def shown_dates(
    document: Document, language: str | None, headline_text: str = ""
) -> Iterator[Dated | None]:
    """Yield the dates in words that the page shows: the most telling, then the best of the rest.

    Telling are lines between the headline and the story, and lines whose markup is named for a
    date; for want of them serve short lines elsewhere, and last the date of a change.
    """
    headline = _anchor(document, headline_text)
    above: list[tuple[int, bool, Dated]] = []
    below: list[tuple[bool, Dated]] = []
    changed: list[Dated] = []
    top, prose = (-1, 0) if headline is None else (-1, -1)
    for position, element in enumerate(document.elements):
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
        if match is None or (dated := _read(line, match, language)) is None:
            continue
        if is_among_comments(element) or _is_hidden(element):
            continue
        if marked or element.tag != "a" or len(line) < len(match[0]) + MIN_STORY:
            yield dated, marked, not CHANGED.search(line[: match.start()])


def _read(line: str, match: re.Match[str], language: str | None) -> Dated | None:
    """The day in a line, with the time of day behind it; Chinese ones begin with the year."""
    clock = _CLOCK_BEHIND.match(line, match.end())
    raw = line[match.start() : clock.end()] if clock else match[0]
    order = "zh" if is_wide(line) else language
    moment = parse_date(raw, order)
    return (moment, raw) if moment is not None else None


def _anchor(document: Document, headline: str) -> etree._Element | None:
    """The element that shows the headline, else the page's first h1."""
    wanted = fold(headline)
    if not wanted:
        return next(iter(document.all("h1")), None)
    for element in document.all("h1"):
        if fold(text_of(element)) == wanted:
            return element
    start = headline[:3]
    for element in document.root.iter(*_HOLDERS):
        text = element.text
        if text and text.lstrip().startswith(start) and fold(text) == wanted:
            return element
    return next(iter(document.all("h1")), None)


def _is_hidden(element: etree._Element) -> bool:
    return any(
        "none" in style and _HIDDEN.search(style)
        for one in (element, *element.iterancestors())
        if (style := one.get("style"))
    )


def dateline(document: Document, language: str | None) -> Dated | None:
    """Return the day at the head of the text, before a dash, as agencies put it."""
    for element in islice(document.root.iter("p", "font", "div", "td", "strong"), MAX_SEARCHED):
        if not (text := element.text) or "20" not in text[: 2 * MAX_DATELINE]:
            continue
        text = collapse(text)
        match = DAY_IN_WORDS.search(text[:MAX_DATELINE])
        if match and _DASH_BEHIND.match(text, match.end()) and not is_among_comments(element):
            return _read(text[: match.end()], match, language)
    return None


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
    for text in (None if element.tag in _UNREAD else element.text, element.tail):
        if text and ("20" in text or "19" in text) and len(line := text.strip()) <= MAX_LONE_LINE:
            lines.append((line, False))
    return lines


def titled(document: Document, language: str | None) -> Dated | None:
    """Return the day that the page's title begins with."""
    match = DAY_IN_WORDS.match(document.title)
    return _read(match[0], match, language) if match else None


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
