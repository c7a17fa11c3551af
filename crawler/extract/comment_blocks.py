"""Comments whose markup names none: what repeats around a name, a date and prose under a heading.

Sections that say they hold comments are read, by their class, their id or a heading in words; a
block there is the largest element around one date, or a dated line and the elements beside it.
Anywhere else the buttons that answer or report a comment show where each is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from lxml import etree

from crawler.extract.comment_bylines import has_date, has_moment, is_dateline
from crawler.extract.comment_markup import TIMES, is_widget
from crawler.extract.comment_names import Role, roles
from crawler.extract.comment_parts import Item
from crawler.extract.comment_scopes import HEADINGS, Scope, announces
from crawler.extract.comment_words import is_reply_button
from crawler.extract.document import find, text_of

# A block whose words are a link for more than this share is a teaser.
_MAX_LINKED = 0.7
# No name and no button has so many words.
_MIN_HEADLINE = 6
# What so many say in the same few words is the page's own label: "Members".
_MIN_REPEATED, _MAX_LABEL = 3, 20
# A comment section with more dates than this is something else, or too costly to read.
_MAX_MARKS = 1_000
# One reply button is a form's.
_MIN_REPLY_BUTTONS = 2
_COUNT = re.compile(r"\d{1,4}")
_NOT_DATED = frozenset({"script", "style", "option", "textarea", "img", "iframe"})

_Test = Callable[[etree._Element], bool]


def unnamed_items(scope: Scope, language: str | None) -> list[Item]:
    """Return the comments in a section, in page order: what has an author, a date and words."""
    for is_mark in (_is_time, _is_dated, _is_moment):
        if items := _items_around(_marks_in(scope.tops, is_mark), scope, language):
            return items
    return answerable_items(scope, language) or _counted_items(scope, language)


def _counted_items(scope: Scope, language: str | None) -> list[Item]:
    """The entries of a list that has as many as its heading counts: bare words, unsigned."""
    count = _COUNT.search(text_of(scope.heading)) if scope.heading is not None else None
    for top in scope.tops if count else ():
        entries = top.findall("li") if top.tag in ("ol", "ul") else []
        if count and len(entries) == int(count[0]):
            items = [Item((entry,), set(entries), language) for entry in entries]
            return [] if any(map(_is_teaser, items)) else items
    return []


def answerable_items(scope: Scope, language: str | None) -> list[Item]:
    """Return what has an author, a date and words, and a button to answer or report it."""
    buttons = {
        element: says.strip().casefold()
        for top in scope.tops
        for element in top.iter("a", "button")
        if (says := _label_of(element)) and is_reply_button(says)
    }
    said, count = next(iter(Counter(buttons.values()).most_common(1)), ("", 0))
    if count < _MIN_REPLY_BUTTONS:
        return []
    marks = [element for element, says in buttons.items() if says == said]
    found = _items_around(marks, scope, language)
    return [item for item in found if any(map(_is_moment, (e for e, _ in item.own)))]


def _label_of(element: etree._Element) -> str | None:
    """What a button says: its own text, or that in or after its icon."""
    text = element.text
    if (text and not text.isspace()) or not len(element):
        return text
    return element[0].tail or element[0].text


def _items_around(
    marks: Sequence[etree._Element], scope: Scope, language: str | None
) -> list[Item]:
    """The comments that hold one mark each."""
    if not marks or len(marks) > _MAX_MARKS:
        return []
    limits = {top.getparent() for top in scope.tops}
    held: Counter[etree._Element] = Counter()
    for element in marks:
        held[element] += 1
        for ancestor in element.iterancestors():
            if ancestor in limits:
                break
            held[ancestor] += 1
    blocks = dict.fromkeys(_largest(element, held) for element in marks)
    roots = set(blocks)
    items = _with_prose(list(blocks), roots, language)
    found = [item for item in items if item.text and item.author and not _is_teaser(item)]
    said = Counter(item.text for item in found)
    return [
        item for item in found if said[item.text] < _MIN_REPEATED or len(item.text) > _MAX_LABEL
    ]


def _largest(mark: etree._Element, held: Counter[etree._Element]) -> etree._Element:
    """The largest element around a mark that holds no other."""
    largest = mark
    while (parent := largest.getparent()) is not None and held[parent] == 1:
        largest = parent
    return largest


def _marks_in(tops: Iterable[etree._Element], is_mark: _Test) -> list[etree._Element]:
    """The elements in which a date stands; of one inside the other, what is around one alone."""
    dated = [e for top in tops for e in top.iter() if is_mark(e) and not _is_in_form(e)]
    known = set(dated)
    within: Counter[etree._Element] = Counter(
        ancestor for element in dated for ancestor in element.iterancestors() if ancestor in known
    )
    outer = {element for element in dated if within[element] == 1}
    return [
        element
        for element in dated
        if within[element] < 2 and outer.isdisjoint(element.iterancestors())
    ]


def _is_in_form(element: etree._Element) -> bool:
    return any(map(is_widget, element.iterancestors("form")))


def _is_time(element: etree._Element) -> bool:
    return element.tag in TIMES


def _is_dated(element: etree._Element) -> bool:
    """Whether a date stands in the element itself, not only below it."""
    return any(has_date(text) and is_dateline(text) for text in _said_in(element))


def _is_moment(element: etree._Element) -> bool:
    """Whether a date, or how long ago, stands in the element itself."""
    return _is_time(element) or any(map(is_dateline, _said_in(element)))


def _said_in(element: etree._Element) -> list[str]:
    """The lines of an element's own text, and its title."""
    if element.tag in _NOT_DATED or not isinstance(element.tag, str):
        return []
    said = [element.get("title"), element.text, *(child.tail for child in element)]
    return [text.strip() for text in said if text and len(text) > 1]


