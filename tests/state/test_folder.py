from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.errors import DatasetError, ExitCode, FolderInUseError
from crawler.state import DataFolder
from crawler.state.folder import FolderLock

# A run that takes the lock, says so, and lives until it is killed.
HOLDER = """
import sys
from pathlib import Path
from crawler.state.folder import DataFolder, FolderLock
with FolderLock(DataFolder(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    return folder


@contextmanager
def another_run(folder: DataFolder) -> Iterator[subprocess.Popen[str]]:
    run = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with run:
        assert run.stdout is not None
        assert run.stdout.readline() == "held\n"
        try:
            yield run
        finally:
            run.kill()


def test_a_folder_is_made_with_all_above_it_and_may_be_there_already(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "a" / "b")
    folder.create()
    folder.create()
    assert folder.snapshots.is_dir()
    assert sorted(os.listdir(folder.path)) == ["runs", "snapshots"]


def test_a_folder_that_cannot_be_made_is_named_in_one_sentence_with_the_way_out(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DatasetError, match=r"file/data.*DATA_DIR") as caught:
        DataFolder(tmp_path / "file" / "data").create()
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code is ExitCode.NOT_WRITABLE


def test_a_second_run_is_told_at_once_who_holds_the_folder(folder: DataFolder) -> None:
    with another_run(folder) as run:
        lock = FolderLock(folder)
        with pytest.raises(FolderInUseError, match=f"process {run.pid}\\)") as caught:
            lock.acquire()
        assert caught.value.exit_code is ExitCode.FOLDER_IN_USE
        assert run.poll() is None


def test_a_killed_run_leaves_the_lock_free(folder: DataFolder) -> None:
    with another_run(folder) as run:
        run.send_signal(signal.SIGKILL)
        run.wait(10)
        with FolderLock(folder):
            assert (folder.path / "lock").read_text() == f"{os.getpid()}\n"


def test_a_lock_can_be_taken_again_once_released(folder: DataFolder) -> None:
    lock = FolderLock(folder)
    for _ in range(2):
        with lock, pytest.raises(FolderInUseError):
            FolderLock(folder).acquire()
        lock.release()


def test_two_folders_do_not_lock_each_other(folder: DataFolder, tmp_path: Path) -> None:
    other = DataFolder(tmp_path / "other")
    other.create()
    with FolderLock(folder), FolderLock(other):
        pass


def test_a_lock_that_cannot_be_opened_is_a_folder_that_cannot_be_written(
    folder: DataFolder,
) -> None:
    (folder.path / "lock").mkdir()
    with pytest.raises(DatasetError, match="lock"):
        FolderLock(folder).acquire()
