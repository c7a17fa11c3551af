"""Which of a page's pieces are the article: the container, then what in it is not the story.

The container is chosen by where the prose is, by the markup that names an article's text, and by
agreement with the JSON-LD articleBody; within it, furniture goes by its region or its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.boilerplate import is_certain, is_content_name, is_furniture_line

# A line shorter than this is a label or a teaser as often as prose.
MIN_PROSE = 60
# Above this share of link text a piece is a list of links, not prose.
MAX_LINK_DENSITY = 0.5
# A child that holds this share of its parent's prose is where the article is.
DESCENT_SHARE = 0.8
# A container named as the article's must hold this share of the page's prose to be believed.
NAMED_SHARE = 0.35
# A name of furniture that holds this share of the prose is the theme's word for its content; names
# that can hardly mean that must hold nearly all.
CLEARED_SHARE = 0.3
CERTAIN_CLEARED_SHARE = 0.7
# Less prose than this outside furniture: the theme names its content as furniture; look there too.
MIN_UNFLAGGED = 250
# A byline with its date is shorter than this.
MAX_BYLINE = 90
# A JSON-LD articleBody shorter than this is a teaser.
MIN_REFERENCE = 400

_WORD = re.compile(r"\w+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_ENDS_SENTENCE = re.compile(r"[.!?…:;»”\"’)。！？]\s*$")


def fold(text: str) -> str:
    """Return text for comparison: compatibility forms, case, punctuation and spaces folded."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def choose_body(
    pieces: Sequence[Piece],
    *,
    headline: str = "",
    authors: Sequence[str] = (),
    reference: str = "",
    furniture_line: re.Pattern[str] | None = None,
) -> list[Piece]:
    """Return the pieces that are the article, in reading order.

    `headline` and the `authors`' byline are left out where the page repeats them; `reference` is
    the JSON-LD articleBody; `furniture_line` is what a site rule knows besides.
    """
    weights = [_weight(piece) for piece in pieces]
    cleared = _cleared_names(pieces, weights)
    mass = _mass_outside(pieces, weights, cleared)
    if sum(mass) < MIN_UNFLAGGED:
        cleared |= {name for p in pieces for _, name in p.regions if not is_certain(name)}
        mass = _mass_outside(pieces, weights, cleared)
    container = choose_container(pieces, mass, reference)
    if container is None:
        return []
    around = {container, *container.iterancestors()}
    inside = [
        piece
        for piece in pieces
        if _is_within(piece.element, container)
        and all(name in cleared or region in around for region, name in piece.regions)
    ]
    rest = _Rest(fold(headline), [fold(name) for name in authors], furniture_line)
    return _trim(_without_furniture(inside, rest))


def _mass_outside(
    pieces: Sequence[Piece], weights: Sequence[int], cleared: Collection[str]
) -> list[int]:
    """The weights, but nothing for what lies in a region whose name still means furniture."""
    return [
        weight if all(name in cleared for _, name in piece.regions) else 0
        for piece, weight in zip(pieces, weights, strict=True)
    ]


def _cleared_names(pieces: Sequence[Piece], weights: Sequence[int]) -> set[str]:
    """Names of furniture that hold so much of the page's prose that here they mean content."""
    held: Counter[str] = Counter()
    for piece, weight in zip(pieces, weights, strict=True):
        for name in {name for _, name in piece.regions}:
            held[name] += weight
    whole = sum(weights)
    return {
        name
        for name, weight in held.items()
        if weight > whole * (CERTAIN_CLEARED_SHARE if is_certain(name) else CLEARED_SHARE)
    }


def choose_container(
    pieces: Sequence[Piece], mass: Sequence[int], reference: str = ""
) -> etree._Element | None:
    """Return the element that holds the article's prose and least else."""
    total: Counter[etree._Element] = Counter()
    for piece, weight in zip(pieces, mass, strict=True):
        if weight:
            total[piece.element] += weight
            for ancestor in piece.element.iterancestors():
                total[ancestor] += weight
    if not total:
        return None
    root = max(total, key=lambda element: (total[element], -_depth(element)))
    if (
        len(reference) >= MIN_REFERENCE
        and (agreed := _by_reference(pieces, fold(reference))) is not None
    ):
        return agreed
    named = _named(total, total[root])
    start = named if named is not None else root
    return _descend(start, total, named is not None)


def _weight(piece: Piece) -> int:
    """The prose in a piece: its characters outside links, nothing for labels and link lists."""
    length = len(piece.text)
    wide = len(_WIDE.findall(piece.text)) if length < 400 else 0
    if piece.type not in ("paragraph", "quote", "list_item") or length + 2 * wide < MIN_PROSE:
        return 0
    if piece.link_density > MAX_LINK_DENSITY:
        return 0
    weight = length - piece.link_length
    return weight // 3 if piece.type == "list_item" else weight


