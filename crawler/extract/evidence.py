"""What there is to see on a page when one asks whether it is an article.

Counts and shares, read once from the tree, the pieces and the structured data; what they mean is
for the signs to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import cast
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.document import Document, text_of
from crawler.extract.lexicon import (
    ADDRESSING,
    CALLS_TO_ACTION,
    CART_LINKS,
    PRICE,
    SHARE_LINKS,
)
from crawler.extract.metadata import Metadata
from crawler.extract.structured import Structured
from crawler.extract.survey import MAX_LINK_DENSITY

# Shorter than this is a caption or a label.
MIN_PARAGRAPH = 80
# What a button says, white space around it included.
MAX_LABEL = 60
# A price stands on a line of its own, or nearly.
MAX_PRICE_LINE = 120
# Fewer headings that are links are "read also"; on a page of cards most headings are, and what
# stands below each is short.
MIN_TEASERS = 4
TEASER_SHARE = 0.75
PARAGRAPHS_A_TEASER = 2
# By then a text has shown how it speaks.
MAX_WORDS = 1_200

_COMMENT_FEED = re.compile(r"/[^/]+/(?:comments/)?feed/?$")
_ITEM_TYPES = etree.XPath("/descendant::*/@itemtype", smart_strings=False)
_API = re.compile(r"/wp/v2/([a-z_-]+)/\d+$")


@dataclass(frozen=True, slots=True)
class Address:
    """A page's URL in parts, lower case; `query` has the names of its parameters."""

    host: str
    path: str
    query: frozenset[str]

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
    """What stands around and among the text: counts of elements and links."""

    buttons: int
    calls: int
    choices: int
    code: int
    has_share_links: bool
    has_cart_links: bool
    comment_feed: bool
    api_kind: str


@dataclass(frozen=True, slots=True)
class Telling:
    """How the text is told.

    `prose` counts the characters of the body's `paragraphs`, `paragraph_length` is the median of
    all, short ones too; `headings` is their share of the body's text, `linked` the share of all the
    page's text that is links, `own` the body's share of it, `addressing` and `quoting` shares of
    the body's words.
    """

    prose: int
    paragraphs: int
    paragraph_length: float
    is_cards: bool
    headings: float
    questions: int
    prices: int
    linked: float
    own: float
    addressing: float
    quoting: float


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
    title = next(document.root.iter("title"), None)
    element = next(document.root.iter("body"), None)
    return Evidence(
        address=Address(host, parts.path.lower(), frozenset(parse_qs(parts.query))),
        title=text_of(title) if title is not None else "",
        generator=structured.first_meta("generator") or "",
        types=structured.types,
        item_types=_item_types(document.root),
        og_type=(structured.first_meta("og:type") or "").lower(),
        body_class=(element.get("class") or "") if element is not None else "",
        has_article_markup=structured.article_scope is not None,
        metadata=metadata,
        furnishing=_furnishing(document.root),
        telling=_telling(pieces, body),
    )


def _item_types(root: etree._Element) -> frozenset[str]:
    """The types of the page's microdata."""
    return frozenset(
        kind.rstrip("/").rpartition("/")[2] for kind in cast("list[str]", _ITEM_TYPES(root))
    )


def _furnishing(root: etree._Element) -> Furnishing:
    tags = dict.fromkeys(("button", "select", "input", "code", "pre"), 0)
    for element in root.iter(*tags):
        if element.tag != "input" or element.get("type") in ("radio", "checkbox", "number"):
            tags[str(element.tag)] += 1
    links = "\n".join(link.get("href") or "" for link in root.iter("a"))
    own = [link.get("href") or "" for link in root.iter("link") if link.get("type")]
    api = next(filter(None, map(_API.search, own)), None)
    return Furnishing(
        buttons=tags["button"],
        calls=sum(map(_is_call, root.iter("a", "button"))),
        choices=tags["select"] + tags["input"],
        code=tags["code"] + tags["pre"],
        has_share_links=_holds(links, SHARE_LINKS),
        has_cart_links=_holds(links, CART_LINKS),
        comment_feed=any(
            _COMMENT_FEED.search(urlsplit(link).path) is not None for link in own if "feed" in link
        ),
        api_kind=api[1] if api else "",
    )


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


def _telling(pieces: Sequence[Piece], body: Sequence[Piece]) -> Telling:
    shown = max(1, sum(len(piece.text) for piece in pieces))
    own = sum(len(piece.text) for piece in body)
    headings = [piece.text for piece in body if piece.type == "heading"]
    paragraphs = [len(piece.text) for piece in body if piece.type == "paragraph"]
    prose = [length for length in paragraphs if length > MIN_PARAGRAPH]
    words: list[str] = []
    for piece in body:
        if piece.type in ("paragraph", "quote", "list_item") and len(words) < MAX_WORDS:
            words += piece.text.lower().split()
    return Telling(
        prose=sum(prose),
        paragraphs=len(prose),
        paragraph_length=median(paragraphs) if paragraphs else 0,
        is_cards=_is_cards(pieces, body, len(prose)),
        headings=sum(map(len, headings)) / max(1, own),
        questions=sum(heading.endswith("?") for heading in headings),
        prices=sum(_is_price(piece.text) for piece in pieces),
        linked=sum(piece.link_length for piece in pieces) / shown,
        own=own / shown,
        addressing=sum(word in ADDRESSING for word in words) / max(1, len(words)),
        quoting=sum(word[0] in '“”"«„»' for word in words) / max(1, len(words)),
    )


def _is_price(text: str) -> bool:
    return len(text) <= MAX_PRICE_LINE and PRICE.search(text) is not None


def _is_cards(pieces: Sequence[Piece], body: Sequence[Piece], paragraphs: int) -> bool:
    """Whether what would be the article is headings that lead elsewhere, each with a few words."""
    order = {id(piece.element): index for index, piece in enumerate(pieces)}
    places = [order[id(piece.element)] for piece in body]
    between = pieces[min(places) : max(places) + 1] if places else ()
    headings = [piece for piece in between if piece.type == "heading"]
    teasers = sum(piece.link_density > MAX_LINK_DENSITY for piece in headings)
    return (
        teasers >= MIN_TEASERS
        and teasers >= TEASER_SHARE * len(headings)
        and PARAGRAPHS_A_TEASER * teasers >= paragraphs
    )
