"""How much a text repeats itself, after Gopher (Rae et al. 2021, appendix A.1.1, table A1).

Characters are those of the words. Of an n-gram that stands twice, the second time counts; where two
such overlap, a word counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import numpy as np
import numpy.typing as npt

# Odd, so that no number of a word is lost in the product: SplitMix64's (Steele et al. 2014).
_MIX = np.uint64(0x9E3779B97F4A7C15)
TOP = (2, 3, 4)
DUPLICATES = (5, 6, 7, 8, 9, 10)


def repeated(pieces: Sequence[str]) -> tuple[float, float]:
    """The shares of the pieces that stood before, and of the characters in these."""
    seen: set[str] = set()
    again = [piece for piece in pieces if piece in seen or seen.add(piece)]  # type: ignore[func-returns-value] # None
    chars = sum(map(len, pieces))
    return (
        len(again) / len(pieces) if pieces else 0.0,
        sum(map(len, again)) / chars if chars else 0.0,
    )


def ngram_shares(words: Sequence[str]) -> tuple[list[float], list[float]]:
    """For `TOP`, the share of the most frequent n-gram; for `DUPLICATES`, of those that repeat.

    An n-gram that stands once is nobody's most frequent; of two as frequent, the longer one is.
    """
    numbers = dict(zip(dict.fromkeys(words), count(1)))
    coded = np.fromiter(map(numbers.__getitem__, words), np.uint64, len(words))
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    ends = np.concatenate(([0], np.cumsum(lengths)))
    top: list[float] = []
    duplicates: list[float] = []
    # Only where an n-gram repeats may a longer one.
    starts, keys = np.arange(len(words)), coded
    for n in range(2, DUPLICATES[-1] + 1):
        inside = starts <= len(words) - n
        starts = starts[inside]
        keys = keys[inside] * _MIX + coded[starts + n - 1]
        order = np.argsort(keys, kind="stable")
        ranked = keys[order]
        is_first = np.ones(len(keys) + 1, np.bool_)  # the end, too, begins something else
        is_first[1:-1] = ranked[1:] != ranked[:-1]
        again = order[~is_first[:-1]]
        if not len(again):
            break
        if n in TOP:
            firsts = np.flatnonzero(is_first)
            top.append(_top_share(ends, n, starts[order[firsts[:-1]]], np.diff(firsts)))
        else:
            duplicates.append(_covered(lengths, n, starts[again]))
        repeats = np.sort(order[~(is_first[:-1] & is_first[1:])])
        starts, keys = starts[repeats], keys[repeats]
    return _filled(top, len(TOP)), _filled(duplicates, len(DUPLICATES))


def _top_share(
    ends: npt.NDArray[np.int64],
    n: int,
    first: npt.NDArray[np.intp],
    counts: npt.NDArray[np.intp],
) -> float:
    most = counts.max()
    start = first[counts == most]
    chars = (ends[start + n] - ends[start]).max()
    return min(1.0, float(chars * most / ends[-1]))


def _covered(lengths: npt.NDArray[np.int64], n: int, places: npt.NDArray[np.int64]) -> float:
    """The share of the characters in n-grams that stood before, of which these are the places."""
    starts = np.zeros(len(lengths) + 1, np.int64)
    starts[places] += 1
    starts[places + n] -= 1  # no two of them begin, or end, at one place
    return float(lengths[np.cumsum(starts[:-1]) > 0].sum() / lengths.sum())


def _filled(shares: list[float], count: int) -> list[float]:
    return shares + [0.0] * (count - len(shares))
