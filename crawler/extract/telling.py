"""How a page's text is told: what an editor would see without knowing the words.

Articles are prose in one place, told of others, under a dated headline; what offers or lists
something is cut into cards and boxes, and speaks to its reader.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, islice
from statistics import median

from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.lexicon import ADDRESSING, INVITING_HEADING, NARRATING, PRICE
from crawler.extract.scripts import wide_characters
from crawler.extract.survey import MAX_LINK_DENSITY

# Shorter than this is a caption or a label.
MIN_PARAGRAPH = 80
# A price stands on a line of its own, or nearly; so does a date.
MAX_PRICE_LINE = 120
MAX_DATE_LINE = 150
# Fewer headings that are links are "read also"; on a page of cards most headings are, and what
# stands below each is short.
MIN_TEASERS = 4
TEASER_SHARE = 0.75
PARAGRAPHS_A_TEASER = 2
# By then a text has shown how it speaks.
MAX_WORDS = 1_200
# A date belongs to a headline this many blocks above it, or below.
ABOVE_HEADLINE, BELOW_HEADLINE = 4, 8

# A year and a day, or a day, a month and a year, whatever the language calls the month.
# Stands in every price and date.
_DIGIT = re.compile(r"\d")
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b.{0,12}\b\d{1,2}\b|\b\d{1,2}\b.{0,12}\b(?:19|20)\d\d\b|"
    r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d\d)?\d\d\b"
)


@dataclass(frozen=True, slots=True)
class Telling:
    """How the text is told.

    `prose` counts the characters of the body's `paragraphs`, `paragraph_length` is the median of
    all, short ones too; `headings` is their share of the body's text, `inviting` the share of the
    headings that invite a customer; `linked` is the share of all the page's text that is links,
    `own` the body's, `together` that of the prose in one place; `addressing`, `narrating` and
    `quoting` are shares of the body's words; `dates` counts lines with a date.
    """

    prose: int
    paragraphs: int
    paragraph_length: float
    is_cards: bool
    headings: float
    inviting: float
    questions: int
    prices: int
    dates: int
    has_dated_headline: bool
    linked: float
    own: float
    together: float
    addressing: float
    narrating: float
    quoting: float


def read_telling(pieces: Sequence[Piece], body: Sequence[Piece]) -> Telling:
    """Read the page's pieces and those of them that would be the article."""
    shown = max(1, sum(len(piece.text) for piece in pieces))
    own = sum(len(piece.text) for piece in body)
    headings = [piece.text for piece in body if piece.type == "heading"]
    paragraphs = [_length(piece.text) for piece in body if piece.type == "paragraph"]
    prose = [length for length in paragraphs if length > MIN_PARAGRAPH]
    words: list[str] = []
    for piece in body:
        if piece.type in ("paragraph", "quote", "list_item") and len(words) < MAX_WORDS:
            words += piece.text.lower().split()
    count = max(1, len(words))
    said = " ".join(["", *words])
    numbered = [_DIGIT.search(piece.text) is not None for piece in pieces]  # most lines are not
    dates = [i for i, piece in enumerate(pieces) if numbered[i] and _is_date(piece.text)]
    return Telling(
        prose=sum(prose),
        paragraphs=len(prose),
        paragraph_length=median(paragraphs) if paragraphs else 0,
        is_cards=_is_cards(pieces, body, len(prose)),
        headings=sum(map(len, headings)) / max(1, own),
        inviting=sum(map(bool, map(INVITING_HEADING.match, headings))) / max(2, len(headings)),
        questions=sum(heading.endswith("?") for heading in headings),
        prices=sum(_is_price(piece.text) for piece in compress(pieces, numbered)),
        dates=len(dates),
        has_dated_headline=_is_near_headline(pieces, dates),
        linked=sum(piece.link_length for piece in pieces) / shown,
        own=own / shown,
        together=_together(body) / shown,
        addressing=sum(map(ADDRESSING.__contains__, words)) / count,
        narrating=sum(map(NARRATING.__contains__, words)) / count,
        quoting=sum(said.count(f" {mark}") for mark in '“”"«„»') / count,
    )


def _length(text: str) -> int:
    """How much a text says, in characters of an alphabet."""
    return len(text) + wide_characters(text)


def _is_price(text: str) -> bool:
    return len(text) <= MAX_PRICE_LINE and PRICE.search(text) is not None


def _is_date(text: str) -> bool:
    return len(text) <= MAX_DATE_LINE and _DATE.search(text) is not None


def _is_near_headline(pieces: Sequence[Piece], dates: Sequence[int]) -> bool:
    """Whether a date stands by the page's first main heading."""
    first = next(
        (i for i, piece in enumerate(pieces) if piece.type == "heading" and piece.level == 1), None
    )
    return first is not None and any(
        first - ABOVE_HEADLINE <= date <= first + BELOW_HEADLINE for date in dates
    )


def _together(body: Sequence[Piece]) -> int:
    """The characters of the prose that shares one parent: an article's does, a brochure's not."""
    masses: Counter[etree._Element | None] = Counter()
    for piece in body:
        if piece.type in ("paragraph", "quote") and len(piece.text) > MIN_PARAGRAPH:
            is_own = piece.element.tag in ("p", "blockquote")
            masses[piece.element.getparent() if is_own else piece.element] += len(piece.text)
    return max(masses.values(), default=0)


def _is_cards(pieces: Sequence[Piece], body: Sequence[Piece], paragraphs: int) -> bool:
    """Whether what would be the article is headings that lead elsewhere, each with a few words."""
    order = {id(piece.element): index for index, piece in enumerate(pieces)}
    places = [order[id(piece.element)] for piece in body if id(piece.element) in order]
    between = islice(pieces, min(places), max(places) + 1) if places else ()
    headings = [piece for piece in between if piece.type == "heading"]
    teasers = sum(piece.link_density > MAX_LINK_DENSITY for piece in headings)
    return (
        teasers >= MIN_TEASERS
        and teasers >= TEASER_SHARE * len(headings)
        and PARAGRAPHS_A_TEASER * teasers >= paragraphs
    )
