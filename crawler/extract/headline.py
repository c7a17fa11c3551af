"""The headline as the reader sees it, without the site's name, a section or a kicker.

The page's own h1 wins where it is the article's: the one that JSON-LD, meta or the title say too,
else the only one; then a heading that the title or meta repeat; then JSON-LD, microdata, meta,
title. A kicker set apart from the h1 is part of it only where JSON-LD and meta both state it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawler.extract.boilerplate import words_of
from crawler.extract.document import Document, collapse, text_of
from crawler.extract.site_names import joined, site_names, title_suffix
from crawler.extract.structured import Structured, first_text
from crawler.extract.survey import fold
from crawler.extract.titles import (
    TITLE_SEPARATOR,
    count_words,
    shown_openings,
    strip_site_name,
    without_names,
)
from crawler.items import FieldSource

# The small line over or under a headline, where themes set it inside the h1.
_APART = re.compile(
    r"\b(?:kickers?|overlines?|over ?title|top ?line|dachzeile|spitzmarke|rubrik|surtitre|"
    r"sur ?title|eyebrow|sub ?title|sub ?line|sub ?heading|pre ?title|supertitle|flag|badge|label|"
    r"volanta|antetitulo|occhiello|"
    r"visually ?hidden|sr only|screen reader(?: text)?|h offscreen)\b"
)
_SITE_TITLE = re.compile(
    r"\b(?:logo|site ?(?:title|name|branding|header|logo)|branding|masthead|brand|breadcrumbs?)\b"
)
# How far above a heading the name of the site's own header may stand.
_REACH = 3
# Headlines that share this part of their words are one headline in two wordings.
SAME_HEADLINE = 0.6
# An h1 that shares less of the title's words is a section's, if another heading says the title.
SHARED = 0.3
# Shorter is a label, in scripts with spaces between words.
MIN_WORDS = 2
# An h1 that no other source confirms is "Our blog" or "Article" where it is shorter than this.
MIN_LONE_WORDS = 3
# Three times the longest title seen; what is longer is text in the wrong place.
MAX_HEADLINE = 1_000


def headlines(
    document: Document, structured: Structured, site: str
) -> Iterator[tuple[FieldSource, str]]:
    """Yield the page's headline as its sources give it, most trusted first.

    `site` is the publisher's name, which titles repeat.
    """
    names = site_names(structured, site)
    title = document.title[:MAX_HEADLINE]
    offers = _stated(structured, title, names)
    claims = [value for source, value in offers if source != "microdata"]
    stated_claims = [value for source, value in offers if source in ("json-ld", "meta")]
    shown = [
        _without_kicker(text, stated_claims)
        for e in document.all("h1")
        if 0 < len(text := _heading(e, names, claims, document.url)) <= MAX_HEADLINE
    ]
    yield from _with_kicker(shown, offers)
    yield from (("heuristic", text) for text in _confirmed(shown, claims, title))
    lone = shown[0] if len({fold(text) for text in shown}) == 1 else ""
    if lone and not any(_shares(lone, claim) for claim in (*claims, title)):
        whole = {fold(claim) for claim in claims}
        yield from (
            ("heuristic", _without_kicker(text, stated_claims))
            for text in _headings(document, names, claims, title)
            if fold(text) in whole
        )
    if lone and count_words(lone) >= (MIN_LONE_WORDS if len(claims) > 1 else 1):
        yield "heuristic", lone
    for text in _headings(document, names, claims, title):
        yield "heuristic", _without_kicker(text, stated_claims)
    if all(claim == title for claim in stated_claims):
        yield from (("heuristic", text) for text in shown_openings(document.root, title))
    yield from offers
    for text in shown:
        yield "heuristic", text


def _headings(
    document: Document, names: Collection[str], claims: Sequence[str], title: str
) -> Iterator[str]:
    """Yield the lesser headings that say what the title or meta say, or a part of it."""
    parts = {fold(part) for part in (*claims, *TITLE_SEPARATOR.split(title))}
    suffix = title_suffix(title)
    if len(suffix.split()) < count_words(suffix) and len(suffix) * 2 < len(title):
        parts.discard(fold(suffix))  # without spaces a site's name is as long as two words
    for element in document.root.iter("h2", "h3"):
        text = _heading(element, names, claims, document.url)
        if count_words(text) >= MIN_WORDS and fold(text) in parts:
            yield text


def _stated(
    structured: Structured, title: str, names: Collection[str]
) -> list[tuple[FieldSource, str]]:
    """The headlines that machines are told, without what the site adds to each of its titles."""
    stated: list[tuple[FieldSource, str | None]] = [
        ("json-ld", first_text(structured.article.get("headline"))),
        ("microdata", structured.itemprop("headline")),
        ("meta", structured.first_meta("og:title", "twitter:title", "dc.title")),
        ("heuristic", title),
    ]
    section = first_text(structured.article.get("articleSection")) or structured.first_meta(
        "article:section"
    )
    return [
        (
            source,
            without_names(value, names)
            if source == "json-ld"
            else strip_site_name(value, names, section or ""),
        )
        for source, value in stated
        if value and len(value) <= MAX_HEADLINE
    ]


def _with_kicker(
    shown: Sequence[str], offers: Sequence[tuple[FieldSource, str]]
) -> Iterator[tuple[FieldSource, str]]:
    """Yield the headline with the kicker set apart from the h1, where JSON-LD and meta state it."""
    stated = [value for source, value in offers if source in ("json-ld", "meta")]
    if len(stated) > 1 and joined(stated[0]) == joined(stated[1]):
        kicker, colon, rest = stated[0].partition(": ")
        if (
            colon
            and len(kicker.split()) >= MIN_WORDS
            and any(fold(text) == fold(rest) for text in shown)
        ):
            yield offers[0]


def _confirmed(shown: Sequence[str], claims: Sequence[str], title: str) -> Iterator[str]:
    """Yield the h1s that another source says too: word for word, as a part of it, or nearly."""
    for claim in claims:
        # where tags stand between words the claim has the spaces
        yield from (
            text if fold(text) == fold(claim) else claim
            for text in shown
            if joined(text) == joined(claim)
        )
    parts = {fold(part) for claim in (*claims, title) for part in TITLE_SEPARATOR.split(claim)}
    yield from (text for text in shown if count_words(text) >= MIN_WORDS and fold(text) in parts)
    for text in shown:
        if any(_says_the_same(text, claim) for claim in (*claims, title)):
            yield text


def _heading(
    element: etree._Element, names: Collection[str], claims: Iterable[str], url: str
) -> str:
    """The text of a heading without its kicker; empty where it is the site's own.

    What JSON-LD or meta state with the kicker in it has the publisher's word that it belongs there.
    """
    text = html.unescape(text_of(element)).replace("\xad", "")
    if not text or joined(text) in names or _is_site_title(element) or _leads_up(element, url):
        return ""
    left_out = frozenset(e for e in element.iterdescendants() if _is_named(e, _APART))
    if not left_out or any(fold(claim) == fold(text) for claim in claims):
        return text
    rest = collapse("".join(_text_without(element, left_out))).replace("\xad", "")
    return rest.strip(" :–—-|") if len(rest.split()) >= MIN_WORDS else text


def _text_without(element: etree._Element, left_out: frozenset[etree._Element]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child not in left_out:
            yield from _text_without(child, left_out)
        yield child.tail or ""


def _is_named(element: etree._Element, names: re.Pattern[str]) -> bool:
    attribute = f"{element.get('class') or ''} {element.get('id') or ''}"
    return attribute != " " and any(names.search(words_of(name)) for name in attribute.split())


def _is_site_title(element: etree._Element) -> bool:
    """Whether a heading is the site's logo or a breadcrumb, by the names around it."""
    around: etree._Element | None = element
    for _ in range(_REACH):
        if around is None or around.tag in ("body", "main", "article"):
            return False
        if around.tag == "li" or _is_named(around, _SITE_TITLE):
            return True
        around = around.getparent()
    return False


