"""Readers' comments in the state that a page's scripts start from, where its markup shows none.

A list under a key that ends in "comments", in JSON or in a string of JSON, whose entries have words
and an author or a date under one of the names that such programs give them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from crawler.extract.dates import parse_date
from crawler.extract.document import Document
from crawler.extract.stated_comments import MAX_DEPTH, paragraphs
from crawler.extract.structured import plain
from crawler.items import BY_POSITION, Comment

# The list, or what GraphQL and paged answers wrap it in; of this page, not of others.
_LIST = re.compile(
    r"""(?P<escaped>\\)?"(?!latest|recent|last|top|other)\w{0,20}[cC]omments?\\?"\s*:\s*
    (?:\{[^{}\[\]]{0,200}?\\?"(?:edges|nodes|items|data|results|list)\\?"\s*:\s*)?(?=\[\s*\{)""",
    re.VERBOSE,
)
# What each has in it, which begins with plain letters and is soon found.
_KEY = re.compile(r'omments?\\?"\s*:\s*[\[{]')
# So far before those letters its key begins, at most.
_MAX_KEY = 22
# A page of teasers has a list to each.
_MAX_LISTS = 20
_TEXTS = (
    "text", "body", "content", "message", "comment", "commentText", "comment_text", "commentBody",
    "comment_body", "bodyHtml", "body_html", "textHtml", "html", "rawText", "raw_text",
)  # fmt: skip
_RENDERED = ("rendered", "html", "text", "plain", "raw")
_AUTHORS = (
    "author", "user", "creator", "owner", "commenter", "authorName", "author_name", "userName",
    "user_name", "displayName", "display_name", "username", "nickname", "name", "pseudo",
)  # fmt: skip
_NAMES = (
    "displayName", "display_name", "fullName", "full_name", "name", "username", "userName",
    "nickname", "pseudo", "login", "handle",
)  # fmt: skip
_DATES = (
    "createdAt", "created_at", "dateCreated", "date_created", "created", "publishedAt",
    "published_at", "postedAt", "date", "date_gmt", "timestamp", "time",
)  # fmt: skip
_VOTES = (
    "upvotes", "upVotes", "upvoteCount", "likes", "likeCount", "like_count", "likesCount",
    "reaction_count", "votes", "score",
)  # fmt: skip
_REPLIES = ("replies", "children", "comments", "answers", "responses")
_LISTS = ("edges", "nodes", "items", "data", "results", "list")
_IDS = ("id", "_id", "uuid", "commentId", "comment_id")
_PARENTS = ("parentId", "parent_id", "parentCommentId", "replyTo", "inReplyTo", "parent")


def stored_comments(document: Document) -> tuple[Comment, ...]:
    """Return the comments of the first list in the page's scripts that has any."""
    for script in document.all("script"):
        text = script.text or ""
        if "omment" not in text or "ld+json" in (script.get("type") or ""):
            continue
        first = next(_lists(text), None)
        if first is None:
            continue
        if first["escaped"]:
            text = _unescaped(text[first.start() :])
        for match in islice(_lists(text), _MAX_LISTS):
            if comments := tuple(_comments(_decoded(text, match.end()))):
                return comments
    return ()


def _lists(text: str) -> Iterator[re.Match[str]]:
    """Yield every opening of a list, found by its key: a script has quotes by the thousand."""
    end = 0
    for key in _KEY.finditer(text):
        quote = text.rfind('"', max(end, key.start() - _MAX_KEY), key.start())
        start = quote - (quote > end and text[quote - 1] == "\\")
        if quote >= 0 and (match := _LIST.match(text, start)) is not None:
            yield match
            end = match.end()


def _unescaped(text: str) -> str:
    """What a string of JSON in a script says; a page's text has no null characters."""
    parts = text.replace("\\\\", "\0").replace('\\"', '"').replace("\\/", "/")
    return parts.replace("\0", "\\")


def _decoded(text: str, start: int) -> Any:
    """The JSON value that begins there."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


def _comments(listed: Any) -> Iterator[Comment]:
    used: set[str] = set()
    for position, (node, parent) in enumerate(_threaded(listed, None, 0)):
        identifier = _identifier(node) or f"{BY_POSITION}{position}"
        if identifier in used:
            continue
        answered = parent or next((p for p in map(str, map(node.get, _PARENTS)) if p in used), None)
        used.add(identifier)
        yield Comment(
            comment_id=identifier,
            text=paragraphs(_text(node)),
            position=position,
            parent_id=answered,
            author=_author(node),
            date_created=_date(node),
            upvotes=next((v for v in map(node.get, _VOTES) if type(v) is int and v >= 0), None),
        )


def _threaded(
    value: Any, parent: str | None, depth: int
) -> Iterator[tuple[Mapping[str, Any], str | None]]:
    """Yield comments in reading order with the id of what they answer."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        value = next(filter(None, map(value.get, _LISTS)), None)
    for entry in value if isinstance(value, list) else ():
        node = entry.get("node", entry) if isinstance(entry, Mapping) else None
        if isinstance(node, Mapping) and _text(node) and (_author(node) or _date(node)):
            yield node, parent
            for key in _REPLIES:
                yield from _threaded(node.get(key), _identifier(node), depth + 1)


def _text(node: Mapping[str, Any]) -> str:
    values = (_within(node.get(key), _RENDERED) for key in _TEXTS)
    return next((value for value in values if plain(value)), "")


def _author(node: Mapping[str, Any]) -> str | None:
    values = (plain(_within(node.get(key), _NAMES)) for key in _AUTHORS)
    return next(filter(None, values), None)


def _within(value: Any, keys: Sequence[str]) -> str:
    """A string, or the first under these keys of what stands in its place."""
    if isinstance(value, Mapping):
        value = next(filter(None, map(value.get, keys)), None)
    return value if isinstance(value, str) else ""


def _date(node: Mapping[str, Any]) -> datetime | None:
    values = (value for value in map(node.get, _DATES) if isinstance(value, str | int))
    return next(filter(None, (parse_date(str(value)) for value in values)), None)


def _identifier(node: Mapping[str, Any]) -> str | None:
    return next((str(v) for v in map(node.get, _IDS) if isinstance(v, str | int) and v), None)
