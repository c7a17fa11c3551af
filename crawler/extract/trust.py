"""How one value is chosen among the places that state it: the first in the order of trust."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import TypeVar

from crawler.items import FieldSource

T = TypeVar("T")


def choose(
    sources: MutableMapping[str, FieldSource],
    name: str,
    offers: Iterable[tuple[FieldSource, T | None]],
) -> T | None:
    """Return the first value offered, and note in `sources` where it came from.

    `offers` are in the order of trust, and read no further than needed.
    """
    for source, value in offers:
        if value or value == 0:  # no and none are answers, an empty text is not
            sources[name] = source
            return value
    return None
