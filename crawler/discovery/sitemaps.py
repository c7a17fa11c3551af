"""Sitemaps (sitemaps.org 0.9): the articles a sitemap lists and the sitemaps an index names.

XML, plain text, either of them gzipped; Google News' dates, titles and languages are kept. Nothing
is fetched, no DTD is read, and fifty thousand entries are read as a stream.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from html.entities import html5
from io import BytesIO
from urllib.parse import unquote, urlsplit

from lxml import etree

from crawler.codings import decoded
from crawler.discovery.candidate import Candidate
from crawler.discovery.hints import iso_date, language_tag, plain_text
from crawler.discovery.urls import resolve
from crawler.errors import Reason, Refusal
from crawler.markup import is_cut

# The protocol's own limit for one sitemap, unpacked.
MAX_UNPACKED_BYTES = 50 * 1024 * 1024

_GZIP_MAGIC = b"\x1f\x8b"
_ENTRY_END = re.compile(rb"</(?:[\w-]+:)?(?:url|sitemap)\s*>", re.IGNORECASE)
# An &, with the name it refers to; `other` is what has to stay as it is.
_REFERENCE = re.compile(
    rb"(?P<other><!\[CDATA\[.*?(?:\]\]>|\Z)|&#(?:\d+|[xX][0-9a-fA-F]+);)|&(?P<name>[A-Za-z][A-Za-z0-9]*;)?",
    re.DOTALL,
)

# What a sitemap without articles has in its name.
_OTHER_CONTENTS = """
    taxonomy taxonomies category categories categorie tag tags keyword keywords topic topics section
    sections rubrique rubriques author authors auteur auteurs user users profile profiles member
    members pages image images photo photos video videos gallery galleries attachment attachments
    media product products produit produits shop offer offers event events forum forums
"""
_OTHER_CONTENT_WORDS = frozenset(_OTHER_CONTENTS.split())
# Words that say nothing about what is in a sitemap.
_FILLERS = frozenset(("sitemap", "sitemaps", "index", "xml", "gz", "txt", "php", "wp"))


@dataclass(frozen=True, slots=True)
class ChildSitemap:
    """A sitemap that an index names, and when it last changed, if the index says."""

    url: str
    date_modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap document holds: pages, further sitemaps, or (never by the book) both.

    `is_whole` is False where the document lacks its end, and with it what else it lists.
    """

    candidates: tuple[Candidate, ...] = ()
    children: tuple[ChildSitemap, ...] = ()
    is_whole: bool = True


def newest_first(children: Iterable[ChildSitemap]) -> list[ChildSitemap]:
    """Sitemaps in the order in which to ask for them; those without a date last, in their order."""
    return sorted(children, key=_seconds, reverse=True)


def parse_sitemap(body: bytes, url: str) -> Sitemap | Refusal:
    """The sitemap in `body`, served at `url`; a Refusal where it is none.

    A feed that is used as a sitemap is refused here: it is `parse_feed`'s.
    """
    if body.startswith(_GZIP_MAGIC):
        unpacked = decoded(body, ("gzip",), MAX_UNPACKED_BYTES)
        if isinstance(unpacked, Refusal):
            return unpacked
        body = unpacked
    start = body[:1024].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start[:4].lower() == b"http":
        return _text_sitemap(body, url)
    if start[:1] != b"<":
        return _unreadable("neither XML nor a list of URLs")
    body = body.lstrip()
    try:
        return _xml_sitemap(body, url)
    except etree.XMLSyntaxError:
        pass
    try:
        sitemap = _xml_sitemap(_repaired(body), url, recover=True)
    except etree.XMLSyntaxError as error:
        return _unreadable(f"broken XML: {error}")
    if sitemap == Sitemap():
        return _unreadable("broken XML without a whole entry")
    return sitemap if isinstance(sitemap, Refusal) else replace(sitemap, is_whole=not is_cut(body))


def is_article_sitemap(url: str) -> bool:
    """Whether a sitemap of this name may list articles; False for tags, authors, images, pages ….

    WordPress' own `posts-page` holds pages. Any name that is not known is worth a look.
    """
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).lower().split("/") if segment]
    values = [pair.partition("=")[2] for pair in unquote(parts.query).lower().split("&")]
    name = _words(" ".join([*segments[-1:], *values]))
    if not any(_says_something(word) for word in name):
        name = _words(segments[-2]) if len(segments) > 1 else []
    return not (_OTHER_CONTENT_WORDS.intersection(name) or _is_of_pages(name))


