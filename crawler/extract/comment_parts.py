"""Author, date, votes and words out of the elements of one comment.

What the markup states in attributes goes before what its names say, and names before the lines
around the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from lxml import etree

from crawler.extract.blocks import read_pieces
from crawler.extract.comment_names import Role, roles
from crawler.extract.comment_words import (
    date_in,
    has_date,
    is_button_line,
    is_comments_heading,
    name_beside,
    name_in,
)
from crawler.extract.dates import parse_date
from crawler.extract.document import collapse, find, text_of

_TEXT_PROPERTIES = frozenset({"text", "commentText", "reviewBody", "articleBody"})
_DATE_PROPERTIES = frozenset({"dateCreated", "datePublished", "commentTime"})
_FURNITURE_PROPERTIES = _DATE_PROPERTIES | {
    "author",
    "creator",
    "upvoteCount",
    "url",
    "downvoteCount",
}
# Read only where a page is broken; in a comment they are its widgets.
_WIDGETS = frozenset(
    {"button", "label", "nav", "form", "footer", "header", "time", "menu", "dialog"}
)
# What lays out a comment, or a link in it, is never its text, whatever its name.
_NEVER_TEXT = frozenset({"table", "tbody", "tr", "ul", "ol", "a", "button", "textarea", "label"})
_AUTHOR_ATTRIBUTES = ("data-author", "data-author-name", "data-username", "data-fullname")
_DATE_ATTRIBUTES = (
    "datetime",
    "data-datetime",
    "data-timestamp",
    "data-time",
    "data-date",
    "data-created",
)
_VOTE_ATTRIBUTES = ("data-score", "data-comment-score", "data-upvotes", "data-likes", "data-votes")
_COUNT = re.compile(r"\D{0,12}?\+?(\d{1,7})\D{0,12}")
# Lines above and below the words that may name the author.
_MAX_NAME_WORDS = 5
# A name and a date take so many lines at most, each no longer than this.
_MAX_HEAD = 3
_MAX_HEAD_LINE = 80


@dataclass(frozen=True)
class Item:
    """One comment's elements, mostly one, and the roots of all comments, replies among them."""

    elements: tuple[etree._Element, ...]
    roots: Collection[etree._Element]
    language: str | None = None

    @cached_property
    def own(self) -> Sequence[tuple[etree._Element, int]]:
        """The elements below, in page order with their roles, but for those of replies."""
        return tuple(
            (element, _roles_of(element)) for root in self.elements for element in self._walk(root)
        )

    def _walk(self, element: etree._Element) -> Iterator[etree._Element]:
        yield element
        for child in element:
            if isinstance(child.tag, str) and child not in self.roots:
                yield from self._walk(child)

    @cached_property
    def _answers(self) -> set[etree._Element]:
        """The roots of the comments that stand inside this one."""
        inside = (e for root in self.elements for e in root.iter())
        return {e for e in inside if e in self.roots and e not in self.elements}

    @cached_property
    def text(self) -> str:
        """The comment's words: of its text element, else all but names, dates and buttons."""
        for element in self._text_elements():
            if lines := self._prose((element,)):
                kept = [line for line in lines if not is_button_line(line)]
                return "\n\n".join(kept or lines)
        lines = [line for line in self._prose(self.elements) if not is_button_line(line)]
        return "\n\n".join(_without_ends([e for e in lines if not is_comments_heading(e)]))

    def _text_elements(self) -> list[etree._Element]:
        """Elements named as the text, those that hold no name or date first: no mere wrappers."""
        inner = self.own if len(self.elements) > 1 else self.own[1:]
        beside = [e for e, role in inner if role & (Role.AUTHOR | Role.DATE) or e.tag == "time"]
        wrappers = {ancestor for element in beside for ancestor in element.iterancestors()}
        named = {
            element: role
            for element, role in inner
            if element.tag not in _NEVER_TEXT
            and (
                (role & (Role.TEXT | Role.BODY) and not role & (Role.AUTHOR | Role.DATE))
                or element.get("itemprop") in _TEXT_PROPERTIES
            )
        }
        held = Counter(a for e in named if e.tag != "p" for a in e.iterancestors() if a in named)
        wrappers |= {element for element, count in held.items() if count == 1}
        return sorted(named, key=lambda e: (e in wrappers, not named[e] & Role.TEXT))

    def _prose(self, elements: tuple[etree._Element, ...]) -> list[str]:
        """The lines below the elements, without what is no part of what was said."""
        inside = {e for root in elements for e in root.iter()}
        named = elements != self.elements
        beside = Role.FURNITURE | Role.REPLIES | (Role.NONE if named else Role.DATE | Role.BESIDE)
        left_out = {
            element
            for element, role in self.own
            if element in inside
            and element not in elements
            and (
                (role & beside and not role & Role.TEXT)
                or (
                    role & Role.AUTHOR and not role & Role.TEXT and element.tag not in ("a", "span")
                )
                or element.tag in _WIDGETS
                or element.get("itemprop") in _FURNITURE_PROPERTIES
            )
        }
        left_out |= self._answers
        return [piece.text for root in elements for piece in read_pieces(root, left_out)]

    @cached_property
    def author(self) -> str | None:
        """The commenter's name as the page shows it."""
        for element, _ in self.own:
            if element.get("itemprop") in ("author", "creator"):
                named = find(element, "descendant-or-self::*[@itemprop='name'][1]")
                said = (named[0].get("content") or text_of(named[0])) if named else text_of(element)
                if name := name_in(said):
                    return name
        return self._named_author() or self._stated_author() or self._author_in_lines()

    def _stated_author(self) -> str | None:
        values = (e.get(attribute) for e, _ in self.own for attribute in _AUTHOR_ATTRIBUTES)
        return next(filter(None, (name_in(value) for value in values if value)), None)

    def _named_author(self) -> str | None:
        for element, _ in self.own:
            if "fn" in (element.get("class") or "").split() and (name := name_in(text_of(element))):
                return name
        named = [e for e, role in self.own if role & Role.AUTHOR and not role & Role.TEXT]
        holders = {ancestor for element in named for ancestor in element.iterancestors()}
        for element in sorted(named, key=holders.__contains__):  # the innermost first
            if name := name_in(_label(element)):
                return name
        for element, _ in self.own:
            signed = element.tag == "cite" or element.get("rel") == "author"
            if signed and (name := name_in(_label(element))):
                return name
        return None

    def _author_in_lines(self) -> str | None:
        """From "by Ann", "Ann wrote", what stands beside a time, or a short line beside a date."""
        lines = [line for line in self.lines if not is_button_line(line)]
        for line in lines:
            if name := name_in(line, bare=False):
                return name
        for element, _ in self.own:
            parent = element.getparent()
            if element.tag != "time" or parent is None or parent in self.elements:
                continue
            if name := name_beside(_label(parent)):
                return name
        for number, line in enumerate(lines):
            if has_date(line):
                around = [line, *reversed(lines[:number]), *lines[number + 1 :]]
                names = filter(None, map(name_in, around))
                return next((n for n in names if len(n.split()) <= _MAX_NAME_WORDS), None)
        return next((n for n in map(name_in, lines[:1]) if n and len(n.split()) <= 3), None)

    @cached_property
    def lines(self) -> Sequence[str]:
        """The short lines that are not the comment's words, in page order."""
        words = set(self.text.split("\n\n"))
        found = (
            line
            for root in self.elements
            for piece in read_pieces(root, self._answers)
            for line in piece.text.split("\n")
            if piece.text not in words
        )
        return tuple(line for line in found if len(line) <= 140)

    @cached_property
    def date(self) -> datetime | None:
        """When it was written: by an attribute, else in words where a date stands."""
        for element, _ in self.own:
            if element.get("itemprop") in _DATE_PROPERTIES:
                stated = element.get("content") or element.get("datetime")
                if moment := parse_date(stated):
                    return moment
        for element, _ in self.own:
            for attribute in _DATE_ATTRIBUTES:
                if moment := parse_date(element.get(attribute)):
                    return moment
        for element, role in self.own:
            if role & Role.DATE:
                stated = element.get("data-content") or element.get("title")
                if stated and (moment := parse_date(stated) or self._date_said(stated)):
                    return moment
        for element, role in self.own:
            dated = element.tag == "time" or role & Role.DATE
            if dated and (moment := self._date_said(text_of(element))):
                return moment
        return next(filter(None, (date_in(line, self.language) for line in self.lines)), None)

    def _date_said(self, text: str) -> datetime | None:
        return date_in(text, self.language) or (
            None if has_date(text) else parse_date(text, self.language)
        )

    @cached_property
    def upvotes(self) -> int | None:
        """The readers who liked it, where the page counts them."""
        for element, role in self.own:
            for attribute in _VOTE_ATTRIBUTES:
                if (value := element.get(attribute)) and value.isdecimal() and len(value) < 8:
                    return int(value)
            if role & Role.VOTES or element.get("itemprop") == "upvoteCount":
                said = element.get("content") or text_of(element)
                if match := _COUNT.fullmatch(said):
                    return int(match[1])
        return None


