"""Bylines: what a page shows as the name of who wrote the article, by its markup or its words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.extract.boilerplate import words_of
from crawler.extract.document import Document, collapse, is_among_comments, text_of
from crawler.extract.names import is_by_alone, looks_like_name, opens_with_by

_BYLINE_CLASS = re.compile(
    r"(?:^| )(?:authors?(?: ?(?:names?|link|title))?|byline(?: (?:names?|author))?|"
    r"article (?:author|byline)|post author|entry author|story author|posted by|written by|"
    r"contributor|autor(?:in|en|es)?|auteur|autore|verfasser|redakteur|journalist|vcard)(?: |$)"
)
# The part of a byline that is the name itself, where themes set badges and dates beside it.
_NAME_CLASS = re.compile(
    r"(?:^| )(?:(?:author|byline|writer|reporter)(?: meta)? names?|autor(?:in|en)? name|"
    r"(?:nom|name) (?:auteur|autor))$"
)
# hCard's name of someone, within the card.
_CARD_NAME = "fn"
_CARD = re.compile(r"\b(?:v?card|hcard|author|byline|autor|auteur)\b")
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autore|by|people|persons?|profile|newsteam|members?|journalists?|contributors?|"
    r"reporters?|staff|redaktion|writers?|columnists?)/[^/]"
)
# What sites keep below the same address for their readers.
_READERS_PATH = re.compile(
    r"log[-_]?(?:in|out)|sign[-_]?(?:in|up|out)|regist|subscri|account|passw|forgot|/join|"
    r"/index(?:[./?]|$)|/members?/[^?#]*\.(?:php|aspx?|jsp|html?)|/(?:services|benefits|faq|help)\b",
    re.IGNORECASE,
)
# Pages of people: of those who write, and as often of those who are written about.
_PEOPLE_PATH = re.compile(r"/(?:people|persons?)/[^/]")
# Where a thing is from, if no author's link follows: "From our series".
_WEAK = frozenset({"from", "fra", "från", "de", "da"})
# A name with the story's date behind a bar, in one element or beside one, or before it.
_BEFORE_DATE = re.compile(r"\s*([^\W\d_][^|·•\d]{4,40}?)\s*[|·•]\s*(.*)", re.DOTALL)
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d\d[./-]\d\d")
_BEHIND_DATE = re.compile(rf"\s*(?:{_DATE.pattern})\s*[|·•–—-]\s*([^\W\d_][^|·•\d]{{4,40}}?)\s*")
# What may hold one, or the headline above it.
_SIGNED = ("h1", "a", "span", "div", "p", "address", "strong", "li", "em", "i")
# A byline with its date is short; longer text is a biography.
MAX_BYLINE = 120
# A line without a byline's name must be shorter: "By now the river had risen" is prose.
MAX_PLAIN_BYLINE = 80
# White space before a line and its first figure.
MAX_DATE = 40
# A byline of more elements is a whole page that is named for its author.
MAX_PARTS = 100
# How far above a name its card may stand.
_REACH = 3


def bylines(document: Document) -> Iterator[str]:
    """Yield what may be a byline, never in comments.

    Those below the headline first, then those above it; last, below the headline too, what only
    opens like a byline inside an article that is signed at its end, and a name before a date.
    """
    signed = _signed_at_the_end(document)
    title = document.title.casefold()
    above: list[str] = []
    unmarked: list[str] = []
    dated: list[str] = []
    below = False
    for element in document.root.iter(*_SIGNED):
        below = below or element.tag == "h1"
        if element.tag == "h1":
            continue
        named = _is_marked(element)
        if not named and not (element.text or "")[:MAX_PLAIN_BYLINE].strip():
            continue  # most elements: without a mark it is told by its own text
        byline = _byline(element, named=named)
        if byline is None and below and (name := _beside_date(element)) is not None:
            dated.append(name)
        if byline is None or _is_elsewhere(element):
            continue
        if _is_subject(element, title) or (not named and _is_advertisers(element, document)):
            continue
        if not below:
            above.append(byline)
        elif signed and not named:
            unmarked.append(byline)
        else:
            yield byline
    yield from above
    yield from unmarked
    yield from dated


def _signed_at_the_end(document: Document) -> bool:
    """Whether the article's own footer names its author."""
    return any(
        _is_articles_own(footer) and any(_is_marked(link) for link in footer.iter("a"))
        for footer in document.all("footer")
    )


def _is_marked(element: etree._Element) -> bool:
    """Whether an element is marked as a byline, by what it is called or leads to."""
    if (name := element.get("class")) and (_is_byline_name(name) or _is_card_name(element, name)):
        return True
    if element.tag != "a":
        return element.get("itemprop") == "author"
    href = element.get("href")
    return _is_by_author(element) or bool(href and _is_author_address(href))


def _is_card_name(element: etree._Element, attribute: str) -> bool:
    return (
        _CARD_NAME in attribute
        and _CARD_NAME in attribute.split()
        and any(
            _CARD.search(name.lower())
            for one in islice(element.iterancestors(), _REACH)
            if (name := one.get("class"))
        )
    )


@lru_cache(maxsize=16_384)
def _is_author_address(href: str) -> bool:
    return bool(_AUTHOR_PATH.search(href)) and not _READERS_PATH.search(href)


