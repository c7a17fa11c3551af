from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from crawler.storage.snapshots import PublishedSnapshots, Sent
from crawler.storage.store import Store
from pipelines.dataset import verify
from tests.pipelines.newsroom import Newsroom, rows, story
from tests.storage.conftest import Bucket


def follow(bucket: Bucket, newsroom: Newsroom) -> Sent:
    with Store.open(bucket.uri) as store:
        return PublishedSnapshots(store, "here").follow(newsroom.snapshots)


def headlines(bucket: Bucket) -> list[str]:
    return sorted(row["headline"] for row in bucket.rows())


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
    newsroom = Newsroom(tmp_path / "data", kept=1)
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


def test_a_reader_in_a_loop_never_sees_half_a_snapshot(tmp_path: Path, bucket: Bucket) -> None:
    newsroom = Newsroom(tmp_path / "data", kept=3)
    newsroom.publish(story("first"))
    follow(bucket, newsroom)
    whole, ended = {1}, threading.Event()

    def look() -> set[int]:
        seen = set()
        while not ended.is_set():
            seen.add(len(bucket.rows()))
        return seen

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(look) for _ in range(2)]
        for number in range(2, 7):
            newsroom.publish(*(story(f"{number}-{name}") for name in "abcd"))
            whole.add(len(newsroom.rows("articles")))
            follow(bucket, newsroom)
        ended.set()
        seen = set().union(*(reader.result() for reader in readers))
    assert seen <= whole
    assert len(seen) > 2


def test_an_empty_folder_is_given_all_snapshots_as_they_were(
    tmp_path: Path, bucket: Bucket
) -> None:
    newsroom = Newsroom(tmp_path / "data")
    for name in "abc":
        newsroom.publish(story(name))
    follow(bucket, newsroom)
    other = Newsroom(tmp_path / "other")
    with Store.open(bucket.uri) as store:
        PublishedSnapshots(store, "here").bring(other.snapshots)
    assert other.snapshots.ids() == newsroom.snapshots.ids()
    assert [wrong for _, wrong in verify(other.snapshots)] == [[], [], []]
    assert rows(other.folder.latest, "articles") == newsroom.rows("articles")
    shared = [path.stat().st_nlink for path in other.folder.snapshots.rglob("*000001*.parquet")]
    assert shared
    assert min(shared) > 1


class Told(Store):
    """Keeps what was done to it, in its order."""

    done: list[str]

    def write(self, path: str, content: bytes) -> None:
        self.done.append(path)
        super().write(path, content)

    def remove(self, paths: Iterable[str]) -> None:
        told = list(paths)
        self.done += told
        super().remove(told)


def test_the_latest_is_told_of_before_an_older_one_changes(tmp_path: Path, bucket: Bucket) -> None:
    newsroom = Newsroom(tmp_path / "data")
    newsroom.publish(story("a"))
    follow(bucket, newsroom)
    first = newsroom.snapshots.get("000001")
    newsroom.publish(story("b"))
    # As an erasure leaves it: another manifest under the same number.
    replace(first.manifest, created="2026-11-28T00:00:00+00:00").write(first.path)
    with Told.open(bucket.uri) as store:
        assert isinstance(store, Told)
        store.done = []
        PublishedSnapshots(store, "here").follow(newsroom.snapshots)
    changed = store.done.index("snapshots/000001/manifest.json")
    assert store.done.index("latest.json") < changed
    assert (
        bucket.read("snapshots/000001/manifest.json")
        == first.path.joinpath("manifest.json").read_bytes()
    )
