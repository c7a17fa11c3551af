"""How much a text repeats itself, after Gopher (Rae et al. 2021, appendix A.1.1, table A1).

Characters are those of the words. Of an n-gram that stands twice, the second time counts; where two
such overlap, a word counts once.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    numbers: dict[str, int] = {}
    coded = np.array([numbers.setdefault(word, len(numbers) + 1) for word in words], np.uint64)
    lengths = np.array([len(word) for word in words], np.int64)
    ends = np.concatenate(([0], np.cumsum(lengths)))
    top: list[float] = []
    duplicates: list[float] = []
    keys = coded
    for n in range(2, DUPLICATES[-1] + 1):
        if len(words) < n:
            break
        keys = keys[: len(words) - n + 1] * _MIX + coded[n - 1 :]
        if n in TOP:
            _, first, counts = np.unique(keys, return_index=True, return_counts=True)
            top.append(_top_share(ends, n, first, counts))
        elif len(np.unique(keys)) == len(keys):  # then no longer one repeats either
            break
        else:
            _, first, which = np.unique(keys, return_index=True, return_inverse=True)
            duplicates.append(_covered(lengths, n, first[which] != np.arange(len(keys))))
    return _filled(top, len(TOP)), _filled(duplicates, len(DUPLICATES))


def _top_share(
    ends: npt.NDArray[np.int64],
    n: int,
    first: npt.NDArray[np.intp],
    counts: npt.NDArray[np.intp],
) -> float:
    most = counts.max()
    if most < 2:
        return 0.0
    start = first[counts == most]
    chars = (ends[start + n] - ends[start]).max()
    return min(1.0, float(chars * most / ends[-1]))


def _covered(lengths: npt.NDArray[np.int64], n: int, again: npt.NDArray[np.bool_]) -> float:
    """The share of the characters in n-grams that stood before."""
    starts = np.zeros(len(lengths) + 1, np.int64)
    places = np.flatnonzero(again)
    starts[places] += 1
    np.add.at(starts, places + n, -1)
    return float(lengths[np.cumsum(starts[:-1]) > 0].sum() / lengths.sum())


def _filled(shares: list[float], count: int) -> list[float]:
    return shares + [0.0] * (count - len(shares))
