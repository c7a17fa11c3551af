"""Comments whose markup names none: what repeats around a name, a date and prose under a heading.

Only sections that say they hold comments are read, by their class, their id or a heading in words;
a block there is the largest element around one date, or a dated line and the elements beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from lxml import etree

from crawler.extract.comment_names import Role, roles
from crawler.extract.comment_parts import Item
from crawler.extract.comment_words import MAX_LINE, has_date, is_comments_heading
from crawler.extract.document import find, text_of

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary"})
_HEADING_TAGS = (*_HEADINGS, "div", "p", "strong", "b")
# A heading holds its word, a count and a link or two.
_MAX_HEADING_PARTS = 6
# A heading's section lies beside it, or beside what wraps it.
_MAX_CLIMB = 2
# What follows a heading and is shorter is a link or a count.
_MIN_SECTION = 20
# A block whose words are a link for more than this share is a teaser.
_MAX_LINKED = 0.7
# A comment section with more dates than this is something else, or too costly to read.
_MAX_DATES = 1_000


def heading_scopes(root: etree._Element) -> Iterator[tuple[etree._Element, ...]]:
    """Yield what follows each short text that announces comments."""
    for element in root.iter(*_HEADING_TAGS):
        text = element.text
        if element.tag not in _HEADINGS and (not text or len(text) > MAX_LINE or text.isspace()):
            continue
        if _announces(element) and (following := _following(element)):
            yield following


def _following(heading: etree._Element) -> tuple[etree._Element, ...]:
    """The elements after a heading, or after what wraps it where nothing follows inside."""
    level: etree._Element | None = heading
    for _ in range(_MAX_CLIMB + 1):
        if level is None or level.tag in ("body", "article", "main"):
            break
        following = tuple(e for e in level.itersiblings() if isinstance(e.tag, str))
        if any(len(text_of(e)) > _MIN_SECTION for e in following):
            return following
        level = level.getparent()
    return ()


def _announces(element: etree._Element) -> bool:
    """Whether an element is a heading in words over comments."""
    if element.tag in _HEADINGS:
        parts = sum(1 for _ in element.iter())
        return parts <= _MAX_HEADING_PARTS and is_comments_heading(text_of(element))
    return len(element) <= 2 and is_comments_heading(element.text or "")


def unnamed_items(scope: Iterable[etree._Element], language: str | None) -> Iterator[Item]:
    """Yield the comments in a section, in page order: what has an author, a date and words."""
    tops = tuple(scope)
    dated = [e for top in tops for e in top.iter() if _is_dated(e)]
    if not dated or len(dated) > _MAX_DATES:
        return
    limits = {top.getparent() for top in tops}
    held: Counter[etree._Element] = Counter()
    for element in dated:
        held[element] += 1
        for ancestor in element.iterancestors():
            if ancestor in limits:
                break
            held[ancestor] += 1
    blocks = dict.fromkeys(_largest(element, held) for element in dated)
    roots = set(blocks)
    for elements in _with_prose(list(blocks), language):
        item = Item(elements, roots | set(elements), language)
        if item.text and item.author and item.date and not _is_teaser(item):
            yield item


def _largest(dated: etree._Element, held: Counter[etree._Element]) -> etree._Element:
    """The largest element around a date that holds no other."""
    largest = dated
    while (parent := largest.getparent()) is not None and held[parent] == 1:
        largest = parent
    return largest


def _is_dated(element: etree._Element) -> bool:
    """Whether a date stands in the element itself, not only below it."""
    if element.tag in ("script", "style", "option", "textarea") or not isinstance(element.tag, str):
        return False
    if element.tag == "time":
        return True
    said = [element.text, *(child.tail for child in element)]
    return any(text and len(text) > 5 and has_date(text.strip()) for text in said) and not any(
        ancestor.tag == "time" for ancestor in element.iterancestors()
    )


def _with_prose(
    blocks: list[etree._Element], language: str | None
) -> Iterator[tuple[etree._Element, ...]]:
    """Yield blocks that hold prose; a dated line alone takes the elements above or below it."""
    known = set(blocks)
    for block in blocks:
        if Item((block,), {block}, language).text:
            yield (block,)
            continue
        last = [e for e in (block, *block.itersiblings()) if e in known][-1]
        below = _until(last.itersiblings(), known)
        if any(map(text_of, below)):
            yield (block, *_until(block.itersiblings(), known))
        else:  # each date stands under its words
            yield (*reversed(_until(block.itersiblings(preceding=True), known)), block)


def _until(siblings: Iterable[etree._Element], known: set[etree._Element]) -> list[etree._Element]:
    """The elements up to the next comment, a form or a heading."""
    found: list[etree._Element] = []
    for sibling in siblings:
        if sibling in known or sibling.tag in ("form", *_HEADINGS) or _announces(sibling):
            break
        if isinstance(sibling.tag, str):
            found.append(sibling)
    return found


def _is_teaser(item: Item) -> bool:
    """Whether a block is a link to another page: a related article, not a comment."""
    links = [link for root in item.elements for link in find(root, ".//a[@href]")]
    if any(len(text_of(link)) > _MAX_LINKED * len(item.text) for link in links):
        return True
    return any(_leads_away(link, item) for link in links)


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
