"""Who wrote the article: people and desks, without "By", roles, dates and addresses.

JSON-LD is trusted first, then meta tags, then microdata, then the byline that the page shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from crawler.extract.boilerplate import words_of
from crawler.extract.document import Document, collapse, find, text_of
from crawler.extract.structured import Structured, microdata_value, texts
from crawler.items import FieldSource

_BY = re.compile(
    r"^\W*(?:(?:written|posted|published|reviewed|story|text|words)\s+by|by|par|von|por|di|door|av|af|"
    r"from|de|texte?\s*:|autor(?:in)?\s*:|auteur\s*:|author\s*:|écrit\s+par|publié\s+par|"
    r"propos\s+recueillis\s+par)(?::|\s)\s*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"\s*(?:,|;|\||/|•|·|\n|&|\s(?:and|et|und|y|e|en|og|och|with|avec|mit|con)\s)\s*"
)
_ADDRESS = re.compile(r"\S*(?:https?:|www\.|@)\S*")
_NOT_A_NAME = re.compile(
    r"\d{2,}|^(?:admin|administrator|editor|staff|guest|user|author|unknown|null|"
    r"none|undefined|anonymous|root|webmaster|follow|updated|published|share)$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:(?:senior|chief|staff|deputy|political|associate|contributing|managing|executive|news|"
    r"web) )*"
    r"(?:editor|reporter|correspondent|writer|journalist|contributor|columnist|producer|photographer|"
    r"redakteur(?:in)?|journaliste|rédact(?:eur|rice)|redactor|reporterin)\b.*$",
    re.IGNORECASE,
)
_PARENTHESES = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
_BYLINE_CLASS = re.compile(
    r"\b(?:authors?|author name|byline(?: name)?|article author|post author|entry author|vcard|"
    r"fn)\b"
)
_META = ("author", "article:author", "dc.creator", "parsely-author", "byl", "sailthru.author")
# The card label of WordPress's SEO plugins before the author's name, in their big languages.
_WRITTEN_BY = ("written by", "écrit par", "verfasst von", "escrito por", "scritto da")
# Longer than any name; a byline's sentence is no author.
MAX_NAME = 60
# A byline with its date is short; longer text is a biography.
MAX_BYLINE = 80


def read_authors(
    document: Document, structured: Structured, site: str
) -> Iterator[tuple[FieldSource, tuple[str, ...]]]:
    """Yield the authors as each source names them, most trusted first; `site` is the publisher."""
    node = structured.article
    yield "json-ld", clean_names(texts(node.get("author") or node.get("creator")), site)
    yield "meta", clean_names(_meta_names(structured), site)
    yield "microdata", clean_names(map(_microdata_name, structured.microdata("author")), site)
    yield "heuristic", clean_names(_byline(document), site)


def clean_names(values: Iterable[str], site: str = "") -> tuple[str, ...]:
    """Return the names in bylines, in order, each once; `site` is the publisher's own name."""
    kept: dict[str, str] = {}
    for value in values:
        byline = collapse(_ADDRESS.sub(" ", value).replace("\xa0", " "))
        for part in _SEPARATOR.split(_BY.sub("", byline)):
            name = _PARENTHESES.sub("", _BY.sub("", part)).strip(" .:-–—|\t")
            if not 1 < len(name) <= MAX_NAME or _NOT_A_NAME.search(name) or _ROLE.match(name):
                continue
            kept.setdefault(name.casefold(), name)
    if len(kept) > 1:
        kept.pop(site.casefold(), None)
    return tuple(kept.values())


def _meta_names(structured: Structured) -> Iterator[str]:
    for name in _META:
        yield from structured.meta.get(name, ())
    if (structured.first_meta("twitter:label1") or "").lower() in _WRITTEN_BY:
        yield from structured.meta.get("twitter:data1", ())


def _microdata_name(element: etree._Element) -> str:
    named = find(element, ".//*[@itemprop='name']")
    return microdata_value(named[0] if named else element)


def _byline(document: Document) -> Iterator[str]:
    """The first byline outside the comments: rel=author, then the usual class names."""
    for link in document.root.iter("a"):
        if "author" in (link.get("rel") or "").split() and not _in_comments(link):
            yield text_of(link)
            return
    for element in document.root.iter("span", "div", "p", "a", "address", "strong", "li"):
        classes = element.get("class")
        if not classes or not any(_BYLINE_CLASS.search(words_of(n)) for n in classes.split()):
            continue
        if 0 < len(text := text_of(element)) <= MAX_BYLINE and not _in_comments(element):
            yield text
            return


def _in_comments(element: etree._Element) -> bool:
    return any(
        "comment" in f"{ancestor.get('class')} {ancestor.get('id')}".lower()
        for ancestor in (element, *element.iterancestors())
        if ancestor.tag not in ("body", "html")
    )
