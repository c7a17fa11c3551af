"""`scrapy snapshots`: which states of the dataset there are, and what is done with them."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crawler.command import ColporteurCommand, one_of
from crawler.errors import ConfigurationError, DatasetError
from crawler.fetch.erasure import known_as
from crawler.housekeeping import Housekeeping, compared, join_files
from crawler.state import DataFolder, State
from crawler.state.folder import FolderLock
from crawler.storage.publishing import Publisher
from crawler.storage.raw_pages import raw_pages
from pipelines.dataset import Snapshot, Snapshots, verify, verify_link
from pipelines.dataset.compact import Compaction
from pipelines.dataset.difference import CHANGES, Change, difference, write_difference
from pipelines.dataset.roll_back import RollBack
from pipelines.erasure.erase import Erasing
from pipelines.schema import TABLES, Table

# Whoever asks for it by hand wants it also where it would not pay yet.
_ANY_FILES = 2


# How many snapshots are named after an action.
_NAMED = {
    "list": (0,), "verify": (0,), "diff": (1, 2), "rollback": (1,), "prune": (0,), "compact": (0,)
}  # fmt: skip
_LATEST = "latest"


class Command(ColporteurCommand):
    """List, check and tend the snapshots of the data folder."""

    def syntax(self) -> str:
        return "[options] list | verify | diff A [B] | rollback ID | prune | compact"

    def short_desc(self) -> str:
        return "List, check and tend the dataset's snapshots"

    def long_desc(self) -> str:
        return (
            "list: a line a snapshot, oldest first: number, when, by which run, rows by table; the "
            "one that `latest` points at is marked. verify: read every file of every snapshot and "
            "compare it with its manifest, and see where `latest` points; exit code 3 and a "
            "sentence a place if something is not what was written. diff A B: how many rows of "
            "each table were added, changed and removed between two snapshots, B being the latest "
            "if it is not named; with -o FILE.parquet also the rows. rollback "
            "ID: make that snapshot the latest, at once; the next run builds on it, and collects "
            "again what came after it. The snapshots that are left stay until they are pruned, and "
            "rollback goes to them as well. prune: remove the oldest "
            "beyond SNAPSHOTS_KEPT, never the latest, and of the archive what is beyond "
            "ARCHIVE_KEPT_DAYS and ARCHIVE_KEPT_BYTES, as every run does at its end. compact: "
            "join small files, as a snapshot like any other; a run does so by itself where "
            "COMPACT_MIN_FILES of them lie together."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", help="of diff: the rows, as Parquet")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        action = one_of(args, tuple(_NAMED))
        if len(args) not in _NAMED[action]:
            raise ConfigurationError(
                f"{action} takes {' or '.join(map(str, _NAMED[action]))} snapshots, "
                f"{len(args)} are named; scrapy snapshots list tells which there are."
            )
        if action in ("list", "verify", "diff"):
            with Publisher.reading(self.project_settings) as folder:
                self._read(action, args, opts, self._snapshots(folder))
            return
        folder = DataFolder.from_settings(self.project_settings)
        snapshots = self._snapshots(folder)
        if action == "rollback":
            self._roll_back(folder, snapshots, args[0])
        elif action == "prune":
            self._prune(folder, snapshots)
        else:
            self._compact(folder, snapshots)

    def _snapshots(self, folder: DataFolder) -> Snapshots:
        kept = self.project_settings.getint("SNAPSHOTS_KEPT")
        return Snapshots(folder.snapshots, folder.latest, kept)

    def _read(
        self, action: str, args: list[str], opts: argparse.Namespace, snapshots: Snapshots
    ) -> None:
        if action == "list":
            _list(snapshots)
        elif action == "verify":
            _verify(snapshots)
        else:
            before, after = (_named(snapshots, name) for name in (*args, _LATEST)[:2])
            _diff(before, after, opts.output)

    def _roll_back(self, folder: DataFolder, snapshots: Snapshots, name: str) -> None:
        now = datetime.now(UTC)
        with self._writing(folder, snapshots) as roll_back:
            target = _named(snapshots, name)
            roll_back.to(target, f"{now:%Y%m%dT%H%M%SZ}-rollback", now)
        print(f"latest is {target.id}; the next run collects again what came after it")

    @contextmanager
    def _writing(self, folder: DataFolder, snapshots: Snapshots) -> Iterator[RollBack]:
        """While no run holds the folder; what was begun is finished before, as runs do."""
        folder.create()
        publisher = Publisher.from_settings(self.project_settings)
        with FolderLock(folder):
            if publisher:
                publisher.begin()
            state = State(folder.state)
            try:
                now = datetime.now(UTC)
                raw = raw_pages(self.project_settings)
                Erasing(folder, state, snapshots, raw, known_as).finish(now)
                texts = compared(self.project_settings, now)
                roll_back = RollBack(state, snapshots, folder.quarantine, *texts)
                roll_back.follow(f"{now:%Y%m%dT%H%M%SZ}-rollback", now)
                yield roll_back
            finally:
                state.close()
            if publisher:
                publisher.publish()

    def _prune(self, folder: DataFolder, snapshots: Snapshots) -> None:
        house = Housekeeping.from_settings(self.project_settings)
        with self._writing(folder, snapshots):
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
        with self._writing(folder, snapshots) as roll_back:
            before = snapshots.latest()
            run_id = f"{now:%Y%m%dT%H%M%SZ}-compact"
            after = join_files(roll_back.state, snapshots, rule, run_id, now)
        if before is None or after is None:
            print("nothing to join: no partition has two small files")
            return
        files = [len(snapshot.manifest.files) for snapshot in (before, after)]
        size = [sum(e.bytes for e in snapshot.manifest.files) for snapshot in (before, after)]
        print(f"{after.id}  {files[0]} files became {files[1]}, {size[0]:,} bytes {size[1]:,}")


def _list(snapshots: Snapshots) -> None:
    latest = snapshots.latest()
    for name in snapshots.ids():
        manifest = snapshots.get(name).manifest
        rows = manifest.rows()
        counts = "  ".join(f"{table} {rows[table]}" for table in TABLES)
        mark = "  latest" if latest and latest.id == name else ""
        print(f"{name}  {manifest.created}  {manifest.run_id}  {counts}{mark}")


def _named(snapshots: Snapshots, name: str) -> Snapshot:
    """The snapshot of a number, with or without its zeros, or the latest."""
    if name == _LATEST and (latest := snapshots.latest()):
        return latest
    found = name.zfill(6) if name.isdecimal() else name
    if found not in snapshots.ids():
        there = ", ".join(snapshots.ids()) or "none"
        raise ConfigurationError(f'there is no snapshot "{name}"; there are: {there}.')
    return snapshots.get(found)


def _diff(before: Snapshot, after: Snapshot, output: str | None) -> None:
    count: Counter[tuple[Table, Change]] = Counter()
    if output is None:
        for changes in difference(before, after):
            count[changes.table, changes.change] += changes.rows.num_rows
    elif not output.endswith(".parquet"):
        raise ConfigurationError(f'"{output}": the rows are written as Parquet; end in .parquet.')
    else:
        try:
            count = write_difference(Path(output), before, after)
        except OSError as error:
            raise ConfigurationError(f"{output} cannot be written: {error.strerror}.") from error
    print(f"{before.id} -> {after.id}")
    for table in TABLES:
        print("  ".join((table, *(f"{change} {count[table, change]}" for change in CHANGES))))


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
