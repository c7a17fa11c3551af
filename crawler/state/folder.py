"""The data folder: where everything lies that a run leaves, and the lock that keeps runs apart."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from crawler.errors import DatasetError, FolderInUseError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The places below `DATA_DIR` (DESIGN: The data folder)."""

    path: Path

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """`DATA_DIR`; where that is a URI, `LOCAL_DIR`, from which things are sent there."""
        return cls(Path(settings["LOCAL_DIR"] if uri_in(settings) else settings["DATA_DIR"]))

    @property
    def state(self) -> Path:
        """The SQLite store."""
        return self.path / "state.sqlite"

    @property
    def postings(self) -> Path:
        """What makes the store's fingerprints fast to search; made anew when it is lost."""
        return self.path / "postings"

    @property
    def snapshots(self) -> Path:
        """One directory a commit."""
        return self.path / "snapshots"

    @property
    def latest(self) -> Path:
        """The symlink that readers open."""
        return self.path / "latest"

    @property
    def runs(self) -> Path:
        """One JSON file a run."""
        return self.path / "runs"

    @property
    def archive(self) -> Path:
        """Raw exchanges, by the day that they were begun on."""
        return self.path / "archive"

    @property
    def quarantine(self) -> Path:
        """Rows that could not be written."""
        return self.path / "quarantine"

    def create(self) -> None:
        """Make the folders that a run needs; they outlive a power cut. Raises: DatasetError."""
        try:
            for folder in (self.path, self.snapshots, self.runs):
                _make(folder)
            probe = self.path / f".writable-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise DatasetError(
                f'the data folder "{self.path}" cannot be written ({error.strerror}); '
                "make it writable or name another with -s DATA_DIR=FOLDER."
            ) from error


class FolderLock:
    """One writer a data folder: an advisory lock that the system drops when its process dies."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock at once or not at all. Raises: FolderInUseError, DatasetError."""
        path = self.folder.path / "lock"
        try:
            # No child inherits it (PEP 446): a killed run's workers do not hold the folder.
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # For people only: what holds the folder is the lock, not what the file says.
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        except BlockingIOError as error:
            assert self._file is not None
            holder = os.read(self._file, 20).decode(errors="replace").strip() or "unknown"
            self.release()
            raise FolderInUseError(
                f'another run (process {holder}) holds the data folder "{self.folder.path}"; '
                "wait for it or name another with -s DATA_DIR=FOLDER."
            ) from error
        except OSError as error:
            self.release()
            raise DatasetError(
                f'the lock "{path}" cannot be taken ({error.strerror}); make room, or make it '
                "writable for this user, or name another folder with -s DATA_DIR=FOLDER."
            ) from error

    def release(self) -> None:
        """Give the lock back; without one, nothing happens."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.release()


def uri_in(settings: BaseSettings) -> str | None:
    """`DATA_DIR`, if it names a store by URI (`s3://bucket/prefix`) and no folder."""
    named = str(settings["DATA_DIR"])
    return named if "://" in named else None


def sync_folder(folder: Path) -> None:
    """Make the names in one folder durable. Raises: OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make(folder: Path) -> None:
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)
