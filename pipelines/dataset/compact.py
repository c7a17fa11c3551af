"""Compaction: the small files of a partition become few, sorted, in a snapshot like any other.

A run an hour leaves hundreds of files a month, and whoever reads opens each of them. Rows stay in
their partition, so that even a glob that follows `latest` from one snapshot into the next sees each
of them once: all of a partition's old files, or all of its new ones.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.dataset.card import describe
from pipelines.dataset.commit import read_rows
from pipelines.dataset.files import JOINED_ROWS, write_rows
from pipelines.dataset.manifest import FileEntry, Manifest
from pipelines.dataset.snapshots import (
    DRAFT_PREFIX,
    Snapshot,
    Snapshots,
    link_or_copy,
    writing_failed,
)
from pipelines.schema import SCHEMA_VERSION

# Written once and read often: on 1,838 texts 9 took 9 % off articles and 15 % off copies, for two
# to three times the CPU of 3, which is still less than 0.1 s.
ZSTD_LEVEL = 9
# What is alike lies together: it is 1 % smaller, and who asks for one source skips row groups.
_SORTED_BY = {
    "articles": ("source", "cluster_id", "article_id"),
    "duplicates": ("source", "cluster_id", "article_id"),
    "revisions": ("source", "cluster_id", "article_id", "revision"),
    "comments": ("article_id", "position"),
}


@dataclass(frozen=True, slots=True)
class Compaction:
    """When it pays: where a partition has `min_files` files of less than `file_bytes` bytes."""

    min_files: int
    file_bytes: int

    def due(self, manifest: Manifest) -> dict[str, list[FileEntry]]:
        """The files to join, each list into one of `file_bytes` at most, by that one's name."""
        small = defaultdict(list)
        for entry in manifest.files:
            if entry.rows and entry.bytes < self.file_bytes:
                small[entry.place].append(entry)
        return {
            f"{place}/{number:05d}": group
            for place, entries in small.items()
            if len(entries) >= self.min_files
            for number, group in enumerate(self._groups(entries))
            if len(group) > 1
        }

    def _groups(self, entries: Sequence[FileEntry]) -> Iterator[list[FileEntry]]:
        """The smallest first: what has grown once is written again as seldom as can be."""
        group: list[FileEntry] = []
        size = 0
        for entry in sorted(entries, key=lambda entry: entry.bytes):
            if group and size + entry.bytes > self.file_bytes:
                yield group
                group, size = [], 0
            group.append(entry)
            size += entry.bytes
        yield group


def compact(snapshots: Snapshots, rule: Compaction, run_id: str, now: datetime) -> Snapshot | None:
    """Commit the latest snapshot with its small files joined; None where it does not pay.

    Raises: DatasetError if the disk refuses; then nothing has changed.
    """
    parent = snapshots.latest()
    if parent is None or parent.manifest.schema_version < SCHEMA_VERSION:
        return None  # the next commit writes every file of an older version again
    groups = rule.due(parent.manifest)
    if not groups:
        return None
    try:
        snapshot = _write(snapshots, parent, groups, f"{run_id}-{snapshots.next_id()}", now)
        snapshots.prune()
    except OSError as error:
        raise writing_failed(snapshots.folder, error) from error
    return snapshot


def _write(
    snapshots: Snapshots,
    parent: Snapshot,
    groups: Mapping[str, Sequence[FileEntry]],
    name: str,
    now: datetime,
) -> Snapshot:
    draft = snapshots.draft()
    try:
        files = [*_linked(parent, groups, draft), *_joined(parent, groups, draft, name)]
        manifest = replace(
            parent.manifest,
            snapshot=draft.name.removeprefix(DRAFT_PREFIX),
            parent=parent.id,
            run_id=name.rpartition("-")[0],
            commit_id=name,
            created=now.isoformat(timespec="seconds"),
            files=tuple(sorted(files, key=lambda entry: entry.path)),
        )
        return snapshots.publish(draft, describe(draft, manifest))
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _linked(
    parent: Snapshot, groups: Mapping[str, Sequence[FileEntry]], draft: Path
) -> Iterator[FileEntry]:
    joined = {entry.path for group in groups.values() for entry in group}
    for entry in parent.manifest.files:
        if entry.path not in joined:
            link_or_copy(parent.path / entry.path, draft / entry.path)
            yield entry


def _joined(
    parent: Snapshot, groups: Mapping[str, Sequence[FileEntry]], draft: Path, name: str
) -> Iterator[FileEntry]:
    for target, group in groups.items():
        place, _, number = target.rpartition("/")
        rows = _sorted_rows(parent.path, group)
        yield write_rows(draft, place, f"{name}-{number}", rows, ZSTD_LEVEL)


def _sorted_rows(root: Path, group: Sequence[FileEntry]) -> Iterator[pa.Table]:
    """A few at a time: the files are in memory once, and not once more in their new order."""
    rows = pa.concat_tables([read_rows(root / entry.path) for entry in group])
    order = [(name, "ascending") for name in _SORTED_BY[group[0].table]]
    indices = pc.sort_indices(rows, sort_keys=order)
    for start in range(0, len(indices), JOINED_ROWS):
        yield rows.take(indices.slice(start, JOINED_ROWS))
