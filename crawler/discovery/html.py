"""An HTML page as a tree, whatever bytes it is made of, with the base that its links go from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from crawler.discovery.urls import resolve
from crawler.errors import Refusal
from crawler.markup import markup


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page. `base_url` is its `<base href>`, else its own URL."""

    root: etree._Element
    base_url: str

    def links(self, *tags: str) -> Iterator[tuple[etree._Element, str]]:
        """The elements of these names that link to the web, with the URL, in reading order."""
        for element in self.root.iter(*tags):
            if url := resolve(self.base_url, element.get("href")):
                yield element, url


def parse_page(body: bytes, url: str) -> Page | Refusal:
    """The page in `body`, served at `url`. Bytes that are no HTML are a page without elements."""
    source = markup(body)
    if isinstance(source, Refusal):
        return source
    # Without `huge_tree` a page nested deeper than 256 elements would come out empty.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(source, parser)
    except etree.LxmlError:
        root = None
    if root is None:
        root = etree.Element("html")
    bases = (resolve(url, base.get("href")) for base in root.iter("base"))
    return Page(root, next(filter(None, bases), url))


def text_of(element: etree._Element) -> str:
    """All text below the element, in one line."""
    text = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return " ".join(text.split())
