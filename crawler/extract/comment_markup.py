"""The elements of one comment and what each is called, without those of its replies."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from crawler.extract.blocks import read_pieces
from crawler.extract.comment_names import Role, roles_of
from crawler.extract.document import collapse

# Read only where a page is broken; in a comment they are its widgets.
_WIDGETS = frozenset({"button", "label", "nav", "footer", "header", "menu", "dialog"})
TIMES = frozenset({"time", "relative-time"})
# What a reader writes in; check boxes and hidden fields stand around whole threads.
_WRITTEN_IN = frozenset({"text", "email", "url"})
# A line that may name somebody, or hold a date, is no longer.
MAX_SHORT_LINE = 140
_BESIDE_NAME = re.compile(r"says|badge|role")


@dataclass(frozen=True)
class Markup:
    """One comment's elements, mostly one, and the roots of all comments, replies among them."""

    elements: tuple[etree._Element, ...]
    roots: Collection[etree._Element]

    @cached_property
    def own(self) -> Sequence[tuple[etree._Element, int]]:
        """The elements below, in page order with their roles, but for those of replies."""
        return tuple(
            (element, roles_of(element)) for root in self.elements for element in self._walk(root)
        )

    def _walk(self, element: etree._Element) -> Iterator[etree._Element]:
        yield element
        for child in element:
            if isinstance(child.tag, str) and child not in self.roots:
                yield from self._walk(child)

    @cached_property
    def answers(self) -> set[etree._Element]:
        """The roots of the comments that stand inside this one."""
        inside = (e for root in self.elements for e in root.iter())
        return {e for e in inside if e in self.roots and e not in self.elements}

    def short_lines(self, words: Collection[str]) -> Sequence[str]:
        """The short lines that are not the comment's words, in page order."""
        found = (
            line
            for root in self.elements
            for piece in read_pieces(root, self.answers)
            for line in piece.text.split("\n")
            if piece.text not in words
        )
        return tuple(line for line in found if len(line) <= MAX_SHORT_LINE)


def is_widget(element: etree._Element) -> bool:
    """Whether an element is for the reader's hand, or a time, and never a comment's words."""
    if element.tag == "form":  # forums have comments in one, with nothing to write in
        return any(
            field.tag == "textarea" or field.get("type", "text") in _WRITTEN_IN
            for field in element.iter("input", "textarea")
        )
    return element.tag in _WIDGETS or element.tag in TIMES


def label(element: etree._Element) -> str:
    """Return an author element's text without the date, badges and verbs beside the name."""
    parts: list[str] = []

    def read(node: etree._Element) -> None:
        parts.append(node.text or "")
        for child in node:
            if isinstance(child.tag, str) and not _is_beside_name(child):
                read(child)
            parts.append(child.tail or "")

    read(element)
    return collapse(" ".join(parts))


def _is_beside_name(element: etree._Element) -> bool:
    role = roles_of(element)
    if role & Role.AUTHOR:
        return False
    said = element.get("class") or ""
    return bool(role & Role.DATE) or is_widget(element) or bool(_BESIDE_NAME.search(said))
