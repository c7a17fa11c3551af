"""The snapshots: directories that never change, and `latest`, the one that readers open.

A snapshot is built as a draft that no reader sees, gets its number by one rename, and becomes
`latest` by one replacement of a symlink. Unchanged files are hard links: it costs what it changes.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import ConfigurationError, DatasetError
from crawler.state.folder import sync_folder
from pipelines.dataset.files import sync_folders
from pipelines.dataset.manifest import Manifest

DRAFT_PREFIX = ".draft-"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot on disk."""

    path: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """Its number as text, six digits."""
        return self.path.name


class Snapshots:
    """The snapshots of a data folder, `kept` of them at most; `link` is the `latest` symlink."""

    def __init__(self, folder: Path, link: Path, kept: int) -> None:
        """Raises: ConfigurationError if none is to be kept."""
        if kept < 1:
            raise ConfigurationError(f"SNAPSHOTS_KEPT is {kept}; the latest at least is kept: 1.")
        self.folder = folder
        self.link = link
        self._kept = kept

    def ids(self) -> list[str]:
        """The numbers of all snapshots, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(entry.name for entry in self.folder.iterdir() if entry.name.isdigit())

    def get(self, snapshot_id: str) -> Snapshot:
        """One snapshot. Raises: DatasetError."""
        path = self.folder / snapshot_id
        return Snapshot(path, Manifest.load(path))

    def latest(self) -> Snapshot | None:
        """The snapshot that readers see; None before the first commit."""
        try:
            return self.get(os.readlink(self.link).rpartition("/")[2])
        except FileNotFoundError:
            return None

    def newest(self) -> Snapshot | None:
        """The snapshot written last, whether or not `latest` points at it."""
        ids = self.ids()
        return self.get(ids[-1]) if ids else None

    def next_id(self) -> str:
        """The number of the snapshot to come."""
        ids = self.ids()
        return f"{int(ids[-1]) + 1 if ids else 1:06d}"

    def draft(self) -> Path:
        """A new folder to build a snapshot in; what runs that died left is removed."""
        self.clear_drafts()
        path = self.folder / f"{DRAFT_PREFIX}{self.next_id()}"
        path.mkdir()
        return path

    def clear_drafts(self) -> None:
        """Remove what no reader sees, and whoever began it has left."""
        for left in self.folder.glob(f"{DRAFT_PREFIX}*"):
            shutil.rmtree(left)

    def publish(self, draft: Path, manifest: Manifest) -> Snapshot:
        """Turn a draft into a snapshot, and the snapshot into `latest`."""
        manifest.write(draft)
        sync_folders(draft)
        place = self.folder / manifest.snapshot
        draft.rename(place)
        sync_folder(self.folder)
        snapshot = Snapshot(place, manifest)
        self.point_at(snapshot)
        return snapshot

    def point_at(self, snapshot: Snapshot) -> None:
        """Make a snapshot the one that readers open."""
        unfinished = self.link.with_name(".latest-unfinished")
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(f"{self.folder.name}/{snapshot.id}")
        unfinished.replace(self.link)
        sync_folder(self.link.parent)

    def prune(self) -> list[str]:
        """Remove the oldest snapshots beyond `kept`, never the one `latest` points at."""
        latest = self.latest()
        kept = {latest.id} if latest else set()
        removed = [name for name in self.ids()[: -self._kept] if name not in kept]
        for name in removed:
            # Half removed it would be a snapshot that is broken; so it is a draft that is left.
            draft = (self.folder / name).rename(self.folder / f"{DRAFT_PREFIX}{name}")
            shutil.rmtree(draft)
        return removed


def link_or_copy(source: Path, target: Path) -> None:
    """Put a file into a draft without copying it, where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
        with target.open("rb") as copy:
            os.fsync(copy.fileno())


def writing_failed(folder: Path, error: Exception) -> DatasetError:
    """The sentence for a commit that the disk refused; what was collected stays staged."""
    said = getattr(error, "strerror", None) or error
    return DatasetError(
        f'the dataset in "{folder}" cannot be written ({said}); the last snapshot is untouched and '
        "what was collected is kept: make room and run again."
    )
