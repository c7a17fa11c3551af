"""Whether the dataset on disk is the one that was written: every file, every manifest, `latest`.

One sentence for whatever is wrong; what cannot be read is wrong, and never ends the search.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crawler.errors import DatasetError
from pipelines.dataset.manifest import FileEntry
from pipelines.dataset.snapshots import Snapshot, Snapshots


def verify(snapshots: Snapshots) -> Iterator[tuple[str, list[str]]]:
    """Every snapshot's number, oldest first, with what is wrong with it; nothing if it is whole."""
    for name in snapshots.ids():
        try:
            wrong = list(verify_snapshot(snapshots.get(name)))
        except DatasetError as error:
            wrong = [str(error)]
        if (snapshots.folder / name).is_dir():  # else a run has pruned it meanwhile
            yield name, wrong


def verify_link(snapshots: Snapshots) -> Iterator[str]:
    """What is wrong with `latest`: it points at a snapshot as soon as there is one."""
    link, ids = snapshots.link, snapshots.ids()
    if not os.path.lexists(link):
        if ids:
            yield (
                f"{link.name}: missing; the next commit makes it, or: "
                f"ln -s {snapshots.folder.name}/{ids[-1]} {link}"
            )
    elif not link.is_symlink():
        yield f"{link.name}: no symlink; move it away, the next commit makes one"
    elif link.resolve() not in {(snapshots.folder / name).resolve() for name in ids}:
        yield f"{link.name}: points at {os.readlink(link)}, which is no snapshot"


def verify_snapshot(snapshot: Snapshot) -> Iterator[str]:
    """What is wrong with one snapshot, a sentence each."""
    if snapshot.manifest.snapshot != snapshot.id:
        yield f"{snapshot.id}: its manifest is that of {snapshot.manifest.snapshot}"
    listed = {entry.path for entry in snapshot.manifest.files}
    for entry in snapshot.manifest.files:
        said = _wrong_with(snapshot.path / entry.path, entry)
        if said:
            yield f"{snapshot.id}/{entry.path}: {said}"
    for name, digest in snapshot.manifest.papers.items():
        said = _not_as_written(snapshot.path / name, digest)
        if said:
            yield f"{snapshot.id}/{name}: {said}"
    for path in sorted(snapshot.path.rglob("*.parquet")):
        name = path.relative_to(snapshot.path).as_posix()
        if name not in listed:
            yield f"{snapshot.id}/{name}: not in the manifest"


def _wrong_with(path: Path, entry: FileEntry) -> str | None:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if size != entry.bytes:
            return f"{size:,} bytes instead of {entry.bytes:,}"
        if digest != entry.sha256:
            return "its bytes are not those that were written"
        rows = pq.read_metadata(path).num_rows
    except OSError as error:
        return error.strerror or str(error)
    except pa.ArrowException as error:
        return f"no Parquet file ({error})"
    return f"{rows} rows, the manifest says {entry.rows}" if rows != entry.rows else None


def _not_as_written(path: Path, digest: str) -> str | None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return error.strerror or str(error)
    return "its bytes are not those that were written" if found != digest else None
