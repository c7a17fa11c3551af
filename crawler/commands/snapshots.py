"""`scrapy snapshots`: which states of the dataset there are, and what is done with them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crawler.command import ColporteurCommand, one_of
from crawler.errors import ConfigurationError, DatasetError
from crawler.fetch.erasure import known_as
from crawler.housekeeping import Housekeeping
from crawler.state import DataFolder, State
from crawler.state.folder import FolderLock
from pipelines.dataset import Snapshots, verify, verify_link
from pipelines.dataset.compact import Compaction, compact
from pipelines.erasure.erase import Erasing
from pipelines.schema import TABLES

# Whoever asks for it by hand wants it also where it would not pay yet.
_ANY_FILES = 2


class Command(ColporteurCommand):
    """List, check and tend the snapshots of the data folder."""

    def syntax(self) -> str:
        return "[options] list | verify | prune | compact"

    def short_desc(self) -> str:
        return "List, check and tend the dataset's snapshots"

    def long_desc(self) -> str:
        return (
            "list: a line a snapshot, oldest first: number, when, by which run, rows by table; the "
            "one that `latest` points at is marked. verify: read every file of every snapshot and "
            "compare it with its manifest, and see where `latest` points; exit code 3 and a "
            "sentence a place if something is not what was written. prune: remove the oldest "
            "beyond SNAPSHOTS_KEPT, never the latest, and of the archive what is beyond "
            "ARCHIVE_KEPT_DAYS and ARCHIVE_KEPT_BYTES, as every run does at its end. compact: "
            "join small files, as a snapshot like any other; a run does so by itself where "
            "COMPACT_MIN_FILES of them lie together."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        action = one_of(args, ("list", "verify", "prune", "compact"))
        if args:
            raise ConfigurationError(f'"{args[0]}" is one word too many after {action}.')
        folder = DataFolder(Path(self.project_settings["DATA_DIR"]))
        kept = self.project_settings.getint("SNAPSHOTS_KEPT")
        snapshots = Snapshots(folder.snapshots, folder.latest, kept)
        if action == "list":
            _list(snapshots)
        elif action == "verify":
            _verify(snapshots)
        elif action == "prune":
            self._prune(folder, snapshots)
        else:
            self._compact(folder, snapshots)

    def _prune(self, folder: DataFolder, snapshots: Snapshots) -> None:
        house = Housekeeping.from_settings(self.project_settings)
        with _writing(folder, snapshots):
            removed = snapshots.prune()
            files = house.clear_archive(folder, datetime.now(UTC))
        for name in removed:
            print(f"{name}  removed")
        for path in files:
            print(f"{path.relative_to(folder.path)}  removed")
        print(f"kept: {len(snapshots.ids())} snapshots")

    def _compact(self, folder: DataFolder, snapshots: Snapshots) -> None:
        rule = Compaction(_ANY_FILES, self.project_settings.getint("COMPACT_FILE_SIZE"))
        now = datetime.now(UTC)
        with _writing(folder, snapshots):
            before = snapshots.latest()
            after = compact(snapshots, rule, f"{now:%Y%m%dT%H%M%SZ}-compact", now)
        if before is None or after is None:
            print("nothing to join: no partition has two small files")
            return
        files = [len(snapshot.manifest.files) for snapshot in (before, after)]
        size = [sum(e.bytes for e in snapshot.manifest.files) for snapshot in (before, after)]
        print(f"{after.id}  {files[0]} files became {files[1]}, {size[0]:,} bytes {size[1]:,}")


@contextmanager
def _writing(folder: DataFolder, snapshots: Snapshots) -> Iterator[State]:
    """The state, while no run holds the folder; an erasure that was begun is done before."""
    folder.create()
    with FolderLock(folder):
        state = State(folder.state)
        try:
            Erasing(folder, state, snapshots, known_as).finish(datetime.now(UTC))
            yield state
        finally:
            state.close()


def _list(snapshots: Snapshots) -> None:
    latest = snapshots.latest()
    for name in snapshots.ids():
        manifest = snapshots.get(name).manifest
        rows = manifest.rows()
        counts = "  ".join(f"{table} {rows[table]}" for table in TABLES)
        mark = "  latest" if latest and latest.id == name else ""
        print(f"{name}  {manifest.created}  {manifest.run_id}  {counts}{mark}")


def _verify(snapshots: Snapshots) -> None:
    wrong = []
    for name, found in verify(snapshots):
        wrong += found
        print(f"{name}  {'broken' if found else 'whole'}")
    wrong += verify_link(snapshots)
    for sentence in wrong:
        print(sentence)
    if wrong:
        raise DatasetError(
            f"the dataset is not what was written in {len(wrong)} places, named above; restore "
            "them, or point `latest` at a whole snapshot."
        )
