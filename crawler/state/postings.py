"""Which entries of a log have a key: an index on disk that takes next to no memory.

A log-structured merge tree (O'Neil et al. 1996) of sorted arrays: entries come in small blocks, two
of one size become one of twice the size, and large ones lie in files that are mapped, not read. It
is made from the log and can be lost at any moment: what is missing is made anew.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

logger = logging.getLogger(__name__)

# Numbers of the log.
Numbers = npt.NDArray[np.uint32]
Keys = npt.NDArray[np.uint32]

# Smaller blocks stay in memory (3 MB) and are made anew at the start (.1 s).
FILE_BLOCK: Final = 8_192
# A file of 200 MB, which takes a second or two to write; once in as many articles.
LARGEST_BLOCK: Final = 524_288
# Postings, of 8 bytes.
MERGED_AT_ONCE: Final = 4_194_304
# The newest of a key's entries in a block: thousands of pages with one legal note are one key.
PER_KEY: Final = 64

FENCE: Final = 64

_KEY_SHIFT = np.uint64(32)
_ANY_NUMBER = np.uint64(2**32 - 1)


@dataclass(frozen=True, slots=True)
class _Block:
    """The postings of the entries from `first` to `last`: key and number in one, ascending."""

    first: int
    last: int
    postings: npt.NDArray[np.uint64]
    path: Path | None = None
    fences: npt.NDArray[np.uint64] | None = None
    """Of a file every 64th posting, in memory: a search there touches two places and not twenty."""

    def find(self, keys: npt.NDArray[np.uint64]) -> list[npt.NDArray[np.uint64]]:
        """The postings of keys, which are in the upper half."""
        starts = np.minimum(self._starts(keys), len(self.postings) - 1)
        met = np.flatnonzero(self.postings[starts] >> _KEY_SHIFT == keys >> _KEY_SHIFT)
        ends = self.postings.searchsorted(keys[met] | _ANY_NUMBER, side="right")
        return [
            self.postings[max(start, end - PER_KEY) : end]
            for start, end in zip(starts[met].tolist(), ends.tolist(), strict=True)
        ]

    def _starts(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.intp]:
        if self.fences is None:
            return self.postings.searchsorted(keys)
        from_ = np.maximum(self.fences.searchsorted(keys) - 1, 0) * FENCE
        places = np.minimum(from_[:, np.newaxis] + np.arange(FENCE), len(self.postings) - 1)
        less = self.postings[places] < keys[:, np.newaxis]
        starts: npt.NDArray[np.intp] = from_ + np.count_nonzero(less, axis=1)
        return starts


class Postings:
    """The index of a log's entries up to the number `last`."""

    def __init__(self, folder: Path, keys_each: int, low: int, high: int) -> None:
        """Open the files in `folder`, as far as they reach; an entry has `keys_each` keys.

        `low` and `high` are the log's numbers. Files go that tell of numbers which the log no
        longer has, or does not have: a power cut took its end. What follows `last` is to be added.
        """
        self.last = low - 1
        self._folder = folder
        self._keys_each = keys_each
        self._blocks: list[_Block] = []
        spans = {path: _span(path) for path in folder.glob("*")}
        # Of two that begin alike the longer is the merged one.
        for path, (first, last) in sorted(spans.items(), key=lambda one: (one[1][0], -one[1][1])):
            follows = first <= self.last + 1 <= last <= high
            block = self._mapped(path, first, last) if follows else None
            if block:
                self._blocks.append(block)
                self.last = last
            else:
                path.unlink()

    def add(self, numbers: Numbers, keys: Keys) -> None:
        """Index the entries that follow in the log: n numbers, ascending, with n rows of keys."""
        first, self.last = self.last + 1, int(numbers[-1])
        postings = (keys.astype(np.uint64) << _KEY_SHIFT) | numbers[:, np.newaxis]
        block = _Block(first, self.last, np.sort(postings, axis=None))
        while self._blocks and self._is_due(self._blocks[-1], block):
            block = self._merged(self._blocks.pop(), block)
        self._blocks.append(block)

    def find(self, keys: Keys, most: int) -> Numbers:
        """The entries that have any of the keys; of more than `most` those that share most keys."""
        sought = np.sort(keys).astype(np.uint64) << _KEY_SHIFT
        met = [postings for block in self._blocks for postings in block.find(sought)]
        if not met:
            return np.empty(0, np.uint32)
        numbers = np.concatenate(met).astype(np.uint32)  # which takes the lower half
        found, counts = np.unique(numbers, return_counts=True)
        if len(found) > most:
            # Among those that share as many, the newer first.
            found = found[np.lexsort((found, counts))[-most:]]
        return found

    def _is_due(self, before: _Block, block: _Block) -> bool:
        larger = len(before.postings) > len(block.postings)
        entries = (len(before.postings) + len(block.postings)) // self._keys_each
        return not larger and entries <= LARGEST_BLOCK

    def _merged(self, before: _Block, block: _Block) -> _Block:
        """Two blocks that follow one another as one: in a file, if it is large."""
        first, last = before.first, block.last
        if len(before.postings) + len(block.postings) >= FILE_BLOCK * self._keys_each:
            path = self._folder / f"{first:010d}-{last:010d}"
            try:
                _write(path, _runs(before.postings, block.postings))
                merged = self._mapped(path, first, last)
            except OSError as error:
                logger.warning('"%s" cannot be written (%s); it is kept in memory.', path, error)
                merged = None
            if merged:
                for old in filter(None, (before.path, block.path)):
                    old.unlink()
                return merged
        return _Block(first, last, np.concatenate([*_runs(before.postings, block.postings)]))

    def _mapped(self, path: Path, first: int, last: int) -> _Block | None:
        """A block's file; None if it is not whole."""
        size, each = path.stat().st_size, self._keys_each * 8
        if size == 0 or size % each or size // each > last - first + 1:
            return None
        postings = np.asarray(np.memmap(path, np.uint64, "r"))
        return _Block(first, last, postings, path, postings[::FENCE].copy())


def clear(folder: Path) -> None:
    """Let go of an index whose log is gone: the numbers of another one mean other entries."""
    for path in folder.glob("*"):
        path.unlink()


def _runs(
    one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]
) -> Iterator[npt.NDArray[np.uint64]]:
    """Two sorted arrays as one, piece by piece: whole they might not find room in memory."""
    pieces = -(-(len(one) + len(other)) // MERGED_AT_ONCE)
    # Keys are spread evenly, being hashes.
    bounds = [np.uint64(2**64 * piece // pieces) for piece in range(1, pieces)]
    cuts = [[0, *array.searchsorted(bounds).tolist(), len(array)] for array in (one, other)]
    for piece in range(pieces):
        both = np.concatenate(
            [
                array[cut[piece] : cut[piece + 1]]
                for array, cut in zip((one, other), cuts, strict=True)
            ]
        )
        both.sort(kind="stable")  # which merges two sorted runs
        yield both


def _write(path: Path, pieces: Iterable[npt.NDArray[np.uint64]]) -> None:
    """A file that is whole and on disk when it has its name."""
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_name("unfinished")
    with unfinished.open("wb") as file:
        for piece in pieces:
            file.write(piece.tobytes())
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _span(path: Path) -> tuple[int, int]:
    """The numbers that a file's name tells of; none for a file of another name."""
    first, _, last = path.name.partition("-")
    return (int(first), int(last)) if first.isdigit() and last.isdigit() else (0, -1)
