"""Readers' comments as JSON-LD lists them, for pages whose markup shows none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.extract.dates import parse_date
from crawler.extract.structured import Structured, first_text, plain, types_of
from crawler.items import BY_POSITION, Comment

# Replies nested deeper than any discussion; a page that goes on is broken.
MAX_DEPTH = 40
# UserComments is schema.org's older word for it.
_TYPES = frozenset({"Comment", "UserComments"})
_DATES = ("dateCreated", "datePublished", "commentTime")
_LINE_END = re.compile(r"\n+|<br[^>]*>|</p>")


def stated_comments(structured: Structured) -> Iterator[Comment]:
    """Yield the comments of the page's JSON-LD article, replies after what they answer."""
    listed = structured.article.get("comment") or structured.article.get("comments")
    flat = list(_threaded(listed, None, 0)) or list(_answering(structured))
    used: set[str] = set()
    for position, (node, parent) in enumerate(flat):
        identifier = _node_id(node) or f"{BY_POSITION}{position}"
        if identifier in used:
            continue
        used.add(identifier)
        yield Comment(
            comment_id=identifier,
            text=paragraphs(_text(node)),
            position=position,
            parent_id=parent,
            author=first_text(node.get("author") or node.get("creator")),
            date_created=parse_date(first_text(next(filter(None, map(node.get, _DATES)), None))),
            upvotes=_count(node.get("upvoteCount")),
        )


def _threaded(
    value: Any, parent: str | None, depth: int
) -> Iterator[tuple[Mapping[str, Any], str | None]]:
    """Yield comment nodes in reading order with their parent's id; replies follow their parent."""
    if depth > MAX_DEPTH:
        return
    for node in value if isinstance(value, list) else [value]:
        if isinstance(node, Mapping) and _text(node):
            yield node, parent
            yield from _threaded(node.get("comment"), _node_id(node), depth + 1)


def _answering(structured: Structured) -> Iterator[tuple[Mapping[str, Any], str | None]]:
    """Yield comments that stand beside the article, each with the id of its parentItem."""
    for node in structured.nodes:
        if not _TYPES.isdisjoint(types_of(node)):
            parent = node.get("parentItem")
            answered = _node_id(parent) if isinstance(parent, Mapping) else None
            for inner, inside in _threaded(node, None, 0):
                yield inner, inside or answered


def _text(node: Mapping[str, Any]) -> str:
    """What a node says; empty where that is nothing a reader sees."""
    said = node.get("text") or node.get("commentText")
    return said if isinstance(said, str) and plain(said) else ""


def paragraphs(text: str) -> str:
    """Return text that may carry tags as paragraphs, a blank line apart."""
    return "\n\n".join(filter(None, map(plain, _LINE_END.split(text))))


def _count(value: Any) -> int | None:
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) else None


def _node_id(node: Mapping[str, Any]) -> str | None:
    identifier = node.get("@id") or node.get("identifier") or node.get("url")
    if not isinstance(identifier, str) or _TYPES.isdisjoint(types_of(node)):
        return None
    return identifier.rpartition("#")[2].removeprefix("comment-") or identifier
