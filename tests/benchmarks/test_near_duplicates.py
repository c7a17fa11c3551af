"""The near-duplicates benchmark: its sums on a small index, and, where a minute does not matter,
what it is there to show."""

from __future__ import annotations

import pytest

from tests.benchmarks.near_duplicates import measure


def test_a_small_index_finds_every_copy_and_takes_next_to_no_disk() -> None:
    cost = measure(300)
    assert (cost.found, cost.copies) == (100, 100)
    assert 800 < cost.bytes < 2_000
    assert 0 < cost.cpu_ms < 20


@pytest.mark.slow
def test_a_million_articles_make_one_more_at_most_twice_as_dear_as_ten_thousand() -> None:
    some, many = measure(10_000), measure(1_000_000)
    assert many.found == many.copies
    assert many.cpu_ms + many.growing_ms < 2 * (some.cpu_ms + some.growing_ms)
    assert many.bytes < 2_000
