"""Trees that were learnt from labelled pages, and what they answer.

The trees are oblivious: all of a level's branches ask the same question, so a forest is three
arrays, and answering is one comparison, one sum and one look-up over all rows at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
# Rows answered at once: the comparisons of more would not stay in a core's cache.
BATCH = 256
# Further from zero, single precision knows no difference, and overflows.
MAX_ODDS = 60.0


@dataclass(frozen=True, slots=True)
class Forest:
    """T trees of depth D ≤ 8: `columns` and `borders` (T, D) ask, `leaves` (T, 2 ** D) answer.

    A row goes right at a level where its column is above the border; the leaves' sum and `bias`
    are log-odds.
    """

    columns: npt.NDArray[np.int16]
    borders: Floats
    leaves: Floats
    bias: float

    def answer(self, rows: Floats) -> Floats:
        """Return the probability for each row."""
        parts = [self._odds(rows[at : at + BATCH]) for at in range(0, len(rows), BATCH)]
        odds = np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)
        sure = 1.0 / (1.0 + np.exp(-np.clip(odds, -MAX_ODDS, MAX_ODDS)))
        return np.asarray(sure, dtype=np.float32)

    def _odds(self, rows: Floats) -> Floats:
        columns = np.ascontiguousarray(rows.T)
        trees, depth = self.columns.shape
        leaf = np.zeros((trees, len(rows)), dtype=np.uint8)
        for level in range(depth):
            right = columns[self.columns[:, level]] > self.borders[:, level, None]
            leaf |= right.view(np.uint8) << np.uint8(level)
        place = leaf + (np.arange(trees, dtype=np.intp) << depth)[:, None]
        odds: Floats = self.leaves.ravel().take(place).sum(axis=0) + np.float32(self.bias)
        return odds


@cache
def load_forest(name: str) -> Forest:
    """Return the forest of this package that a training script wrote under a name."""
    with as_file(files("crawler.extract") / f"{name}.npz") as path, np.load(path) as arrays:
        return Forest(arrays["columns"], arrays["borders"], arrays["leaves"], float(arrays["bias"]))


def save_forest(path: str, forest: Forest) -> None:
    """Write a forest where `load_forest` finds it."""
    np.savez_compressed(
        path,
        columns=forest.columns,
        borders=forest.borders,
        leaves=forest.leaves,
        bias=np.float32(forest.bias),
    )
