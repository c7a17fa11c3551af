"""The links of a home, section, tag or archive page that look like articles, and its next page.

For sites that offer neither feed nor sitemap nor API. A page taken too many is told apart later, at
the cost of one request; an article missed is never seen: in doubt a link is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree

from crawler.discovery.candidate import Candidate
from crawler.discovery.html import Page, parse_page, text_of
from crawler.discovery.pagination import next_page, page_number
from crawler.discovery.urls import identity_url, same_site
from crawler.errors import Refusal
from crawler.markup import is_cut

# Segments below which there are no articles, wherever in the path (French, English and the commoner
# ones of other languages), and those that only as the last one name a page about the site itself.
_SERVICE_SEGMENTS = """
    tag tags category categories categorie author authors auteur auteurs autor page feed rss login
    signin signup register connexion inscription mon-compte account profile profil shop store
    boutique cart panier checkout search recherche wp-admin wp-content wp-includes wp-json
    wp-login.php wp-comments-post.php cdn-cgi forum forums
"""
_SERVICE_PAGES = """
    about about-us a-propos contact contacts legal cgu cgv terms privacy confidentialite cookies
    plan-du-site sitemap aide help faq jobs careers recrutement publicite advertise impressum
    datenschutz abonnement abonnements subscribe subscription newsletter newsletters compte commande
"""
_SERVICE_SEGMENT_WORDS = frozenset(_SERVICE_SEGMENTS.split())
_SERVICE_PAGE_WORDS = frozenset(_SERVICE_PAGES.split())
_SERVICE_SLUG = re.compile(
    r"(?:conditions?-generales|politique-de-confidentialite|politique-(?:de-)?cookies|terms-(?:of|and)|"
    r"privacy-|cookie-|mentions-|qui-sommes|charte-|nous-contacter|contact-us|gestion-des-cookies)"
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|zip|gz|xml|rss|atom|json|css|js|mp3|mp4|m4a|webm|ogg|epub"
    r"|docx?|xlsx?|pptx?|ics|txt)$"
)
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d[/_-](?:0?[1-9]|1[0-2])(?=[/_-]|$)|/20\d\d/[a-z]{3}/|(?<!\d)20\d\d[01]\d[0-3]\d(?!\d)"
)
_ARCHIVE = re.compile(r"^(?:/[\w-]+)?/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$")
_NUMBER = re.compile(r"(?<!\d)\d{4,}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_EXTENSION = re.compile(r"\.(?:html?|php|aspx?|amp|shtml|cfm|jsp)$")
_ARTICLE_PARAMETER = re.compile(
    r"(?:^|&)(?:p|id|article|articleid|id_article|story|storyid|nid)=\d+(?=&|$)", re.I
)

# A slug of so many words names a story, wherever the link stands; shorter ones name sections too.
_STORY_WORDS = 4
# An anchor text of so many words under a heading is a headline; sections have shorter names.
_HEADLINE_WORDS = 3

# How far around a link we look: menus and cards are not deeper, hostile pages are.
_ANCESTORS = 32
# How far up a class may say "menu": higher up it speaks of the whole page (`menu-open`).
_MENU_ANCESTORS = 5

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NAVIGATION = frozenset(("nav", "footer"))
_NAVIGATION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav(?:bar|igation)?|menu|breadcrumbs?|footer|pagination|cookies?|share|social)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_READ_MORE = re.compile(
    r"\W*(?:lire|voir|en savoir|continue|read|learn|suite|la suite|more|weiter|leer|mehr)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Listing:
    """The articles that a page leads to, in reading order, and the page with older ones.

    `is_whole` is False where the page lacks its end, and with it what else it leads to.
    """

    candidates: tuple[Candidate, ...]
    next_url: str | None = None
    is_whole: bool = True


def parse_listing(body: bytes, url: str) -> Listing | Refusal:
    """What the page at `url` lists. A page without links, or no page at all, lists nothing."""
    page = parse_page(body, url)
    if isinstance(page, Refusal):
        return page
    return Listing(_candidates(page, url), next_page(page, url), not is_cut(body))


def _candidates(page: Page, url: str) -> tuple[Candidate, ...]:
    own = identity_url(url)
    found: dict[str, Candidate] = {}
    for anchor, address in page.links("a"):
        if not same_site(address, url) or not _may_be_article(address):
            continue
        identity = identity_url(address)
        if identity == own or not _is_article_link(anchor, address):
            continue
        known = found.get(identity)
        title = _title(anchor)
        if known is None:
            found[identity] = Candidate(address, "listing", title=title)
        elif title and len(title) > len(known.title or ""):
            found[identity] = Candidate(known.url, "listing", title=title)
    return tuple(found.values())


def _may_be_article(url: str) -> bool:
    """Whether nothing in the address says that it is something else."""
    parts = urlsplit(url)
    path = unquote(parts.path).lower()
    segments = [segment for segment in path.split("/") if segment]
    if not segments and not _ARTICLE_PARAMETER.search(parts.query):
        return False
    return not (
        _SERVICE_SEGMENT_WORDS.intersection(segments)
        or (segments and segments[-1] in _SERVICE_PAGE_WORDS)
        or (segments and _SERVICE_SLUG.match(segments[-1]))
        or _FILE.search(path)
        or _ARCHIVE.match(path)
        or page_number(url) is not None
    )


def _is_article_link(anchor: etree._Element, url: str) -> bool:
    """By the address where it speaks for itself, else by the place of the link on the page."""
    rels = (anchor.get("rel") or "").lower().split()
    if "tag" in rels or "author" in rels:
        return False
    parts = urlsplit(url)
    path = unquote(parts.path).lower().rstrip("/")
    slug = _EXTENSION.sub("", path.rpartition("/")[2])
    words = len(_WORD.findall(slug))
    numbered = bool(_NUMBER.search(slug) or _ARTICLE_PARAMETER.search(parts.query))
    dated = bool(_DATE.search(path))
    around = tuple(islice(anchor.iterancestors(), _ANCESTORS))
    if _in_navigation(around):
        return dated and words >= 2
    if (dated and words) or (numbered and words >= 2) or words >= _STORY_WORDS:
        return True
    if "bookmark" in rels:
        return True
    named = words >= 2 or numbered
    titled = len(text_of(anchor).split()) >= _HEADLINE_WORDS
    in_card = any(ancestor.tag == "article" for ancestor in around)
    if _in_heading(anchor, around):
        return named or titled or in_card
    return in_card and (numbered or (named and titled))


def _in_heading(anchor: etree._Element, around: Sequence[etree._Element]) -> bool:
    """Whether the link is a headline: in a heading, or around one, as cards have it."""
    return any(ancestor.tag in _HEADINGS for ancestor in around) or (
        next(anchor.iter(*_HEADINGS), None) is not None
    )


def _in_navigation(around: Sequence[etree._Element]) -> bool:
    """Whether something around the link, below the article or main part, is for finding the way."""
    for height, ancestor in enumerate(around):
        if ancestor.tag in {"article", "main", "body"}:
            return False
        if ancestor.tag in _NAVIGATION or ancestor.get("role") == "navigation":
            return True
        if height < _MENU_ANCESTORS and _NAVIGATION_CLASS.search(ancestor.get("class") or ""):
            return True
    return False


def _title(anchor: etree._Element) -> str | None:
    """The headline in the link, else its text, unless that only invites to read on."""
    heading = next(anchor.iter(*_HEADINGS), anchor)
    text = text_of(heading)
    return text if text and not _READ_MORE.match(text) else None
