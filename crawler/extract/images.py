"""The pictures that stand in the story, with the captions under them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from crawler.extract.document import Document, text_of
from crawler.items import Image

# Smaller than this on the page is an icon, an avatar or a tracking pixel.
MIN_SIDE = 100
_SOURCES = ("data-src", "data-lazy-src", "data-original", "src")


def read_images(document: Document, container: etree._Element | None) -> tuple[Image, ...]:
    """Return the images below the story's container, absolute, each URL once."""
    if container is None:
        return ()
    kept: dict[str, Image] = {}
    for element in container.iter("img"):
        url = next(filter(None, (document.absolute(link) for link in _links(element))), None)
        if url and url not in kept and not _is_small(element):
            kept[url] = Image(url, _caption(element))
    return tuple(kept.values())


def _links(element: etree._Element) -> Iterator[str]:
    for name in _SOURCES:
        link = element.get(name)
        if link and not link.startswith("data:"):
            yield link


def _is_small(element: etree._Element) -> bool:
    sides = [element.get(name) or "" for name in ("width", "height")]
    return any(side.isascii() and side.isdigit() and int(side[:6]) < MIN_SIDE for side in sides)


def _caption(element: etree._Element) -> str | None:
    figure = next(element.iterancestors("figure"), None)
    caption = next(figure.iter("figcaption"), None) if figure is not None else None
    return (text_of(caption) or None) if caption is not None else None
