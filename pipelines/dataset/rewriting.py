"""Snapshots whose rows change: the next one as an ordinary commit, the older ones in their places.

Only erasure does the latter, as nothing else may touch what never changes. A snapshot is built anew
beside the old one and takes its number when it is whole; who dies on the way leaves one of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from pipelines.dataset.card import describe
from pipelines.dataset.commit import empty_tables, read_rows
from pipelines.dataset.files import sync_folders, write_rows
from pipelines.dataset.manifest import FileEntry, Manifest
from pipelines.dataset.snapshots import DRAFT_PREFIX, Snapshot, Snapshots, link_or_copy
from pipelines.dataset.upgrade import upgraded
from pipelines.schema import Table

REWRITTEN_PREFIX = ".rewritten-"


class Change(Protocol):
    """What becomes of rows."""

    def concerns(self, table: Table, path: Path) -> bool:
        """Whether a file has a row that changes."""

    def apply(self, table: Table, rows: pa.Table) -> Iterator[tuple[Table, pa.Table]]:
        """The rows that stay, each in its table."""


def is_concerned(snapshot: Snapshot, change: Change) -> bool:
    """Whether a snapshot has a row that changes."""
    return any(
        change.concerns(entry.table, snapshot.path / entry.path)  # type: ignore[arg-type] # a table
        for entry in snapshot.manifest.files
        if entry.rows
    )


def commit_change(
    snapshots: Snapshots, parent: Snapshot, change: Change, name: str, now: datetime
) -> Snapshot:
    """The parent with a change, as the next snapshot; `name` is that of the commit."""
    draft = snapshots.draft()
    said = replace(
        parent.manifest,
        snapshot=draft.name.removeprefix(DRAFT_PREFIX),
        parent=parent.id,
        run_id=name,
        commit_id=name,
        created=now.isoformat(timespec="seconds"),
    )
    manifest = _write(parent, draft, change, said, name)
    return snapshots.publish(draft, manifest)


def rewrite(
    snapshots: Snapshots,
    snapshot: Snapshot,
    change: Change,
    name: str,
    written: Mapping[str, Path],
) -> Snapshot:
    """A snapshot with a change, under its own number; it shares what is already `written`."""
    draft = snapshots.draft()
    manifest = _write(snapshot, draft, change, snapshot.manifest, name)
    for entry in manifest.files:
        if entry.sha256 in written:
            (draft / entry.path).unlink()
            link_or_copy(written[entry.sha256], draft / entry.path)
    manifest.write(draft)
    sync_folders(draft)
    draft.rename(snapshots.folder / f"{REWRITTEN_PREFIX}{snapshot.id}")
    put_in_place(snapshots)
    return replace(snapshot, manifest=manifest)


def put_in_place(snapshots: Snapshots) -> None:
    """Give rewritten snapshots their numbers, also those that whoever died had finished."""
    for whole in sorted(snapshots.folder.glob(f"{REWRITTEN_PREFIX}*")):
        place = snapshots.folder / whole.name.removeprefix(REWRITTEN_PREFIX)
        if place.is_dir():
            place.rename(place.with_name(f"{DRAFT_PREFIX}{place.name}"))
        whole.rename(place)
    snapshots.clear_drafts()


def _write(snapshot: Snapshot, draft: Path, change: Change, said: Manifest, name: str) -> Manifest:
    try:
        files = list(_files(snapshot, draft, change, name))
        created = datetime.fromisoformat(said.created)
        files += empty_tables(files, draft, name, created)
        manifest = replace(said, files=tuple(sorted(files, key=lambda entry: entry.path)))
        manifest = describe(draft, manifest)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def _files(snapshot: Snapshot, draft: Path, change: Change, name: str) -> Iterator[FileEntry]:
    for number, entry in enumerate(snapshot.manifest.files):
        path = snapshot.path / entry.path
        table: Table = entry.table  # type: ignore[assignment] # files lie in folders of tables
        if entry.rows == 0:
            continue
        if not change.concerns(table, path):
            link_or_copy(path, draft / entry.path)
            yield entry
            continue
        month = entry.place.partition("/")[2]
        for home, rows in change.apply(table, upgraded(read_rows(path), table)):
            if rows.num_rows:
                yield write_rows(draft, f"{home}/{month}", f"{name}-{number:05d}", [rows])
