"""Which of a page's pieces are the article: what rules choose, looked at again by what was learnt.

The rules choose a container by where the prose is, by the markup that names an article's text and
by agreement with the JSON-LD articleBody; within it, furniture goes by its region or its words. The
second look weighs each piece by a hundred measures (`crawler.extract.traits`), with the rules' word
as one of them, and overrules where it is sure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise, takewhile, zip_longest

from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.boilerplate import is_certain, is_furniture_line
from crawler.extract.container import MIN_REFERENCE, choose_container
from crawler.extract.endings import is_linked_title, story_ends
from crawler.extract.forest import load_forest
from crawler.extract.furniture import (
    ENDS_SENTENCE,
    Furniture,
    is_head_matter,
    is_link_line,
    is_profile,
)
from crawler.extract.haystack import haystack
from crawler.extract.repeats import repeats
from crawler.extract.surroundings import Within, holder
from crawler.extract.survey import MIN_PROSE, Survey, fold, survey, weight_of
from crawler.extract.traits import Choice, Known, measure
from crawler.extract.wording import ends_sentence

# How sure the second look must be that a piece is the story's to keep what the rules keep, and to
# add what they leave out. On sites held out, what stays at .35 and goes at .45 is as often strange
# as the story's; but what the story goes on around is hardly ever strange.
KEPT = 0.45
KEPT_AMID = 0.2
# What is kept on both sides is no further apart.
AMID = 4
ADDED = 0.7
# Tables that furniture is made of are few.
ADDED_TABLE = 0.5
# An item goes with its list, whose other lines may be surer.
KEPT_ITEM = 0.25
# A heading that the rules keep goes only for a better reason: known bodies often lack theirs, which
# the trees have learnt.
KEPT_HEADING = 0.1
# A story may end with headings, as a list without words below each does, where it is likelier so.
SURE = 0.5
# Known bodies are without captions, and with or without code, as those who wrote them down saw it.
UNLEARNT = ("caption", "code")
# How the headings of an article begin that counts what it lists.
COUNTED = re.compile(r"\W{0,2}\d{1,3}\s?[.):]\s")
# Labels further than this from what the rules choose are not looked at.
NEAR = 40
# A second look that leaves less than this of the prose that the rules chose has not understood the
# page; below a half it has, where other stories follow the page's own in one container.
MIN_AGREED = 0.3


def choose_body(
    pieces: Sequence[Piece],
    known: Known,
    furniture_line: re.Pattern[str] | None = None,
) -> list[Piece]:
    """Return the pieces that are the article, in reading order.

    The headline and the authors' byline are left out where the page repeats them;
    `furniture_line` is what a site rule knows besides.
    """
    found = survey(pieces)
    choice = choose_by_rules(pieces, found, known, furniture_line)
    if choice is None:
        return []
    doubtful = _doubtful(pieces, choice, found, known, furniture_line)
    rows = measure(pieces, found, choice, known, doubtful)
    sure = dict(zip(doubtful, load_forest("body").answer(rows).tolist(), strict=True))
    sure_of = {i for i, chance in sure.items() if chance > _needed(pieces[i], i in choice.indexes)}
    told = sure_of | (choice.indexes - sure.keys())
    told |= {i for i in _amid(pieces, choice.indexes, told, found) if sure[i] > KEPT_AMID}
    if _prose(found, told & choice.indexes) < MIN_AGREED * _prose(found, choice.indexes):
        told = set(choice.indexes)
    body = [(index, pieces[index]) for index in sorted(told)]
    repeated = repeats([piece.text for _, piece in body])
    # A heading over what is dropped is as sure as that.
    below = dict(pairwise(sorted(told | choice.indexes)))
    certain = {
        id(piece)
        for index, piece in body
        if sure.get(index, 0) > SURE
        and (piece.type != "heading" or below.get(index, index) in told)
    }
    story = _trim([piece for at, (_, piece) in enumerate(body) if at not in repeated], certain)
    while len(story) > 1 and is_profile(story[-1], known.authors):
        story = _trim(story[:-1], certain)
    return story


def _prose(found: Survey, indexes: Collection[int]) -> int:
    return sum(found.weights[index] for index in indexes)


def _amid(
    pieces: Sequence[Piece], chosen: Collection[int], told: Collection[int], found: Survey
) -> Iterator[int]:
    """The prose that is dropped from between two pieces that are kept, beside one of them."""
    order = sorted(chosen)
    kept = [at for at, index in enumerate(order) if index in told]
    for before, after in pairwise(kept):
        around = [pieces[order[before]], pieces[order[after]]]
        if after - before > AMID or any(piece.type == "list_item" for piece in around):
            continue
        places = {holder(piece.element) for piece in around}
        for index in order[before + 1 : after]:
            piece = pieces[index]
            is_prose = found.weights[index] and piece.type in ("paragraph", "quote")
            if is_prose and holder(piece.element) in places:
                yield index


def _doubtful(
    pieces: Sequence[Piece],
    choice: Choice,
    found: Survey,
    known: Known,
    furniture_line: re.Pattern[str] | None,
) -> list[int]:
    """The indexes of pieces that the second look may keep, drop or add."""
    may_add = _Additions(found, choice, known, furniture_line)
    first, last = min(choice.indexes, default=0) - NEAR, max(choice.indexes, default=0) + NEAR
    return [
        index
        for index, piece in enumerate(pieces)
        if piece.type not in UNLEARNT
        and (
            index in choice.indexes
            or ((found.weights[index] or first <= index <= last) and may_add(piece))
        )
    ]


def _needed(piece: Piece, chosen: bool) -> float:
    """How sure one must be that a piece is the story's."""
    if not chosen:
        return ADDED_TABLE if piece.type == "table" else ADDED
    if piece.type == "heading":
        return KEPT_HEADING
    return KEPT_ITEM if piece.type == "list_item" else KEPT


