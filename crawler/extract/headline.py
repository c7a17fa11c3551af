"""The headline as the reader sees it, without the site's name, a section or a kicker.

The page's own h1 wins where any other source says the same; else JSON-LD, microdata, meta, title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawler.extract.body import fold
from crawler.extract.document import Document, text_of
from crawler.extract.structured import Structured, first_text
from crawler.items import FieldSource

_TITLE_SEPARATOR = re.compile(r"\s+[|•·»«–—-]\s+|\s*\|\s*")
# Headlines that share this part of their words are one headline in two wordings.
SAME_HEADLINE = 0.6


def headlines(
    document: Document, structured: Structured, site: str
) -> Iterator[tuple[FieldSource, str]]:
    """Yield the page's headline as its sources give it, most trusted first.

    `site` is the publisher's name, which titles repeat.
    """
    title = next((text_of(e) for e in document.root.iter("title")), "")
    stated: list[tuple[FieldSource, str | None]] = [
        ("json-ld", first_text(structured.article.get("headline"))),
        ("microdata", structured.itemprop("headline")),
        ("meta", structured.first_meta("og:title", "twitter:title", "dc.title")),
        ("heuristic", title),
    ]
    offers = [(source, strip_site_name(value, site)) for source, value in stated if value]
    shown = [text for e in document.root.iter("h1") if (text := text_of(e))]
    claims = [value for _, value in offers]
    for text in shown:
        if any(_says_the_same(text, claim) for claim in [*claims, title]):
            yield "heuristic", _without_kicker(text, claims)
    if len(shown) == 1 and len(shown[0].split()) > 3 and not structured.article:
        yield "heuristic", shown[0]
    yield from offers
    for text in shown:
        yield "heuristic", text


def _says_the_same(text: str, claim: str) -> bool:
    words, claimed = set(fold(text).split()), set(fold(claim).split())
    return bool(words) and len(words & claimed) >= SAME_HEADLINE * len(words | claimed)


def _without_kicker(text: str, claims: Iterable[str]) -> str:
    """Take the section or kicker off that some themes set inside the h1, if others leave it out."""
    folded = fold(text).replace(" ", "")
    for claim in claims:
        wanted = fold(claim).replace(" ", "")
        if len(claim.split()) > 2 and folded != wanted and folded.endswith(wanted):
            return claim
    return text


def strip_site_name(title: str, site: str = "") -> str:
    """Return a title without the site's name or section behind (or before) a separator."""
    parts = [part for part in _TITLE_SEPARATOR.split(title) if part]
    if len(parts) < 2:
        return title
    folded = fold(site).replace(" ", "")
    kept = [part for part in parts if not folded or fold(part).replace(" ", "") not in folded]
    if folded and kept and len(kept) < len(parts):
        start = title.find(kept[0])
        return title[start : title.rfind(kept[-1]) + len(kept[-1])]
    first, last = parts[0], parts[-1]
    if len(last.split()) <= 4 and len(first.split()) > len(last.split()):
        return title[: title.rfind(last)].rstrip(" |•·»«–—-")
    return title
