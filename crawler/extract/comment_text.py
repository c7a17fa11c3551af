"""A comment's words: of its text element, else all but names, dates and buttons."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from crawler.extract.blocks import Piece, read_pieces
from crawler.extract.comment_bylines import has_moment, is_byline, is_dateline
from crawler.extract.comment_markup import TIMES, Markup, is_widget
from crawler.extract.comment_names import Role, property_of
from crawler.extract.comment_words import is_button_line, is_comments_heading

_TEXT_PROPERTIES = frozenset({
    "text", "commentText", "reviewBody", "articleBody", "content:encoded",
})  # fmt: skip
_FURNITURE_PROPERTIES = frozenset({
    "dateCreated", "datePublished", "commentTime", "author", "creator", "upvoteCount", "url",
    "downvoteCount",
})  # fmt: skip
# What lays out a comment, or a link in it, is never its text, whatever its name.
_NEVER_TEXT = frozenset({
    "table", "tbody", "tr", "ul", "ol", "a", "button", "textarea", "label",
})  # fmt: skip
# A name and a date take so many lines at most, each no longer than this.
_MAX_HEAD = 3
_MAX_HEAD_LINE = 80
# The links that end a comment are buttons where their line is no longer; an address is words.
_MAX_BUTTONS = 40
_ADDRESS = (".", "/", "@")


def read_text(markup: Markup) -> str:
    """Return what the comment says, its paragraphs a blank line apart; empty if nothing."""
    for element in _text_elements(markup):
        lines = _prose(markup, (element,))
        if lines and not all(map(_is_count, lines)):
            kept = [line for line in lines if not is_button_line(line)]
            return "\n\n".join(kept or lines)
    lines = _without_ends(_unsigned(_prose(markup, markup.elements)))
    lines = [e for e in lines if not is_button_line(e) and not is_comments_heading(e)]
    return "\n\n".join(lines[1:] if len(lines) > 1 and is_byline(lines[0]) else lines)


def _is_count(line: str) -> bool:
    """Whether a line is a number: of those who liked it, whatever its element is called."""
    return line.isdecimal()


def names_text(element: etree._Element) -> bool:
    """Whether microdata or RDFa say that an element is what a comment says."""
    return property_of(element) in _TEXT_PROPERTIES


def _text_elements(markup: Markup) -> list[etree._Element]:
    """Elements named as the text, those that hold no name or date first: no mere wrappers."""
    inner = markup.own if len(markup.elements) > 1 else markup.own[1:]
    beside = [e for e, role in inner if role & (Role.AUTHOR | Role.DATE) or e.tag == "time"]
    wrappers = {ancestor for element in beside for ancestor in element.iterancestors()}
    named = {
        element: role
        for element, role in inner
        if element.tag not in _NEVER_TEXT
        and (
            (role & (Role.TEXT | Role.BODY) and not role & (Role.AUTHOR | Role.DATE))
            or names_text(element)
        )
    }
    held = Counter(a for e in named if e.tag != "p" for a in e.iterancestors() if a in named)
    wrappers |= {element for element, count in held.items() if count == 1}
    return sorted(named, key=lambda e: (e in wrappers, not named[e] & Role.TEXT))


def _prose(markup: Markup, elements: tuple[etree._Element, ...]) -> list[str]:
    """The lines below the elements, without what is no part of what was said."""
    inside = {e for root in elements for e in root.iter()}
    named = elements != markup.elements
    beside = Role.FURNITURE | Role.REPLIES | (Role.NONE if named else Role.BESIDE)
    left_out = {
        element
        for element, role in markup.own
        if element in inside
        and element not in elements
        and (
            (role & beside and not role & Role.TEXT and (named or not role & Role.DATE))
            or (role & Role.AUTHOR and not role & Role.TEXT and element.tag not in ("a", "span"))
            or (is_widget(element) and (named or element.tag not in TIMES))
            or property_of(element) in _FURNITURE_PROPERTIES
        )
    }
    left_out |= markup.answers
    pieces = [piece for root in elements for piece in read_pieces(root, left_out)]
    while not named and len(pieces) > 1 and _is_buttons(pieces[-1]):
        pieces.pop()
    return [piece.text for piece in pieces]


def _is_buttons(piece: Piece) -> bool:
    """Whether a line is nothing but links in a few words: "Svara Anmäl", in any language."""
    return (
        piece.link_density > 0.8
        and len(piece.text) <= _MAX_BUTTONS
        and not any(mark in piece.text for mark in _ADDRESS)
    )


def _unsigned(lines: list[str]) -> list[str]:
    """Cut off a signature that is the last line, or the first, of a paragraph of several."""
    if not lines:
        return lines
    first, _, after = lines[0].partition("\n")
    if after and len(first) <= _MAX_HEAD_LINE and is_dateline(first):
        lines = [after, *lines[1:]]
    before, _, last = lines[-1].rpartition("\n")
    if before and len(last) <= _MAX_HEAD_LINE and is_dateline(last):
        lines = [*lines[:-1], before]
    return lines


def _without_ends(lines: list[str]) -> list[str]:
    """Drop the name and the date that stand above or below the words, on lines of their own."""
    if len(lines) == 1 and len(lines[0]) <= _MAX_HEAD_LINE and has_moment(lines[0]):
        return []
    for number in range(min(_MAX_HEAD, len(lines) - 1)):
        if len(lines[number]) > _MAX_HEAD_LINE:
            break
        if has_moment(lines[number]):
            return lines[number + 1 :]
    for number in range(len(lines) - 1, max(0, len(lines) - 1 - _MAX_HEAD), -1):
        if len(lines[number]) > _MAX_HEAD_LINE:
            break
        if has_moment(lines[number]):
            return lines[:number]
    return lines
