"""Which of a page's pieces belong together, and what a group has in sum."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
import numpy.typing as npt


class Groups:
    """Pieces that share a key: a parent, a make. N keys give arrays of N values."""

    def __init__(self, keys: Iterable[Hashable]) -> None:
        numbers: dict[Hashable, int] = {}
        self._of = np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.intp)

    def sizes(self) -> npt.NDArray[np.intp]:
        """Return for each piece how many are in its group."""
        return np.bincount(self._of)[self._of]

    def sums(self, values: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return for each piece what the values of its group add up to."""
        return np.asarray(np.bincount(self._of, values)[self._of], dtype=np.float64)
