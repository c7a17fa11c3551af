from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archive.retention import Retention
from crawler.storage.sending import clear_archive, mirror, move_archive
from crawler.storage.snapshots import Sent
from crawler.storage.store import Store
from tests.storage.conftest import Bucket

OLD, NEW = "20260101T000000Z-aaaa", "20261128T000000Z-bbbb"


@pytest.fixture
def store(bucket: Bucket) -> Iterator[Store]:
    with Store.open(bucket.uri) as store:
        yield store


def archived(folder: Path, run: str) -> Path:
    """A closed file of a run with its index, and one that is open."""
    day = folder / run[:4] / run[4:6] / run[6:8]
    day.mkdir(parents=True, exist_ok=True)
    for name in (f"{run}-00000.warc.gz", f"{run}-00000.cdxj", f"{run}-00001.warc.gz.open"):
        (day / name).write_text(name)
    return day


def test_closed_files_lie_in_the_store_only_and_open_ones_here(
    store: Store, tmp_path: Path
) -> None:
    day = archived(tmp_path, NEW)
    # Somebody began to send it, and it came to less.
    store.write(f"archive/2026/11/28/{NEW}-00000.warc.gz", b"half")
    assert move_archive(tmp_path, store).files == 2
    assert [path.name for path in day.iterdir()] == [f"{NEW}-00001.warc.gz.open"]
    assert store.read(f"archive/2026/11/28/{NEW}-00000.warc.gz") == f"{NEW}-00000.warc.gz".encode()
    assert len(store.below("archive")) == 2
    assert move_archive(tmp_path, store) == Sent()


def test_what_is_kept_too_long_goes_with_its_index(store: Store, tmp_path: Path) -> None:
    for run in (OLD, NEW):
        archived(tmp_path, run)
    move_archive(tmp_path, store)
    assert clear_archive(Retention(), store, None) == Sent()
    assert clear_archive(Retention(bytes=1), store, NEW) == Sent(removed=1)
    assert {path.partition("-")[0][-16:] for path in store.below("archive")} == {NEW[:16]}


def test_the_files_of_runs_are_what_they_are_here(store: Store, tmp_path: Path) -> None:
    runs = {name: tmp_path / f"{name}.json" for name in ("a", "b", "c")}
    for path in runs.values():
        path.write_text("{}")
    assert mirror(tmp_path, "runs", store).files == 3
    assert mirror(tmp_path, "runs", store).files == 0
    runs["a"].unlink()
    runs["b"].write_text('{"exit_code": 0}')
    assert mirror(tmp_path, "runs", store) == Sent(1, 16, 1)
    assert store.read("runs/b.json") == b'{"exit_code": 0}'
