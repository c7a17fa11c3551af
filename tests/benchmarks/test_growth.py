"""The growth benchmark: that the history it makes is one that runs take for theirs."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from crawler.state import DataFolder, State
from pipelines.dataset import Snapshots
from pipelines.dataset.verify import verify_snapshot
from tests.benchmarks.growth import commit_of_new_articles, fill


def test_a_history_made_by_hand_is_a_whole_dataset_and_its_state(tmp_path: Path) -> None:
    fill(tmp_path, articles=30, urls=60, known=["http://127.0.0.1/a", "http://127.0.0.1/b"])
    folder = DataFolder(tmp_path)
    snapshot = Snapshots(folder.snapshots, folder.latest, 2).latest()
    assert snapshot is not None
    assert list(verify_snapshot(snapshot)) == []
    ids = pq.read_table(snapshot.path / "articles")["article_id"].to_pylist()
    assert len(set(ids)) == len(ids) == 30
    state = State(folder.state)
    assert all(
        state.journal.story(article_id) and state.visits.of(article_id) for article_id in ids
    )
    state.close()


def test_a_commit_of_new_articles_writes_them_and_links_the_history(tmp_path: Path) -> None:
    fill(tmp_path, articles=200, urls=200)
    history = (tmp_path / "latest").resolve()
    before = sum(path.stat().st_size for path in history.rglob("*.parquet"))
    _, written = commit_of_new_articles(tmp_path, 3)
    assert 0 < written < before
    assert pq.read_table(tmp_path / "latest" / "articles").num_rows == 203
