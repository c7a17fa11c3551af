"""What a page says about itself to machines: JSON-LD, meta tags, microdata.

Everything is read leniently, as broken as publishers write it; nothing is interpreted here beyond
finding the JSON-LD node that describes this page's article.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from crawler.extract.document import Document, collapse, find, text_of

Node = Mapping[str, Any]

_ARTICLE_TYPE = re.compile(r"(Article|BlogPosting|LiveBlogPosting|^Report|^Review|^Recipe)$")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)?\s*", re.DOTALL)
# Properties whose value may be a node of its own.
_REFERRING = ("author", "creator", "publisher", "image")
# Deeper than any publisher nests; JSON-LD comments may reply to each other.
_MAX_DEPTH = 40
# Ten times the most that a page was seen to say of itself; more is a catalogue.
MAX_JSON_LD = 1_000_000


@dataclass(frozen=True)
class Structured:
    """A page's JSON-LD nodes in order, the one about its article, and its meta tags by name."""

    document: Document
    nodes: tuple[Node, ...]
    article: Node
    meta: Mapping[str, tuple[str, ...]]

    def first_meta(self, *names: str) -> str | None:
        """Return the first non-empty meta value, asked for in the order of trust."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    @cached_property
    def types(self) -> frozenset[str]:
        """All JSON-LD types of the page."""
        return frozenset(kind for node in self.nodes for kind in types_of(node))

    @cached_property
    def items(self) -> Sequence[etree._Element]:
        """The elements of the page that bear a type of microdata."""
        return [e for e in self.document.elements if e.get("itemtype") is not None]

    @cached_property
    def article_scope(self) -> etree._Element | None:
        """The microdata item of the page's article, if there is one."""
        for scope in self.items:
            kind = scope.get("itemtype", "").rstrip("/").rpartition("/")[2]
            if scope.get("itemscope") is not None and _ARTICLE_TYPE.search(kind):
                return scope
        return None

    def microdata(self, name: str) -> Iterator[etree._Element]:
        """Yield the elements that carry an itemprop of the article, in page order."""
        scope = self.article_scope
        if scope is not None:
            for element in find(scope, ".//*[@itemprop]"):
                if name in (element.get("itemprop") or "").split():
                    yield element

    def itemprop(self, name: str) -> str | None:
        """Return the value of the article's first non-empty microdata property of that name."""
        return next(filter(None, map(microdata_value, self.microdata(name))), None)


def read_structured(document: Document) -> Structured:
    """Read the page's structured data; what is broken beyond repair is left out."""
    nodes = tuple(_json_ld(document))
    article = _with_references(_article_node(nodes, document.url), nodes)
    return Structured(document, nodes, article, _meta(document))


def types_of(node: Node) -> tuple[str, ...]:
    """Return a node's types without their namespace."""
    kinds = node.get("@type")
    return tuple(
        kind.rpartition("/")[2].rpartition(":")[2]
        for kind in (kinds if isinstance(kinds, list) else [kinds])
        if isinstance(kind, str)
    )


def is_article(node: Node) -> bool:
    """Whether a node's type is schema.org's Article, or one of its kinds."""
    return any(_ARTICLE_TYPE.search(kind) for kind in types_of(node))


def texts(value: Any) -> Iterator[str]:
    """Yield the plain texts in a JSON-LD value: a string, a list, or things with a name."""
    if isinstance(value, str):
        if text := plain(value):
            yield text
    elif isinstance(value, list):
        for entry in value:
            yield from texts(entry)
    elif isinstance(value, Mapping):
        yield from texts(value.get("name") or value.get("@value") or value.get("headline"))


def first_text(value: Any) -> str | None:
    """Return the first plain text of a JSON-LD value, or None."""
    return next(texts(value), None)


def plain(value: str) -> str:
    """Return text that may be escaped, once or twice, or carry tags, as a reader sees it."""
    if "&" in value:
        value = html.unescape(html.unescape(value))
    if "<" in value:
        value = re.sub(r"</?[a-zA-Z][^<>]{0,500}>", " ", value)
    return collapse(value)


def _json_ld(document: Document) -> Iterator[Node]:
    for script in document.all("script"):
        is_said = "ld+json" in (script.get("type") or "").lower()
        if is_said and script.text and len(script.text) <= MAX_JSON_LD:
            yield from _flatten(_load(script.text))


def _load(text: str) -> Any:
    text = _WRAPPING.sub("", text, count=1)
    decoder = json.JSONDecoder(strict=False)
    for attempt in (text, _TRAILING_COMMA.sub("", text), html.unescape(text)):
        try:
            return decoder.raw_decode(attempt.lstrip())[0]
        except (ValueError, RecursionError):
            continue
    return None


def _flatten(value: Any, depth: int = 0) -> Iterator[Node]:
    """Yield typed objects: top level, in lists, in @graph, and the main entity of a page."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for entry in value:
            yield from _flatten(entry, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(key), list | dict):
                yield from _flatten(value[key], depth + 1)


def _article_node(nodes: tuple[Node, ...], url: str) -> Node:
    """Choose the article this page is about: by its URL, else the first that says most."""
    path = _path(url)
    best: Node = {}
    best_rank = (-1, -1)
    for node in nodes:
        if not is_article(node):
            continue
        links = (node.get("url"), node.get("@id"), node.get("mainEntityOfPage"))
        about_this = any(
            _path(link.get("@id") if isinstance(link, Mapping) else link) == path for link in links
        )
        said = sum(bool(node.get(key)) for key in ("headline", "datePublished", "author"))
        if (rank := (int(about_this), said)) > best_rank:
            best, best_rank = node, rank
    return best


def _with_references(article: Node, nodes: tuple[Node, ...]) -> Node:
    """The article with what it only points at by @id put in: WordPress states its people apart."""
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    put_in = {
        key: [
            by_id.get(str(one.get("@id")), one)
            if isinstance(one, Mapping) and not one.get("name")
            else one
            for one in (value if isinstance(value, list) else [value])
        ]
        for key in _REFERRING
        if (value := article.get(key))
    }
    return {**article, **put_in} if by_id else article


def _path(link: Any) -> str | None:
    if not isinstance(link, str):
        return None
    try:
        return urlsplit(link).path.rstrip("/")
    except ValueError:
        return None


def _meta(document: Document) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for element in document.all("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        value = plain(element.get("content") or "")
        if name and value and not _is_cut(element):
            key = name.strip().lower()
            found[key] = (*found.get(key, ()), value)
    return found


def _is_cut(element: etree._Element) -> bool:
    """Whether a value ends at a quotation mark within it: the rest stands as attributes."""
    return len(element.attrib) > 2 and any('"' in name for name in map(str, element.keys()))


def microdata_value(element: etree._Element) -> str:
    """Return a microdata property's value: attribute where the element has one, else its text."""
    for attribute in ("content", "datetime"):
        if value := element.get(attribute):
            return collapse(value)
    return text_of(element)


def microdata_name(element: etree._Element) -> str:
    """Return the name of the thing that a microdata property holds, or its own value."""
    named = find(element, ".//*[@itemprop='name']")
    return microdata_value(named[0] if named else element)
