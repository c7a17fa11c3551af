"""What can be measured of a page's pieces when one asks which are the article: a row a piece.

Columns tell of the piece itself, of what is made like it, of where it stands, of its neighbours and
of the page. None holds a word of any language but through the rules; which numbers speak for a
piece is learnt (`crawler.extract.forest`), not written down.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.boilerplate import is_furniture_line
from crawler.extract.container import rank_of
from crawler.extract.furniture import is_link_line
from crawler.extract.survey import Survey, fold

Floats = npt.NDArray[np.float32]
# What of a piece its neighbours' rows repeat, and how far: further adds nothing to the answer.
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
# Over how many pieces to each side the prose around one is added up.
WINDOWS = (5, 12)
# How many elements up are looked at for names of the article, and for a list.
_REACH = 5
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
_SHARED_AT = [_OWN.index(name) for name in _SHARED]

_ENDS = re.compile(r"[.!?…。！？][\"”»’)\]]*\s*$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ITEMS = frozenset({"li", "td", "th", "dd"})
_TEXT_TAGS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "span"})


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


def measure(pieces: Sequence[Piece], survey: Survey, choice: Choice, known: Known) -> Floats:
    """Return a row of `NAMES` for each piece."""
    prose, mass = sum(survey.weights) or 1, sum(survey.mass) or 1
    chosen = choice.indexes
    own = _Page(pieces, survey, choice, known).rows()
    told = sum(survey.weights[index] for index in chosen)
    page = [math.log1p(len(pieces)), math.log1p(prose), told / prose, mass / prose]
    columns = [own]
    for offset in NEIGHBOURS:
        columns.append(_shifted(own[:, _SHARED_AT], offset))
    sums = np.concatenate([[0], np.cumsum(np.array(survey.weights, dtype=np.float32))])
    order = np.arange(len(pieces))
    for width in WINDOWS:
        ends = np.minimum(len(pieces), order + width + 1), np.maximum(0, order - width)
        columns.append(((sums[ends[0]] - sums[ends[1]]) / prose)[:, None])
    columns.append(np.broadcast_to(np.array(page, dtype=np.float32), (len(pieces), len(page))))
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
        self.around = _Around(choice.container)
        self.makes = [_make(piece.element) for piece in pieces]
        self.alike: Counter[object] = Counter(self.makes)
        self.alike_prose: Counter[object] = Counter()
        self.alike_links: Counter[object] = Counter()
        self.alike_text: Counter[object] = Counter()
        self.beside_links: Counter[etree._Element | None] = Counter()
        self.beside_text: Counter[etree._Element | None] = Counter()
        self.crowd: Counter[etree._Element] = Counter()
        self.shares: dict[etree._Element, tuple[float, ...]] = {}
        for piece, make, weight in zip(pieces, self.makes, survey.weights, strict=True):
            parent = piece.element.getparent()
            self.alike_prose[make] += weight
            self.alike_links[make] += piece.link_length
            self.alike_text[make] += len(piece.text)
            self.beside_links[parent] += piece.link_length
            self.beside_text[parent] += len(piece.text)
            self.crowd[_holder(piece.element)] += 1

    def rows(self) -> Floats:
        """The columns that are a piece's own."""
        rows = np.zeros((len(self.pieces), len(_OWN)), dtype=np.float32)
        chosen_prose = sum(self.survey.weights[index] for index in self.chosen) or 1
        last, told, heading = max(self.chosen, default=-1), 0, -1
        under: tuple[float, float] = (0.0, 0.0)
        top = next((i for i, p in enumerate(self.pieces) if self.is_headline(i, p)), None)
        for index, piece in enumerate(self.pieces):
            chosen = index in self.chosen
            line = is_furniture_line(piece.text)
            rows[index] = (
                *self.words(index, piece, line),
                *self.place(index, piece),
                *self.likeness(index, piece),
                index / len(self.pieces),
                index > last,
                told / chosen_prose,
                -1.0 if top is None else min(index - top, _FAR),
                math.log1p(self.crowd[_holder(piece.element)]),
                index - heading,
                *under,
                *self.around.of(piece.element),
            )
            if chosen:
                told += self.survey.weights[index]
            if piece.type == "heading":
                heading = index
                under = (line or is_link_line(piece), piece.link_density)
        return rows

    def is_headline(self, index: int, piece: Piece) -> bool:
        return piece.type == "heading" and (
            piece.level == 1 or self.folded[index] == self.known.headline
        )

    def words(self, index: int, piece: Piece, line: bool) -> tuple[float, ...]:
        """What the text itself shows."""
        text, folded = piece.text, self.folded[index]
        words = folded.split()
        start = text[:_START]
        letters = sum(map(str.isalpha, start))
        said = len(self.headline.intersection(words)) / (len(self.headline) or 1)
        known = self.known
        return (
            piece.type == "heading",
            piece.type == "list_item",
            piece.type == "quote",
            piece.type == "caption",
            piece.type == "code",
            piece.type == "table",
            piece.level or 0,
            math.log1p(len(text)),
            math.log1p(len(words)),
            piece.link_density,
            _ENDS.search(text) is not None,
            sum(map(str.isdigit, start)) / len(start),
            sum(map(str.isupper, start)) / (letters or 1),
            (len(start) - letters) / len(start),
            _YEAR.search(text) is not None,
            line,
            said,
            len(text) > _MIN_TWICE and folded in known.description,
            (folded in known.reference) if known.reference else 0.5,
        )

    def place(self, index: int, piece: Piece) -> tuple[float, ...]:
        """Which regions it lies in, and how near to the container that the rules chose."""
        survey = self.survey
        named = sum(name not in survey.cleared for _, name in piece.regions)
        holder = _holder(piece.element)
        if (shares := self.shares.get(holder)) is None:
            shares = self.shares[holder] = self._shares(holder)
        return (
            len(piece.regions),
            named,
            *self.around.steps(piece.element),
            index in self.chosen,
            math.log1p(survey.weights[index]),
            *shares,
        )

    def _shares(self, holder: etree._Element) -> tuple[float, ...]:
        """How much of the page's prose an element holds, and those above it."""
        higher = [holder, *islice(holder.iterancestors(), 3)]
        higher += higher[-1:] * (4 - len(higher))
        return (
            *(self.survey.held_mass[element] / self.mass for element in higher),
            *(self.survey.held[element] / self.prose for element in higher[:2]),
        )

    def likeness(self, index: int, piece: Piece) -> tuple[float, ...]:
        """What else on the page is made as it is, and whether its words stand elsewhere too."""
        make, parent, folded = self.makes[index], piece.element.getparent(), self.folded[index]
        long = len(folded) >= _MIN_TWICE
        return (
            math.log1p(self.alike[make]),
            self.alike_prose[make] / self.prose,
            self.alike_links[make] / self.alike_text[make],
            self.beside_links[parent] / self.beside_text[parent],
            self.whole.count(folded[:_TWICE]) > 1 if long else -1.0,
        )


