"""The lede as the reader sees it: chapô, standfirst, dek, excerpt above the story.

It is known by the name its markup bears, else by standing between the headline and the story, else
by being the only bold paragraph at its head; several paragraphs or points in a row are one lede.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.boilerplate import is_certain, is_furniture_line, words_of
from crawler.extract.dates import DAY_IN_WORDS
from crawler.extract.descriptions import only_repeats, without_label
from crawler.extract.survey import MIN_PROSE, fold

# Names of the paragraph that opens the story.
_OPENING = re.compile(
    r"(?:^| )(?:chapo|chapeau|standfirst|stand first|lede|lead|lead text|leadtext|lead in|intro|"
    r"intro text|introtext|introduction|excerpt|vorspann|anleitung|entradilla|bajada|copete|"
    r"sommario|ingress|perex|post excerpt|entry excerpt|article excerpt|article lead|article intro|"
    r"header intro|manchet|podlead|zajawka)(?: |$)"
)
# Names of the line that stands under the headline and belongs to it: a lede, not a paragraph.
_SUBHEADLINE = re.compile(
    r"(?:^| )(?:sub ?titles?|sub ?heading|sub ?headline|sub ?hed|sub ?head|dek|deck|summary|"
    r"synopsis|abstract|teaser text|sumario|catenaccio|epigraph|summary bullets|bullet ?points|"
    r"key ?points|key ?takeaways|sub tit(?:le)?|sub ?title ?text|sub ?line|tagline|topline text|"
    r"post description|article description|story description|description)(?: |$)"
)
# Attributes in which themes name their parts; generated class names say nothing.
_NAMING = ("class", "id", "data-test-tag", "data-testid", "data-component-type", "data-component")
# How far above the text the name may stand.
_REACH = 3
# How many pieces into the story its opening may stand, after a picture or a dateline.
_DEPTH = 5
# Shorter is a label, longer is the story. A point of a list may be short, the whole list not.
MIN_LEDE, MAX_LEDE, MIN_POINT = 40, 1_200, 20
# What has more of its text in links leads away.
MAX_LINKED = 0.5
# A description cut at a length still has this much of the lede.
SAME_LENGTH = 0.8
# What no name marks must look like a sentence: this many words, and no paragraph of the story.
MIN_WORDS, MAX_UNNAMED = 8, 450
# More is no summary.
MAX_POINTS = 6
# Bylines and credits: bars and slashes between their parts, clock times, dates in figures.
_CREDIT = re.compile(r"[|©]| / ")
_NO_SENTENCE = re.compile(r"\d\d[:.]\d\d|\d{1,2}[./]\d{1,2}[./]\d{2}|[€$£] ?\d|\d\s?[€$£]")
# Regions that speak to the reader as a customer.
_NOT_TOLD = re.compile(
    r"\b(?:\w*paywall|regwall|form|subscri\w+|login|sign ?up|cards?|video|player)\b"
)
# Names that say it is of the author, or of what the page asks of one who edits it.
_OTHERS = re.compile(r"\b(?:authors?|bio|biography|profile|instructions?|help ?text|hints?)\b")
_BOLD = frozenset({"strong", "b"})


@dataclass(frozen=True, slots=True)
class Story:
    """The article's pieces in reading order, and its lede, where the page shows one."""

    body: tuple[Piece, ...]
    lede: Piece | None


def tell(
    pieces: Sequence[Piece], body: Sequence[Piece], headline: str = "", description: str = ""
) -> Story:
    """Find the lede, and put it at the head of the body where it opens the story.

    A sub-headline stays with the headline. `description` is what the page tells machines: it says
    which of two is the lede, and which paragraph is where no name does.
    """
    if not body:
        return Story((), None)
    first = _first_prose(pieces, body)
    start = _below_headline(pieces[:first], fold(headline))
    window = pieces[start : first + _DEPTH]
    opening = _named(window, headline, _OPENING)
    top = next(index for index, piece in enumerate(pieces) if piece is body[0])
    higher = {id(piece) for piece in pieces[:top]}
    above = [_as_text(piece) for piece in opening if id(piece) in higher]
    told = (*above, *body)
    told_to_machines = fold(description)
    under = _named(window, headline, _SUBHEADLINE, opening)
    run = (
        next((run for run in (under, opening) if _is_told(run, told_to_machines)), None)
        or under
        or opening
        or _told(window, headline, told_to_machines)
        or _standing(pieces[start:first], headline)
        or _bold(pieces[first])
    )
    if not run:
        return Story(told, None)
    return Story(told, replace(run[0], text=without_label("\n".join(p.text for p in run))))


def _first_prose(pieces: Sequence[Piece], body: Sequence[Piece]) -> int:
    """The index of the first paragraph of the story; what stands before it may be its lede."""
    prose = (p for p in body if p.type in ("paragraph", "list_item") and len(p.text) >= MIN_PROSE)
    wanted = next(prose, body[0])
    return next(index for index, piece in enumerate(pieces) if piece is wanted)


def _below_headline(above: Sequence[Piece], headline: str) -> int:
    """The index after the last piece above the story that is a headline, and no share box's."""
    for index in range(len(above) - 1, -1, -1):
        piece = above[index]
        if (
            piece.type == "heading"
            and (piece.level == 1 or fold(piece.text) == headline)
            and not any(is_certain(name) for _, name in piece.regions)
        ):
            return index + 1
    return 0


