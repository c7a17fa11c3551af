"""A story told as typed paragraphs, whatever a content system calls them, as HTML.

ProseMirror, Slate, Lexical, Editor.js, Draft, Portable Text, Contentful, Gutenberg, Fusion and
React all name a paragraph's kind under one key and keep its text under another.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

# Deeper than any author nests.
MAX_DEPTH = 60
# What all lists of a page's objects may unfold to: each object may be named in many places.
MAX_MARKUP_OBJECTS = 100_000

TAG = re.compile(r"<[^<>]{1,500}>")
# What a paragraph's kind is called, and under which keys its text stands, in the order asked for.
_KIND_KEYS = (
    "type", "tag", "tagName", "nodeType", "blockType", "_type", "name", "kind", "blockName",
    "__typename", "component", "element",
)  # fmt: skip
_TEXT_KEYS = (
    "content", "children", "text", "html", "value", "data", "body", "items", "model", "attributes",
    "attrs", "innerHTML", "paragraph", "nodes", "props", "fields",
)  # fmt: skip
_STYLES = re.compile(r"h[1-6]|blockquote")
_TAGS = {
    "text": "p", "paragraph": "p", "rawhtml": "p", "raw_html": "p", "html": "p", "body": "p",
    "unstyled": "p", "block": "p", "freeform": "p", "textblock": "p", "bodytext": "p",
    "header": "h2", "heading": "h2", "subheading": "h2", "subheadline": "h2", "subtitle": "h2",
    "intertitle": "h2", "crosshead": "h2", "interstitial": "h2",
    "heading-1": "h2", "heading-2": "h2", "heading-3": "h3", "heading-4": "h4",
    "header-one": "h2", "header-two": "h2", "header-three": "h3",
    "quote": "blockquote", "pullquote": "blockquote",
    "list": "ul", "bulletlist": "ul", "bullet_list": "ul", "orderedlist": "ol",
    "ordered_list": "ol", "unordered-list": "ul", "ordered-list": "ol",
    "list_item": "li", "listitem": "li", "list-item": "li",
    "unordered-list-item": "li", "ordered-list-item": "li",
    "hyperlink": "a", "link": "a", "bold": "b", "italic": "i", "linebreak": "br",
    "root": "div", "document": "div", "doc": "div", "fragment": "div", "richtext": "div",
    "rich_text": "div", "oembed_response": "div", "raw_oembed": "div",
} | {tag: tag for tag in (
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "a",
    "em", "strong", "b", "i", "u", "s", "br", "span", "div", "section", "article", "main", "figure",
    "figcaption", "table", "thead", "tbody", "tr", "td", "th", "dl", "dt", "dd", "sub", "sup",
    "small", "mark",
)}  # fmt: skip
_INLINE = frozenset({
    "text", "a", "em", "strong", "b", "i", "u", "s", "br", "span", "hyperlink", "link", "bold",
    "italic", "linebreak", "sub", "sup", "small", "mark",
})  # fmt: skip
_WORD_END = re.compile(r"block$|node$|element$|component$")


class MarkupWriter:
    """Writes values as markup; `follow` gives what a reference stands for."""

    def __init__(self, follow: Callable[[Any], Any]) -> None:
        self._follow = follow
        self._left = MAX_MARKUP_OBJECTS

    def write(self, value: Any, *, inline: bool = False, depth: int = 0) -> str:
        """A typed paragraph with all that is in it as markup; nothing for what is no text."""
        value = self._follow(value)
        if depth > MAX_DEPTH or self._left <= 0:
            return ""
        self._left -= 1
        if isinstance(value, str):
            return value if TAG.search(value) else html.escape(value, quote=False)
        if isinstance(value, list):
            return "".join(self.write(entry, inline=inline, depth=depth + 1) for entry in value)
        return self._object(value, inline, depth) if isinstance(value, dict) else ""

    def _object(self, value: dict[str, Any], inline: bool, depth: int) -> str:
        kind = kind_of(value)
        tag = _TAGS.get(kind)
        if tag == "br":
            return "<br>"
        text: Any = next((value[key] for key in _TEXT_KEYS if value.get(key)), None)
        text = self._follow(text)
        if isinstance(text, dict) and kind_of(text) not in _TAGS:
            text = next((text[key] for key in _TEXT_KEYS if text.get(key)), None)
        if tag is None or text is None:
            return ""
        if isinstance(style := value.get("style"), str) and _STYLES.fullmatch(style):
            tag = style
        elif tag == "h2" and isinstance(level := _level(value), int) and 2 <= level <= 6:
            tag = f"h{level}"
        inner = self.write(text, inline=inline or kind not in _INLINE, depth=depth + 1)
        if kind == "text" and inline:
            return inner
        if tag == "p" and "<p" in inner.lower():
            return inner
        return f"<{tag}>{inner}</{tag}>"


def kind_of(value: dict[str, Any]) -> str:
    """Return what an object calls its kind, in the words of the table above."""
    named = (value[key] for key in _KIND_KEYS if isinstance(value.get(key), str))
    for name in named:
        kind = str(name).lower().rpartition("/")[2]
        if kind in _TAGS:
            return kind
        if (short := _WORD_END.sub("", kind).rstrip("-_")) in _TAGS:
            return short
    return ""


def _level(value: dict[str, Any]) -> Any:
    inner: Any = next((value[key] for key in ("attrs", "attributes", "data") if key in value), {})
    return value.get("level") or (inner.get("level") if isinstance(inner, dict) else None)
