from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.items import Comment
from pipelines.dataset import verify_snapshot
from tests.pipelines.dataset.dying import KEPT, RUN
from tests.pipelines.newsroom import NOW, Newsroom, ids, story

ROOT = Path(__file__).parents[3]
ONE, TWO = (Comment(comment_id=str(i), text="Oui.", position=i) for i in range(2))
KEPT_ONE = story("a", comments=(ONE,))
OF_LAST_MONTH = story("c", date_published=NOW - timedelta(days=40))
ALONE = story("d")

FIRST_DAY = [ALONE]
SECOND_DAY = [KEPT_ONE, story("b", KEPT_ONE.article_body), OF_LAST_MONTH]
# A revision with a new comment, one that moves to another month, a copy, and something new.
THIRD_DAY = [
    replace(KEPT_ONE, headline="Corrigé", comments=(ONE, TWO)),
    replace(OF_LAST_MONTH, headline="Daté autrement", date_published=NOW),
    story("e", ALONE.article_body),
    story("f"),
]
BEFORE = {"articles": list("acd"), "duplicates": ["b"], "revisions": [], "comments": ["a"]}
AFTER = {
    "articles": list("acdf"),
    "duplicates": ["b", "e"],
    "revisions": ["a", "c"],
    "comments": ["a", "a"],
}


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Data folders in which the third day's commit was killed, each before another change."""
    folder = tmp_path_factory.mktemp("killed")
    with Newsroom(folder / "data", KEPT) as newsroom:
        newsroom.publish(*FIRST_DAY, run_id="first")
        newsroom.publish(*SECOND_DAY, run_id="second")
        newsroom.collect(*THIRD_DAY)
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
            seen.append(killed.manifest.run_id)

            newsroom.commit("fourth")
            finished = newsroom.snapshots.latest()
            assert finished is not None
            assert list(verify_snapshot(finished)) == []
            assert ids(finished.path) == AFTER
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
