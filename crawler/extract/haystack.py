"""Long texts in which many others are looked for."""

from __future__ import annotations

# From this length on, CPython looks for a text by the two-way algorithm, which skips most of what
# it searches (Objects/stringlib/fastsearch.h); a shorter one it reads sign by sign, which takes
# five times as long for the lines of an article.
_TWO_WAY = 30_000
# Its preparation costs more than it saves in less than this.
_LONG = 2_500
_PADDING = "\n"


def haystack(text: str) -> str:
    """Return a text with nothing but line ends added, wherein others are found sooner.

    What is looked for must not end in a line end.
    """
    return text.ljust(_TWO_WAY, _PADDING) if len(text) > _LONG else text
