"""What a file holds is counted in few words, whatever its sites say."""

from __future__ import annotations

from collections import Counter

from pipelines.dataset.summary import CELLS_MAX, as_cells, by_source


def cell(words: str | None, source: str = "a") -> tuple[str | None, ...]:
    return (source, "fr", "collected", None, words)


def test_sources_come_by_their_articles_with_what_they_reserved() -> None:
    small = as_cells(Counter({cell(None): 1}))
    large = as_cells(Counter({cell("train-ai=n", "b"): 3}))
    found = by_source([("articles", small), ("articles", large), ("duplicates", small)])
    assert list(found) == ["b", "a"]
    assert found["b"].reservations == {"ai_preferences: train-ai=n": 3}
    assert found["a"].tables == {"articles": 1, "duplicates": 1}
    assert not found["a"].reservations


def test_a_site_that_says_something_else_on_each_page_takes_no_more_room() -> None:
    count = Counter({cell(f"train-ai={number}"): 1 for number in range(10 * CELLS_MAX)})
    cells = as_cells(count)
    assert len(cells) == CELLS_MAX + 1
    assert sum(rows for *_, rows in cells) == 10 * CELLS_MAX
    assert by_source([("articles", cells)])["a"].reservations["ai_preferences: …"] > CELLS_MAX
