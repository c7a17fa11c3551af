"""Who wrote the article, from the most trusted place that names someone.

JSON-LD is trusted first, then meta tags, then microdata, then the byline that the page shows; a
source that only names the site, or an account, gives way to one that names a person, unless the
page's own byline shows the site too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from crawler.extract.bylines import bylines
from crawler.extract.document import Document
from crawler.extract.names import clean_names, is_person, looks_like_name
from crawler.extract.site_names import is_site_name, joined, site_names, title_suffix
from crawler.extract.structured import Structured, microdata_name, texts
from crawler.items import FieldSource

Offer = tuple[FieldSource, tuple[str, ...]]

_META = (
    "author",
    "article:author",
    "dc.creator",
    "citation_author",
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
# A name of one word, as people have it and not agencies: "Ann" of Ann Lee.
_FIRST_NAME = re.compile(r"^[^\W\d_][^\W\dA-Z_]+$")
# The name of an account rather than of a person: one word without a capital.
_ACCOUNT = re.compile(r"^[a-z0-9][a-z0-9._-]+$")
# Where catalogues' rules put the last name first, and how: "Lee, Ann van der".
_LAST_NAME_FIRST = frozenset({"dc.creator", "citation_author"})
_INVERTED = re.compile(r"^([^\W\d_][^\s,;]*), ([^\s,;]+(?: [^\s,;]+){0,3})$")
# A site's name from this length on is no chance part of another.
MIN_COMPANY = 5
# More names in a row, of which half are single words, are tags.
MAX_LABELS = 2


def read_authors(document: Document, structured: Structured, site: str) -> Iterator[Offer]:
    """Yield the authors as each source names them, most trusted first; `site` is the publisher."""
    names = site_names(structured, site)
    suffix = joined(title_suffix(document.title))
    last: list[Offer] = []
    for source, named in _in_full(_offers(document, structured, site)):
        authors = _beside_the_site(named, names)
        if not authors:
            continue
        if source == "heuristic" and last and authors == last[0][1]:
            yield last[0]  # the page shows whom its machines name
        elif all(
            is_site_name(name, names)
            or _ACCOUNT.match(name)
            or ((last or source == "meta") and _is_the_company(name, names, suffix))
            for name in authors
        ):
            last.append((source, authors))
        elif not last or source != "heuristic" or any(map(is_person, authors)):
            yield source, authors
    yield from last


def _in_full(offers: Iterable[Offer]) -> Iterator[Offer]:
    """The same, but first names alone give way to a source that tells them in whole."""
    held: list[Offer] = []
    for source, authors in offers:
        if held and _are_whole(authors, held[0][1]):
            held = [(source, authors)]
            break
        if held or (source != "heuristic" and authors and all(map(_FIRST_NAME.match, authors))):
            held.append((source, authors))
        else:
            yield source, authors
    yield from held


def _are_whole(authors: Collection[str], first_names: Collection[str]) -> bool:
    words = [frozenset(name.casefold().split()) for name in authors]
    return all(any({name.casefold()} < own for own in words) for name in first_names)


def _beside_the_site(authors: tuple[str, ...], names: Collection[str]) -> tuple[str, ...]:
    """The people named, without the site that signs with them."""
    people = tuple(name for name in authors if joined(name) not in names)
    return people if any(map(is_person, people)) else authors


def _is_the_company(name: str, names: Collection[str], suffix: str) -> bool:
    """Whether a name is the site's as its titles end in it, or of the company called after it."""
    folded = joined(name)
    return folded == suffix or any(len(own) >= MIN_COMPANY and own in folded for own in names)


def _offers(document: Document, structured: Structured, site: str) -> Iterator[Offer]:
    node = structured.article
    yield "json-ld", clean_names(texts(node.get("author") or node.get("creator")), site)
    yield "meta", clean_names(_meta_names(structured), site)
    yield "microdata", clean_names(map(microdata_name, structured.microdata("author")), site)
    for byline in bylines(document):
        shown = tuple(filter(looks_like_name, clean_names([byline], site)))
        labels = sum(not is_person(name) for name in shown)
        if len(shown) <= MAX_LABELS or 2 * labels < len(shown):
            yield "heuristic", shown


def _meta_names(structured: Structured) -> Iterator[str]:
    software = (structured.first_meta("generator") or "").partition(" ")[0].casefold()
    for name in _META:
        for value in structured.meta.get(name, ()):
            if software and value.casefold().startswith(software):
                continue  # a system's makers sign every page that it makes
            yield _INVERTED.sub(r"\2 \1", value) if name in _LAST_NAME_FIRST else value
    if (structured.first_meta("twitter:label1") or "").lower() in _WRITTEN_BY:
        yield from structured.meta.get("twitter:data1", ())
