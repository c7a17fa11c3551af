"""Readers' comments one by one, threaded, apart from the article.

Read by what blog engines and comment systems call their parts, by schema.org's Comment in
microdata, by their shape where nothing is named, and from JSON-LD or the scripts' state where the
page shows none; in reading order, each with its parent, author, date, text and votes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.extract.comment_blocks import answerable_items, unnamed_items
from crawler.extract.comment_names import Role, place, roles, roles_of
from crawler.extract.comment_parts import Item
from crawler.extract.comment_scopes import Scope, heading_scopes
from crawler.extract.comment_text import names_text
from crawler.extract.comment_threads import page_id, stated_id, thread
from crawler.extract.container import TEXT_RANK, rank_of
from crawler.extract.document import Document
from crawler.extract.stated_comments import stated_comments
from crawler.extract.stored_comments import stored_comments
from crawler.extract.structured import Structured
from crawler.items import Comment

_CONTAINERS = (
    "li", "div", "article", "section", "dl", "table", "tr", "dd", "ol", "ul", "form", "aside", "dt",
    "blockquote",
)  # fmt: skip
_NOT_ITEMS = frozenset({"ol", "ul", "form", "aside"})
# Attributes by which microdata and RDFa say what an element is.
_TYPING = frozenset({"itemprop", "itemtype", "typeof"})
_SIDE_COLUMN = re.compile(r"(?:^|[\s_-])(?:widget|sidebar)(?=[\s_-]|$)")
# Pages have one or two headings over comments; so many head something else.
_MAX_SCOPES = 40
_ITEM_TYPES = ("/Comment", "/UserComments", ":Comment")


@dataclass(frozen=True, slots=True)
class Discussion:
    """A page's comments, and the elements they stand in (never part of the body)."""

    comments: tuple[Comment, ...]
    elements: frozenset[etree._Element]


def read_discussion(document: Document, structured: Structured, language: str | None) -> Discussion:
    """Return the comments that the page shows, else those its JSON-LD or its scripts list."""
    sections, candidates = _survey(document.root)
    items = _on_this_page(_named_items(candidates, language), document)
    if not (comments := thread(items)):
        items = _named_items(_posts(sections), language)
        comments = thread(items)
    around: set[etree._Element] = set(sections)
    if not comments:
        items, beside = _blocks(document.root, sections, language)
        comments = thread(items)
        around |= beside
    comments = comments or tuple(stated_comments(structured)) or stored_comments(document)
    shown = {element for item in items for element in item.elements}
    return Discussion(comments, frozenset(shown | around))


def _survey(root: etree._Element) -> tuple[list[etree._Element], list[etree._Element]]:
    """One walk over the page: its comment sections and what may be a comment, in page order."""
    sections: list[etree._Element] = []
    candidates: list[etree._Element] = []
    for element in root.iter(*_CONTAINERS):
        if not (told := element.keys()):
            continue
        identifier, classes = element.get("id"), element.get("class")
        role = place(classes) if classes else Role.NONE
        named = role | place(identifier) if identifier else role
        if named & Role.ELSEWHERE:
            continue
        if role & Role.PINGBACK:
            sections.append(element)
        elif (
            (identifier or role & Role.ITEM or not _TYPING.isdisjoint(told))
            and element.tag not in _NOT_ITEMS
            and _may_be_item(element, role)
        ):
            candidates.append(element)
        elif named & Role.SECTION and not _holds_article(element):
            sections.append(element)
    return sections, candidates


def _posts(sections: Sequence[etree._Element]) -> list[etree._Element]:
    """What forums, Disqus and Discourse call posts or replies, inside a section of comments."""
    found = {
        element: None
        for section in sections
        for element in section.iter(*_CONTAINERS)
        if element.tag not in _NOT_ITEMS and roles_of(element) & Role.POST and _holds_parts(element)
    }
    return list(found)


def _may_be_item(element: etree._Element, role: int) -> bool:
    if stated_id(element) is not None or (role & Role.ITEM and _holds_parts(element)):
        return True
    return _is_typed(element) or element.get("itemprop") == "comment"


def _is_typed(element: etree._Element) -> bool:
    """Whether schema.org's markup says that the element is a comment of its own."""
    if kind := element.get("itemtype"):
        return kind.rstrip("/").endswith(_ITEM_TYPES)
    kind = element.get("typeof")
    return kind is not None and (kind == "Comment" or kind.endswith(_ITEM_TYPES))


def _holds_parts(element: etree._Element) -> bool:
    """Whether an element named a comment has a comment's inside: a text, or a name and a date."""
    seen = Role.NONE
    for inner in element.iterdescendants("*"):
        seen |= roles_of(inner)
        if inner.tag == "time":
            seen |= Role.DATE
        elif inner.tag == "cite":
            seen |= Role.AUTHOR
        signed = seen & Role.AUTHOR and seen & Role.DATE
        if signed or seen & (Role.TEXT | Role.BODY):
            return True
    return False


