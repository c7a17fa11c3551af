from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from crawler.errors import DatasetError
from pipelines.dataset import Snapshot, Snapshots, verify_snapshot
from pipelines.dataset.snapshots import link_or_copy
from tests.pipelines.newsroom import Newsroom, story


def complaints(snapshot: Snapshot) -> list[str]:
    return list(verify_snapshot(snapshot))


def test_a_folder_without_a_commit_has_no_snapshot(newsroom: Newsroom, tmp_path: Path) -> None:
    assert newsroom.snapshots.latest() is None
    assert newsroom.snapshots.newest() is None
    assert newsroom.snapshots.ids() == []
    assert Snapshots(tmp_path / "nowhere", tmp_path / "latest", 7).ids() == []


def test_latest_is_a_relative_link_so_that_the_folder_can_be_moved(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    newsroom.publish(story("a"))
    assert os.readlink(newsroom.folder.latest) == "snapshots/000001"
    moved = newsroom.folder.path.rename(tmp_path / "elsewhere")
    assert (moved / "latest" / "manifest.json").is_file()


def test_the_oldest_snapshots_are_removed_and_those_kept_stay_whole(tmp_path: Path) -> None:
    with Newsroom(tmp_path / "data", kept=3) as newsroom:
        for number in range(5):
            newsroom.publish(story(str(number)), run_id=f"run {number}")
        assert newsroom.snapshots.ids() == ["000003", "000004", "000005"]
        for snapshot_id in newsroom.snapshots.ids():
            assert complaints(newsroom.snapshots.get(snapshot_id)) == []


def test_what_latest_points_at_is_never_removed(tmp_path: Path) -> None:
    with Newsroom(tmp_path / "data", kept=3) as newsroom:
        first = newsroom.publish(story("a"))
        newsroom.publish(story("b"))
        newsroom.publish(story("c"))
        newsroom.snapshots.point_at(first)
        assert Snapshots(newsroom.folder.snapshots, newsroom.folder.latest, 1).prune() == ["000002"]
        assert newsroom.snapshots.ids() == ["000001", "000003"]
        assert complaints(first) == []


def test_a_draft_of_a_run_that_died_is_removed_by_the_next_commit(newsroom: Newsroom) -> None:
    left = newsroom.folder.snapshots / ".draft-000001" / "articles"
    left.mkdir(parents=True)
    (left / "half.parquet").write_bytes(b"PAR1")
    snapshot = newsroom.publish(story("a"))
    assert os.listdir(newsroom.folder.snapshots) == ["000001"]
    assert complaints(snapshot) == []


def test_a_number_is_never_given_twice_while_a_later_snapshot_is_there(newsroom: Newsroom) -> None:
    first = newsroom.publish(story("a"))
    newsroom.publish(story("b"))
    newsroom.snapshots.point_at(first)
    assert newsroom.publish(story("c")).id == "000003"


def test_a_latest_that_points_nowhere_is_told_with_the_way_out(newsroom: Newsroom) -> None:
    snapshot = newsroom.publish(story("a"))
    shutil.rmtree(snapshot.path)
    with pytest.raises(DatasetError, match=r"000001.*manifest\.json"):
        newsroom.snapshots.latest()


def test_a_latest_that_was_lost_on_the_way_costs_no_row(newsroom: Newsroom) -> None:
    newsroom.publish(story("a"))
    newsroom.folder.latest.unlink()
    newsroom.publish(story("b"))
    assert [row["article_id"] for row in newsroom.rows("articles")] == ["a", "b"]


def test_a_file_is_linked_or_where_that_cannot_be_copied(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"PAR1")
    link_or_copy(source, tmp_path / "new" / "link")
    assert (tmp_path / "new" / "link").stat().st_ino == source.stat().st_ino
    other = Path("/dev/shm") / f"colporteur-{os.getpid()}"
    if not other.parent.is_dir() or other.parent.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("one file system only")
    try:
        link_or_copy(source, other / "copy")
        assert (other / "copy").read_bytes() == b"PAR1"
    finally:
        shutil.rmtree(other)
