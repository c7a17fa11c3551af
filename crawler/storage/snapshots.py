"""The snapshots of a store: whole as long as their manifest is there, and one object says which is
the latest.

A store has no links: each snapshot has all its files, so that any reader's glob finds one commit
and nothing else. What an earlier snapshot has already is copied within the store, not sent again.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from crawler.errors import DatasetError
from crawler.storage.store import Store
from pipelines.dataset import Snapshot, Snapshots, verify_snapshot
from pipelines.dataset.files import sync_folders
from pipelines.dataset.manifest import MANIFEST, Manifest
from pipelines.dataset.snapshots import DRAFT_PREFIX, link_or_copy

logger = logging.getLogger(__name__)

LATEST: Final = "latest.json"
_FOLDER: Final = "snapshots"


@dataclass(frozen=True, slots=True)
class Sent:
    """What went to the store, and out of it."""

    files: int = 0
    bytes: int = 0
    removed: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(
            self.files + other.files, self.bytes + other.bytes, self.removed + other.removed
        )


def readable(snapshots: Snapshots) -> Iterator[Snapshot]:
    """The snapshots of a data folder, oldest first; a broken one, which is told of, holds up none.

    `scrapy snapshots verify` says more.
    """
    for name in snapshots.ids():
        try:
            yield snapshots.get(name)
        except DatasetError as error:
            logger.error("%s", error)


def _contents(name: str, manifest: bytes | None) -> Iterator[tuple[str, str]]:
    """Where in the store a snapshot has which content, by its SHA-256."""
    for entry in json.loads(manifest)["files"] if manifest else ():
        yield entry["sha256"], f"{_FOLDER}/{name}/{entry['path']}"


class PublishedSnapshots:
    """The snapshots below a store's `snapshots/`, which are made those of a data folder."""

    def __init__(self, store: Store, publisher: str) -> None:
        """`publisher` is the name of the data folder (crawler.storage.claim)."""
        self._store = store
        self._publisher = publisher

    def latest(self) -> dict[str, Any] | None:
        """What readers are told: `snapshot` and `path`, its commit, run, moment, and rows."""
        said = self._store.read(LATEST)
        found: dict[str, Any] | None = json.loads(said) if said else None
        return found

    def follow(self, snapshots: Snapshots) -> Sent:
        """Have what a data folder has, and no more. Raises: DatasetError, StoreError.

        The latest comes first, and is told of before any other changes, as older ones do that were
        erased from. Whoever dies on the way leaves whole what readers see; to do it again does the
        rest.
        """
        latest = snapshots.latest()
        if latest is None:
            return Sent()
        there = {name: self._manifest(name) for name in self._names()}
        sent = self._put(latest, there)
        self._point_at(latest)
        for snapshot in readable(snapshots):
            sent += self._put(snapshot, there)
        for name in there.keys() - set(snapshots.ids()):
            sent += Sent(removed=self._remove(name))
        return sent

    def _names(self) -> list[str]:
        return [name for name in self._store.folders(_FOLDER) if name.isdigit()]

    def _manifest(self, name: str) -> bytes | None:
        return self._store.read(f"{_FOLDER}/{name}/{MANIFEST}")

    def _put(self, snapshot: Snapshot, there: dict[str, bytes | None]) -> Sent:
        """Send a snapshot, its manifest last; `there` are those of the store, which are whole."""
        said = (snapshot.path / MANIFEST).read_bytes()
        if there.get(snapshot.id) == said:
            return Sent()
        place = f"{_FOLDER}/{snapshot.id}"
        if there.pop(snapshot.id, None):  # it was erased from: it is not whole in between
            self._store.remove([f"{place}/{MANIFEST}"])
        entries = {f"{place}/{entry.path}": entry for entry in snapshot.manifest.files}
        lying = self._store.below(place)
        left = lying.keys() - entries.keys()
        self._store.remove(left)
        known = dict(pair for name, text in there.items() for pair in _contents(name, text))
        missing = {
            path: entry
            for path, entry in entries.items()
            if path not in lying or lying[path].bytes != entry.bytes
        }
        self._store.copy(
            (known[entry.sha256], path) for path, entry in missing.items() if entry.sha256 in known
        )
        new = [(path, entry) for path, entry in missing.items() if entry.sha256 not in known]
        papers = [(snapshot.path / name, f"{place}/{name}") for name in snapshot.manifest.papers]
        size = self._store.send((snapshot.path / entry.path, path) for path, entry in new)
        size += self._store.send(papers)
        size += self._store.send([(snapshot.path / MANIFEST, f"{place}/{MANIFEST}")])
        there[snapshot.id] = said
        return Sent(len(new) + len(papers) + 1, size, len(left))

    def _point_at(self, snapshot: Snapshot) -> None:
        manifest = snapshot.manifest
        said = {
            "snapshot": snapshot.id,
            "path": f"{_FOLDER}/{snapshot.id}",
            "commit_id": manifest.commit_id,
            "run_id": manifest.run_id,
            "created": manifest.created,
            "rows": dict(manifest.rows()),
            "published_by": self._publisher,
        }
        if self.latest() != said:
            self._tell(said)

    def claim(self) -> None:
        """Say who publishes from now on, if anybody did. Raises: StoreError."""
        if said := self.latest():
            self._tell(said | {"published_by": self._publisher})

    def _tell(self, said: dict[str, Any]) -> None:
        self._store.write(LATEST, (json.dumps(said, indent=1) + "\n").encode())

    def _remove(self, name: str) -> int:
        """The manifest first: what is half removed is not whole."""
        place = f"{_FOLDER}/{name}"
        lying = self._store.below(place)
        self._store.remove({f"{place}/{MANIFEST}"} & lying.keys())
        self._store.remove_folder(place)
        return len(lying)

    def bring(self, snapshots: Snapshots) -> None:
        """Give an empty data folder what the store has; content that snapshots share comes once.

        Raises: StoreError, DatasetError for a file that is not what its manifest says.
        """
        latest, here = self.latest(), dict[str, Path]()
        for name in self._names():
            place = snapshots.folder / name
            if not place.is_dir() and (said := self._manifest(name)):
                self._bring(place, said, here)
            if place.is_dir():
                files = Manifest.load(place).files
                here |= {entry.sha256: place / entry.path for entry in files}
        if latest and snapshots.latest() is None:
            snapshots.point_at(snapshots.get(latest["snapshot"]))

    def _bring(self, place: Path, said: bytes, here: dict[str, Path]) -> None:
        outer = place.with_name(f"{DRAFT_PREFIX}{place.name}")
        shutil.rmtree(outer, ignore_errors=True)
        draft = outer / place.name
        draft.mkdir(parents=True)
        (draft / MANIFEST).write_bytes(said)
        manifest = Manifest.load(draft)
        names = [entry.path for entry in manifest.files if entry.sha256 not in here]
        names += manifest.papers
        self._store.fetch((draft / name, f"{_FOLDER}/{place.name}/{name}") for name in names)
        for entry in manifest.files:
            if entry.sha256 in here:
                link_or_copy(here[entry.sha256], draft / entry.path)
        wrong = list(verify_snapshot(Snapshot(draft, manifest)))
        if wrong:
            raise DatasetError(
                f'snapshot {place.name} in "{self._store.uri}" is broken ({wrong[0]}); remove it '
                "there, or name another LOCAL_DIR that has it whole."
            )
        sync_folders(draft)
        draft.rename(place)
        outer.rmdir()
