"""What changed between two snapshots, row by row: for jobs that want only the change.

Who removes from the one what is `removed` or `changed`, and adds what is `added` or `changed`, has
the other, table by table. Only files that both do not share are read: it costs what was committed.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import pyarrow as pa
import pyarrow.parquet as pq

from crawler.errors import DatasetError
from pipelines.dataset.files import row_groups
from pipelines.dataset.snapshots import Snapshot
from pipelines.dataset.upgrade import upgraded
from pipelines.schema import SCHEMA_VERSION, SCHEMAS, TABLES, Table

Change = Literal["added", "changed", "removed"]
CHANGES: tuple[Change, ...] = ("added", "changed", "removed")

# What a row is known by in both snapshots.
KEYS: dict[str, tuple[str, ...]] = {
    "articles": ("article_id",),
    "duplicates": ("article_id",),
    "revisions": ("article_id", "revision"),
    "comments": ("comment_id",),
}
# Rows in memory at once, beside 0.6 kB for each old row of a file that is not shared.
_BATCH_ROWS = 500


def _optional(field: pa.Field) -> pa.Field:
    """Null in the rows of other tables, and then so are its parts."""
    kind = field.type
    if pa.types.is_struct(kind):
        kind = pa.struct([part.with_nullable(True) for part in kind])
    return pa.field(field.name, kind)


_COLUMNS = {field.name: field for table in TABLES for field in SCHEMAS[table]}
# A row says which change it is, then all that its table has: of a removed row what it was, of the
# others what it is now. Columns of other tables are null.
SCHEMA = pa.schema(
    [
        pa.field("change", pa.string(), nullable=False),
        pa.field("table_name", pa.string(), nullable=False),
        pa.field("changed_columns", pa.list_(pa.field("element", pa.string(), nullable=False))),
        pa.field("revision_before", pa.int32()),
        *map(_optional, _COLUMNS.values()),
    ],
    metadata={"colporteur.schema_version": str(SCHEMA_VERSION)},
)


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows of one table and one kind of change, in the columns of `SCHEMA`."""

    table: Table
    change: Change
    rows: pa.Table


def difference(before: Snapshot, after: Snapshot) -> Iterator[Changes]:
    """All that changed, a batch at a time. Raises: DatasetError for a file that cannot be read."""
    for table in TABLES:
        yield from _of_table(table, before, after)


def write_difference(
    path: Path, before: Snapshot, after: Snapshot
) -> Counter[tuple[Table, Change]]:
    """Write all that changed as one Parquet file, whole or not at all; how many rows of each.

    Raises: OSError, DatasetError.
    """
    count: Counter[tuple[Table, Change]] = Counter()

    def rows() -> Iterator[pa.Table]:
        for changes in difference(before, after):
            count[changes.table, changes.change] += changes.rows.num_rows
            yield changes.rows

    said = {"colporteur.before": before.id, "colporteur.after": after.id}
    schema = SCHEMA.with_metadata(SCHEMA.metadata | said)
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with pq.ParquetWriter(unfinished, schema, compression="zstd") as writer:
            for group in row_groups(rows()):
                writer.write_table(group)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def not_shared(snapshot: Snapshot, other: Snapshot, table: str) -> list[Path]:
    """The files of a table that the other snapshot has not."""
    shared = {(entry.path, entry.sha256) for entry in other.manifest.files}
    return [
        snapshot.path / entry.path
        for entry in snapshot.manifest.files
        if entry.table == table and entry.rows and (entry.path, entry.sha256) not in shared
    ]


def _of_table(table: Table, before: Snapshot, after: Snapshot) -> Iterator[Changes]:
    columns = SCHEMAS[table].names
    left = not_shared(before, after, table)
    was = {key: digest for rows in _batches(left, table) for key, digest in _digests(table, rows)}
    for rows in _batches(not_shared(after, before, table), table):
        added, changed, names, revisions = [], [], [], []
        for index, (key, digest) in enumerate(_digests(table, rows)):
            old = was.pop(key, None)
            if old is None:
                added.append(index)
            elif old != digest:
                changed.append(index)
                pairs = zip(columns, array("q", old[8:]), array("q", digest[8:]), strict=True)
                names.append([name for name, one, other in pairs if one != other])
                revisions.append(array("q", old[:8])[0])
        yield from _changes(table, "added", rows, added)
        yield from _changes(table, "changed", rows, changed, names, revisions)
    for rows in _batches(left, table) if was else ():
        keys = enumerate(_keys(table, rows))
        yield from _changes(table, "removed", rows, [index for index, key in keys if key in was])


def _keys(table: str, rows: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(rows[name].to_pylist() for name in KEYS[table]), strict=True)


def _digests(table: str, rows: pa.Table) -> Iterator[tuple[tuple[Any, ...], bytes]]:
    """Each row's key, and its revision with a hash of every column, 8 bytes each.

    Hashes hold in this process only. Of `repr`, as Python has one hash for -1 and -2.
    """
    revisions = rows["revision"].to_pylist() if "revision" in rows.column_names else None
    columns = [[hash(repr(value)) for value in column.to_pylist()] for column in rows.columns]
    for index, key in enumerate(_keys(table, rows)):
        hashes = (column[index] for column in columns)
        yield key, array("q", [revisions[index] if revisions else 0, *hashes]).tobytes()


def _changes(
    table: Table,
    change: Change,
    rows: pa.Table,
    chosen: Sequence[int],
    names: Sequence[Sequence[str]] | None = None,
    revisions: Sequence[int] | None = None,
) -> Iterator[Changes]:
    """The chosen ones of a table's rows, in the columns of all tables."""
    if not chosen:
        return
    taken = rows.take(pa.array(chosen, pa.int32()))
    said: dict[str, Sequence[Any]] = {
        "change": [change] * len(chosen), "table_name": [table] * len(chosen)
    }  # fmt: skip
    if names is not None:
        said["changed_columns"] = names
    if revisions is not None and "revision" in rows.column_names:
        said["revision_before"] = revisions
    columns = [
        taken[field.name].cast(field.type)
        if field.name in taken.column_names
        else pa.array(said[field.name], field.type)
        if field.name in said
        else pa.nulls(len(chosen), field.type)
        for field in SCHEMA
    ]
    yield Changes(table, change, pa.table(columns, schema=SCHEMA))


def _batches(paths: Sequence[Path], table: str) -> Iterator[pa.Table]:
    for path in paths:
        try:
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                for batch in file.iter_batches(_BATCH_ROWS):
                    rows = upgraded(pa.Table.from_batches([batch]), table)
                    yield rows.cast(SCHEMAS[cast(Table, table)])
        except (OSError, pa.ArrowException) as error:
            raise DatasetError(
                f'"{path}" cannot be read ({error}); scrapy snapshots verify tells what is whole.'
            ) from error
