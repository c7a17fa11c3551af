"""What one answer of a listing says, on its way from whoever reads it to the store."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.discovery.candidate import Candidate
from crawler.state.listed import Part
from crawler.state.listings import Validators


@dataclass(frozen=True, slots=True)
class WayRead:
    """A complete way was read to its end: what its `listings` name no more is seen at once."""

    way: str
    listings: frozenset[str]


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer listed. `validators` are kept once the candidates are in the store.

    `part` is there where the answer belongs to a listing of all articles, `way_read` after the last
    of them; `discussed` are addresses under which readers have written since.
    """

    url: str
    candidates: tuple[Candidate, ...]
    validators: Validators | None = None
    part: Part | None = None
    way_read: WayRead | None = None
    discussed: frozenset[str] = frozenset()
