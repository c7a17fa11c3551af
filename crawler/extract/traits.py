"""What can be measured of a page's pieces when one asks which are the article: a row a piece.

Columns tell of the piece itself, of what is made like it, of where it stands, of its neighbours and
of the page. None holds a word of any language but through the rules; which numbers speak for a
piece is learnt (`crawler.extract.forest`), not written down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log1p

import numpy as np
import numpy.typing as npt
from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.boilerplate import is_furniture_line
from crawler.extract.columns import Numbers, columns, shifted
from crawler.extract.forest import Floats
from crawler.extract.furniture import is_link_line
from crawler.extract.groups import Groups
from crawler.extract.haystack import haystack
from crawler.extract.surroundings import Surroundings, holder, makes
from crawler.extract.survey import Survey, fold
from crawler.extract.wording import characters, ends_sentence, has_year

Order = npt.NDArray[np.intp]
# What of a piece its neighbours' rows repeat, and how far: further adds nothing to the answer.
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
# Over how many pieces to each side the prose around one is added up.
WINDOWS = (5, 12)
# A text that stands twice is known by this much of it; less is a label, which may.
_MIN_TWICE, _TWICE = 30, 80
# A headline further above than this says nothing more.
_FAR = 60
# Nor does a heading: a story of a hundred paragraphs without any is rare among pages to learn from,
# where what stands so far below one is the foot of the page.
_FAR_BELOW = 20
# A shorter name of a site is a word, or part of one.
_MIN_SITE = 4

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
    "author", "site",
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

# Kinds of pieces that have a column each, in their order.
_KINDS: dict[str, int] = {
    kind: number
    for number, kind in enumerate(("heading", "list_item", "quote", "caption", "code", "table"))
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the story before it is found: folded, empty where the page does not say.

    `reference` is the JSON-LD articleBody; `sites` is what the site calls itself, without spaces.
    """

    headline: str = ""
    authors: Sequence[str] = ()
    description: str = ""
    reference: str = ""
    sites: Collection[str] = ()


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
    order = np.arange(len(pieces)) if wanted is None else np.array(wanted, dtype=np.intp)
    page = _Page(pieces, survey, choice, known, order)
    shared = page.shared()
    measured = [
        *page.texts(),
        *page.places(),
        *page.alike(),
        *page.sequence(),
        *page.markup(),
        *page.named(),
        *(shifted(shared, offset)[:, order] for offset in NEIGHBOURS),
        *page.whole(),
    ]
    return np.ascontiguousarray(np.vstack(measured, dtype=np.float32, casting="same_kind").T)


