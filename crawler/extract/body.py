"""Which of a page's pieces are the article: the container, then what in it is not the story.

The container is chosen by where the prose is, by the markup that names an article's text, and by
agreement with the JSON-LD articleBody; within it, furniture goes by its region or its words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.boilerplate import is_certain, is_furniture_line
from crawler.extract.container import (
    MIN_PROSE,
    choose_container,
    cleared_names,
    fold,
    mass_outside,
    weight_of,
)
from crawler.extract.furniture import ENDS_SENTENCE, Furniture, is_link_line

# Less prose than this outside furniture: the theme names its content as furniture; look there too.
MIN_UNFLAGGED = 250


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
    weights = [weight_of(piece) for piece in pieces]
    cleared = cleared_names(pieces, weights)
    mass = mass_outside(pieces, weights, cleared)
    if sum(mass) < MIN_UNFLAGGED:
        cleared |= {name for p in pieces for _, name in p.regions if not is_certain(name)}
        mass = mass_outside(pieces, weights, cleared)
    container = choose_container(pieces, mass, reference)
    if container is None:
        return []
    around = {container, *container.iterancestors()}
    inside = [
        piece
        for piece in pieces
        if _is_within(piece.element, container)
        and all(
            name in cleared
            or region in around
            or (name == "header" and piece.type == "heading")  # a section's own header
            for region, name in piece.regions
        )
    ]
    furniture = Furniture(fold(headline), [fold(name) for name in authors], furniture_line)
    return _trim(_without_furniture(inside, furniture))


def _without_furniture(pieces: Sequence[Piece], furniture: Furniture) -> list[Piece]:
    kept: list[Piece] = []
    end = 0  # what stands after a furniture line is the story only if prose comes again
    for piece, following in zip_longest(pieces, pieces[1:]):
        if furniture.holds(piece) and not _is_told(piece, kept, following):
            end = end or len(kept)
        elif not kept or kept[-1].text != piece.text:
            kept.append(piece)
            end = 0 if not _is_label(piece) else end
    return kept[:end] if end else kept


def _is_told(piece: Piece, kept: Sequence[Piece], following: Piece | None) -> bool:
    """Whether a line that is all link belongs to the story.

    So does the title among the paragraphs of an article that lists things, and a list that the text
    announces.
    """
    if not is_link_line(piece) or is_furniture_line(piece.text) or not kept:
        return False
    if piece.type == "heading":
        prose = next(filter(weight_of, reversed(kept)), None)
        beside = piece.element.getparent()
        return (
            following is not None
            and weight_of(following) > 0
            and following.element.getparent() is beside
            and prose is not None
            and prose.element.getparent() is beside
        )
    if piece.type == "list_item":
        return len(piece.text) < MIN_PROSE and (
            kept[-1].type == "list_item" or kept[-1].text.endswith(":")
        )
    return False


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
        and not ENDS_SENTENCE.search(piece.text)
    )


def _is_within(element: etree._Element, container: etree._Element) -> bool:
    return element is container or any(
        ancestor is container for ancestor in element.iterancestors()
    )
