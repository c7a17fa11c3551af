"""What stands above a piece, worked out once for each element of the page."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from lxml import etree

from crawler.extract.container import rank_of

# How many elements up are looked at for names of the article, and for a list.
REACH = 5

_ITEMS = frozenset({"li", "td", "th", "dd"})
_TEXT_TAGS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "span"})
# An element's line upwards: the ranks of the nearest names, whether the nearest are a list's items,
# whether any is an <article>, and how many there are.
_Line = tuple[tuple[int, ...], tuple[bool, ...], bool, int]


class Within:
    """Which elements lie within one; asked of all pieces, whose lines upwards are mostly shared."""

    def __init__(self, container: etree._Element) -> None:
        self._known = {container: True}

    def holds(self, element: etree._Element) -> bool:
        """Whether an element is the container or below it."""
        found = self._known.get(element)
        if found is None:
            parent = element.getparent()
            found = self._known[element] = parent is not None and self.holds(parent)
        return found


class Surroundings:
    """The elements above others, and where these stand to the container of the article."""

    def __init__(self, container: etree._Element) -> None:
        self._container = container
        self._above = {
            element: -step for step, element in enumerate((container, *container.iterancestors()))
        }
        self._steps: dict[etree._Element, tuple[float, float]] = {}
        self._lines: dict[etree._Element, _Line] = {}

    def steps(self, element: etree._Element) -> tuple[float, float]:
        """Whether it is within the container, and how many steps below or beside."""
        found = self._steps.get(element)
        if found is None:
            found = self._steps[element] = self._count(element)
        return found

    def _count(self, element: etree._Element) -> tuple[float, float]:
        if element in self._above:
            return float(element is self._container), float(self._above[element])
        parent = element.getparent()
        if parent is None:
            return 0.0, 0.0
        within, steps = self.steps(parent)
        return within, steps + 1 if within else steps

    def line(self, element: etree._Element) -> tuple[float, ...]:
        """The best name within reach, whether in a list, whether in an <article>, how deep."""
        ranks, items, in_article, depth = self._line(element)
        return max(ranks), any(items), in_article, depth

    def _line(self, element: etree._Element) -> _Line:
        found = self._lines.get(element)
        if found is None:
            parent = element.getparent()
            above: _Line = ((), (), False, 0) if parent is None else self._line(parent)
            found = self._lines[element] = (
                (rank_of(element), *above[0][: REACH - 1]),
                (element.tag in _ITEMS, *above[1][: REACH - 1]),
                element.tag == "article" or above[2],
                above[3] + 1,
            )
        return found


def holder(element: etree._Element) -> etree._Element:
    """Return the element that holds a piece and its like: the parent of a paragraph.

    A quotation between paragraphs is held by what holds these, as they are.
    """
    parent = element.getparent()
    while element.tag in _TEXT_TAGS and parent is not None:
        element, parent = parent, parent.getparent()
    return element


def makes(elements: Iterable[etree._Element]) -> Iterator[Hashable]:
    """Yield how each piece is marked up: its element's tag and class, and its parent's.

    A quotation's is made as the paragraphs around are.
    """
    above: dict[etree._Element, Hashable] = {}
    for element in elements:
        parent = element.getparent()
        while parent is not None and parent.tag == "blockquote":
            parent = parent.getparent()
        if parent is not None and parent not in above:
            above[parent] = parent.tag, parent.get("class")
        yield element.tag, element.get("class"), None if parent is None else above[parent]