class _Page:
    """A page's pieces and the sums that each is measured against.

    Each method gives some columns of `NAMES`, in their order: of all pieces, or of those asked for.
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        survey: Survey,
        choice: Choice,
        known: Known,
        order: Order,
    ) -> None:
        self.pieces, self.survey, self.known, self.order = pieces, survey, known, order
        self.asked = [pieces[index] for index in order.tolist()]
        self.chosen = np.zeros(len(pieces), dtype=bool)
        self.chosen[list(choice.indexes)] = True
        self.prose, self.mass = sum(survey.weights) or 1, sum(survey.mass) or 1
        self.weights = np.array(survey.weights, dtype=np.int64)
        self.lengths = np.array([len(piece.text) for piece in pieces], dtype=np.int64)
        self.links = np.array([piece.link_length for piece in pieces], dtype=np.int64)
        self.linked = np.minimum(1.0, self.links / np.maximum(1, self.lengths))
        self.kinds = np.array([_KINDS.get(piece.type, -1) for piece in pieces])
        self.ends = np.array([ends_sentence(piece.text) for piece in pieces], dtype=bool)
        self.lines = self._lines()
        self.folded = [fold(piece.text) for piece in self.asked]
        self.around = Surroundings(choice.container)
        self.holders = [holder(piece.element) for piece in pieces]

    def _lines(self) -> Numbers:
        """Which are lines of furniture, of those that are asked for, near them, or headings."""
        near = self.kinds == _KINDS["heading"]
        for offset in (0, *NEIGHBOURS):
            near[np.clip(self.order + offset, 0, len(near) - 1)] = True
        lines = np.zeros(len(near), dtype=bool)
        for index in np.flatnonzero(near).tolist():
            lines[index] = is_furniture_line(self.pieces[index].text)
        return lines

    def shared(self) -> Floats:
        """What of each piece its neighbours' rows repeat: `_SHARED`."""
        repeated = (
            self.kinds == _KINDS["heading"],
            self.kinds == _KINDS["list_item"],
            np.log1p(self.lengths),
            self.linked,
            self.ends,
            self.lines,
            self.chosen,
            np.log1p(self.weights),
        )
        return np.array(repeated, dtype=np.float32)

    def texts(self) -> Iterator[Numbers]:
        """What the texts themselves show."""
        order, folded = self.order, self.folded
        texts = [piece.text for piece in self.asked]
        for kind in _KINDS.values():
            yield self.kinds[order] == kind
        yield np.array([piece.level or 0 for piece in self.asked])
        yield np.log1p(self.lengths[order])
        yield np.log1p([line.count(" ") + bool(line) for line in folded])
        yield self.linked[order]
        yield self.ends[order]
        yield columns([characters(text) for text in texts], 3)
        yield np.array([has_year(text) for text in texts])
        yield self.lines[order]
        known, words = self.known, [f" {word} " for word in set(self.known.headline.split())]
        said = [sum(map(f" {line} ".__contains__, words)) for line in folded]
        yield np.array(said) / (len(words) or 1)
        yield np.array(
            [
                len(text) > _MIN_TWICE and line in known.description
                for text, line in zip(texts, folded, strict=True)
            ]
        )
        reference = haystack(known.reference)
        yield np.array([(line in reference) if reference else 0.5 for line in folded])

    def places(self) -> Iterator[Numbers]:
        """In which regions they lie, and how near to the container that the rules chose."""
        cleared = self.survey.cleared
        named: dict[int, tuple[int, int]] = {}  # by the tuple of regions, which pieces share
        for piece in self.asked:
            regions = piece.regions
            if id(regions) not in named:
                furniture = sum(name not in cleared for _, name in regions)
                named[id(regions)] = len(regions), furniture
        yield columns([named[id(piece.regions)] for piece in self.asked], 2)
        yield columns([self.around.steps(piece.element) for piece in self.asked], 2)
        yield self.chosen[self.order]
        yield np.log1p(self.weights[self.order])
        holders = [self.holders[index] for index in self.order.tolist()]
        shares = {element: self._shares(element) for element in dict.fromkeys(holders)}
        yield columns([shares[element] for element in holders], 6)

    def _shares(self, element: etree._Element) -> tuple[float, ...]:
        """How much of the page's prose an element holds, and those above it."""
        higher = [element, *islice(element.iterancestors(), 3)]
        higher += higher[-1:] * (4 - len(higher))
        return (
            *(self.survey.held_mass[element] / self.mass for element in higher),
            *(self.survey.held[element] / self.prose for element in higher[:2]),
        )

    def alike(self) -> Iterator[Numbers]:
        """What else on the page is made as they are, and whether their words stand twice."""
        order = self.order
        alike = Groups(makes(piece.element for piece in self.pieces))
        yield np.log1p(alike.sizes())[order]
        yield alike.sums(self.weights)[order] / self.prose
        yield (alike.sums(self.links) / alike.sums(self.lengths))[order]
        beside = Groups(piece.element.getparent() for piece in self.pieces)
        yield (beside.sums(self.links) / beside.sums(self.lengths))[order]
        # folding makes no ASCII longer
        long = (p.text for p in self.pieces if len(p.text) >= _MIN_TWICE or not p.text.isascii())
        whole = haystack("\n".join(map(fold, long)))
        yield np.array(
            [
                whole.count(text[:_TWICE]) > 1 if len(text) >= _MIN_TWICE else -1.0
                for text in self.folded
            ]
        )

    def sequence(self) -> Iterator[Numbers]:
        """Where they stand in the page's order, and what they follow."""
        order = self.order
        yield order / len(self.pieces)
        yield order > np.flatnonzero(self.chosen).max(initial=-1)
        told = np.where(self.chosen, self.weights, 0)
        yield ((np.cumsum(told) - told) / (told.sum() or 1))[order]
        headings = np.flatnonzero(self.kinds == _KINDS["heading"])
        top = next(filter(self._is_headline, headings.tolist()), None)
        yield np.full(len(order), -1.0) if top is None else np.minimum(order - top, _FAR)
        yield np.log1p(Groups(self.holders).sizes())[order]
        # the last heading above each, and what it says of what is under it
        last = np.searchsorted(headings, order) - 1
        above = order - np.where(last < 0, -1, headings[last] if len(headings) else -1)
        yield np.minimum(above, _FAR_BELOW)
        under = [(0.0, 0.0)]
        for index in headings.tolist():
            is_furniture = self.lines[index] or is_link_line(self.pieces[index])
            under.append((is_furniture, self.linked[index]))
        yield columns(under, 2)[:, last + 1]

    def _is_headline(self, index: int) -> bool:
        """Whether a heading is the page's own."""
        piece = self.pieces[index]
        return piece.level == 1 or fold(piece.text) == self.known.headline

    def markup(self) -> Iterator[Numbers]:
        """What they stand in."""
        elements = [piece.element for piece in self.asked]
        yield np.array([len(element) == 0 for element in elements])
        yield columns([self.around.line(element) for element in elements], 4)

    def named(self) -> Iterator[Numbers]:
        """Whom they name: an author in full, the site."""
        lines = "\n".join(self.folded)
        yield self._naming([name for name in self.known.authors if " " in name], lines)
        sites = [name for name in self.known.sites if len(name) >= _MIN_SITE]
        yield self._naming(sites, lines.replace(" ", ""))

    def _naming(self, names: Sequence[str], lines: str) -> Numbers:
        """Which of the lines hold one of the names."""
        if not (held := [name for name in names if name in lines]):
            return np.zeros(len(self.order))
        return np.array([any(map(line.__contains__, held)) for line in lines.split("\n")])

    def whole(self) -> Iterator[Numbers]:
        """The prose around each, and what is the same for all of them."""
        order, sums = self.order, np.concatenate([[0], np.cumsum(self.weights)])
        for width in WINDOWS:
            last, first = np.minimum(len(self.pieces), order + width + 1), order - width
            yield (sums[last] - sums[np.maximum(0, first)]) / self.prose
        told = self.weights[self.chosen].sum() / self.prose
        page = log1p(len(self.pieces)), log1p(self.prose), told, self.mass / self.prose
        yield np.repeat(np.array(page)[:, None], len(order), axis=1)
