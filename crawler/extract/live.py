"""The times of a live blog's entries, each a line of its own above what it dates.

A live blog is a story told in pieces with a time to each: marks of one shape, each with prose below
it; or what JSON-LD lists as its updates. The order is the page's, and so are the words for a time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.container import common_ancestor
from crawler.extract.document import text_of
from crawler.extract.structured import Structured, first_text
from crawler.extract.survey import fold, weight_of

# Fewer dated pieces are a byline's "published" and "updated".
MIN_ENTRIES = 3
# Of the steps from one time to the next, this share may go the other way: midnight, a pinned entry.
MAX_TURNS = 0.2
# A time is told in few words: "17:05", "3 June, 5.05 pm CET", "vor 5 Minuten".
MAX_TIME = 40
# An update's beginning by which it is found on the page.
_BEGINNING = 60

# A clock time, in a line that says little else.
_CLOCK = re.compile(
    r"(?:[^\W_]+[,.]?\s+){0,3}?((?:[01]?\d|2[0-4])\s?[:h]\s?[0-5]\d|"
    r"(?:[01]?\d|2[0-4])\.[0-5]\d(?=\s?(?:[ap]\.?m|uhr)))(?::\d\d)?"
    r"(?:\s?(?:[ap]\.?m\.?|uhr|h))?(?:\s[A-Z]{2,5})?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d\s?[:h.]\s?\d", re.IGNORECASE)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)")
_MARK_TAGS = ("time", "span", "div", "p", "strong", "b", "h2", "h3", "h4", "a", "dt", "small")


def with_times(
    told: Sequence[Piece], structured: Structured, left_out: AbstractSet[etree._Element]
) -> list[Piece]:
    """Return the story's pieces with the times of its entries, if it is told in entries.

    `left_out` are the comments, whose times are their own.
    """
    container = common_ancestor(told)
    if container is None or len(told) < MIN_ENTRIES:
        return list(told)
    marks = _marks(container, told, left_out)
    if len(marks) >= MIN_ENTRIES:
        return _inserted(told, marks)
    return _inserted(told, _stated(told, structured))


def _marks(
    container: etree._Element, told: Sequence[Piece], left_out: AbstractSet[etree._Element]
) -> dict[int, Piece]:
    """For the index of each entry's first piece: its time, where the marks are of one shape."""
    found = [mark for mark in _shown(container) if left_out.isdisjoint(_line(mark))]
    if len(found) < MIN_ENTRIES:
        return {}
    order = {element: index for index, element in enumerate(container.iter())}
    starts = sorted((order.get(piece.element, -1), index) for index, piece in enumerate(told))
    shapes: dict[tuple[str, str], list[etree._Element]] = {}
    for mark in found:
        shapes.setdefault((str(mark.tag), mark.get("class") or ""), []).append(mark)
    best: dict[int, Piece] = {}
    for marks in shapes.values():
        # A mark may stand in the paragraph that it dates, which then begins before it.
        begins = [order[_start(mark)] if _start(mark) in order else order[mark] for mark in marks]
        entries: dict[int, Piece] = {}
        for mark, begin, end in zip(marks, begins, [*begins[1:], len(order)], strict=True):
            first, last = bisect_left(starts, (begin, 0)), bisect_left(starts, (end, 0))
            if any(weight_of(told[index]) for _, index in starts[first:last]):
                piece = Piece("paragraph", _words(mark), None, 0, mark, ())
                entries.setdefault(starts[first][1], piece)
        if _runs(entries):
            best = max(best, entries, key=len)
    return best


def _runs(entries: Mapping[int, Piece]) -> bool:
    """Whether the times run one way, down or up, as those of boxes on other stories do not."""
    clocks = [_order(entries[index].element) for index in sorted(entries)]
    steps = [(later > sooner) - (later < sooner) for sooner, later in pairwise(clocks)]
    falls, rises = steps.count(-1), steps.count(1)
    return min(falls, rises) <= MAX_TURNS * len(steps) and _are_near(clocks)


def _are_near(clocks: Sequence[str]) -> bool:
    """Whether the times that have a day are all of a month or two."""
    months = {int(clock[:4]) * 12 + int(clock[5:7]) for clock in clocks if clock[4:5] == "-"}
    return not months or max(months) - min(months) <= 1


