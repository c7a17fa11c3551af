"""Where a text was collected before in nearly the same words: the index of fingerprints.

It looks among what was collected within a window of days, and what was published so many days apart
is no copy. Its cost hardly grows with what it holds (tests/benchmarks/near_duplicates.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from crawler.state.fingerprints import FingerprintLog, Logged
from crawler.state.postings import Numbers, Postings
from pipelines.bands import BANDS, band_keys
from pipelines.minhash import PERMUTATIONS
from pipelines.resemblance import (
    CONTAINED_ROWS,
    Comparison,
    Fingerprint,
    Fingerprints,
    Signatures,
    compare,
)

# The newest are compared one and all, which costs less than to index each by itself.
NEWEST: Final = 256
# Texts that are compared with a new one: those that share most bands. A cut to 30 % shares five,
# what has a site's legal note of sixty words in common one, however many such texts there are.
CANDIDATES: Final = 32


@dataclass(frozen=True, slots=True)
class Match:
    """A text that is the same as another, and how much they are alike: similarity is 0 to 1."""

    article_id: str
    similarity: float
    is_contained: bool


class NearCopies:
    """The fingerprints of a log, searchable."""

    def __init__(self, log: FingerprintLog, folder: Path, window: timedelta) -> None:
        """`folder` has the files that make searching fast; what it lacks is made from the log."""
        self._log = log
        self._window = window
        self._postings = Postings(folder, BANDS, *log.span())
        self._newest = np.zeros((NEWEST, PERMUTATIONS), np.uint32)
        self._numbers: list[int] = []

    def find(self, prints: Fingerprint, published: datetime | None) -> list[Match]:
        """What tells the same story in nearly the same words, most alike first."""
        self._catch_up()
        numbers = self._candidates(np.frombuffer(prints.signature, "<u4"))
        if not len(numbers):
            return []
        logged = [
            one
            for one in self._log.get(numbers.tolist())
            if self._is_near(one.published, published)
        ]
        if not logged:
            return []
        said = _compared(prints, logged)
        order = np.argsort(-said.similarity, kind="stable")
        return [_match(logged[row], said, row) for row in order[said.is_same[order]].tolist()]

    def likeness(self, prints: Fingerprint, article_id: str) -> Match | None:
        """How much a text is like that of an article, the same or not; None if that is unknown."""
        logged = self._log.of(article_id)
        return _match(logged, _compared(prints, [logged]), 0) if logged else None

    def _is_near(self, one: float | None, other: datetime | None) -> bool:
        """Whether two were published within the window, or may have been."""
        if one is None or other is None:
            return True
        return abs(one - other.timestamp()) <= self._window.total_seconds()

    def _catch_up(self) -> None:
        """Take in what the log has now: only what was committed is found."""
        last = self._numbers[-1] if self._numbers else self._postings.last
        while rows := self._log.after(last, NEWEST - len(self._numbers)):
            start = len(self._numbers)
            self._numbers += [number for number, _ in rows]
            self._newest[start : len(self._numbers)] = _matrix(rows)
            last = rows[-1][0]
            if len(self._numbers) == NEWEST:
                self._postings.add(np.array(self._numbers, np.uint32), band_keys(self._newest))
                self._numbers.clear()

    def _candidates(self, signature: Signatures) -> Numbers:
        found = self._postings.find(band_keys(signature[np.newaxis])[0], CANDIDATES)
        if not self._numbers:
            return found
        equal = np.count_nonzero(self._newest[: len(self._numbers)] == signature, axis=1)
        near = np.flatnonzero(equal >= CONTAINED_ROWS)
        newest = np.array(self._numbers, np.uint32)[near[np.argsort(equal[near])[-CANDIDATES:]]]
        return np.concatenate([found, newest])


def _matrix(rows: list[tuple[int, bytes]]) -> Signatures:
    joined = b"".join(signature for _, signature in rows)
    return np.frombuffer(joined, "<u4").reshape(-1, PERMUTATIONS)


def _compared(prints: Fingerprint, logged: list[Logged]) -> Comparison:
    others = Fingerprints.of([Fingerprint(one.signature, one.vocabulary) for one in logged])
    return compare(Fingerprints.of([prints]), others)


def _match(logged: Logged, said: Comparison, row: int) -> Match:
    return Match(logged.article_id, float(said.similarity[row]), bool(said.is_contained[row]))
