"""The memory benchmark: its sums, and, where minutes do not matter, what it is there to show."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks.memory import GROWTH_MAX, MARK, PAGE_BYTES, PAGES, Growth, Look, measure


def test_growth_is_what_the_last_look_has_more_than_the_mark() -> None:
    growth = Growth(Look(100, 200, 50), Look(400, 230, 60), peak=240)
    assert growth.of_crawl == pytest.approx(0.15)
    assert growth.of_worker == pytest.approx(0.2)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's own figures")
def test_memory_after_twenty_thousand_pages_is_what_it_was_after_five_thousand() -> None:
    growth = measure(PAGES, MARK, PAGE_BYTES)
    assert growth.last.pages > 0.95 * PAGES
    assert growth.of_crawl < GROWTH_MAX
    assert growth.of_worker < GROWTH_MAX
