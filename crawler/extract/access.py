"""Whether a reader may read the whole article without paying, and how much is said about it.

JSON-LD is trusted first, of the article or of its hidden part, then meta tags and microdata; last a
wall that the page shows inside the article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crawler.extract.boilerplate import words_of
from crawler.extract.document import Document, text_of
from crawler.extract.structured import Structured
from crawler.items import FieldSource

# schema.org's and Facebook's words for what is open; anything else there is not.
_TIERS = {"free": True, "open": True, "metered": False, "locked": False, "premium": False}
_WALLS = frozenset({"paywall", "regwall"})
# A wall speaks to the reader: a box that scripts may fill later is empty, and one with the story
# in it is no wall.
MIN_WALL, MAX_WALL = 40, 1_000


def free_access(
    document: Document, structured: Structured
) -> Iterator[tuple[FieldSource, bool | None]]:
    """Yield whether the article is free as each source states it, most trusted first."""
    node = structured.article
    yield "json-ld", _truth(node.get("isAccessibleForFree"))
    parts = node.get("hasPart")
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, Mapping):
            yield "json-ld", False if _truth(part.get("isAccessibleForFree")) is False else None
    yield "meta", _TIERS.get((structured.first_meta("article:content_tier") or "").lower())
    yield "microdata", _truth(structured.itemprop("isAccessibleForFree"))
    yield "heuristic", False if _shows_a_wall(document) else None


def comment_counts(structured: Structured) -> Iterator[tuple[FieldSource, int | None]]:
    """Yield how many comments each source counts, most trusted first."""
    node = structured.article
    yield "json-ld", _number(node.get("commentCount"))
    counters = node.get("interactionStatistic")
    for counter in counters if isinstance(counters, list) else [counters]:
        if isinstance(counter, Mapping) and "CommentAction" in str(counter.get("interactionType")):
            yield "json-ld", _number(counter.get("userInteractionCount"))
    yield "microdata", _number(structured.itemprop("commentCount"))
    counted = structured.itemprop("interactionCount") or ""
    yield "microdata", _number(counted.partition("UserComments:")[2])


def _truth(value: Any) -> bool | None:
    stated = str(value).strip().lower().rpartition("/")[2]
    return {"true": True, "false": False}.get(stated)


def _number(value: Any) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _shows_a_wall(document: Document) -> bool:
    return any(
        "wall" in (name := element.get("class") or "")
        and _WALLS & set(words_of(name).split())
        and MIN_WALL <= len(text_of(element)) <= MAX_WALL
        and any(around.tag in ("article", "main") for around in element.iterancestors())
        for element in document.root.iter("div", "section", "aside")
    )
