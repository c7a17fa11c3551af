"""What can be measured of a page's pieces when one asks which are the article: a row a piece.

Columns tell of the piece itself, of what is made like it, of where it stands, of its neighbours and
of the page. None holds a word of any language but through the rules; which numbers speak for a
piece is learnt (`crawler.extract.forest`), not written down.
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.boilerplate import is_furniture_line
from crawler.extract.furniture import is_link_line
from crawler.extract.surroundings import Surroundings, holder, make
from crawler.extract.survey import Survey, fold

Floats = npt.NDArray[np.float32]
# What of a piece its neighbours' rows repeat, and how far: further adds nothing to the answer.
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
# Over how many pieces to each side the prose around one is added up.
WINDOWS = (5, 12)
# A text that stands twice is known by this much of it; less is a label, which may.
_MIN_TWICE, _TWICE = 30, 80
# So much of a text shows what characters it is made of.
_START = 200
# A headline further above than this says nothing more.
_FAR = 60

_OWN = (
    "heading", "list_item", "quote", "caption", "code", "table", "level", "length", "words",
    "linked", "ends_sentence", "digits", "capitals", "signs", "year", "furniture_line",
    "headline", "described", "stated", "regions", "furniture",
    "within", "steps", "chosen", "weight",
    "mass_1", "mass_2", "mass_3", "mass_4", "prose_1", "prose_2",
    "alike", "alike_prose", "alike_linked", "beside_linked", "twice",
    "place", "after", "told", "since_headline", "crowd",
    "since_heading", "under_furniture", "under_link",
    "childless", "rank", "listed", "in_article", "depth",
)  # fmt: skip
_SHARED = ("heading", "list_item", "length", "linked", "ends_sentence", "furniture_line",
           "chosen", "weight")  # fmt: skip
_PAGE = ("pieces", "prose", "chosen_share", "mass_share")
NAMES = (
    *_OWN,
    *(f"{name}{offset:+d}" for offset in NEIGHBOURS for name in _SHARED),
    *(f"around_{width}" for width in WINDOWS),
    *(f"page_{name}" for name in _PAGE),
)

_ENDS = re.compile(r"[.!?…。！？][\"”»’)\]]*\s*$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DIGITS = string.digits.encode()
_CAPITALS = string.ascii_uppercase.encode()
_LETTERS = string.ascii_letters.encode()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the story before it is found: folded, empty where the page does not say.

    `reference` is the JSON-LD articleBody.
    """

    headline: str = ""
    authors: Sequence[str] = ()
    description: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the rules take for the article: a container, and the indexes of pieces in it."""

    container: etree._Element
    indexes: frozenset[int]


def measure(
    pieces: Sequence[Piece],
    survey: Survey,
    choice: Choice,
    known: Known,
    wanted: Sequence[int] | None = None,
) -> Floats:
    """Return a row of `NAMES` for each piece, or for those of the indexes that are wanted."""
    prose, mass = sum(survey.weights) or 1, sum(survey.mass) or 1
    order = np.arange(len(pieces)) if wanted is None else np.array(wanted, dtype=np.intp)
    measured = _Page(pieces, survey, choice, known)
    columns = [measured.rows(frozenset(order.tolist()))]
    shared = measured.shared()
    for offset in NEIGHBOURS:
        columns.append(_shifted(shared, offset)[order])
    sums = np.concatenate([[0], np.cumsum(np.array(survey.weights, dtype=np.float32))])
    for width in WINDOWS:
        ends = np.minimum(len(pieces), order + width + 1), np.maximum(0, order - width)
        columns.append(((sums[ends[0]] - sums[ends[1]]) / prose)[:, None])
    told = sum(survey.weights[index] for index in choice.indexes)
    page = [math.log1p(len(pieces)), math.log1p(prose), told / prose, mass / prose]
    columns.append(np.broadcast_to(np.array(page, dtype=np.float32), (len(order), len(page))))
    return np.hstack(columns).astype(np.float32)


def _shifted(columns: Floats, offset: int) -> Floats:
    """The rows `offset` further on; -1 where there are none."""
    moved = np.full_like(columns, -1.0)
    if offset < 0:
        moved[-offset:] = columns[:offset]
    else:
        moved[:-offset] = columns[offset:]
    return moved


class _Page:
    """The sums over the whole page that each piece is measured against."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        survey: Survey,
        choice: Choice,
        known: Known,
    ) -> None:
        self.pieces, self.survey, self.known = pieces, survey, known
        self.chosen = choice.indexes
        self.prose, self.mass = sum(survey.weights) or 1, sum(survey.mass) or 1
        self.folded = [fold(piece.text) for piece in pieces]
        self.whole = "\n".join(self.folded)
        self.headline = set(known.headline.split())
        self.around = Surroundings(choice.container)
        self.makes = [make(piece.element) for piece in pieces]
        self.holders = [holder(piece.element) for piece in pieces]
        self.alike: Counter[object] = Counter(self.makes)
        self.alike_prose: Counter[object] = Counter()
        self.alike_links: Counter[object] = Counter()
        self.alike_text: Counter[object] = Counter()
        self.beside_links: Counter[etree._Element | None] = Counter()
        self.beside_text: Counter[etree._Element | None] = Counter()
        self.crowd: Counter[etree._Element] = Counter(self.holders)
        self.shares: dict[etree._Element, tuple[float, ...]] = {}
        self.named: dict[int, int] = {}  # by the tuple of regions, which pieces share
        for piece, like, weight in zip(pieces, self.makes, survey.weights, strict=True):
            parent = piece.element.getparent()
            self.alike_prose[like] += weight
            self.alike_links[like] += piece.link_length
            self.alike_text[like] += len(piece.text)
            self.beside_links[parent] += piece.link_length
            self.beside_text[parent] += len(piece.text)

    def shared(self) -> Floats:
        """The columns of each piece that its neighbours' rows repeat: `_SHARED`."""
        cells: list[float] = []
        for index, piece in enumerate(self.pieces):
            cells += (
                piece.type == "heading",
                piece.type == "list_item",
                math.log1p(len(piece.text)),
                piece.link_density,
                _ENDS.search(piece.text) is not None,
                is_furniture_line(piece.text),
                index in self.chosen,
                math.log1p(self.survey.weights[index]),
            )
        return np.array(cells, dtype=np.float32).reshape(len(self.pieces), len(_SHARED))

    def rows(self, wanted: Collection[int]) -> Floats:
        """The columns that are a piece's own, for those that are wanted."""
        cells: list[float] = []
        chosen_prose = sum(self.survey.weights[index] for index in self.chosen) or 1
        last, told, heading = max(self.chosen, default=-1), 0, -1
        under: tuple[float, float] = (0.0, 0.0)
        top = next((i for i, p in enumerate(self.pieces) if self.is_headline(i, p)), None)
        for index, piece in enumerate(self.pieces):
            if index in wanted:
                cells += (
                    *self.words(index, piece),
                    *self.place(index, piece),
                    *self.likeness(index, piece),
                    index / len(self.pieces),
                    index > last,
                    told / chosen_prose,
                    -1.0 if top is None else min(index - top, _FAR),
                    math.log1p(self.crowd[self.holders[index]]),
                    index - heading,
                    *under,
                    len(piece.element) == 0,
                    *self.around.line(piece.element),
                )
            if index in self.chosen:
                told += self.survey.weights[index]
            if piece.type == "heading":
                heading = index
                under = (is_furniture_line(piece.text) or is_link_line(piece), piece.link_density)
        return np.array(cells, dtype=np.float32).reshape(len(wanted), len(_OWN))

    def is_headline(self, index: int, piece: Piece) -> bool:
        return piece.type == "heading" and (
            piece.level == 1 or self.folded[index] == self.known.headline
        )

    def words(self, index: int, piece: Piece) -> tuple[float, ...]:
        """What the text itself shows."""
        text, folded = piece.text, self.folded[index]
        words = folded.split()
        kind = piece.type
        said = len(self.headline.intersection(words)) / (len(self.headline) or 1)
        known = self.known
        return (
            kind == "heading",
            kind == "list_item",
            kind == "quote",
            kind == "caption",
            kind == "code",
            kind == "table",
            piece.level or 0,
            math.log1p(len(text)),
            math.log1p(len(words)),
            piece.link_density,
            _ENDS.search(text) is not None,
            *_characters(text[:_START]),
            _YEAR.search(text) is not None,
            is_furniture_line(text),
            said,
            len(text) > _MIN_TWICE and folded in known.description,
            (folded in known.reference) if known.reference else 0.5,
        )

    def place(self, index: int, piece: Piece) -> tuple[float, ...]:
        """Which regions it lies in, and how near to the container that the rules chose."""
        survey = self.survey
        if (named := self.named.get(id(piece.regions))) is None:
            named = sum(name not in survey.cleared for _, name in piece.regions)
            self.named[id(piece.regions)] = named
        around = self.holders[index]
        if (shares := self.shares.get(around)) is None:
            shares = self.shares[around] = self._shares(around)
        return (
            len(piece.regions),
            named,
            *self.around.steps(piece.element),
            index in self.chosen,
            math.log1p(survey.weights[index]),
            *shares,
        )

    def _shares(self, element: etree._Element) -> tuple[float, ...]:
        """How much of the page's prose an element holds, and those above it."""
        higher = [element, *islice(element.iterancestors(), 3)]
        higher += higher[-1:] * (4 - len(higher))
        return (
            *(self.survey.held_mass[element] / self.mass for element in higher),
            *(self.survey.held[element] / self.prose for element in higher[:2]),
        )

    def likeness(self, index: int, piece: Piece) -> tuple[float, ...]:
        """What else on the page is made as it is, and whether its words stand elsewhere too."""
        like, parent, folded = self.makes[index], piece.element.getparent(), self.folded[index]
        long = len(folded) >= _MIN_TWICE
        return (
            math.log1p(self.alike[like]),
            self.alike_prose[like] / self.prose,
            self.alike_links[like] / self.alike_text[like],
            self.beside_links[parent] / self.beside_text[parent],
            self.whole.count(folded[:_TWICE]) > 1 if long else -1.0,
        )


def _characters(text: str) -> tuple[float, float, float]:
    """The shares of digits, of capitals among letters, and of all that is no letter."""
    if text.isascii():  # three look-ups for the whole, where else each character is asked thrice
        data = text.encode()
        digits = len(data) - len(data.translate(None, _DIGITS))
        capitals = len(data) - len(data.translate(None, _CAPITALS))
        letters = len(data) - len(data.translate(None, _LETTERS))
    else:
        digits = sum(map(str.isdigit, text))
        capitals = sum(map(str.isupper, text))
        letters = sum(map(str.isalpha, text))
    return digits / len(text), capitals / (letters or 1), (len(text) - letters) / len(text)
