"""From items in page order to comments: an id for each, and the comment that it answers.

An answer is known by standing inside what it answers, by a stated parent, by a depth, or by an
indented block that follows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lxml import etree

from crawler.extract.comment_names import Role, roles
from crawler.extract.comment_parts import Item
from crawler.items import BY_POSITION, Comment

_ID = re.compile(
    r"(?:li-|div-|article-)?(?:comment|isso|wpd-comm|dsq-comment|remark42__comment|comment-item|"
    r"commentaire|kommentar|comentario|serendipity_comment|forum|kmt|usercomment|fb-comment|"
    r"js-comment|"
    r"comment-body|comment-id)[-_]?(?P<number>(?=[^-_]*\d|.*\d)[0-9a-f][0-9a-f_-]*)",
    re.IGNORECASE,
)
_ID_ATTRIBUTES = ("data-comment-id", "data-commentid", "data-comment", "data-id", "data-post-id")
_PARENT_ATTRIBUTES = (
    "data-parent-id", "data-parent", "data-parentid", "data-parent-comment-id", "data-reply-to",
    "data-comment-parent", "data-in-reply-to",
)  # fmt: skip
_DEPTH = re.compile(r"(?:^|[\s_-])(?:depth|level|indent|lvl|niveau)[-_]?(\d{1,2})(?:\s|$)")
_FRAGMENT = re.compile(r"(?:[a-z]+[-_])*?c?([0-9a-f][0-9a-f_-]*)", re.IGNORECASE)


def stated_id(element: etree._Element) -> str | None:
    """Return a comment's number where the element's id says that it is one."""
    identifier = element.get("id")
    match = _ID.fullmatch(identifier) if identifier else None
    return match["number"] if match else None


def page_id(element: etree._Element) -> str | None:
    """Return what the page calls a comment: its number, a data attribute, else the id itself."""
    if number := stated_id(element):
        return number
    return next(filter(None, map(element.get, _ID_ATTRIBUTES)), None) or element.get("id")


def thread(items: Iterable[Item]) -> tuple[Comment, ...]:
    """Return the items that say something as comments, each with its parent's id."""
    comments: list[Comment] = []
    ids: dict[etree._Element, str] = {}
    used: set[str] = set()
    open_at: dict[int, str] = {}  # the last comment of each depth
    for item in items:
        if not item.text:
            continue
        root = item.elements[0]
        stated_parent = _stated_parent(item, used)  # before its own id is known
        identifier = _unique(page_id(root) or f"{BY_POSITION}{len(comments)}", used)
        depth = _depth(root)
        parent = (
            next((ids[a] for a in root.iterancestors() if a in ids), None)
            or stated_parent
            or _indented_under(root, ids)
        )
        if parent is None and depth:
            parent = next((open_at[d] for d in range(depth - 1, -1, -1) if d in open_at), None)
        if depth is not None:
            open_at = {d: i for d, i in open_at.items() if d < depth} | {depth: identifier}
        ids.update(dict.fromkeys(item.elements, identifier))
        comments.append(
            Comment(
                comment_id=identifier,
                text=item.text,
                position=len(comments),
                parent_id=parent,
                author=item.author,
                date_created=item.date,
                upvotes=item.upvotes,
            )
        )
    return tuple(comments)


def _unique(identifier: str, used: set[str]) -> str:
    while identifier in used:
        identifier += "-2"
    used.add(identifier)
    return identifier


def _stated_parent(item: Item, known: Collection[str]) -> str | None:
    """By an attribute, or by a link to the comment that this one says it answers."""
    for element, role in item.own:
        for attribute in _PARENT_ATTRIBUTES:
            if (value := element.get(attribute)) and value.rpartition("-")[2] in known:
                return value.rpartition("-")[2]
            if value and value in known:
                return value
        if role & Role.PARENT:
            for link in element.iter("a"):
                fragment = (link.get("href") or "").rpartition("#")[2]
                match = _FRAGMENT.fullmatch(fragment)
                for said in (fragment, match[1] if match else ""):
                    if said in known:
                        return said
    return None


def _indented_under(root: etree._Element, ids: dict[etree._Element, str]) -> str | None:
    """The comment before the block of replies around this one: a div.indented, a list in a list."""
    for ancestor in root.iterancestors():
        if ancestor.tag == "body":
            return None
        parent = ancestor.getparent()
        inner = ancestor.tag in ("ol", "ul") and parent is not None and parent.tag == "li"
        if inner or roles(ancestor.get("class") or "") & Role.REPLIES:
            for before in ancestor.itersiblings(preceding=True):
                answered = [ids[e] for e in before.iter() if e in ids]
                if answered:
                    return answered[-1 if before.tag in ("ol", "ul") else 0]
    return None


def _depth(root: etree._Element) -> int | None:
    for attribute in ("data-depth", "data-level"):
        if (value := root.get(attribute)) and value.isdecimal():
            return int(value)
    match = _DEPTH.search(root.get("class") or "")
    return int(match[1]) if match else None
