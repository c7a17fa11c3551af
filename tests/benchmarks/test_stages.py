"""The budget by stage: that every stage of the settings has its line."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.pages import invented_pages
from tests.benchmarks.stages import READING, measure, table


def test_every_part_of_reading_and_every_pipeline_has_a_line(tmp_path: Path) -> None:
    articles, spent = measure(list(invented_pages(3, 20_000)), tmp_path)
    assert articles == 3
    told = table(spent).splitlines()
    first = [line.rsplit(maxsplit=2)[0] for line in told[:8]]
    assert first == ["archive", *(name for name, _ in READING)]
    assert [line.split()[0] for line in told[-4:]] == ["Deduplicate", "Stage", "commit", "all"]
