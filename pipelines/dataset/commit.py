"""The commit: staged rows become a snapshot, once, however often it is tried.

New rows go to new files. A file is written again only where a row of it is superseded (the old row
moves to `revisions`), where a story's cluster grew or its page is no longer there (or is again);
every other file is linked.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Set
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crawler.errors import DatasetError
from crawler.state.journal import Journal
from pipelines.dataset.availability import Availabilities
from pipelines.dataset.card import describe
from pipelines.dataset.changes import COMPARED, as_revisions
from pipelines.dataset.files import write_rows
from pipelines.dataset.manifest import FileEntry, Manifest
from pipelines.dataset.rows import unpack
from pipelines.dataset.snapshots import Snapshot, Snapshots, link_or_copy, writing_failed
from pipelines.dataset.upgrade import upgraded
from pipelines.schema import SCHEMA_VERSION, TABLES


def commit(journal: Journal, snapshots: Snapshots, run_id: str, now: datetime) -> Snapshot | None:
    """Commit what is staged; None if nothing is.

    A commit that an earlier run began is finished under the id it has, so that rows which already
    lie in a snapshot are not written twice.
    Raises: DatasetError if the disk refuses; then nothing has changed and all stays staged.
    """
    try:
        # A run commits at its start what the last one left, and at its end what is its own.
        commit_id = journal.begin_commit(f"{run_id}-{snapshots.next_id()}")
        if commit_id is None:
            return None
        snapshot = _already_written(snapshots, commit_id) or _write(
            journal, snapshots, commit_id, run_id, now
        )
        journal.finish_commit(commit_id)
        snapshots.prune()
    except (OSError, sqlite3.Error) as error:
        raise writing_failed(snapshots.folder, error) from error
    return snapshot


def _already_written(snapshots: Snapshots, commit_id: str) -> Snapshot | None:
    newest = snapshots.newest()
    if newest is None or newest.manifest.commit_id != commit_id:
        return None
    snapshots.point_at(newest)
    return newest


def _write(
    journal: Journal, snapshots: Snapshots, commit_id: str, run_id: str, now: datetime
) -> Snapshot:
    # Where the link was lost, as some copying tools do: what the last commit wrote.
    parent = snapshots.latest() or snapshots.newest()
    draft = snapshots.draft()
    try:
        changes = _Changes(journal, commit_id)
        files = [
            *_carried_over(changes, parent, draft, now),
            *_new_rows(journal, changes, draft),
        ]
        files += empty_tables(files, draft, commit_id, now)
        manifest = Manifest(
            snapshot=draft.name.rpartition("-")[2],
            parent=parent.id if parent else None,
            run_id=run_id,
            commit_id=commit_id,
            created=now.isoformat(timespec="seconds"),
            schema_version=SCHEMA_VERSION,
            files=tuple(sorted(files, key=lambda entry: entry.path)),
        )
        return snapshots.publish(draft, describe(draft, manifest))
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


class _Changes:
    """What a commit does to the rows that are already there, by partition."""

    def __init__(self, journal: Journal, commit_id: str) -> None:
        self.commit_id = commit_id
        self._journal = journal
        self.superseded = journal.replaced(commit_id)
        self.cluster_sizes = journal.resized(commit_id)
        self._grown = journal.elsewhere(commit_id)
        self._availability = {
            place: Availabilities(staged)
            for place, staged in journal.availability(commit_id).items()
        }

    def touch(self, entry: FileEntry, path: Path) -> bool:
        """Whether a file holds a row that this commit changes."""
        ids, clusters = self.superseded.get(entry.place), self._grown.get(entry.place)
        seen = self._availability.get(entry.place)
        if not ids and not clusters and not seen:
            return False
        keys = read_rows(path, ["article_id", "cluster_id"])
        if seen and _any_in(keys["article_id"], seen.ids):
            return True
        return _any_in(keys["article_id"], ids) or _any_in(keys["cluster_id"], clusters)

    def successors(self, superseded: pa.Table) -> dict[str, dict[str, Any]]:
        """The rows that take the place of those, by article, as far as they are compared."""
        return {
            article_id: unpack(rows.rows).select(COMPARED).to_pylist()[0]
            for article_id in superseded["article_id"].to_pylist()
            for rows in self._journal.versions(self.commit_id, article_id)
        }

    def apply(self, rows: pa.Table, place: str) -> pa.Table:
        """Rows that stay in their partition, as they are after this commit."""
        seen = self._availability.get(place)
        return self.resize(seen.apply(rows) if seen else rows)

    def resize(self, rows: pa.Table) -> pa.Table:
        """The rows with the sizes that their clusters have after this commit."""
        sizes = [
            self.cluster_sizes.get(cluster_id, size)
            for cluster_id, size in zip(
                rows["cluster_id"].to_pylist(), rows["cluster_size"].to_pylist(), strict=True
            )
        ]
        position = rows.schema.get_field_index("cluster_size")
        field = rows.schema.field(position)
        return rows.set_column(position, field, pa.array(sizes, field.type))


def read_rows(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Rows of a file. Raises: DatasetError for a flipped bit: it gets no checksum of its own."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            return file.read(columns)
    except (OSError, pa.ArrowException) as error:
        raise DatasetError(
            f'"{path}" cannot be read ({error}); what was collected is kept: restore that file, or '
            "point `latest` at a whole snapshot, and run again."
        ) from error


def _any_in(column: pa.ChunkedArray, values: Set[str] | None) -> bool:
    return values is not None and bool(pc.any(pc.is_in(column, pa.array(sorted(values)))).as_py())


def _carried_over(
    changes: _Changes, parent: Snapshot | None, draft: Path, now: datetime
) -> Iterator[FileEntry]:
    """The parent's files: linked, or written again without their superseded rows."""
    if parent is None:
        return
    is_older = parent.manifest.schema_version < SCHEMA_VERSION
    for number, entry in enumerate(parent.manifest.files):
        path = parent.path / entry.path
        if entry.rows == 0:
            continue
        if not is_older and not changes.touch(entry, path):
            link_or_copy(path, draft / entry.path)
            yield entry
            continue
        rows = upgraded(read_rows(path), entry.table)
        if entry.table in ("comments", "revisions"):
            yield write_rows(draft, entry.place, f"{changes.commit_id}-{number:05d}", [rows])
            continue
        ids = pa.array(sorted(changes.superseded.get(entry.place, ())), pa.string())
        old = pc.is_in(rows["article_id"], ids)
        name = f"{changes.commit_id}-{number:05d}"
        kept = rows.filter(pc.invert(old))
        if kept.num_rows:
            yield write_rows(draft, entry.place, name, [changes.apply(kept, entry.place)])
        superseded = rows.filter(old)
        if superseded.num_rows:
            month = entry.place.partition("/")[2]
            yield write_rows(
                draft,
                f"revisions/{month}",
                name,
                [as_revisions(superseded, changes.successors(superseded), now)],
            )


def _new_rows(journal: Journal, changes: _Changes, draft: Path) -> Iterator[FileEntry]:
    staged = journal.staged(changes.commit_id)
    for place, group in groupby(staged, key=lambda rows: f"{rows.table}/{rows.p_month}"):
        tables = (upgraded(unpack(rows.rows), rows.table) for rows in group)
        if place.startswith("comments/"):
            yield write_rows(draft, place, changes.commit_id, tables)
        else:
            yield write_rows(draft, place, changes.commit_id, map(changes.resize, tables))


def empty_tables(
    files: list[FileEntry], draft: Path, commit_id: str, now: datetime
) -> Iterator[FileEntry]:
    """A table without rows is one file without rows: every reader's glob finds its schema."""
    filled = {entry.table for entry in files}
    for table in TABLES:
        if table not in filled:
            yield write_rows(draft, f"{table}/{now:%Y-%m}", commit_id, [])