def _with_prose(
    blocks: list[etree._Element], known: set[etree._Element], language: str | None
) -> Iterator[Item]:
    """Yield blocks that hold prose; a dated line alone takes the elements above or below it."""
    for block in blocks:
        alone = Item((block,), known, language)
        if alone.text:
            yield alone
            continue
        last = [e for e in (block, *block.itersiblings()) if e in known][-1]
        below = _until(last.itersiblings(), known)
        if any(map(text_of, below)):
            yield Item((block, *_until(block.itersiblings(), known)), known, language)
        else:  # each date stands under its words
            above = _until(block.itersiblings(preceding=True), known)
            yield Item((*reversed(above), block), known, language)


def _until(siblings: Iterable[etree._Element], known: set[etree._Element]) -> list[etree._Element]:
    """The elements up to the next comment, a form or a heading."""
    found: list[etree._Element] = []
    for sibling in siblings:
        if sibling in known or sibling.tag in ("form", *HEADINGS) or announces(sibling):
            break
        if isinstance(sibling.tag, str):
            found.append(sibling)
    return found


def _is_teaser(item: Item) -> bool:
    """Whether a block is a link to another page: a related article, not a comment."""
    links = [link for root in item.elements for link in find(root, ".//a[@href]")]
    return any(_is_its_text(link, item) or _leads_away(link, item) for link in links)


def _is_its_text(link: etree._Element, item: Item) -> bool:
    """Whether a link is most of what a block says, or a headline beside it."""
    said = text_of(link)
    if said in item.text:
        return len(said) > _MAX_LINKED * len(item.text)
    return (
        len(said.split()) >= _MIN_HEADLINE
        and "#" not in (link.get("href") or "")
        and not has_moment(said)
    )


def _leads_away(link: etree._Element, item: Item) -> bool:
    """Whether a heading is a link, and not to the comment itself or to its author."""
    around = [link, *link.iterancestors()]
    if not any(node.tag in ("h1", "h2", "h3", "h4") for node in around[: _depth_in(around, item)]):
        return False
    if "#" in (link.get("href") or "") or "nofollow" in (link.get("rel") or ""):
        return False
    return not any(roles(node.get("class") or "") & Role.AUTHOR for node in around[:4])


def _depth_in(around: list[etree._Element], item: Item) -> int:
    return next((n + 1 for n, node in enumerate(around) if node in item.elements), 0)
