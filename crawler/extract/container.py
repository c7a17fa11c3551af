"""Where on the page the article's prose lies: the one element that holds it and least else.

It is chosen by where the prose is, by the markup that names an article's text, and by agreement
with the articleBody that the publisher states.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.haystack import haystack
from crawler.extract.markup_names import meaning_of
from crawler.extract.survey import MIN_PROSE, Held, fold

# A child that holds this share of its parent's prose is where the article is.
DESCENT_SHARE = 0.8
# The same for a child of an element that is named as the article's, or even as its text: what is
# beside it is likely the article's too.
NAMED_DESCENT_SHARE = 0.95
TEXT_DESCENT_SHARE = 0.99
# A container named as the article's must hold this share of the page's prose to be believed; less
# for a name that means the text itself, since lists of teasers can be long.
NAMED_SHARE = 0.35
TEXT_NAMED_SHARE = 0.2
# Of containers named as the text that stand in each other, the inner one is it if it holds this
# share; what is beside it are lists of other stories, boxes on the author, calls to subscribe.
NESTED_SHARE = 0.5
# A theme may cut the text into containers of one class; below this share, one is not all of it.
WHOLE_SHARE = 0.9
# A first story of several is told in at least this many characters.
MIN_STORY = 400
# A single paragraph below the story is a note.
MIN_OVERFLOW = 2
# A stated articleBody shorter than this is a teaser.
MIN_REFERENCE = 400

# Of what is named as the text itself (`rank_of`).
TEXT_RANK = 3
# What speaks for a container: its name's rank, its prose, its place from the end; and itself.
_Ranked = tuple[int, int, int, etree._Element]


def choose_container(
    pieces: Sequence[Piece], total: Held, reference: str = ""
) -> etree._Element | None:
    """Return the element that holds the article's prose and least else.

    `total` is the prose in each element; `reference` the folded articleBody of JSON-LD.
    """
    if not total:
        return None
    whole = max(total.values())
    root = min((element for element in total if total[element] == whole), key=_depth)
    if len(reference) >= MIN_REFERENCE and (agreed := _by_reference(pieces, reference)) is not None:
        return agreed
    named = _named(total, total[root])
    start = named if named is not None else root
    share = DESCENT_SHARE
    if named is not None:
        share = TEXT_DESCENT_SHARE if rank_of(named) >= TEXT_RANK else NAMED_DESCENT_SHARE
    return _with_overflow(_descend(start, total, share), total)


def _with_overflow(container: etree._Element, total: Held) -> etree._Element:
    """The element around a container that was closed too early, where the story's paragraphs go on.

    A stray end tag closes what the story stands in; what comes then are bare paragraphs beside it.
    """
    for element in (container, *container.iterancestors()):
        parent = element.getparent()
        beside = sum(total.get(one, 0) > 0 for one in _bare(element))
        if parent is not None and beside >= MIN_OVERFLOW:
            return parent
    return container


def _bare(element: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs after an element that stand beside it, or in boxes that nothing names."""
    for beside in element.itersiblings("p", "div"):
        if beside.tag == "p":
            yield beside
        elif not beside.keys() and len(beside) and beside[0].tag == "p":
            yield from beside.iterchildren("p")


def _named(total: Held, whole: int) -> etree._Element | None:
    """The element whose markup names it as the article's text, if it holds enough of the prose."""
    ranked = [
        (rank, weight, -order, element)
        for order, (element, weight) in enumerate(total.items())
        if weight >= TEXT_NAMED_SHARE * whole
        and (rank := rank_of(element))
        and (rank >= TEXT_RANK or weight >= NAMED_SHARE * whole)
    ]
    if not ranked:
        return None
    best = max(ranked, key=lambda entry: entry[:3])[3]
    return _with_its_like(_innermost(best, ranked, total), total)


def _innermost(best: etree._Element, ranked: Sequence[_Ranked], total: Held) -> etree._Element:
    """The named container within named containers that still holds most of their prose."""
    for rank, weight, _, element in ranked:
        if (
            rank >= TEXT_RANK
            and NESTED_SHARE * total[best] <= weight < total[best]
            and any(ancestor is best for ancestor in element.iterancestors())
        ):
            return _innermost(element, ranked, total)
    return best


def _with_its_like(best: etree._Element, total: Held) -> etree._Element:
    """The element around all containers of the best one's class, where a theme cuts the text up.

    Other stories on the page stand in articles of their own.
    """
    classes = best.get("class")
    if not classes or best.tag in ("article", "main"):
        return best
    like = [e for e in total if e.get("class") == classes and e.tag == best.tag]
    if total[best] >= WHOLE_SHARE * sum(total[element] for element in like):
        return best
    around = _smallest_around(like)
    if around is None:
        return best
    for element in like:
        for ancestor in element.iterancestors():
            if ancestor is around:
                break
            if ancestor.tag in ("article", "li"):  # the page goes on with other stories
                return like[0] if total[like[0]] >= MIN_STORY else best
    return best if around.tag in ("body", "html") else around


def rank_of(element: etree._Element) -> int:
    """Return how surely the markup names an element as the article's text, 0 to 4."""
    tag = element.tag
    if not element.keys():  # most have no attributes
        return 2 if tag == "article" else int(tag == "main")
    if element.get("itemprop") == "articleBody":
        return 4
    if tag in ("body", "html"):
        return 0
    for name in ("class", "id"):
        if (names := element.get(name)) and meaning_of(names).content:
            return TEXT_RANK
    if tag == "article":
        return 2
    return int(tag == "main" or element.get("role") == "main")


def _descend(element: etree._Element, total: Held, share: float) -> etree._Element:
    """Go down while one child holds nearly all of the prose."""
    while True:
        child = max(element, key=lambda child: total.get(child, 0), default=None)
        if child is None or total.get(child, 0) < share * total[element]:
            return element
        if child.tag in ("p", "ul", "ol", "li", "blockquote", "span"):
            return element
        element = child


def _by_reference(pieces: Sequence[Piece], reference: str) -> etree._Element | None:
    """The smallest element around the pieces that the publisher's own articleBody contains."""
    stated = haystack(reference)
    agreed = [
        piece
        for piece in pieces
        if len(piece.text) >= MIN_PROSE and fold(piece.text)[: 2 * MIN_PROSE] in stated
    ]
    if sum(len(piece.text) for piece in agreed) < 0.5 * len(reference):
        return None
    return common_ancestor(agreed)


def common_ancestor(pieces: Sequence[Piece]) -> etree._Element | None:
    """Return the smallest element that holds all the pieces."""
    return _smallest_around([piece.element for piece in pieces])


def _smallest_around(elements: Sequence[etree._Element]) -> etree._Element | None:
    line: list[etree._Element] = []  # what is above the first, with each one's place in it
    places: dict[etree._Element, int] = {}
    lowest = 0
    for element in elements:
        if not places:
            line, lowest = [element, *element.iterancestors()], 0
            places = {one: place for place, one in enumerate(line)}
            continue
        shared: etree._Element | None = element
        while shared is not None and shared not in places:
            shared = shared.getparent()
        if shared is None:  # of another tree
            places = {}
        else:
            lowest = max(lowest, places[shared])
    return line[lowest] if places else None


def _depth(element: etree._Element) -> int:
    return sum(1 for _ in element.iterancestors())
