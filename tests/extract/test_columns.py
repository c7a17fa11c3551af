from __future__ import annotations

import numpy as np

from crawler.extract.columns import columns, shifted


def test_rows_become_columns() -> None:
    assert columns([(1, 2), (3, 4), (5, 6)], 2).tolist() == [[1, 3, 5], [2, 4, 6]]
    assert columns([], 2).shape == (2, 0)


def test_what_is_further_on_is_beside_each_and_nothing_beyond_the_ends() -> None:
    table = np.array([[1, 2, 3]], dtype=np.float32)
    assert shifted(table, 1).tolist() == [[2, 3, -1]]
    assert shifted(table, -2).tolist() == [[-1, -1, 1]]