def names_all(sitemap: Sitemap) -> bool:
    """Whether what a sitemap names no more was taken away: Google's news sitemaps hold two days.

    One that names nothing says nothing.
    """
    entries = sitemap.candidates
    return bool(entries) and not any(entry.date_published or entry.title for entry in entries)


def _seconds(child: ChildSitemap) -> float:
    return child.date_modified.timestamp() if child.date_modified else 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+", text)


def _says_something(word: str) -> bool:
    return word not in _FILLERS and not word.isdigit()


def _is_of_pages(name: list[str]) -> bool:
    """`page-sitemap2`, `posts-page-1`; but `sitemap-page-2` is the second of a series."""
    if "page" not in name:
        return False
    before = name[: name.index("page")]
    return "posts" in before or not before


def _text_sitemap(body: bytes, url: str) -> Sitemap:
    lines = body.decode("utf-8-sig", "replace").splitlines()
    addresses = (resolve(url, line) for line in lines if line.lstrip()[:4].lower() == "http")
    return Sitemap(tuple(Candidate(address, "sitemap") for address in addresses if address))


def _repaired(body: bytes) -> bytes:
    """The XML up to its last whole entry, with every reference made numeric.

    After the first error libxml2 drops named references and closes what was cut: it would make
    addresses that nobody published.
    """
    ends = [match.end() for match in _ENTRY_END.finditer(body)]
    return _REFERENCE.sub(_numeric_reference, body[: ends[-1] if ends else 0])


def _numeric_reference(match: re.Match[bytes]) -> bytes:
    if match["other"]:
        return match[0]
    characters = html5.get((match["name"] or b"").decode("ascii"))
    if characters is None:  # an & that nobody escaped
        return b"&#38;" + match[0][1:]
    return "".join(f"&#{ord(character)};" for character in characters).encode("ascii")


def _xml_sitemap(body: bytes, url: str, recover: bool = False) -> Sitemap | Refusal:
    candidates: list[Candidate] = []
    children: list[ChildSitemap] = []
    root: etree._Element | None = None
    events = etree.iterparse(
        BytesIO(body), events=("end",), recover=recover, resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    for _, element in events:
        if root is None:
            tree = element.getroottree()
            root = tree.getroot()
            if _name(root) not in {"urlset", "sitemapindex"}:
                return _unreadable(f"<{_name(root)}> is no sitemap")
            if tree.docinfo.internalDTD is not None:
                return _unreadable("a DTD")
        if _name(element) not in {"url", "sitemap"}:
            continue
        fields = {_name(child): child for child in reversed(element)}
        address = resolve(url, _text(fields.get("loc")))
        modified = iso_date(_text(fields.get("lastmod")))
        if address and _name(element) == "url":
            candidates.append(_candidate(address, modified, fields.get("news")))
        elif address and _name(element) == "sitemap":
            children.append(ChildSitemap(address, modified))
        _forget(element)
    if root is None:
        return _unreadable("no element")
    return Sitemap(tuple(candidates), tuple(children))


def _candidate(address: str, modified: datetime | None, news: etree._Element | None) -> Candidate:
    """One `<url>`, with the fields of Google's news sitemap where it has them."""
    if news is None:
        return Candidate(address, "sitemap", date_modified=modified)
    fields = {_name(element): element for element in news.iter()}
    return Candidate(
        address,
        "sitemap",
        date_published=iso_date(_text(fields.get("publication_date"))),
        date_modified=modified,
        title=plain_text(_text(fields.get("title"))),
        language=language_tag(_text(fields.get("language"))),
    )


def _name(element: etree._Element) -> str:
    return _local_name(element.tag)


@lru_cache(maxsize=256)
def _local_name(tag: object) -> str:
    """The name without namespace, declared or not: sites get namespaces wrong in every way."""
    return re.split(r"[}:]", tag)[-1].lower() if isinstance(tag, str) else ""


def _text(element: etree._Element | None) -> str | None:
    return element.text.strip() if element is not None and element.text else None


def _forget(element: etree._Element) -> None:
    """Frees what was read, so that memory does not grow with the file."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        del parent[: parent.index(element)]


def _unreadable(detail: str) -> Refusal:
    return Refusal(Reason.UNREADABLE_LISTING, detail)