def _leads_up(heading: etree._Element, url: str) -> bool:
    """Whether a heading is nothing but a link to the site's front, or a page above the story's."""
    link = next(heading.iter("a"), None)
    href = link.get("href") if link is not None else None
    if link is None or not href or (heading.text or "").strip() or (link.tail or "").strip():
        return False
    try:
        path, own = urlsplit(urljoin(url, href)).path.strip("/"), urlsplit(url).path.strip("/")
    except ValueError:
        return False
    return not path or (own != path and own.startswith(f"{path}/"))


def _shares(text: str, claim: str) -> bool:
    """Whether an h1 is about what another source says, in other words."""
    words, claimed = set(fold(text).split()), set(fold(claim).split())
    return len(words & claimed) >= SHARED * len(claimed)


def _says_the_same(text: str, claim: str) -> bool:
    words, claimed = set(fold(text).split()), set(fold(claim).split())
    return bool(words) and len(words & claimed) >= SAME_HEADLINE * len(words | claimed)


def _without_kicker(text: str, claims: Iterable[str]) -> str:
    """Take the section or kicker off that some themes set inside a heading, if all leave it out.

    `claims` are what JSON-LD and meta state; the title often repeats the kicker.
    """
    folded = joined(text)
    shorter = None
    for claim in claims:
        wanted = joined(claim)
        if folded == wanted:
            return text
        if len(claim.split()) > 2 and folded.endswith(wanted):
            shorter = shorter or claim
    return shorter or text
