"""Where the prose of a page is: in each piece, in each element, in and out of furniture."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from crawler.extract.blocks import Piece, Region
from crawler.extract.boilerplate import HIDDEN, is_certain, is_overlay
from crawler.extract.latin import as_latin
from crawler.extract.scripts import WIDE

# A line shorter than this is a label or a teaser as often as prose.
MIN_PROSE = 60
# Above this share of link text a piece is a list of links, not prose.
MAX_LINK_DENSITY = 0.5
# A name of furniture that holds this share of the prose is the theme's word for its content; names
# that can hardly mean that must hold nearly all.
CLEARED_SHARE = 0.3
CERTAIN_CLEARED_SHARE = 0.7
# What is hidden is a copy of what is shown if it holds this share of it.
COPIED_SHARE = 0.6
# Less prose than this outside furniture: the theme names its content as furniture; look there too.
MIN_UNFLAGGED = 250

# Several readers compare a page's lines; longer texts are few, and would fill the memory.
MAX_REMEMBERED = 2_000

# A text so long that ends no sentence is words heaped up for search engines; Thai and Lao end them
# with a space.
MAX_UNENDED = 4_000
_ENDS = re.compile(r"[.!?…。！？।؟۔።։།။។\u0e00-\u0eff]")

_WORD = re.compile(r"\w+")
_UNUSUAL = 0  # what folds to more than one character of Latin-1, or to none


def _fold_byte(byte: int) -> int:
    """What a character of Latin-1 folds to: itself in lower case, or the space between words."""
    folded = unicodedata.normalize("NFKC", chr(byte)).casefold()
    if not any(map(_WORD.match, folded)):
        return ord(" ")
    return ord(folded) if len(folded) == 1 and ord(folded) < 256 else _UNUSUAL


_FOLDED_BYTES = bytes(map(_fold_byte, range(256)))
_WIDE = re.compile(rf"[{WIDE}\u0e00-\u0e7f]")

Held = Counter[etree._Element]


def fold(text: str) -> str:
    """Return text for comparison: compatibility forms, case, punctuation and spaces folded."""
    return _folded(text) if len(text) <= MAX_REMEMBERED else _folded.__wrapped__(text)


@lru_cache(maxsize=2_048)
def _folded(text: str) -> str:
    return _fold_latin(text) or " ".join(
        _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    )


def _fold_latin(text: str) -> str:
    """The same, several times as fast, of a text in Latin-1; empty for what is none."""
    data = as_latin(text)
    if data is None or _UNUSUAL in (folded := data.translate(_FOLDED_BYTES)):
        return ""
    return b" ".join(folded.split()).decode("latin-1")


@dataclass(frozen=True, slots=True)
class Survey:
    """The prose of a page's pieces.

    `weights` is the prose of each piece in characters, `mass` the same but none for what lies in
    furniture; `held` and `held_mass` are their sums in each element; `cleared` are the names of
    furniture that on this page mean content.
    """

    weights: Sequence[int]
    mass: Sequence[int]
    held: Held
    held_mass: Held
    cleared: Collection[str]


def survey(pieces: Sequence[Piece]) -> Survey:
    """Weigh every piece of a page."""
    weights = [weight_of(piece) for piece in pieces]
    cleared = _cleared_names(pieces, weights)
    mass = _mass_outside(pieces, weights, cleared)
    if sum(mass) < MIN_UNFLAGGED:
        cleared |= {name for p in pieces for _, name in p.regions if not is_certain(name)}
        mass = _mass_outside(pieces, weights, cleared)
    return Survey(weights, mass, _held(pieces, weights), _held(pieces, mass), cleared)


def weight_of(piece: Piece) -> int:
    """Return the prose in a piece: its characters outside links, none for labels and link lists."""
    length = len(piece.text)
    if piece.type not in ("paragraph", "quote", "list_item"):
        return 0
    if length < MIN_PROSE and length + 2 * len(_WIDE.findall(piece.text)) < MIN_PROSE:
        return 0
    if piece.link_density > MAX_LINK_DENSITY:
        return 0
    if length > MAX_UNENDED and _ENDS.search(piece.text) is None:
        return 0
    weight = length - piece.link_length
    return weight // 3 if piece.type == "list_item" else weight


def _mass_outside(
    pieces: Sequence[Piece], weights: Sequence[int], cleared: Collection[str]
) -> list[int]:
    """Return the weights, but none for what lies in a region whose name still means furniture."""
    return [
        weight if weight and all(name in cleared for _, name in piece.regions) else 0
        for piece, weight in zip(pieces, weights, strict=True)
    ]


def _cleared_names(pieces: Sequence[Piece], weights: Sequence[int]) -> set[str]:
    """Return the names of furniture that hold so much of the prose that here they mean content.

    What lies over the page is no part of what a name must hold nearly all of.
    """
    within: dict[int, tuple[tuple[Region, ...], int]] = {}  # by the regions, which pieces share
    for piece, weight in zip(pieces, weights, strict=True):
        if weight and (regions := piece.regions):
            within[id(regions)] = regions, weight + within.get(id(regions), (regions, 0))[1]
    held: Counter[str] = Counter()
    overlaid = 0
    for regions, weight in within.values():
        names = {name for _, name in regions}
        for name in names:
            held[name] += weight
        overlaid += weight if any(map(is_overlay, names)) else 0
    whole = sum(weights)

    if held[HIDDEN] > CLEARED_SHARE * whole:
        held[HIDDEN] -= _copied(pieces, weights)

    def needed(name: str) -> float:
        if not is_certain(name):
            return CLEARED_SHARE * whole
        return CERTAIN_CLEARED_SHARE * (whole if is_overlay(name) else whole - overlaid)

    return {name for name, weight in held.items() if weight > needed(name)}


def _copied(pieces: Sequence[Piece], weights: Sequence[int]) -> int:
    """The prose that is hidden and shown besides: what a page tells machines in one paragraph."""
    hidden = [any(name == HIDDEN for _, name in piece.regions) for piece in pieces]
    shown = [
        text
        for piece, is_hidden in zip(pieces, hidden, strict=True)
        if not is_hidden and len(text := fold(piece.text)) >= MIN_PROSE
    ]
    copied = 0
    for piece, weight, is_hidden in zip(pieces, weights, hidden, strict=True):
        if is_hidden and weight:
            line = fold(piece.text)
            told = sum(len(text) for text in shown if text in line)
            copied += weight if told >= COPIED_SHARE * len(line) else 0
    return copied


def _held(pieces: Sequence[Piece], weights: Sequence[int]) -> Held:
    """Add up each element's prose, in the order in which the elements come."""
    held: dict[etree._Element, int] = {}
    below: dict[etree._Element, int] = {}  # the sums of siblings, which go up together
    for piece, weight in zip(pieces, weights, strict=True):
        if weight:
            element, parent = piece.element, piece.element.getparent()
            held[element] = held.get(element, 0) + weight
            if parent is not None and parent not in below:
                below[parent] = 0
                for one in (parent, *parent.iterancestors()):
                    held.setdefault(one, 0)
            if parent is not None:
                below[parent] += weight
    for parent, weight in below.items():
        for one in (parent, *parent.iterancestors()):
            held[one] += weight
    return Counter(held)
