"""What a page tells a second time: a copy of a paragraph, or a wall of text that repeats many."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.survey import fold

# A text that is told twice is known by this much; less may be a refrain.
MIN_TOLD = 60
# A wall of text whose paragraphs stand on the page too, for this share of it, is their copy. With
# only one of them, both are told: two paragraphs that go on alike.
MIN_WALL, WALL_SHARE = 400, 0.6


def repeats(texts: Sequence[str]) -> set[int]:
    """Return the indexes of those texts that repeat others."""
    told: dict[str, int] = {}
    left_out: set[int] = set()
    for index, text in enumerate(map(fold, texts)):
        if len(text) >= MIN_TOLD and told.setdefault(text, index) != index:
            left_out.add(index)
    for wall, index in told.items():
        if len(wall) >= MIN_WALL:
            parts = [text for text in told if len(text) < len(wall) and text in wall]
            if sum(map(len, parts)) < WALL_SHARE * len(wall):
                left_out.update(told[part] for part in parts)
            elif len(parts) > 1:
                left_out.add(index)
    return left_out
