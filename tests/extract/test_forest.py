from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crawler.extract.forest import BATCH, Forest, load_forest, save_forest
from crawler.extract.traits import NAMES

# Two trees of depth two over two columns.
FOREST = Forest(
    columns=np.array([[0, 1], [1, 1]], dtype=np.int16),
    borders=np.array([[0.5, 2.0], [1.0, 3.0]], dtype=np.float32),
    leaves=np.array([[1, 2, 3, 4], [10, 20, 30, 40]], dtype=np.float32),
    bias=-5.0,
)


def odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


@pytest.mark.parametrize(
    ("row", "leaves"),
    [((0, 0), 1 + 10), ((1, 0), 2 + 10), ((0, 2.5), 3 + 20), ((1, 1.5), 2 + 20)],
)
def test_a_row_s_answer_is_the_sum_of_the_leaves_it_comes_to(
    row: tuple[float, float], leaves: float
) -> None:
    small = Forest(
        FOREST.columns, FOREST.borders, FOREST.leaves * np.float32(0.1), FOREST.bias / 10
    )
    (answer,) = small.answer(np.array([row], dtype=np.float32))
    assert odds(float(answer)) == pytest.approx((leaves - 5.0) / 10, abs=1e-3)


def test_many_rows_are_answered_as_each_alone() -> None:
    rows = np.random.default_rng(7).normal(1.5, 2, (2 * BATCH + 3, 2)).astype(np.float32)
    together = FOREST.answer(rows)
    assert together.tolist() == [float(FOREST.answer(row[None])[0]) for row in rows]


def test_no_rows_have_no_answers() -> None:
    assert FOREST.answer(np.zeros((0, 2), dtype=np.float32)).shape == (0,)


def test_the_shipped_trees_ask_for_what_is_measured() -> None:
    forest = load_forest("body")
    assert 0 <= forest.columns.min() <= forest.columns.max() < len(NAMES)
    assert forest.leaves.shape == (len(forest.columns), 2 ** forest.columns.shape[1])
    assert np.isfinite(forest.leaves).all()


def test_a_forest_is_written_and_read_as_it_is(tmp_path: Path) -> None:
    save_forest(str(tmp_path / "small.npz"), FOREST)
    with np.load(tmp_path / "small.npz") as arrays:
        assert (arrays["leaves"] == FOREST.leaves).all()
        assert (arrays["columns"] == FOREST.columns).all()
        assert (arrays["borders"] == FOREST.borders).all()
        assert float(arrays["bias"]) == FOREST.bias