def _named(total: Counter[etree._Element], whole: int) -> etree._Element | None:
    """The element whose markup names it as the article's text, if it holds enough of the prose."""
    ranked = sorted(
        (
            (_rank(element), weight, -order, element)
            for order, (element, weight) in enumerate(total.items())
            if weight >= NAMED_SHARE * whole
        ),
        key=lambda entry: entry[:3],
        reverse=True,
    )
    if not ranked or ranked[0][0] == 0:
        return None
    return ranked[0][3]


def _rank(element: etree._Element) -> int:
    if element.get("itemprop") == "articleBody":
        return 4
    if element.tag in ("body", "html"):
        return 0
    if is_content_name(element.get("class") or "") or is_content_name(element.get("id") or ""):
        return 3
    if element.tag == "article":
        return 2
    return 1 if element.tag == "main" or element.get("role") == "main" else 0


def _descend(
    element: etree._Element, total: Counter[etree._Element], named: bool
) -> etree._Element:
    """Go down while one child holds nearly all of the prose."""
    share = 0.95 if named else DESCENT_SHARE
    while True:
        child = max(element, key=lambda child: total.get(child, 0), default=None)
        if child is None or total.get(child, 0) < share * total[element]:
            return element
        if child.tag in ("p", "ul", "ol", "li", "blockquote", "span"):
            return element
        element = child


def _by_reference(pieces: Sequence[Piece], reference: str) -> etree._Element | None:
    """The smallest element around the pieces that the publisher's own articleBody contains."""
    agreed = [
        piece
        for piece in pieces
        if len(piece.text) >= MIN_PROSE and fold(piece.text)[: 2 * MIN_PROSE] in reference
    ]
    if sum(len(piece.text) for piece in agreed) < 0.5 * len(reference):
        return None
    return common_ancestor(agreed)


def common_ancestor(pieces: Sequence[Piece]) -> etree._Element | None:
    """Return the smallest element that holds all the pieces."""
    common: list[etree._Element] = []
    for piece in pieces:
        line = [piece.element, *piece.element.iterancestors()]
        if not common:
            common = line
        else:
            held = set(line)
            common = [element for element in common if element in held]
    return common[0] if common else None


@dataclass(frozen=True, slots=True)
class _Rest:
    """What of this very page is no part of the story: folded headline, folded names, a line."""

    headline: str
    names: Sequence[str]
    line: re.Pattern[str] | None

    def holds(self, piece: Piece) -> bool:
        """Whether the piece is furniture, by its own words or by the page's."""
        if self.line is not None and self.line.fullmatch(piece.text):
            return True
        if piece.type != "code" and is_furniture_line(piece.text):
            return True
        if self.headline and piece.type != "quote" and fold(piece.text) == self.headline:
            return True
        return _is_link_line(piece) or _is_byline(piece, self.names)


def _without_furniture(pieces: Iterable[Piece], rest: _Rest) -> list[Piece]:
    kept: list[Piece] = []
    end = 0  # what stands after a furniture line is the story only if prose comes again
    for piece in pieces:
        if rest.holds(piece):
            end = end or len(kept)
        elif not kept or kept[-1].text != piece.text:
            kept.append(piece)
            end = 0 if not _is_label(piece) else end
    return kept[:end] if end else kept


def _is_byline(piece: Piece, names: Sequence[str]) -> bool:
    """A short line that is little more than an author's name: "By …", a role, a date."""
    if piece.type == "quote" or len(piece.text) > MAX_BYLINE or _ENDS_SENTENCE.search(piece.text):
        return False
    folded = fold(piece.text)
    return any(name and name in folded and len(folded) < 3 * len(name) for name in names)


def _is_link_line(piece: Piece) -> bool:
    """A line that is a link and nothing else, and no sentence."""
    if piece.link_density < 0.9 or piece.type in ("table", "code"):
        return False
    return (
        piece.type == "list_item" or not _ENDS_SENTENCE.search(piece.text) or len(piece.text) < 30
    )


def _trim(pieces: list[Piece]) -> list[Piece]:
    """Take off labels before the first prose and headings with nothing after them."""
    start = 0
    while start < len(pieces) and _is_label(pieces[start]):
        start += 1
    if start == len(pieces):
        return pieces
    end = len(pieces)
    while end > start + 1 and pieces[end - 1].type == "heading":
        end -= 1
    return pieces[start:end]


def _is_label(piece: Piece) -> bool:
    """A byline, a date, a section name: short, and no sentence."""
    return (
        piece.type in ("paragraph", "list_item")
        and len(piece.text) < MIN_PROSE
        and not _ENDS_SENTENCE.search(piece.text)
    )


def _is_within(element: etree._Element, container: etree._Element) -> bool:
    return element is container or any(
        ancestor is container for ancestor in element.iterancestors()
    )


def _depth(element: etree._Element) -> int:
    return sum(1 for _ in element.iterancestors())