def _as_text(piece: Piece) -> Piece:
    return piece if piece.type == "list_item" else replace(piece, type="paragraph", level=None)


def _named(
    pieces: Sequence[Piece], headline: str, names: re.Pattern[str], before: Sequence[Piece] = ()
) -> list[Piece]:
    """The first run of pieces whose markup bears one of the names, above those of `before`."""
    run: list[Piece] = []
    for piece in pieces:
        if before and piece is before[0]:
            break
        named = _kind(piece.element) is names and (
            _may_be_lede(piece, headline) or (bool(run) and _is_next_point(run[-1], piece))
        )
        if run and not (named and piece.type == run[0].type and len(run) < MAX_POINTS):
            if sum(len(point.text) for point in run) >= MIN_LEDE:
                return run
            run = []
        if named and (not run or piece.type == run[0].type):
            run.append(piece)
    return run if sum(len(point.text) for point in run) >= MIN_LEDE else []


def _told(pieces: Sequence[Piece], headline: str, description: str) -> list[Piece]:
    """The pieces that together are what the page tells machines that it is about."""
    for first in range(len(pieces) if description else 0):
        for last in range(first + 1, min(first + MAX_POINTS, len(pieces)) + 1):
            run = list(pieces[first:last])
            if not _may_be_lede(run[-1], headline):
                break
            if _is_told(run, description):
                return run
    return []


def _is_told(run: Sequence[Piece], description: str) -> bool:
    """Whether a run says the same as the description, which may be cut at its end."""
    text = fold(" ".join(piece.text for piece in run))
    shorter, longer = sorted((len(text), len(description)))
    same = int(SAME_LENGTH * shorter)
    return (
        shorter >= MIN_LEDE
        and shorter >= SAME_LENGTH * longer
        and (text[:same] == description[:same])
    )


def _standing(between: Sequence[Piece], headline: str) -> list[Piece]:
    """A sentence right below the headline that is no part of the story."""
    for piece in between:
        if (
            (piece.type == "paragraph" or (piece.type == "heading" and piece.level != 1))
            and MIN_LEDE <= len(piece.text) <= MAX_UNNAMED
            and len(piece.text.split()) >= MIN_WORDS
            and not piece.text[0].islower()
            and not (piece.regions or piece.link_length or _NO_SENTENCE.search(piece.text))
            and fold(headline) not in fold(piece.text)
            and _may_be_lede(piece, headline)
        ):
            return [piece]
    return []


def _bold(piece: Piece) -> list[Piece]:
    """The story's first paragraph, where it is bold throughout."""
    element = piece.element
    if piece.type != "paragraph" or not MIN_LEDE <= len(piece.text) <= MAX_LEDE:
        return []
    strong = len(element) == 1 and element[0].tag in _BOLD and not (element.text or "").strip()
    return [piece] if strong and not (element[0].tail or "").strip() else []


def _is_next_point(point: Piece, piece: Piece) -> bool:
    """Whether a piece stands beside a point and looks like it: then it may be a link."""
    one, other = point.element, piece.element
    same = one.tag == other.tag and one.get("class") == other.get("class")
    return same and one.getparent() is other.getparent() and piece.link_density > MAX_LINKED


def _may_be_lede(piece: Piece, headline: str) -> bool:
    if not MIN_POINT <= len(piece.text) <= MAX_LEDE or piece.link_density > MAX_LINKED:
        return False
    if piece.type not in ("paragraph", "heading", "quote", "list_item"):
        return False
    if is_furniture_line(piece.text) or _CREDIT.search(piece.text) or _is_of_others(piece.element):
        return False
    dated = DAY_IN_WORDS.match(piece.text)
    if dated and len(piece.text) < dated.end() + MIN_LEDE:
        return False
    if any(is_certain(name) or _NOT_TOLD.search(words_of(name)) for _, name in piece.regions):
        return False
    folded, title = fold(piece.text), fold(headline)
    return not title or not (folded.startswith(title) or only_repeats(folded, title))


def _kind(element: etree._Element) -> re.Pattern[str] | None:
    for _ in range(_REACH):
        for attribute in _NAMING if element.keys() else ():
            if (value := element.get(attribute)) and (kind := _kind_of(value)) is not None:
                return kind
        if element.get("itemprop") in ("description", "alternativeHeadline", "abstract"):
            return _SUBHEADLINE
        parent = element.getparent()
        if parent is None or parent.tag in ("body", "article", "main"):
            return None
        element = parent
    return None


def _is_of_others(element: etree._Element) -> bool:
    """Whether a name around a text says that it describes its author, or a form."""
    for one in (element, *islice(element.iterancestors(), _REACH - 1)):
        if one.tag in ("body", "article", "main"):  # these tell whose all of it is
            return False
        if (value := one.get("class")) and _is_others_name(value):
            return True
    return False


@lru_cache(maxsize=16_384)
def _is_others_name(attribute: str) -> bool:
    return any(_OTHERS.search(words_of(name)) for name in attribute.split())


@lru_cache(maxsize=16_384)
def _kind_of(attribute: str) -> re.Pattern[str] | None:
    for name in attribute.split():
        words = words_of(name)
        for kind in (_OPENING, _SUBHEADLINE):
            if kind.search(words):
                return kind
    return None
