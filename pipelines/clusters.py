"""Which texts of many tell one story: clusters of near-duplicates, and the copy that is kept.

Candidates are texts that agree on both rows of one of 48 bands, which finds 98.9 % of the pairs
at a Jaccard similarity of .3; every candidate is compared. Two texts are in one cluster if a chain
of texts that are the same leads from one to the other, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from crawler.items import DuplicateKind
from pipelines.bands import band_keys
from pipelines.resemblance import Fingerprints, compare

Rows = npt.NDArray[np.intp]

# A text is compared with so many neighbours in a bucket of a band: a bucket of thousands (a line
# that all pages of a site share) costs as much a text as a small one, and its copies meet in
# other bands.
NEIGHBOURS: Final = 16
# Pairs that are compared at once: 16 MB of signatures on each side.
_PAIRS: Final = 32_768


@dataclass(frozen=True, slots=True)
class Membership:
    """The cluster of a text, by the row of the text that is kept; that one is no duplicate."""

    cluster: int
    similarity: float | None = None
    kind: DuplicateKind | None = None


def memberships(
    fingerprints: Fingerprints,
    content_hashes: Sequence[str],
    dates: Sequence[datetime | None],
    is_compared: Sequence[bool],
) -> list[Membership]:
    """The cluster of every text, row by row.

    Kept is the earliest text, the first one where no date decides; but no cut of a text that is
    there whole. Texts that are not compared are clusters of their own. Similarity is that to the
    text that is kept.
    """
    forest = _Forest(len(fingerprints))
    first_with: dict[str, int] = {}
    distinct = []
    for row, (content, compared) in enumerate(zip(content_hashes, is_compared, strict=True)):
        if not compared:
            continue
        first = first_with.setdefault(content, row)
        if first == row:
            distinct.append(row)
        else:
            forest.join(first, row)
    _join_near(forest, fingerprints, np.array(distinct, np.intp))
    order = np.array(sorted(range(len(dates)), key=lambda row: (_moment(dates[row]), row)), np.intp)
    found: list[Membership] = [Membership(row) for row in range(len(fingerprints))]
    for members in _clusters(forest.roots(), order):
        hashes = [content_hashes[row] for row in members]
        for row, member in zip(
            members.tolist(), of_cluster(fingerprints[members], hashes), strict=True
        ):
            found[row] = Membership(int(members[member.cluster]), member.similarity, member.kind)
    return found


def of_cluster(fingerprints: Fingerprints, content_hashes: Sequence[str]) -> list[Membership]:
    """The members of one cluster, the earliest first; whom they are copies of, by its place there.

    Kept is the first, but no cut of one that is there whole.
    """
    kept = _kept(fingerprints)
    said = compare(fingerprints[kept : kept + 1], fingerprints)
    found = []
    for place, (similarity, is_contained) in enumerate(
        zip(said.similarity.tolist(), said.is_contained.tolist(), strict=True)
    ):
        exact = content_hashes[place] == content_hashes[kept]
        kind: DuplicateKind = "exact" if exact else "contained" if is_contained else "near"
        is_kept = place == kept
        found.append(
            Membership(kept) if is_kept else Membership(kept, 1.0 if exact else similarity, kind)
        )
    return found


def _moment(date: datetime | None) -> datetime:
    """A date to sort by; a text without one comes after all that have one."""
    if date is None:
        return datetime.max.replace(tzinfo=UTC)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


class _Forest:
    """Disjoint sets of rows; the root of each is its first row."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def root(self, row: int) -> int:
        parents = self._parents
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    def join(self, one: int, other: int) -> None:
        one, other = sorted((self.root(one), self.root(other)))
        self._parents[other] = one

    def roots(self) -> Rows:
        """The root of every row."""
        roots = np.array(self._parents, np.intp)
        while not np.array_equal(further := roots[roots], roots):
            roots = further
        return roots


def _join_near(forest: _Forest, fingerprints: Fingerprints, rows: Rows) -> None:
    """Join the rows that are the same, band by band."""
    keys = band_keys(fingerprints.signatures[rows])
    for band in keys.T:
        roots = forest.roots()
        for left, right in neighbours(band):
            some, others = rows[left], rows[right]
            apart = roots[some] != roots[others]
            some, others = some[apart], others[apart]
            for start in range(0, len(some), _PAIRS):
                one, other = some[start : start + _PAIRS], others[start : start + _PAIRS]
                same = compare(fingerprints[one], fingerprints[other]).is_same
                for pair in zip(one[same].tolist(), other[same].tolist(), strict=True):
                    forest.join(*pair)


def neighbours(
    keys: npt.NDArray[np.integer[Any]],
) -> Iterator[tuple[Rows, Rows]]:
    """Pairs of positions with equal keys that are at most NEIGHBOURS apart in their bucket."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    for distance in range(1, NEIGHBOURS + 1):
        equal = ordered[distance:] == ordered[:-distance]
        if not equal.any():
            return
        yield order[:-distance][equal], order[distance:][equal]


def _clusters(roots: Rows, order: Rows) -> Iterator[Rows]:
    """The members of every cluster of two and more, each in the given order."""
    by_root = order[np.argsort(roots[order], kind="stable")]
    starts = np.flatnonzero(np.diff(roots[by_root], prepend=-1))
    for members in np.split(by_root, starts[1:]):
        if len(members) > 1:
            yield members


def _kept(fingerprints: Fingerprints) -> int:
    """The first member that is no cut of another, along the chain from the first of all."""
    kept = 0
    for _ in range(len(fingerprints)):
        whole = np.flatnonzero(compare(fingerprints[kept : kept + 1], fingerprints).is_cut)
        if not len(whole):
            break
        kept = int(whole[0])
    return kept