def _order(mark: etree._Element) -> str:
    """A time as a text that sorts: day and clock of the attribute, else the clock it shows."""
    if stated := _moment(mark.get("datetime") or ""):
        return stated
    clock = _CLOCK.fullmatch(_plain(mark))
    hour, _, minute = (
        re.sub(r"[h.]", ":", clock[1].lower()).partition(":") if clock else ("", "", "")
    )
    return f"{hour.strip():0>2}:{minute.strip()}"


def _shown(container: etree._Element) -> Iterator[etree._Element]:
    """Elements that are a time and nothing else, none within another."""
    within: set[etree._Element] = set()
    for element in container.iter(*_MARK_TAGS):
        if element.getparent() in within:
            within.add(element)
        elif element.tag == "time" or _is_clock(element):
            within.add(element)
            if _words(element):
                yield element


def _is_clock(element: etree._Element) -> bool:
    """Whether a leaf, or the one leaf below it, is a clock time; most elements are not."""
    leaf = element[0] if len(element) == 1 else element
    raw = leaf.text or ""
    if len(leaf) or len(raw) > 2 * MAX_TIME or not _DIGITS.search(raw):
        return False
    return _CLOCK.fullmatch(_plain(element)) is not None


def _plain(element: etree._Element) -> str:
    """Its text without the signs that set a time apart."""
    return text_of(element).strip(" |–—-:·•()[]")


def _words(mark: etree._Element) -> str:
    """The time as the page shows it, else as its attribute has it; nothing if that is no time."""
    text = text_of(mark)
    if len(text) <= MAX_TIME and any(map(str.isdigit, text)):
        return text
    return _moment(mark.get("datetime") or "")


def _moment(stated: object) -> str:
    moment = _MOMENT.match(stated) if isinstance(stated, str) else None
    return f"{moment[1]} {moment[2]}" if moment else ""


def _line(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from element.iterancestors()


def _start(mark: etree._Element) -> etree._Element:
    """The paragraph that a mark stands in, else the mark."""
    parent = mark.getparent()
    return parent if parent is not None and parent.tag in ("p", "li", "dd") else mark


def references(structured: Structured) -> list[str]:
    """Return the words by which the story is found on its page, as JSON-LD states them.

    Those of the articleBody; and of a live blog's updates, whose entries may be set like articles
    of their own, in case they find more of it.
    """
    updates = structured.article.get("liveBlogUpdate")
    listed = (u for u in updates if isinstance(u, Mapping)) if isinstance(updates, list) else ()
    words = " ".join(filter(None, (first_text(update.get("articleBody")) for update in listed)))
    return [first_text(structured.article.get("articleBody")) or "", *([words] if words else [])]


def _stated(told: Sequence[Piece], structured: Structured) -> Mapping[int, Piece]:
    """The same for the updates that JSON-LD lists, where the page shows their words."""
    updates = structured.article.get("liveBlogUpdate")
    if not isinstance(updates, list):
        return {}
    entries: dict[int, Piece] = {}
    folded = [fold(piece.text) for piece in told]
    for update in updates:
        if not isinstance(update, Mapping) or not (time := _moment(update.get("datePublished"))):
            continue
        for name in ("headline", "articleBody"):
            begun = fold(first_text(update.get(name)) or "")[:_BEGINNING].strip()
            place = next(
                (i for i, text in enumerate(folded) if begun and text.startswith(begun)), None
            )
            if place is not None:
                entries[place] = Piece("paragraph", time, None, 0, told[place].element, ())
                break
    return entries


def _inserted(told: Sequence[Piece], entries: Mapping[int, Piece]) -> list[Piece]:
    """The pieces with a time before each entry's first, unless that is the time or tells it."""
    pieces: list[Piece] = []
    for index, piece in enumerate(told):
        time = entries.get(index)
        above = pieces[-1].text if pieces else ""
        said = time is not None and (
            above.startswith(time.text) or piece.text.startswith(time.text)
        )
        if time is not None and not said:
            pieces.append(time)
        pieces.append(piece)
    return pieces
