from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crawler.state import postings
from crawler.state.postings import PER_KEY, Keys, Postings

EACH = 8  # keys an entry


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of 64 entries and more, merged in pieces, so that few make many."""
    monkeypatch.setattr(postings, "FILE_BLOCK", 64)
    monkeypatch.setattr(postings, "LARGEST_BLOCK", 256)
    monkeypatch.setattr(postings, "MERGED_AT_ONCE", 200)


def keys_of(first: int, count: int) -> Keys:
    """The same for a number always; an eighth of them are shared with some other number."""
    numbers = np.arange(first, first + count, dtype=np.uint64)[:, np.newaxis]
    places = np.arange(EACH, dtype=np.uint64) * np.uint64(10**6)
    own = (numbers + places) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(32)
    own[:, 0] = numbers[:, 0] // np.uint64(2) * np.uint64(77_777_777) % np.uint64(2**32)
    return own.astype(np.uint32)


def filled(folder: Path, count: int, low: int = 1, high: int | None = None) -> Postings:
    """An index that was opened, and given what it lacked, eight by eight."""
    index = Postings(folder, EACH, low, count if high is None else high)
    while index.last < count:
        first = index.last + 1
        size = min(8, count - index.last)
        numbers = np.arange(first, first + size, dtype=np.uint32)
        index.add(numbers, keys_of(first, size))
    return index


def found(index: Postings, number: int, most: int = 99) -> list[int]:
    return [int(one) for one in index.find(keys_of(number, 1)[0], most)]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_entry_is_found_by_its_keys_with_those_that_share_one(tmp_path: Path) -> None:
    index = filled(tmp_path / "postings", 1000)
    for number in range(2, 1000):
        assert found(index, number) == [number - number % 2, number - number % 2 + 1]
    assert found(index, 5_000) == []


def test_of_too_many_those_that_share_most_keys_and_then_the_newer_come(tmp_path: Path) -> None:
    index = filled(tmp_path / "postings", 100)
    assert found(index, 50, most=1) == [50]
    index = Postings(tmp_path / "other", 1, 1, 0)
    index.add(np.arange(1, 201, dtype=np.uint32), np.full((200, 1), 7, np.uint32))
    assert index.find(np.array([7], np.uint32), 3).tolist() == [198, 199, 200]
    assert len(index.find(np.array([7], np.uint32), 999)) == PER_KEY


def test_the_largest_key_there_is_has_entries_too(tmp_path: Path) -> None:
    index = Postings(tmp_path / "postings", 1, 1, 0)
    index.add(np.array([1, 2], np.uint32), np.array([[2**32 - 1], [0]], np.uint32))
    assert index.find(np.array([2**32 - 1], np.uint32), 9).tolist() == [1]
    assert index.find(np.array([0], np.uint32), 9).tolist() == [2]


def test_large_blocks_lie_in_files_and_are_read_again(tmp_path: Path) -> None:
    folder = tmp_path / "postings"
    filled(folder, 999)
    assert files(folder) == [
        "0000000001-0000000256", "0000000257-0000000512", "0000000513-0000000768",
        "0000000769-0000000896", "0000000897-0000000960",
    ]  # fmt: skip
    again = Postings(folder, EACH, 1, 999)
    assert again.last == 960
    assert found(again, 500) == [500, 501]
    assert found(again, 998) == []
    assert found(filled(folder, 999), 998) == [998, 999]


def test_nothing_is_lost_with_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "postings"
    filled(folder, 600)
    for path in folder.iterdir():
        path.unlink()
    index = filled(folder, 600)
    assert all(found(index, number) for number in range(1, 601))
    assert files(folder)[0] == "0000000001-0000000256"


@pytest.mark.parametrize("what", ["cut", "empty", "missing"])
def test_a_file_that_is_not_whole_is_made_anew_with_what_follows(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "postings"
    filled(folder, 600)
    second = folder / "0000000257-0000000512"
    if what == "missing":
        second.unlink()
    else:
        second.write_bytes(second.read_bytes()[:100] if what == "cut" else b"")
    (folder / "unfinished").write_bytes(b"of a run that died")
    assert Postings(folder, EACH, 1, 600).last == 256
    assert files(folder) == ["0000000001-0000000256"]
    index = filled(folder, 600)
    assert all(found(index, number) for number in range(1, 601))


def test_a_merged_file_beside_its_parts_takes_their_place(tmp_path: Path) -> None:
    folder = tmp_path / "postings"
    filled(folder, 64)
    part = (folder / "0000000001-0000000064").read_bytes()
    filled(folder, 128)
    assert files(folder) == ["0000000001-0000000128"]
    (folder / "0000000001-0000000064").write_bytes(part)
    assert Postings(folder, EACH, 1, 128).last == 128
    assert files(folder) == ["0000000001-0000000128"]


def test_what_the_log_let_go_of_goes_and_what_it_never_had_too(tmp_path: Path) -> None:
    folder = tmp_path / "postings"
    filled(folder, 600)
    index = Postings(folder, EACH, 300, 600)
    assert files(folder)[0] == "0000000257-0000000512"
    assert index.last == 576
    # A power cut took the end of the log.
    assert Postings(folder, EACH, 300, 550).last == 512
    assert Postings(folder, EACH, 1, 0).last == 0
    assert files(folder) == []


def test_a_disk_that_refuses_costs_memory_and_loses_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "postings").write_text("a file in the way")
    index = filled(tmp_path / "postings", 600)
    assert all(found(index, number) for number in range(1, 601))
    assert "cannot be written" in caplog.text