def _holds_article(element: etree._Element) -> bool:
    """Whether a theme calls by a comment's name what also holds the story."""
    return any(
        inner.tag == "h1" or inner.get("itemprop") == "articleBody"
        for inner in element.iter("h1", "div", "section")
    )


def _holds_text(element: etree._Element) -> bool:
    """Whether what stands below a word on comments, a count above the story, is the story."""
    return any(rank_of(inner) >= TEXT_RANK for inner in element.iter("div", "section"))


def _named_items(candidates: Sequence[etree._Element], language: str | None) -> list[Item]:
    """The candidates that are one comment each: the outermost of those that share an id."""
    roots: dict[etree._Element, None] = {}
    ids: set[str] = set()
    all_candidates = frozenset(candidates)
    holders = {a for c in candidates for a in c.iterancestors()}
    for element in candidates:
        key = page_id(element)
        if key is not None and key in ids:
            continue
        parent = next((a for a in element.iterancestors() if a in roots), None)
        if parent is not None and not _is_reply(element, parent):
            continue  # div.comment inside li.comment: one comment
        if (
            stated_id(element) is None
            and element in holders
            and not _has_own_words(element, all_candidates)
        ):
            continue  # a list named as its comments are
        roots[element] = None
        if key is not None:
            ids.add(key)
    items = [Item((root,), roots.keys(), language) for root in roots]
    if len(items) == 1 and _is_form(items[0]):
        return []
    if len(items) == 1 and stated_id(items[0].elements[0]) is None:
        return [item for item in items if item.is_dated]  # else a notice, an editor's remark
    return items


def _is_form(item: Item) -> bool:
    """Whether one writes in it before anybody is named: the form, by a comment's name."""
    tags = (e.tag for e, role in item.own if e.tag in ("textarea", "time") or role & Role.AUTHOR)
    return next(tags, None) == "textarea"


def _on_this_page(items: list[Item], document: Document) -> list[Item]:
    """The items but for those of a side column that shows what is said below other articles."""
    aside = {id(item) for item in items if _is_aside(item.elements[0])}
    if 0 < len(aside) < len(items):
        return [item for item in items if id(item) not in aside]
    return [i for i in items if id(i) not in aside or not _leads_to_another(i, document)]


def _is_aside(element: etree._Element) -> bool:
    return any(
        one.tag == "aside" or _SIDE_COLUMN.search(one.get("class") or "")
        for one in element.iterancestors()
        if one.tag not in ("body", "html")
    )


def _leads_to_another(item: Item, document: Document) -> bool:
    """Whether a link in the item leads to a comment on a page that is not this one."""
    links = (document.absolute(e.get("href")) for e, _ in item.own if e.tag == "a")
    parts = (urlsplit(link) for link in links if link)
    path = urlsplit(document.url).path.rstrip("/")
    return any("comment" in p.fragment and p.path.rstrip("/") != path for p in parts)


def _is_reply(element: etree._Element, parent: etree._Element) -> bool:
    """Whether an item inside another is an answer to it, and not a wrapper of the same comment."""
    if stated_id(element) is not None and stated_id(parent) is not None:
        return True
    if _is_typed(element) and _is_typed(parent):
        return True
    for ancestor in element.iterancestors():
        if ancestor is parent:
            return False
        names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if ancestor.tag in ("ol", "ul") or roles(names) & Role.REPLIES:
            return True
    return False


def _has_own_words(element: etree._Element, candidates: AbstractSet[etree._Element]) -> bool:
    """Whether a text stands in the element that is in no other comment inside it."""
    own = Item((element,), candidates - {element}).own[1:]
    return any(role & (Role.TEXT | Role.BODY) or names_text(e) for e, role in own)


def _blocks(
    root: etree._Element, sections: Sequence[etree._Element], language: str | None
) -> tuple[list[Item], set[etree._Element]]:
    """Comments known by their shape, and what stands around them that is theirs as well.

    In a section that is named or headed as theirs, else where the page answers or reports them.
    """
    known = frozenset(sections)
    outermost = [one for one in sections if known.isdisjoint(one.iterancestors())]
    if items := [item for one in outermost for item in unnamed_items(Scope((one,)), language)]:
        return items, set()
    for scope in islice(heading_scopes(root), _MAX_SCOPES):
        items = unnamed_items(scope, language)
        shown = [element for item in items for element in item.elements]
        if items and not (len(items) == 1 and any(map(_holds_text, shown))):
            return items, set(scope.around(shown))
    return answerable_items(Scope((root,)), language), set()