def _is_subject(element: etree._Element, title: str) -> bool:
    """Whether a link leads to the page of someone whom the story's title names."""
    href = element.get("href") or ""
    if element.tag != "a" or not _PEOPLE_PATH.search(href) or _is_by_author(element):
        return False
    return text_of(element).casefold() in title


def _is_advertisers(element: etree._Element, document: Document) -> bool:
    """Whether a line stands in a link that leads off the site: "by" whom an advertisement is."""
    link = next(
        (one for one in (element, *islice(element.iterancestors(), 2)) if one.tag == "a"), None
    )
    href = link.get("href") if link is not None else None
    if not href or not href.startswith(("http:", "https:", "//")):
        return False
    try:
        host = urlsplit(href).hostname or ""
        own = urlsplit(document.url).hostname or ""
    except ValueError:
        return True
    return host.split(".")[-2:] != own.split(".")[-2:]


def _is_by_author(link: etree._Element) -> bool:
    relation = link.get("rel")
    return relation is not None and "author" in relation.split()


def _byline(element: etree._Element, *, named: bool) -> str | None:
    """The text of an element that is marked as a byline, or opens like one."""
    if element.tag == "a" and _is_by_author(element):
        return lines_of(element)
    if not named:
        opening = (element.text or "")[:MAX_PLAIN_BYLINE].strip()
        if not opening or not opens_with_by(collapse(opening) + " "):
            return None
        if opening.lower() in _WEAK and not any(map(_is_marked, element.iter("a"))):
            return None
    names = [lines_of(one) for one in _parts(element) if _is_name(one)] if named else []
    text = "\n".join(names) or lines_of(element, without=_other_links(element))
    if is_by_alone(text) and (around := element.getparent()) is not None:
        text = lines_of(around)  # whose name stands beside it
    return text if 0 < len(text) <= (MAX_BYLINE if named else MAX_PLAIN_BYLINE) else None


def _beside_date(element: etree._Element) -> str | None:
    """The name of two words or more in an element, where the story's date is beside it."""
    text = (element.text or "")[:MAX_PLAIN_BYLINE]
    if not len(element) and text[:MAX_DATE].strip()[:1].isdigit():
        said = _BEHIND_DATE.fullmatch(text)
        return said[1] if said and _is_full_name(said[1]) and not _is_elsewhere(element) else None
    if not ("|" in text or "·" in text or "•" in text):
        return None
    said = _BEFORE_DATE.fullmatch(text)
    if not said or not _is_full_name(said[1]):
        return None
    beside = next(iter(element), element.getnext())
    behind = said[2] or (lines_of(beside) if beside is not None else "")
    return said[1] if _DATE.match(behind) and not _is_elsewhere(element) else None


def _is_full_name(text: str) -> bool:
    return " " in text and looks_like_name(text)


def _other_links(element: etree._Element) -> frozenset[etree._Element]:
    """The links of a byline that lead to no author, where others do: "Edit", "All articles".

    And its buttons.
    """
    links = {link: _is_marked(link) for link in element.iter("a")}
    signed = any(links.values()) and element.tag != "a"
    others = {link for link, marked in links.items() if signed and not marked}
    others.update(one for one in _parts(element) if _is_button(one))
    return frozenset(others)


def _parts(element: etree._Element) -> Iterator[etree._Element]:
    return islice(element.iterdescendants(), MAX_PARTS)


def _is_button(element: etree._Element) -> bool:
    return element.tag == "button" or element.get("role") == "button"


def _is_name(element: etree._Element) -> bool:
    name = element.get("class")
    return bool(name) and _is_name_class(name)


@lru_cache(maxsize=16_384)
def _is_name_class(attribute: str) -> bool:
    return any(_NAME_CLASS.search(words_of(name)) for name in attribute.split())


@lru_cache(maxsize=16_384)
def _is_byline_name(attribute: str) -> bool:
    return any(_BYLINE_CLASS.search(words_of(name)) for name in attribute.split())


def lines_of(element: etree._Element, without: Collection[etree._Element] = ()) -> str:
    """Return an element's text, a line break where two elements meet without a space between.

    Or with a line break between; one inside a text is a space.
    """
    lines: list[str] = []
    apart, spaced = True, False
    for text in _texts(element, without):
        words = collapse(text)
        if not words:
            apart = apart or "\n" in text
            continue
        opening = text[: len(text) - len(text.lstrip())]
        if apart or "\n" in opening or not (opening or spaced):
            lines.append(words)
        else:
            lines[-1] += f" {words}"
        closing = text[len(text.rstrip()) :]
        apart, spaced = "\n" in closing, bool(closing)
    return "\n".join(lines)


def _texts(element: etree._Element, without: Collection[etree._Element]) -> Iterator[str]:
    if not without:
        yield from map(str, element.itertext())
        return
    yield element.text or ""
    for child in element:
        yield from ["\n"] if child in without else _texts(child, without)
        yield child.tail or ""


def _is_elsewhere(element: etree._Element) -> bool:
    return is_among_comments(element) or any(
        ancestor.tag in ("nav", "figure", "figcaption", "pre", "code")
        or (ancestor.tag == "footer" and not _is_articles_own(ancestor))
        for ancestor in (element, *element.iterancestors())
    )


def _is_articles_own(footer: etree._Element) -> bool:
    """Whether a footer ends the article and not the page: there some themes sign it."""
    return next(footer.iterancestors("article"), None) is not None
