"""Numbers of a page's pieces as columns: from rows, or those of the pieces further on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from crawler.extract.forest import Floats

Numbers = npt.NDArray[Any]


def columns(rows: Sequence[Sequence[float]], width: int) -> Numbers:
    """Return the columns of so many numbers a row."""
    cells = np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=width * len(rows))
    return cells.reshape(len(rows), width).T


def shifted(table: Floats, offset: int) -> Floats:
    """Return the columns `offset` rows further on; -1 where there are none."""
    moved = np.full_like(table, -1.0)
    if offset < 0:
        moved[:, -offset:] = table[:, :offset]
    else:
        moved[:, :-offset] = table[:, offset:]
    return moved
