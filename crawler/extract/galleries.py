"""Pages whose story stands where other pages have none: under pictures, as typed, set large.

A gallery tells in its captions, an old page or a mailing in preformatted text. They are the story
only where the page has no other; paragraphs that are set as headings also where it has less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.extract.blocks import Piece
from crawler.extract.survey import MIN_PROSE
from crawler.extract.wording import ends_sentence

# Fewer pictures with a sentence below them are an illustrated menu.
MIN_TOLD = 3
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_INDENTED = re.compile(r"^[ \t]+\S.*[;{}()=<>]", re.MULTILINE)


def told_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with captions and the like as paragraphs, if these are some."""
    turned = [part for piece in pieces for part in _paragraphs(piece)]
    told = sum(piece.type == "paragraph" and len(piece.text) >= MIN_PROSE for piece in turned)
    return turned if told >= MIN_TOLD else list(pieces)


def tells_in_headings(pieces: Sequence[Piece], body: Sequence[Piece]) -> bool:
    """Whether more of a page is told in headings than in what was taken for its story."""
    told = [len(piece.text) for piece in pieces if _is_set_large(piece)]
    return len(told) >= MIN_TOLD and sum(told) > sum(len(piece.text) for piece in body)


def _is_set_large(piece: Piece) -> bool:
    """Whether a heading is a paragraph."""
    is_long = piece.type == "heading" and len(piece.text) >= MIN_PROSE
    return is_long and not piece.link_length and ends_sentence(piece.text)


def _paragraphs(piece: Piece) -> Iterator[Piece]:
    if _is_set_large(piece):
        yield replace(piece, type="paragraph", level=None)
    elif piece.type == "caption":
        yield replace(piece, type="paragraph")
    elif piece.type == "code" and not _INDENTED.search(piece.text):
        for part in _BLANK_LINE.split(piece.text):
            if part.strip():
                yield replace(piece, type="paragraph", text=part.strip())
    else:
        yield piece