class _Around:
    """What stands above an element, worked out once for each."""

    def __init__(self, container: etree._Element) -> None:
        self.line = [container, *container.iterancestors()]
        self.above = {element: -step for step, element in enumerate(self.line)}
        self.known_steps: dict[etree._Element, tuple[float, float]] = {}
        self.known: dict[etree._Element, tuple[float, ...]] = {}
        self.ranks: dict[etree._Element, int] = {}

    def steps(self, element: etree._Element) -> tuple[float, float]:
        """Whether it is within the container, and how many steps below or beside."""
        found = self.known_steps.get(element)
        if found is None:
            found = self.known_steps[element] = self._steps(element)
        return found

    def _steps(self, element: etree._Element) -> tuple[float, float]:
        if element in self.above:
            return float(self.line[0] is element), float(self.above[element])
        parent = element.getparent()
        if parent is None:
            return 0.0, 0.0
        within, steps = self.steps(parent)
        return within, steps + 1 if within else steps

    def of(self, element: etree._Element) -> tuple[float, ...]:
        """Childless, the best name within reach, in a list, in an <article>, and how deep."""
        found = self.known.get(element)
        if found is None:
            line = [element, *element.iterancestors()]
            tags = [one.tag for one in line]
            found = self.known[element] = (
                len(element) == 0,
                max(map(self.rank, line[:_REACH])),
                not _ITEMS.isdisjoint(tags[:_REACH]),
                "article" in tags,
                len(line),
            )
        return found

    def rank(self, element: etree._Element) -> int:
        found = self.ranks.get(element)
        if found is None:
            found = self.ranks[element] = rank_of(element)
        return found


def _holder(element: etree._Element) -> etree._Element:
    """The element that holds the piece and its like: the parent of a paragraph."""
    parent = element.getparent()
    return element if element.tag not in _TEXT_TAGS or parent is None else parent


def _make(element: etree._Element) -> object:
    """How a piece is marked up: its tag and class, and its parent's."""
    parent = element.getparent()
    above = None if parent is None else (parent.tag, parent.get("class"))
    return element.tag, element.get("class"), above
