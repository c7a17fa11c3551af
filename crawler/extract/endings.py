"""Where a story ends: before a list of other stories, whose titles are links."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.blocks import Piece
from crawler.extract.survey import weight_of

# A title of which this share is a link leads elsewhere; in fewer characters it is a button.
LINKED = 0.9
MIN_TITLE = 15
# So many titles make a list, in which what is told of one story is no longer than a teaser.
MIN_TITLES = 3
MAX_TEASER = 300
MAX_LINES = 3
# The story before the list is so many times as long as all of its teasers: else it is the list.
MIN_STORY_SHARE = 2


def is_linked_title(piece: Piece) -> bool:
    """Whether a heading is a link: the title of another story, in a list of them."""
    return piece.type == "heading" and piece.link_density >= LINKED


def story_ends(pieces: Sequence[Piece]) -> int:
    """Return the index at which a list of other stories begins that goes on to the end."""
    first, titles, lines = len(pieces), 0, 0
    for index in range(len(pieces) - 1, -1, -1):
        piece = pieces[index]
        if is_linked_title(piece) and len(piece.text) >= MIN_TITLE:
            first, titles, lines = index, titles + 1, 0
        elif len(piece.text) > MAX_TEASER or lines == MAX_LINES:
            break
        else:
            lines += 1
    if titles < MIN_TITLES:
        return len(pieces)
    told = sum(map(weight_of, pieces[:first]))
    return first if told >= MIN_STORY_SHARE * sum(map(weight_of, pieces[first:])) else len(pieces)