class _Additions:
    """What the second look may add: nothing that by its words, its place or JSON-LD is no story."""

    def __init__(
        self, found: Survey, choice: Choice, known: Known, line: re.Pattern[str] | None
    ) -> None:
        self._cleared = found.cleared
        self._furniture = Furniture(known.headline, known.authors, line)
        self._own = {choice.container, *choice.container.iterancestors()}
        stated = known.reference if len(known.reference) >= MIN_REFERENCE else ""
        self._stated = haystack(stated)

    def __call__(self, piece: Piece) -> bool:
        if piece.type == "list_item" and piece.link_length:  # a teaser of another story
            return False
        if any(is_certain(name) for _, name in piece.regions if name not in self._cleared):
            return False
        if self._furniture.holds(piece):
            return False
        if self._stated and weight_of(piece) and fold(piece.text) not in self._stated:
            return False
        around = takewhile(lambda one: one not in self._own, piece.element.iterancestors())
        return all(one.tag != "article" for one in around)  # another story


def choose_by_rules(
    pieces: Sequence[Piece],
    found: Survey,
    known: Known,
    furniture_line: re.Pattern[str] | None = None,
) -> Choice | None:
    """Return what the rules alone take for the article, or None where the page has no prose."""
    container = choose_container(pieces, found.held_mass, known.reference)
    if container is None:
        return None
    around = {container, *container.iterancestors()}
    within = Within(container)
    inside = [
        index
        for index, piece in enumerate(pieces)
        if within.holds(piece.element)
        and all(
            name in found.cleared
            or region in around
            or (name == "header" and piece.type == "heading")  # a section's own header
            for region, name in piece.regions
        )
    ]
    inside = inside[: story_ends([pieces[index] for index in inside])]
    furniture = Furniture(known.headline, known.authors, furniture_line)
    told = _without_furniture([pieces[index] for index in inside], furniture)
    body = {id(piece) for piece in _trim(told)}
    return Choice(container, frozenset(i for i in inside if id(pieces[i]) in body))


def _without_furniture(pieces: Sequence[Piece], furniture: Furniture) -> list[Piece]:
    kept: list[Piece] = []
    end = 0  # what stands after a furniture line is the story only if prose comes again
    for piece, following in zip_longest(pieces, pieces[1:]):
        if _labels_links(piece) or (
            furniture.holds(piece) and not _is_told(piece, kept, following)
        ):
            end = end or len(kept)
        elif not kept or kept[-1].text != piece.text:
            kept.append(piece)
            end = 0 if not (_is_label(piece) or is_linked_title(piece)) else end
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
        return COUNTED.match(piece.text) is not None or (
            following is not None
            and weight_of(following) > 0
            and following.element.getparent() is beside
            and prose is not None
            and prose.element.getparent() is beside
        )
    if piece.type == "list_item" and len(piece.text) < MIN_PROSE:
        before = kept[-1]
        if before.type != "list_item":
            return before.text.endswith((":", "："))
        return is_link_line(before) or not _is_of_links(piece.element.getparent())
    return False


def _labels_links(piece: Piece) -> bool:
    """Whether a line of a list says what its other lines, all links, lead to."""
    return (
        piece.type == "list_item"
        and not piece.link_length
        and piece.text.endswith((":", "："))
        and _is_of_links(piece.element.getparent())
    )


def _is_of_links(items: etree._Element | None) -> bool:
    """Whether a list has nothing but links below its label."""
    if items is None:
        return False
    linked = [len(item) == 1 and item[0].tag == "a" and not item.text for item in items]
    return sum(linked) > len(linked) / 2


def _trim(pieces: list[Piece], certain: Collection[int] = ()) -> list[Piece]:
    """Take off labels, dates and names before the first prose, and headings with nothing below.

    `certain` are the ids of pieces that are the story's all the same.
    """
    first = next((n for n, piece in enumerate(pieces) if _is_prose(piece)), 0)
    pieces = [piece for n, piece in enumerate(pieces) if n >= first or not is_head_matter(piece)]
    start = 0
    while start < len(pieces) and _is_label(pieces[start]):
        start += 1
    if start == len(pieces):
        return pieces
    end = len(pieces)
    while (
        end > start + 1 and pieces[end - 1].type == "heading" and id(pieces[end - 1]) not in certain
    ):
        end -= 1
    return pieces[start:end]


def _is_prose(piece: Piece) -> bool:
    return piece.type == "paragraph" and weight_of(piece) > 0 and ends_sentence(piece.text)


def _is_label(piece: Piece) -> bool:
    """A byline, a date, a section name: short, and no sentence."""
    return (
        piece.type in ("paragraph", "list_item")
        and len(piece.text) < MIN_PROSE
        and not ENDS_SENTENCE.search(piece.text)
    )
