"""A person's name, however it is typed: to find who wrote something, and where they are named.

Case, width, white space, punctuation and the order of the parts make no difference:
`Martin, Jeanne` is `Jeanne Martin`. Two people of one name cannot be told apart;
a dry run shows whose rows go.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import permutations

_PART = re.compile(r"[^\W_]+")
# All orders of four parts are 24; a longer name is looked for in its own order and turned around.
_PARTS_IN_ANY_ORDER = 4
# Between the parts of a name: a space, a comma and a space, the hyphen of a URL, `%20`.
_BETWEEN = r"(?:[\W_]{1,3}|%20)"


def fold(text: str) -> str:
    """NFKC, case folded: what two ways of typing the same have in common."""
    return unicodedata.normalize("NFKC", text).casefold()


def name_parts(name: str) -> list[str]:
    """The folded words of a name, in its order."""
    return _PART.findall(fold(name))


def name_key(name: str) -> str:
    """What all spellings of a name share; empty for what has no letter or digit."""
    return " ".join(sorted(name_parts(name)))


def orders(parts: list[str]) -> list[list[str]]:
    """The orders in which the parts of a name are written."""
    if len(parts) <= _PARTS_IN_ANY_ORDER:
        return [list(order) for order in dict.fromkeys(permutations(parts))]
    return [parts, [parts[-1], *parts[:-1]]]


class Mention:
    """Finds a name in folded text, in any order of its parts."""

    def __init__(self, name: str) -> None:
        parts = name_parts(name)
        written = (_BETWEEN.join(map(re.escape, order)) for order in orders(parts))
        self._pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(written)})(?![^\W_])")
        # Most texts do not even have this, which is found ten times as fast.
        self._part = max(parts, key=len)
        self.is_full = len(parts) > 1

    def is_in(self, folded: str) -> bool:
        """Whether the text gives the name."""
        return self._part in folded and self._pattern.search(folded) is not None
