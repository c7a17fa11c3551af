"""Headline, authors, dates and lede of an empty shell: from the object that holds its story.

Content systems call them by a handful of names; what is found is put into schema.org's, so that it
is read, and judged, like the JSON-LD that such a page lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.extract.structured import plain

# In the order of trust. Of two names that mean one thing, the more telling goes before.
_HEADLINES = ("headline", "title", "headlines", "name")
_PUBLISHED = (
    "datePublished", "publishedAt", "published_at", "publishDate", "publish_date",
    "publicationDate", "publication_date", "firstPublishedAt", "first_publish_date", "display_date",
    "displayDate",
    "publishedDate", "published_date", "published", "publishTime", "date_gmt", "date",
)  # fmt: skip
_MODIFIED = (
    "dateModified", "updatedAt", "updated_at", "modifiedAt", "lastModified", "last_updated_date",
    "updateDate", "modified_gmt", "modified", "updated",
)  # fmt: skip
_AUTHORS = (
    "authors",
    "author",
    "bylines",
    "byline",
    "credits",
    "contributors",
    "writers",
    "creator",
)
# What such a page shows below its headline, and what else may tell of the story.
_SHOWN_LEDES = (
    "standfirst", "lede", "lead", "subtitle", "subTitle", "sub_title", "subheadline",
    "subHeadline", "subheadlines", "dek",
)  # fmt: skip
_LEDES = ("description", *_SHOWN_LEDES, "summary", "excerpt")
_NAME_KEYS = ("name", "displayName", "display_name", "fullName", "full_name", "title", "byline")
_INNER_KEYS = ("rendered", "basic", "default", "text", "value", "by", "nodes", "edges", "node")
# A moment begins with its year; a number is seconds or milliseconds since 1970.
_MOMENT = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_MAX_NAME = 80
_MAX_DEPTH = 5


def stated_facts(owner: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an object's facts by schema.org's names; what it does not say is left out."""
    facts: dict[str, Any] = {
        "headline": next(_texts(owner, _HEADLINES), None),
        "datePublished": _moment(owner, _PUBLISHED),
        "dateModified": _moment(owner, _MODIFIED),
        "description": next(_texts(owner, _LEDES), None),
        "author": [{"@type": "Person", "name": name} for name in _authors(owner)],
    }
    return {name: fact for name, fact in facts.items() if fact}


def stated_lede(owner: Mapping[str, Any]) -> str | None:
    """Return the lede that the page's scripts will show, not one that is written for machines."""
    return next(_texts(owner, _SHOWN_LEDES), None)


def _texts(owner: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        value = owner.get(key)
        if isinstance(value, Mapping):
            value = next((value[name] for name in _INNER_KEYS if value.get(name)), None)
        if isinstance(value, str) and (text := plain(value)):
            yield text


def _moment(owner: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((text for text in _texts(owner, keys) if _MOMENT.match(text)), None)


def _authors(owner: Mapping[str, Any]) -> list[str]:
    for key in _AUTHORS:
        if names := list(dict.fromkeys(_names(owner.get(key)))):
            return names
    return []


def _names(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, str):
        if 1 < len(value) <= _MAX_NAME and not value.startswith(("http", "/")):
            yield plain(value)
    elif isinstance(value, list):
        for entry in value:
            yield from _names(entry, depth + 1)
    elif isinstance(value, Mapping):
        named = next((value[key] for key in _NAME_KEYS if isinstance(value.get(key), str)), None)
        if named:
            yield from _names(named, depth + 1)
            return
        for key in _INNER_KEYS:
            yield from _names(value.get(key), depth + 1)
