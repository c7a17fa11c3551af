"""Who wrote a comment and when, and how many liked it.

What the markup states in attributes goes before what its names say, and names before the lines
around the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from lxml import etree

from crawler.extract.comment_bylines import (
    date_in,
    has_date,
    has_moment,
    is_dateline,
    name_beside,
    name_in,
)
from crawler.extract.comment_markup import TIMES, Markup, label
from crawler.extract.comment_names import Role, property_of
from crawler.extract.comment_words import is_button_line
from crawler.extract.dates import parse_date
from crawler.extract.document import text_of

# The lines around the words: reading them costs, and most comments name their parts.
Lines = Callable[[], Sequence[str]]

_AUTHOR_PROPERTIES = frozenset({"author", "creator", "foaf:name"})
_DATE_PROPERTIES = frozenset({"dateCreated", "datePublished", "commentTime", "dc:date"})
_AUTHOR_ATTRIBUTES = ("data-author", "data-author-name", "data-username", "data-fullname")
_DATE_ATTRIBUTES = (
    "datetime", "data-datetime", "data-timestamp", "data-time", "data-date", "data-created",
)  # fmt: skip
_VOTE_ATTRIBUTES = ("data-score", "data-comment-score", "data-upvotes", "data-likes", "data-votes")
_COUNT = re.compile(r"\D{0,12}?\+?(\d{1,7})\D{0,12}")
# Lines above and below the words that may name the author.
_MAX_NAME_WORDS = 5
# "Ann P." ends in a full stop, and so does "Ann Jr.".
_MAX_INITIALS = 3


def read_author(markup: Markup, lines: Lines) -> str | None:
    """Return the commenter's name as the page shows it; `lines` stand around the words."""
    for element, _ in markup.own:
        if property_of(element) in _AUTHOR_PROPERTIES:
            named = next((e for e in element.iter() if property_of(e) == "name"), element)
            if name := name_in(named.get("content") or text_of(named)):
                return name
    return _named_author(markup) or _stated_author(markup) or _author_in_lines(markup, lines())


def _stated_author(markup: Markup) -> str | None:
    values = (e.get(attribute) for e, _ in markup.own for attribute in _AUTHOR_ATTRIBUTES)
    return next(filter(None, (name_in(value) for value in values if value)), None)


def _named_author(markup: Markup) -> str | None:
    for element, _ in markup.own:
        if "fn" in (element.get("class") or "").split() and (name := name_in(text_of(element))):
            return name
    named = [e for e, role in markup.own if role & Role.AUTHOR and not role & Role.TEXT]
    holders = {ancestor for element in named for ancestor in element.iterancestors()}
    for element in sorted(named, key=holders.__contains__):  # the innermost first
        if name := name_in(_linked_name(element) or label(element)):
            return name
    for element, _ in markup.own:
        signed = element.tag == "cite" or element.get("rel") == "author"
        if signed and (name := name_in(label(element))):
            return name
    return None


def _linked_name(element: etree._Element) -> str | None:
    """The link with which an author's element begins, or to the address that has its words.

    Titles, parties and numbers of followers stand beside it.
    """
    said = text_of(element)
    for link in element.iter("a"):
        name = text_of(link)
        if not name or name == said or has_moment(name) or is_button_line(name):
            continue
        if said.startswith(name) or f"/{name}" in (link.get("href") or ""):
            return name
    return None


def _author_in_lines(markup: Markup, all_lines: Sequence[str]) -> str | None:
    """From "by Ann", "Ann wrote", what stands beside a time, or a short line beside a date."""
    lines = [line for line in all_lines if not is_button_line(line)]
    for line in lines:
        if name := name_in(line, bare=False):
            return name
    for element, _ in markup.own:
        parent = element.getparent()
        dated = element.tag in TIMES or is_dateline((element.text or "").strip())
        if not dated or parent is None or {element, parent} & set(markup.elements):
            continue
        if name := name_beside(label(parent)):
            return name
    for number, line in enumerate(lines):
        if has_moment(line):
            around = [line, *reversed(lines[:number]), *lines[number + 1 :]]
            names = filter(None, map(name_in, around))
            return next(filter(_is_name, names), None)
    return next((n for n in map(name_in, lines[:1]) if n and len(n.split()) <= 3), None)


def _is_name(said: str) -> bool:
    """Whether a line beside a date may be a name: short, no sentence, no words in lower case."""
    words = said.split()
    if len(words) <= 2:
        return True
    ends = len(words[-1]) > _MAX_INITIALS and words[-1].endswith((".", "!", "?", ":"))
    return len(words) <= _MAX_NAME_WORDS and not ends and not words[0].islower()


def read_date(markup: Markup, lines: Lines, language: str | None) -> datetime | None:
    """Return when it was written: by an attribute, else in words where a date stands."""
    for element, _ in markup.own:
        stated = element.get("content") or element.get("datetime")
        if property_of(element) in _DATE_PROPERTIES and (moment := parse_date(stated)):
            return moment
    for element, _ in markup.own:
        for attribute in _DATE_ATTRIBUTES:
            if moment := parse_date(element.get(attribute)):
                return moment
    for element, role in markup.own:
        stated = (role & Role.DATE and element.get("data-content")) or element.get("title") or ""
        is_date = role & Role.DATE or has_date(stated)
        if is_date and (moment := parse_date(stated) or _said(stated, language)):
            return moment
    for element, role in markup.own:
        is_date = element.tag == "time" or role & Role.DATE
        if is_date and (moment := _said(text_of(element), language)):
            return moment
    return next(filter(None, (date_in(line, language) for line in lines())), None)


def _said(text: str, language: str | None) -> datetime | None:
    return date_in(text, language) or (None if has_date(text) else parse_date(text, language))


def read_upvotes(markup: Markup) -> int | None:
    """Return the readers who liked it, where the page counts them."""
    for element, role in markup.own:
        for attribute in _VOTE_ATTRIBUTES:
            if (value := element.get(attribute)) and value.isdecimal() and len(value) < 8:
                return int(value)
        if role & Role.VOTES or property_of(element) == "upvoteCount":
            said = element.get("content") or text_of(element)
            if match := _COUNT.fullmatch(said):
                return int(match[1])
    return None
