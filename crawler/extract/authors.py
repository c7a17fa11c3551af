"""Who wrote the article, from the most trusted place that names someone.

JSON-LD is trusted first, then meta tags, then microdata, then the byline that the page shows; a
source that only names the site, or an account, gives way to one that names a person, unless the
page's own byline shows the site too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from lxml import etree

from crawler.extract.boilerplate import words_of
from crawler.extract.document import Document, collapse, is_among_comments
from crawler.extract.names import clean_names, looks_like_name, opens_with_by
from crawler.extract.site_names import is_site_name, site_names
from crawler.extract.structured import Structured, microdata_name, texts
from crawler.items import FieldSource

Offer = tuple[FieldSource, tuple[str, ...]]

_BYLINE_CLASS = re.compile(
    r"(?:^| )(?:authors?(?: ?(?:names?|link|title))?|byline(?: (?:names?|author))?|"
    r"article (?:author|byline)|post author|entry author|story author|posted by|written by|"
    r"contributor|autor(?:in|en|es)?|auteur|autore|verfasser|redakteur|journalist|vcard|fn)(?: |$)"
)
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autore|by|people|persons?|profile|newsteam|members?|journalists?|contributors?|"
    r"reporters?|staff|redaktion|writers?|columnists?)/[^/]"
)
_META = (
    "author",
    "article:author",
    "dc.creator",
    "parsely-author",
    "byl",
    "sailthru.author",
    "cxenseparse:author",
)
# The card label of WordPress's SEO plugins before the author's name, in their big languages.
_WRITTEN_BY = (
    "written by",
    "écrit par",
    "verfasst von",
    "geschrieben von",
    "escrito por",
    "scritto da",
)
# A name with the story's date behind a bar, in one element or beside one.
_BEFORE_DATE = re.compile(r"\s*([^\W\d_][^|·•\d]{4,40}?)\s*[|·•]\s*(.*)", re.DOTALL)
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d\d[./-]\d\d")
# The name of an account rather than of a person: one word without a capital.
_ACCOUNT = re.compile(r"^[a-z0-9][a-z0-9._-]+$")
# A byline with its date is short; longer text is a biography.
MAX_BYLINE = 120
# More single words in a row are tags.
MAX_LABELS = 2
# A line without a byline's name must be shorter: "By now the river had risen" is prose.
MAX_PLAIN_BYLINE = 80


def read_authors(document: Document, structured: Structured, site: str) -> Iterator[Offer]:
    """Yield the authors as each source names them, most trusted first; `site` is the publisher."""
    names = site_names(structured, site)
    last: list[Offer] = []
    for source, authors in _offers(document, structured, site):
        if not authors:
            continue
        if source == "heuristic" and last and authors == last[0][1]:
            yield last[0]  # the page shows whom its machines name
        elif all(is_site_name(name, names) or _ACCOUNT.match(name) for name in authors):
            last.append((source, authors))
        elif not last or source != "heuristic" or any(" " in name for name in authors):
            yield source, authors
    yield from last


def _offers(document: Document, structured: Structured, site: str) -> Iterator[Offer]:
    node = structured.article
    yield "json-ld", clean_names(texts(node.get("author") or node.get("creator")), site)
    yield "meta", clean_names(_meta_names(structured), site)
    yield "microdata", clean_names(map(microdata_name, structured.microdata("author")), site)
    for byline in _bylines(document.root):
        shown = tuple(filter(looks_like_name, clean_names([byline], site)))
        if len(shown) <= MAX_LABELS or all(" " in name for name in shown):
            yield "heuristic", shown


def _meta_names(structured: Structured) -> Iterator[str]:
    for name in _META:
        yield from structured.meta.get(name, ())
    if (structured.first_meta("twitter:label1") or "").lower() in _WRITTEN_BY:
        yield from structured.meta.get("twitter:data1", ())


def _bylines(root: etree._Element) -> Iterator[str]:
    """Yield what may be a byline, never in comments.

    Those below the headline first, then those above it; last, below the headline too, what only
    opens like a byline inside an article that is signed at its end, and a name before a date.
    """
    signed = _signed_at_the_end(root)
    above: list[str] = []
    unmarked: list[str] = []
    dated: list[str] = []
    below = False
    for element in root.iter("h1", "a", "span", "div", "p", "address", "strong", "li", "em", "i"):
        below = below or element.tag == "h1"
        if element.tag == "h1":
            continue
        named = _is_marked(element)
        byline = _byline(element, named=named)
        if byline is None and below and (name := _before_date(element)) is not None:
            dated.append(name)
        if byline is None or _is_elsewhere(element):
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


def _signed_at_the_end(root: etree._Element) -> bool:
    """Whether the article's own footer names its author."""
    return any(
        _is_articles_own(footer) and any(_is_marked(link) for link in footer.iter("a"))
        for footer in root.iter("footer")
    )


def _is_marked(element: etree._Element) -> bool:
    """Whether an element is marked as a byline, by what it is called or leads to."""
    if (name := element.get("class")) and _is_byline_name(name):
        return True
    if element.tag != "a":
        return element.get("itemprop") == "author"
    href = element.get("href")
    return _is_by_author(element) or bool(href and _AUTHOR_PATH.search(href))


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
    text = lines_of(element, without=_other_links(element))
    return text if 0 < len(text) <= (MAX_BYLINE if named else MAX_PLAIN_BYLINE) else None


def _before_date(element: etree._Element) -> str | None:
    """The name of two words or more in an element, where the story's date is what follows it."""
    text = element.text
    if not text or not ("|" in text or "·" in text or "•" in text):
        return None
    said = _BEFORE_DATE.fullmatch(text[:MAX_PLAIN_BYLINE])
    if not said or " " not in said[1] or not looks_like_name(said[1]):
        return None
    beside = next(iter(element), element.getnext())
    behind = said[2] or (lines_of(beside) if beside is not None else "")
    return said[1] if _DATE.match(behind) and not _is_elsewhere(element) else None


def _other_links(element: etree._Element) -> frozenset[etree._Element]:
    """The links of a byline that lead to no author, where others do: "Edit", "All articles"."""
    links = {link: _is_marked(link) for link in element.iter("a")}
    signed = any(links.values()) and element.tag != "a"
    return frozenset(link for link, marked in links.items() if signed and not marked)


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
        ancestor.tag in ("nav", "figure", "figcaption")
        or (ancestor.tag == "footer" and not _is_articles_own(ancestor))
        for ancestor in (element, *element.iterancestors())
    )


def _is_articles_own(footer: etree._Element) -> bool:
    """Whether a footer ends the article and not the page: there some themes sign it."""
    return next(footer.iterancestors("article"), None) is not None
