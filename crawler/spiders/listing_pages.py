"""What one answer of a listing says, on its way from whoever reads it to the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crawler.discovery.candidate import Candidate
from crawler.state.listed import Part
from crawler.state.listings import Validators

# What is put into the store at a time, while nothing else is done: a thousand take 30 ms or so, and
# a sitemap names fifty thousand.
_STEP = 1_000


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

    def steps(self) -> Iterator[Page]:
        """The same in pieces, to be taken one after the other; all but candidates with the last."""
        pieces = range(0, len(self.candidates), _STEP) or (0,)
        for start in pieces:
            is_last = start == pieces[-1]
            piece = self if is_last else Page(self.url, ())
            part = self.part and replace(
                self.part,
                begins=self.part.begins and start == 0,
                ends=self.part.ends and is_last,
            )
            yield replace(piece, candidates=self.candidates[start : start + _STEP], part=part)
