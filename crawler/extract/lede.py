"""The lede as the reader sees it: chapô, standfirst, dek, excerpt above the story.

It is known by the name its markup bears, and by standing between the headline and the story.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from crawler.extract.blocks import Piece
from crawler.extract.body import fold
from crawler.extract.boilerplate import is_certain, is_furniture_line, words_of

# Names of the paragraph that opens the story.
_OPENING = re.compile(
    r"(?:^| )(?:chapo|chapeau|standfirst|stand first|lede|lead|lead text|leadtext|lead in|intro|"
    r"intro text|introtext|introduction|excerpt|vorspann|anleitung|entradilla|bajada|copete|"
    r"sommario|ingress|perex|post excerpt)(?: |$)"
)
# Names of the line that stands under the headline and belongs to it: a lede, not a paragraph.
_SUBHEADLINE = re.compile(
    r"(?:^| )(?:sub ?titles?|sub ?heading|sub ?headline|sub ?hed|sub ?head|dek|deck|summary|"
    r"synopsis|abstract|teaser text|sumario|catenaccio|occhiello|tagline|topline text|"
    r"post description|article description|story description|description)(?: |$)"
)
# How far above the text the name may stand.
_REACH = 3
# Shorter is a label, longer is the story.
MIN_LEDE, MAX_LEDE = 40, 1_200


@dataclass(frozen=True, slots=True)
class Story:
    """The article's pieces in reading order, and its lede, where the page shows one."""

    body: tuple[Piece, ...]
    lede: Piece | None


def tell(pieces: Sequence[Piece], body: Sequence[Piece], headline: str = "") -> Story:
    """Find the lede, and put it at the head of the body where it opens the story.

    A sub-headline stays with the headline.
    """
    lede, opens = _shown(pieces, body, fold(headline))
    if lede is None or not opens or any(piece is lede for piece in body):
        return Story(tuple(body), lede)
    return Story((replace(lede, type="paragraph", level=None), *body), lede)


def _shown(
    pieces: Sequence[Piece], body: Sequence[Piece], headline: str
) -> tuple[Piece | None, bool]:
    """The piece named as the lede above or at the head of the story, and whether it opens it."""
    if not body:
        return None, False
    first = next(index for index, piece in enumerate(pieces) if piece is body[0])
    sub: Piece | None = None
    for piece in pieces[: first + 2]:
        if not _may_be_lede(piece, headline):
            continue
        kind = _kind(piece.element)
        if kind is _OPENING:
            return piece, True
        if kind is _SUBHEADLINE:
            sub = sub or piece
    return sub, False


def _may_be_lede(piece: Piece, headline: str) -> bool:
    if not MIN_LEDE <= len(piece.text) <= MAX_LEDE or piece.link_density > 0.5:
        return False
    if piece.type not in ("paragraph", "heading", "quote") or is_furniture_line(piece.text):
        return False
    if any(is_certain(name) for _, name in piece.regions):
        return False
    folded = fold(piece.text)
    return not headline or (folded not in headline and not folded.startswith(headline))


def _kind(element: etree._Element) -> re.Pattern[str] | None:
    for _ in range(_REACH):
        for name in ((element.get("class") or "") + " " + (element.get("id") or "")).split():
            words = words_of(name)
            for kind in (_OPENING, _SUBHEADLINE):
                if kind.search(words):
                    return kind
        if element.get("itemprop") in ("description", "alternativeHeadline", "abstract"):
            return _SUBHEADLINE
        parent = element.getparent()
        if parent is None or parent.tag in ("body", "article", "main"):
            return None
        element = parent
    return None
