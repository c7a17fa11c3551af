"""The pictures that stand in the story, with the captions under them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from crawler.extract.boilerplate import words_of
from crawler.extract.document import Document, text_of
from crawler.items import Image

# Smaller than this on the page is an icon, an avatar or a tracking pixel.
MIN_SIDE = 100
_SOURCES = ("data-src", "data-lazy-src", "data-original", "src")
_SETS = ("data-srcset", "srcset")
_CAPTION = re.compile(r"(?:^| )caption(?: |$)")
# How far above a picture without a figure the box with its caption may stand.
_REACH = 3


def read_images(document: Document, container: etree._Element | None) -> tuple[Image, ...]:
    """Return the images of the story, absolute, each URL once: those in its container.

    Before them those with a caption that stand above it in the same article.
    """
    if container is None:
        return ()
    kept: dict[str, Image] = {}
    for element in (*_lead_images(container), *container.iter("img")):
        url = next(filter(None, (document.absolute(link) for link in _links(element))), None)
        if url and url not in kept and not _is_small(element):
            kept[url] = Image(url, _caption(element))
    return tuple(kept.values())


def _lead_images(container: etree._Element) -> Iterator[etree._Element]:
    """The captioned pictures of the article before its container."""
    article = next(container.iterancestors("article"), None)
    if article is None:
        return
    for element in article.iter("figure", container.tag):
        if element is container:
            return
        if element.tag == "figure" and element.find(".//figcaption") is not None:
            yield from element.iter("img")


def _links(element: etree._Element) -> Iterator[str]:
    for name in _SOURCES:
        link = element.get(name)
        if link and not link.startswith("data:"):
            yield link
    picture = next(element.iterancestors("picture"), None)
    sources = picture.iter("source") if picture is not None else ()
    for one in (element, *sources):
        for name in _SETS:
            if listed := (one.get(name) or "").split(maxsplit=1):
                yield listed[0].rstrip(",")


def _is_small(element: etree._Element) -> bool:
    sides = [element.get(name) or "" for name in ("width", "height")]
    return any(side.isascii() and side.isdigit() and int(side[:6]) < MIN_SIDE for side in sides)


def _caption(element: etree._Element) -> str | None:
    figure = next(element.iterancestors("figure"), None)
    if figure is not None:
        caption = next(figure.iter("figcaption"), None)
        return (text_of(caption) or None) if caption is not None else None
    for box in islice(element.iterancestors(), _REACH):
        several = sum(1 for _ in islice(box.iter("img"), 2)) > 1
        if several or box.tag in ("article", "main", "body"):
            return None  # whose picture's caption it is, none can say
        for part in box.iter("div", "p", "span", "figcaption", "dd"):
            name = part.get("class") or ""
            if part is not box and "caption" in name and _CAPTION.search(words_of(name)):
                return text_of(part) or None
    return None
