"""From a page's bytes to one parsed tree, once, whatever the bytes are.

The encoding is found as a browser finds it; a page that cannot be parsed whole is refused, never
silently cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast
from urllib.parse import urljoin

from lxml import etree
from w3lib.encoding import html_body_declared_encoding, html_to_unicode, read_bom, resolve_encoding

from crawler.errors import Reason, Refusal

# A tag with more attributes than any author writes; libxml2 compares each with all before it.
MAX_ATTRIBUTES = 250
# Prose lives in far less; above this, parsing alone takes a second.
MAX_CHARACTERS = 20_000_000
# Twice the largest of a thousand pages, comments and all: what no reader scrolls through. Reading
# takes a second for so many elements, and half of one for so much text.
MAX_ELEMENTS = 25_000
MAX_TEXT = 1_000_000
# Opening and closing, and those in scripts, which cost nothing: such a page is not even parsed.
MAX_TAGS = 10 * MAX_ELEMENTS
# Classes and ids are read by many patterns; the longest seen has 7,000 characters. A page below
# this size has no room for one that costs anything.
MAX_NAME = 50_000
_SMALL = 250_000
# Five times the deepest page seen; several readers look up from an element to all above it.
MAX_DEPTH = 200

_ATTRIBUTE_BOMB = re.compile(
    rb"<[a-zA-Z][\w:-]*+(?:[\s/]++[^\s=>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"']++))?+)"
    rb"{%d}+" % MAX_ATTRIBUTES
)
_ELEMENTS = etree.XPath("count(//*)")
_CHARACTERS = etree.XPath("string-length(/)")
_TOO_DEEP = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_LONG_NAME = etree.XPath(
    f"boolean(//*[string-length(@class) > {MAX_NAME} or string-length(@id) > {MAX_NAME}])"
)
# What XML forbids and no reader sees, in UTF-8, where deleting bytes is cheap; white space stays.
_CONTROL = bytes((*range(9), 0x0B, *range(0x0E, 0x20), 0x7F))
_NO_CHARACTERS = ("\ufffe", "\uffff")


@dataclass(frozen=True, slots=True)
class Document:
    """A page, parsed: its URL as fetched, the root element, and the URL its links are based on."""

    url: str
    root: etree._Element
    base_url: str

    def absolute(self, link: str | None) -> str | None:
        """Return an http(s) link of the page as an absolute URL, else None."""
        try:
            url = urljoin(self.base_url, (link or "").strip())
        except ValueError:
            return None
        return url if link and url.startswith(("http://", "https://")) else None


def parse(body: bytes, url: str, encoding: str | None = None) -> Document | Refusal:
    """Return the page as one tree, or why it cannot be had whole.

    `encoding` is what the HTTP header said, which a byte order mark overrides (WHATWG HTML 13.2.3).
    """
    text = decode(body, encoding)
    if len(text) > MAX_CHARACTERS:
        return Refusal(Reason.TOO_LARGE_TO_READ, f"more than {MAX_CHARACTERS} characters")
    markup = _printable(text)
    tags = markup.count(b"<")
    if tags > MAX_TAGS:
        return Refusal(Reason.TOO_LARGE_TO_READ, f"more than {MAX_TAGS} tags")
    if _ATTRIBUTE_BOMB.search(markup):
        return Refusal(Reason.TOO_LARGE_TO_READ, f"a tag with over {MAX_ATTRIBUTES} attributes")
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )  # huge: 2,048 levels instead of 255; the length is bounded above
    try:
        root = etree.fromstring(markup, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return Refusal(Reason.NO_BODY, "nothing that parses as HTML")
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        return Refusal(Reason.TOO_LARGE_TO_READ, "nested too deep")
    too_large = _too_large(len(text), tags, root)
    if too_large:
        return Refusal(Reason.TOO_LARGE_TO_READ, too_large)
    bases = (base.get("href") for base in root.iter("base"))
    base = next((href for href in bases if href is not None), "")
    try:
        base_url = urljoin(url, base.strip())
    except ValueError:
        base_url = url
    return Document(url, root, base_url)


def _too_large(length: int, tags: int, root: etree._Element) -> str | None:
    """What a page has more of than can be read in time, None for one that is no trouble.

    `length` and `tags` are those of its source.
    """
    if _TOO_DEEP(root):
        return f"nested deeper than {MAX_DEPTH} elements"
    if tags > MAX_ELEMENTS and cast(float, _ELEMENTS(root)) > MAX_ELEMENTS:
        return f"more than {MAX_ELEMENTS} elements"
    if length > _SMALL and _LONG_NAME(root):
        return f"a class or id of more than {MAX_NAME} characters"
    if length > MAX_TEXT:
        data = sum(len(element.text or "") for element in root.iter("script", "style"))
        if cast(float, _CHARACTERS(root)) - data > MAX_TEXT:
            return f"more than {MAX_TEXT} characters of text"
    return None


def decode(body: bytes, encoding: str | None = None) -> str:
    """Return the page as text: byte order mark, HTTP header, meta, UTF-8 if valid, cp1252."""
    bom, _ = read_bom(body)
    declared = bom or _known(encoding) or html_body_declared_encoding(body)
    if declared in (None, "utf-8", "cp1252"):
        try:  # a page that is valid UTF-8 is UTF-8, whatever Latin-1 it claims
            return body.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    _, text = html_to_unicode(f"charset={declared or 'cp1252'}", body)
    return text


def _printable(text: str) -> bytes:
    """Return text in UTF-8, without control characters and what is no character."""
    for character in _NO_CHARACTERS:
        if character in text:
            text = text.replace(character, "")
    return text.encode("utf-8", "ignore").translate(None, _CONTROL)


def _known(encoding: str | None) -> str | None:
    return resolve_encoding(encoding) if encoding else None


def find(element: etree._Element, path: str) -> list[etree._Element]:
    """Return the elements that an XPath selects."""
    return cast("list[etree._Element]", element.xpath(path))


def first_value(element: etree._Element, path: str) -> str | None:
    """Return the first attribute value that an XPath selects, or None."""
    return next(iter(cast("list[str]", element.xpath(path))), None)


def collapse(text: str) -> str:
    """Fold runs of ASCII white space to one space; French non-breaking spaces stay."""
    data = text.encode("utf-8", "surrogatepass")  # bytes know no white space but ASCII's
    return b" ".join(data.split()).decode("utf-8", "surrogatepass").strip()


def text_of(element: etree._Element) -> str:
    """Return all text below an element, in one line."""
    return collapse("".join(cast("Iterator[str]", element.itertext())))


def is_among_comments(element: etree._Element) -> bool:
    """Whether an element belongs to comments, by a name around it: its date is a reader's."""
    return any(
        "comment" in f"{one.get('class')} {one.get('id')}".lower()
        for one in (element, *element.iterancestors())
        if one.tag not in ("body", "html")
    )
