"""What there is to see on a page when one asks whether it is an article.

Counts and shares, read once from the tree, the pieces and the structured data; what they mean is
for the signs to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.document import Document
from crawler.extract.lexicon import CALLS_TO_ACTION, CART_LINKS, SHARE_LINKS, SHOP_NAMES
from crawler.extract.metadata import Metadata
from crawler.extract.structured import Structured
from crawler.extract.telling import Telling, read_telling

# What a button says, white space around it included.
MAX_LABEL = 60
# A share of fewer classes says nothing.
MIN_CLASSES = 50

_COMMENT_FEED = re.compile(r"/[^/]+/(?:comments/)?feed/?$")
# A file's ending, and the parameters by which old systems say what a page of theirs does.
_ENDING = re.compile(r"(?:[._](?:html?|php\d?|aspx?|jsp|cfm|shtml|do))+$")
_DONE = frozenset({"action", "act", "mode", "do", "cmd", "view", "task", "page"})
_API = re.compile(r"/wp/v2/([a-z_-]+)/\d+$")


@dataclass(frozen=True, slots=True)
class Address:
    """A page's URL in parts, lower case; `query` has the names of its parameters.

    `names` are the segments of the path without their endings, and what a parameter says is done.
    """

    host: str
    path: str
    query: frozenset[str]
    names: tuple[str, ...] = ()

    def segment(self, words: str) -> bool:
        """Whether a segment of the path is, as a whole, one of the words."""
        return _words(rf"/(?:{words})(?=/|$)").search(self.path) is not None

    def below(self, words: str) -> bool:
        """Whether something lies below such a segment: a section's own page does not count."""
        return _words(rf"/(?:{words})/[^/]").search(self.path) is not None

    def hosted(self, words: str) -> bool:
        """Whether the first label of the host is one of the words."""
        return _words(rf"(?:{words})\.").match(self.host) is not None


@dataclass(frozen=True, slots=True)
class Furnishing:
    """What stands around and among the text: counts of elements and links.

    `below` counts the links to pages below this one; `shop_names` is the share of the classes that
    name something a shop has.
    """

    buttons: int
    calls: int
    choices: int
    code: int
    asks_phone: bool
    asks_password: bool
    below: int
    has_article_class: bool
    shop_names: float
    has_next_page: bool
    has_share_links: bool
    has_cart_links: bool
    comment_feed: bool
    api_kind: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the signs are read from."""

    address: Address
    title: str
    generator: str
    types: frozenset[str]
    item_types: frozenset[str]
    og_type: str
    body_class: str
    has_article_markup: bool
    metadata: Metadata
    furnishing: Furnishing
    telling: Telling

    def named(self, words: str) -> bool:
        """Whether a class on <body> is, as a whole, one of the words."""
        return _words(rf"(?:^|\s)(?:{words})(?=\s|$)").search(self.body_class) is not None


@lru_cache(maxsize=64)
def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE)


def gather(
    document: Document,
    structured: Structured,
    metadata: Metadata,
    pieces: Sequence[Piece],
    body: Sequence[Piece],
) -> Evidence:
    """Read from the page what the signs look at."""
    parts = urlsplit(document.url)
    host = (parts.hostname or "").removeprefix("www.")
    shown = next(iter(document.all("body")), None)
    return Evidence(
        address=_address(host, parts.path.lower(), parse_qs(parts.query)),
        title=document.title,
        generator=structured.first_meta("generator") or "",
        types=structured.types,
        item_types=_item_types(structured.items),
        og_type=(structured.first_meta("og:type") or "").lower(),
        body_class=(shown.get("class") or "") if shown is not None else "",
        has_article_markup=_is_marked(structured.article_scope),
        metadata=metadata,
        furnishing=_furnishing(document, shown, parts.path),
        telling=read_telling(pieces, body),
    )


def _address(host: str, path: str, query: Mapping[str, Sequence[str]]) -> Address:
    segments = [_ENDING.sub("", segment) for segment in path.split("/") if segment]
    done = [value.lower() for name in _DONE.intersection(query) for value in query[name]]
    return Address(host, path, frozenset(query), (*segments, *done))


def _is_marked(scope: etree._Element | None) -> bool:
    """Whether the article's microdata is one: reviews stand on what they praise, too."""
    return scope is not None and not (scope.get("itemtype") or "").rstrip("/").endswith("Review")


def _item_types(items: Sequence[etree._Element]) -> frozenset[str]:
    """The types of the page's microdata."""
    return frozenset(item.get("itemtype", "").rstrip("/").rpartition("/")[2] for item in items)


def _furnishing(document: Document, shown: etree._Element | None, path: str) -> Furnishing:
    tags = dict.fromkeys(("button", "select", "input", "code", "pre"), 0)
    asked = set()
    for element in chain.from_iterable(map(document.all, tags)):
        if element.tag != "input" or element.get("type") in ("radio", "checkbox", "number"):
            tags[str(element.tag)] += 1
        asked.add(element.get("type"))
    targets = {link.get("href") or "" for link in document.all("a")}
    links = "\n".join(targets)
    inside = shown.iterdescendants() if shown is not None else ()
    classes = Counter(name for one in inside if (name := one.get("class")) is not None)
    of_shops = sum(count for name, count in classes.items() if SHOP_NAMES.search(name))
    own = [link.get("href") or "" for link in document.all("link") if link.get("type")]
    relations = {(link.get("rel") or "").lower() for link in document.all("link")}
    api = next(filter(None, map(_API.search, own)), None)
    return Furnishing(
        buttons=tags["button"],
        calls=sum(map(_is_call, chain(document.all("a"), document.all("button")))),
        choices=tags["select"] + tags["input"],
        code=tags["code"] + tags["pre"],
        asks_phone="tel" in asked,
        asks_password="password" in asked,
        below=_below(targets, path),
        has_article_class=any("rticle" in name for name in classes),
        shop_names=of_shops / max(MIN_CLASSES, classes.total()),
        has_next_page="next" in relations,
        has_share_links=_holds(links, SHARE_LINKS),
        has_cart_links=_holds(links, CART_LINKS),
        comment_feed=any(
            _COMMENT_FEED.search(urlsplit(link).path) is not None for link in own if "feed" in link
        ),
        api_kind=api[1] if api else "",
    )


def _below(targets: Collection[str], path: str) -> int:
    """How many links lead to pages below this one, as a section's own page has them."""
    start = path.rstrip("/") + "/"
    if start == "/":
        return 0
    paths = (urlsplit(link).path for link in targets if start in link and "[" not in link)
    return sum(below.startswith(start) and below != start for below in paths)


def _holds(text: str, marks: Collection[str]) -> bool:
    return any(mark in text for mark in marks)


def _is_call(element: etree._Element) -> bool:
    """Whether the words on a link or button begin as a call to action does."""
    text = element.text
    if (not text or text.isspace()) and len(element):
        text = element[0].text
    return (
        text is not None
        and len(text) < MAX_LABEL
        and " ".join(text.lower().split(None, 2)[:2]) in CALLS_TO_ACTION
    )
