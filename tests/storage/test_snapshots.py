from __future__ import annotations

import json
from pathlib import Path

import pyarrow.dataset as ds

from crawler.storage.snapshots import PublishedSnapshots, Sent
from crawler.storage.store import Store
from pipelines.dataset import verify
from tests.pipelines.newsroom import Newsroom, rows, story
from tests.storage.conftest import Bucket


def follow(bucket: Bucket, newsroom: Newsroom) -> Sent:
    with Store.open(bucket.uri) as store:
        return PublishedSnapshots(store).follow(newsroom.snapshots)


def headlines(bucket: Bucket) -> list[str]:
    """What a reader finds who looks up the latest snapshot and takes all that lies there."""
    path = json.loads(bucket.read("latest.json"))["path"]
    found = ds.dataset(f"{bucket.name}/news/{path}/articles", filesystem=bucket.files)
    return sorted(found.to_table(["headline"])["headline"].to_pylist())


def test_a_snapshot_in_the_store_has_the_rows_of_the_one_on_the_disk(
    tmp_path: Path, bucket: Bucket
) -> None:
    newsroom = Newsroom(tmp_path / "data")
    newsroom.publish(story("a"), story("b"))
    follow(bucket, newsroom)
    assert headlines(bucket) == [row["headline"] for row in newsroom.rows("articles")]
    folder = newsroom.folder.path
    here = (path for path in newsroom.folder.snapshots.rglob("*") if path.is_file())
    assert bucket.names("snapshots") == sorted(path.relative_to(folder).as_posix() for path in here)


def test_what_was_sent_is_not_sent_again(tmp_path: Path, bucket: Bucket) -> None:
    newsroom = Newsroom(tmp_path / "data")
    newsroom.publish(story("a"))
    first = follow(bucket, newsroom)
    assert follow(bucket, newsroom) == Sent()
    newsroom.publish(story("b"))
    second = follow(bucket, newsroom)
    # One file of articles, two papers and the manifest; the other tables are as they were.
    assert (first.files, second.files) == (7, 4)
    assert headlines(bucket) == ["Titre de a", "Titre de b"]


def test_snapshots_that_are_pruned_go_away(tmp_path: Path, bucket: Bucket) -> None:
    newsroom = Newsroom(tmp_path / "data", kept=2)
    for name in "abcd":
        newsroom.publish(story(name))
        follow(bucket, newsroom)
    assert {name.split("/")[1] for name in bucket.names("snapshots")} == {"000003", "000004"}


def test_an_empty_folder_is_given_all_snapshots_as_they_were(
    tmp_path: Path, bucket: Bucket
) -> None:
    newsroom = Newsroom(tmp_path / "data")
    for name in "abc":
        newsroom.publish(story(name))
    follow(bucket, newsroom)
    other = Newsroom(tmp_path / "other")
    with Store.open(bucket.uri) as store:
        PublishedSnapshots(store).bring(other.snapshots)
    assert other.snapshots.ids() == newsroom.snapshots.ids()
    assert [wrong for _, wrong in verify(other.snapshots)] == [[], [], []]
    assert rows(other.folder.latest, "articles") == newsroom.rows("articles")
    shared = [path.stat().st_nlink for path in other.folder.snapshots.rglob("*000001*.parquet")]
    assert shared
    assert min(shared) > 1
