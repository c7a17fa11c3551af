from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.dataset import verify_snapshot
from tests.pipelines.dataset.dying import KEPT, RUN
from tests.pipelines.dataset.third_day import AFTER, BEFORE, GONE, third_day
from tests.pipelines.newsroom import Newsroom, gone, ids, story

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Data folders in which the third day's commit was killed, each before another change."""
    folder = tmp_path_factory.mktemp("killed")
    third_day(folder / "data", KEPT)
    subprocess.run(
        [sys.executable, "-m", "tests.pipelines.dataset.dying", str(folder)],
        cwd=ROOT, check=True, timeout=120,
    )  # fmt: skip
    return sorted(folder.glob("trial-[0-9]*"))


def test_a_run_killed_anywhere_in_a_commit_is_finished_by_the_next_with_every_row_once(
    trials: list[Path],
) -> None:
    assert len(trials) > 20
    seen = []
    for trial in trials:
        with Newsroom(trial, KEPT) as newsroom:
            for snapshot_id in newsroom.snapshots.ids():
                snapshot = newsroom.snapshots.get(snapshot_id)
                assert list(verify_snapshot(snapshot)) == []
            killed = newsroom.snapshots.latest()
            assert killed is not None
            assert ids(killed.path) == (AFTER if killed.manifest.run_id == RUN else BEFORE)
            assert gone(killed.path) == ([GONE] if killed.manifest.run_id == RUN else [])
            seen.append(killed.manifest.run_id)

            newsroom.commit("fourth")
            finished = newsroom.snapshots.latest()
            assert finished is not None
            assert list(verify_snapshot(finished)) == []
            assert ids(finished.path) == AFTER
            assert gone(finished.path) == [GONE]
            sizes = {row["article_id"]: row["cluster_size"] for row in newsroom.rows("articles")}
            assert sizes == {"a": 2, "c": 1, "d": 2, "f": 1}
            assert newsroom.staged() == []
            assert newsroom.commit("fifth") is None
            # Nothing is left of the dead: no draft, no half link, and the next commit is as ever.
            newsroom.publish(story("g"), run_id="fifth")
            assert sorted(path.name for path in newsroom.folder.snapshots.iterdir()) == [
                "000003", "000004",
            ]  # fmt: skip
            assert not (trial / ".latest-unfinished").is_symlink()
            assert ids(newsroom.folder.latest) == {**AFTER, "articles": list("acdfg")}
    # Killed before the new snapshot was `latest`, and after.
    assert set(seen) == {"second", RUN}
    assert seen == sorted(seen, reverse=True)
