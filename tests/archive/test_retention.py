"""What is removed from an archive, and what never is."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive.retention import Retention

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OLD, OLDER, NEW = "20261125T230000Z-00aa", "20261120T080000Z-00bb", "20261128T110000Z-00cc"


def put(folder: Path, name: str, size: int = 100) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    if name.endswith(".warc.gz"):
        path.with_name(path.name.replace(".warc.gz", ".cdxj")).write_bytes(b"index")
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    put(tmp_path, f"2026/11/20/{OLDER}-00000.warc.gz")
    put(tmp_path, f"2026/11/25/{OLD}-00000.warc.gz")
    put(tmp_path, f"2026/11/26/{OLD}-00001.warc.gz")
    put(tmp_path, f"2026/11/28/{NEW}-00000.warc.gz")
    return tmp_path


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_without_a_limit_everything_stays(archive: Path) -> None:
    before = left(archive)
    assert Retention().apply(archive, NOW) == []
    assert left(archive) == before
    assert Retention(days=1).apply(archive / "none", NOW) == []


def test_an_archive_without_a_limit_is_not_even_looked_through(archive: Path) -> None:
    asked: list[str] = []

    def heard(event: str, args: tuple[object, ...]) -> None:
        if event == "os.scandir" and str(args[0]).startswith(str(archive)):
            asked.append(event)

    sys.addaudithook(heard)
    Retention(days=30).apply(archive, NOW)
    assert asked
    asked.clear()
    Retention().apply(archive, NOW)
    assert asked == []


def test_what_is_older_goes_with_its_index_and_its_empty_folders(archive: Path) -> None:
    removed = Retention(days=2).apply(archive, NOW)
    assert [path.name for path in removed] == [f"{OLDER}-00000.warc.gz", f"{OLD}-00000.warc.gz"]
    assert left(archive) == [
        f"{OLD}-00001.cdxj", f"{OLD}-00001.warc.gz", f"{NEW}-00000.cdxj", f"{NEW}-00000.warc.gz",
    ]  # fmt: skip
    assert not (archive / "2026" / "11" / "25").exists()


def test_of_what_is_too_much_the_oldest_goes_until_the_rest_fits(archive: Path) -> None:
    removed = Retention(bytes=250).apply(archive, NOW)
    assert [path.parent.name for path in removed] == ["20", "25"]
    assert Retention(bytes=200).apply(archive, NOW) == []


def test_the_run_that_is_going_on_keeps_its_files_however_large(archive: Path) -> None:
    removed = Retention(days=0, bytes=0).apply(archive, NOW, NEW)
    assert len(removed) == 3
    assert left(archive) == [f"{NEW}-00000.cdxj", f"{NEW}-00000.warc.gz"]


def test_what_is_open_or_not_ours_is_never_removed(archive: Path) -> None:
    others = [
        put(archive, f"2026/11/20/{OLDER}-00001.warc.gz.open"),
        put(archive, "2026/11/20/CC-NEWS-20261120-00001.warc.gz"),
        put(archive, f"2026/02/31/{OLDER}-00000.warc.gz"),
        put(archive, "notes.txt"),
    ]
    Retention(days=0, bytes=0).apply(archive, NOW)
    assert all(path.is_file() for path in others)
    assert not list(archive.rglob(f"{NEW}*"))
