from __future__ import annotations

import numpy as np

from crawler.extract.groups import Groups

GROUPS = Groups(["p", "li", "p", "p"])


def test_each_has_the_size_and_the_sum_of_its_group() -> None:
    assert GROUPS.sizes().tolist() == [3, 1, 3, 3]
    assert GROUPS.sums(np.array([1, 20, 300, 4_000])).tolist() == [4_301, 20, 4_301, 4_301]
