"""Where comments may stand: a named section, or what lies below a heading in words.

A heading may be any short text that announces them: "3 Kommentare", "Vos réactions".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from crawler.extract.comment_words import MAX_LINE, is_comments_heading, names_comments
from crawler.extract.document import text_of

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary"})
_HEADING_TAGS = (*HEADINGS, "div", "p", "strong", "b")
# A heading holds its word, a count and a link or two.
_MAX_HEADING_PARTS = 6
# A heading's section lies beside it, or beside what wraps it.
_MAX_CLIMB = 2
# What follows a heading and is shorter is a link or a count.
_MIN_SECTION = 20


@dataclass(frozen=True, slots=True)
class Scope:
    """Where comments may stand: elements beside each other, below a heading if there is one."""

    tops: tuple[etree._Element, ...]
    heading: etree._Element | None = None

    def around(self, elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
        """Yield the heading, what stands between it and the last comment, and the form's part."""
        if self.heading is None:
            return
        yield self.heading
        held = {a for e in elements for a in (e, *e.iterancestors())}
        last = max((n for n, top in enumerate(self.tops) if top in held), default=-1)
        yield from self.tops[: last + 1]
        rest = list(self.tops[last + 1 :])
        while rest and not (rest[0].tag in HEADINGS and names_comments(text_of(rest[0]))):
            rest.pop(0)
        yield from rest


def heading_scopes(root: etree._Element) -> Iterator[Scope]:
    """Yield what follows each short text that announces comments."""
    for element in root.iter(*_HEADING_TAGS):
        text = element.text
        if element.tag not in HEADINGS and (not text or len(text) > MAX_LINE or text.isspace()):
            continue
        if announces(element) and (scope := _scope_under(element)) is not None:
            yield scope


def _scope_under(heading: etree._Element) -> Scope | None:
    """The elements after a heading, or after what wraps it where nothing follows inside."""
    level: etree._Element | None = heading
    for _ in range(_MAX_CLIMB + 1):
        if level is None or level.tag in ("body", "article", "main"):
            break
        following = tuple(e for e in level.itersiblings() if isinstance(e.tag, str))
        if any(len(text_of(e)) > _MIN_SECTION for e in following):
            return Scope(following, level if len(text_of(level)) <= MAX_LINE else heading)
        level = level.getparent()
    return None


def announces(element: etree._Element) -> bool:
    """Whether an element is a heading in words over comments."""
    if element.tag in HEADINGS:
        parts = sum(1 for _ in element.iter())
        return parts <= _MAX_HEADING_PARTS and is_comments_heading(text_of(element))
    return len(element) <= 2 and is_comments_heading(element.text or "")
