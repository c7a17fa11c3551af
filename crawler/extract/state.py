"""The story of a page whose HTML is an empty shell: it stands in the state its scripts start from.

JSON-LD's articleBody, and whatever Next.js, Nuxt, Apollo, Fusion, WordPress' REST answers and their
like leave in a script, read by shape: a long text with markup, or a list of typed paragraphs.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from crawler.extract.document import collapse, text_of

# Shorter is a teaser, or a line of the interface.
MIN_STATED = 600
# A script with less in it holds no story.
MIN_SCRIPT = 1_000
# The object that bears the page's title holds its story no deeper than this.
OWNER_REACH = 5
# Shorter or longer is no title.
MIN_TITLE, MAX_TITLE = 15, 300
# Deeper than any front end nests its content.
MAX_DEPTH = 60

_OPENING = re.compile(r"(?:^|[=(,]\s*)(?=[{\[])")
_TAG = re.compile(r"<[^<>]{1,500}>")
_PARAGRAPH_TAG = re.compile(r"</p\s*>|<br\s*/?>\s*<br", re.IGNORECASE)
# What a paragraph's kind is called, and under which keys its text stands, in the order asked for.
_KIND_KEYS = ("type", "tag", "tagName", "nodeType", "blockType", "name", "__typename")
_TEXT_KEYS = ("content", "children", "text", "html", "value", "data", "body", "items", "model")
_TAGS = {
    "text": "p", "paragraph": "p", "rawhtml": "p", "raw_html": "p", "html": "p",
    "header": "h2", "heading": "h2", "subheading": "h2", "subheadline": "h2",
    "quote": "blockquote", "pullquote": "blockquote", "list": "ul", "list_item": "li",
    "listitem": "li", "list-item": "li", "unordered-list": "ul", "ordered-list": "ol",
} | {tag: tag for tag in ("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre",
                          "a", "em", "strong", "b", "i", "br", "span", "div")}  # fmt: skip
_INLINE = frozenset({"text", "a", "em", "strong", "b", "i", "br", "span"})


def stated_story(root: etree._Element) -> etree._Element | None:
    """Return the longest story in the page's scripts as a tree of its own, or None."""
    titles = " ".join(text_of(element).casefold() for element in root.iter("title", "h1"))
    best, rank = "", (False, False, 0)
    for script in root.iter("script"):
        for value in _values(script.text or ""):
            for markup, owner in _stories(value, titles):
                length = len(_TAG.sub("", markup))
                parted = markup.count("</p>") > 1  # an articleBody often is one wall of text
                if length >= MIN_STATED and (owner <= OWNER_REACH, parted, length) > rank:
                    best, rank = markup, (owner <= OWNER_REACH, parted, length)
    if not best:
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    return etree.fromstring(f"<article>{best}</article>".encode(), parser)


def _values(text: str) -> Iterator[Any]:
    """Yield every JSON value that a script is, assigns or passes on."""
    if len(text) < MIN_SCRIPT:
        return
    decoder = json.JSONDecoder(strict=False)
    position = 0
    while (opening := _OPENING.search(text, position)) is not None:
        try:
            value, position = decoder.raw_decode(text, opening.end())
        except (ValueError, RecursionError):
            position = opening.end() + 1
        else:
            yield value


def _stories(
    value: Any, titles: str, owner: int = MAX_DEPTH, depth: int = 0
) -> Iterator[tuple[str, int]]:
    """Yield what may be a story in a value, as markup, and how far above it the page's title is."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, str):
        if len(value) >= MIN_STATED and _PARAGRAPH_TAG.search(value):
            yield value, owner
    elif isinstance(value, list):
        if sum(isinstance(entry, dict) for entry in value) > 1:
            yield "".join(_markup(entry, inline=False) for entry in value), owner
        for entry in value:
            yield from _stories(entry, titles, owner + 1, depth + 1)
    elif isinstance(value, dict):
        if any(isinstance(entry, str) and _is_title(entry, titles) for entry in value.values()):
            owner = 0
        if isinstance(text := value.get("articleBody"), str) and not _TAG.search(text):
            yield "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines()), owner
        for entry in value.values():
            yield from _stories(entry, titles, owner + 1, depth + 1)


def _is_title(text: str, titles: str) -> bool:
    return MIN_TITLE <= len(text) <= MAX_TITLE and collapse(text).casefold() in titles


def _markup(value: Any, *, inline: bool, depth: int = 0) -> str:
    """A typed paragraph with all that is in it as markup; nothing for what is no text."""
    if depth > MAX_DEPTH:
        return ""
    if isinstance(value, str):
        return value if _TAG.search(value) else html.escape(value, quote=False)
    if isinstance(value, list):
        return "".join(_markup(entry, inline=inline, depth=depth + 1) for entry in value)
    if not isinstance(value, dict):
        return ""
    kind = next((value[key] for key in _KIND_KEYS if isinstance(value.get(key), str)), "").lower()
    tag = _TAGS.get(kind.rpartition("/")[2])
    text = next((value[key] for key in _TEXT_KEYS if value.get(key)), None)
    if tag is None or text is None:
        return ""
    block = kind not in _INLINE
    inner = _markup(text, inline=inline or block, depth=depth + 1)
    if kind == "text" and inline:
        return inner
    return f"<{tag}>{inner}</{tag}>"
