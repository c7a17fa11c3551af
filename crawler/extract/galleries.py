"""Pages whose story stands where other pages have none: under pictures, or set as typed.

A gallery tells in its captions, an old page or a mailing in preformatted text. They are the story
only where the page has no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.extract.blocks import Piece
from crawler.extract.survey import MIN_PROSE

# Fewer pictures with a sentence below them are an illustrated menu.
MIN_TOLD = 3
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_INDENTED = re.compile(r"^[ \t]+\S.*[;{}()=<>]", re.MULTILINE)


def told_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with captions and preformatted prose as paragraphs, if these are some."""
    turned = [part for piece in pieces for part in _paragraphs(piece)]
    told = sum(piece.type == "paragraph" and len(piece.text) >= MIN_PROSE for piece in turned)
    return turned if told >= MIN_TOLD else list(pieces)


def _paragraphs(piece: Piece) -> Iterator[Piece]:
    if piece.type == "caption":
        yield replace(piece, type="paragraph")
    elif piece.type == "code" and not _INDENTED.search(piece.text):
        for part in _BLANK_LINE.split(piece.text):
            if part.strip():
                yield replace(piece, type="paragraph", text=part.strip())
    else:
        yield piece
