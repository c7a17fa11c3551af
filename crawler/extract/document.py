"""From a page's bytes to one parsed tree, once, whatever the bytes are.

A page that cannot be parsed whole is refused, never silently cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import urljoin

from lxml import etree

from crawler.errors import Reason, Refusal
from crawler.markup import markup

# Twice the largest of a thousand pages, comments and all: what no reader scrolls through. Reading
# takes a second for so many elements, and half of one for so much text.
MAX_ELEMENTS = 25_000
MAX_TEXT = 1_000_000
# Classes and ids are read by many patterns; the longest seen has 7,000 characters. A page below
# this size has no room for one that costs anything.
MAX_NAME = 50_000
_SMALL = 250_000
# Five times the deepest page seen; several readers look up from an element to all above it.
MAX_DEPTH = 200

_CHARACTERS = etree.XPath("string-length(/)")
_TOO_DEEP = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_LONG_NAME = etree.XPath(
    f"boolean(//*[string-length(@class) > {MAX_NAME} or string-length(@id) > {MAX_NAME}])"
)


@dataclass(frozen=True, slots=True)
class Document:
    """A page, parsed: its URL as fetched, the root element, and the URL its links are based on.

    `elements` are all of its elements, in page order, and `by_tag` the same by their tags. As long
    as they are held, each reader that walks over the tree meets them as they are, where lxml else
    makes each anew for each walk.
    """

    url: str
    root: etree._Element
    base_url: str
    elements: Sequence[etree._Element]
    by_tag: Mapping[str, Sequence[etree._Element]]

    def all(self, tag: str) -> Sequence[etree._Element]:
        """The elements of a tag, in page order."""
        return self.by_tag.get(tag, ())

    @property
    def title(self) -> str:
        """The text of its `<title>`, with what the site adds to each; empty without one."""
        return next(map(text_of, self.all("title")), "")

    def absolute(self, link: str | None) -> str | None:
        """Return an http(s) link of the page as an absolute URL, else None."""
        try:
            url = urljoin(self.base_url, (link or "").strip())
        except ValueError:
            return None
        return url if link and url.startswith(("http://", "https://")) else None


def parse(body: bytes, url: str, encoding: str | None = None) -> Document | Refusal:
    """Return the page as one tree, or why it cannot be had whole.

    `encoding` is what the HTTP header said.
    """
    source = markup(body, encoding)
    if isinstance(source, Refusal):
        return source
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )  # huge: 2,048 levels instead of 255; the length is bounded above
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return Refusal(Reason.NO_BODY, "nothing that parses as HTML")
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        return Refusal(Reason.TOO_LARGE_TO_READ, "nested too deep")
    elements = list(root.iter(etree.Element))
    too_large = _too_large(len(source), root, len(elements))
    if too_large:
        return Refusal(Reason.TOO_LARGE_TO_READ, too_large)
    by_tag: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for element in elements:
        by_tag[element.tag].append(element)
    bases = (base.get("href") for base in by_tag.get("base", ()))
    base = next((href for href in bases if href is not None), "")
    try:
        base_url = urljoin(url, base.strip())
    except ValueError:
        base_url = url
    return Document(url, root, base_url, elements, by_tag)


def _too_large(length: int, root: etree._Element, elements: int) -> str | None:
    """What a page has more of than can be read in time, None for one that is no trouble."""
    if _TOO_DEEP(root):
        return f"nested deeper than {MAX_DEPTH} elements"
    if elements > MAX_ELEMENTS:
        return f"more than {MAX_ELEMENTS} elements"
    if length > _SMALL and _LONG_NAME(root):
        return f"a class or id of more than {MAX_NAME} characters"
    if length > MAX_TEXT:
        data = sum(len(element.text or "") for element in root.iter("script", "style"))
        if cast(float, _CHARACTERS(root)) - data > MAX_TEXT:
            return f"more than {MAX_TEXT} characters of text"
    return None


def find(element: etree._Element, path: str) -> list[etree._Element]:
    """Return the elements that an XPath selects."""
    return cast("list[etree._Element]", _compiled(path)(element))


@lru_cache(maxsize=256)
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path)


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
