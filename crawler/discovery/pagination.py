"""Where a listing page goes on: the page with the older articles."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from crawler.discovery.html import Page, text_of
from crawler.discovery.urls import identity_url, same_site

# A page's number, as paths and queries carry it: /page/2/, ?page=2, ?paged=2, ?query-3-page=2.
_PAGE_NUMBER = re.compile(
    r"/(?:page|seite|pagina)[/-]?(\d{1,5})(?=/|\?|$)|(?<=[?&])(?:[\w%-]*page|paged|pg|pageno)=(\d{1,5})(?=&|$)",
    re.IGNORECASE,
)
_NEXT_WORDS = re.compile(
    r"\W*(?:(?:articles?|entrées|posts?|entries|page)\s+)?"
    r"(?:next|older|suivante?s?|plus ancien(?:ne)?s?|précédente?s? articles|nächste|weiter|ältere|"
    r"siguientes?|más antigu[ao]s|próxim[ao]|successiv[ao]|volgende)\b",
    re.IGNORECASE,
)
_PAGINATION_CLASS = re.compile(
    r"pagin|pager|nav-links|page-numbers|posts-navigation", re.IGNORECASE
)
_NEXT_CLASS = re.compile(r"(?:^|[\s_-])next(?:[\s_-]|$)", re.IGNORECASE)
# How far around a link its container may be: link, item, list, container.
_CONTAINER_DEPTH = 4


def next_page(page: Page, url: str) -> str | None:
    """The listing's next page: as `rel=next` says, else by the numbers, else by class or word."""
    links = [
        (element, address)
        for element, address in page.links("link", "a")
        if same_site(address, url) and identity_url(address) != identity_url(url)
    ]
    for element, address in links:
        if "next" in (element.get("rel") or "").lower().split():
            return address
    anchors = [(element, address) for element, address in links if element.tag == "a"]
    return _numbered(anchors, url) or _named(anchors)


def page_number(url: str) -> int | None:
    """The number that the address itself gives to a page of a listing."""
    match = _PAGE_NUMBER.search(url)
    return int(match[1] or match[2]) if match else None


def _numbered(anchors: list[tuple[etree._Element, str]], url: str) -> str | None:
    """The same listing with the next number; a listing without number is followed by 1 or 2."""
    number = page_number(url)
    wanted = {1, 2} if number is None else {number + 1}
    listing = _without_number(url)
    followers = [
        (found, address)
        for _, address in anchors
        if (found := page_number(address)) in wanted and _without_number(address) == listing
    ]
    return min(followers)[1] if followers else None


def _without_number(url: str) -> str:
    return identity_url(_PAGE_NUMBER.sub("", url, count=1).replace("?&", "?"))


def _named(anchors: list[tuple[etree._Element, str]]) -> str | None:
    for element, address in anchors:
        classes = [_class(element)]
        classes += map(_class, islice(element.iterancestors(), _CONTAINER_DEPTH))
        words = (element.get("aria-label") or "", element.get("title") or "", text_of(element))
        if not any(_PAGINATION_CLASS.search(value) for value in classes):
            continue
        if _NEXT_CLASS.search(classes[0]) or any(_NEXT_WORDS.match(word) for word in words):
            return address
    return None


def _class(element: etree._Element) -> str:
    return element.get("class") or ""