def _roles_of(element: etree._Element) -> int:
    names = element.get("class")
    return roles(names) if names else Role.NONE


def _label(element: etree._Element) -> str:
    """An author element's text without the date, badges and verbs beside the name."""
    parts: list[str] = []

    def read(node: etree._Element) -> None:
        parts.append(node.text or "")
        for child in node:
            role = _roles_of(child) if isinstance(child.tag, str) else Role.FURNITURE
            said = child.get("class") or "" if isinstance(child.tag, str) else ""
            beside = (
                role & Role.DATE or child.tag in _WIDGETS or re.search(r"says|badge|role", said)
            )
            if isinstance(child.tag, str) and (not beside or role & Role.AUTHOR):
                read(child)
            parts.append(child.tail or "")

    read(element)
    return collapse(" ".join(parts))


def _without_ends(lines: list[str]) -> list[str]:
    """Drop the name and the date that stand above or below the words, on lines of their own."""
    if len(lines) == 1 and len(lines[0]) <= _MAX_HEAD_LINE and has_date(lines[0]):
        return []
    for number in range(min(_MAX_HEAD, len(lines) - 1)):
        if len(lines[number]) > _MAX_HEAD_LINE:
            break
        if has_date(lines[number]):
            return lines[number + 1 :]
    for number in range(len(lines) - 1, max(0, len(lines) - 1 - _MAX_HEAD), -1):
        if len(lines[number]) > _MAX_HEAD_LINE:
            break
        if has_date(lines[number]):
            return lines[:number]
    return lines
