"""How a Parquet file of ours is written: one place for its options, and for what makes it durable.

A file gets its name only when it is whole and on disk, and until then one that no reader globs.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from crawler.state.folder import sync_folder
from pipelines.dataset.manifest import FileEntry
from pipelines.dataset.summary import COUNTED, Cell, as_cells, cells_of
from pipelines.schema import PARTITION_KEY, SCHEMAS, Table

# Fast enough to be free beside the fetch; compaction spends more (DESIGN: Measured choices).
ZSTD_LEVEL = 3
# A row group: what is in memory of a file that is written, some five times over while it is encoded
# and compressed. By bytes, since some rows are a tweet and some a book: about 400 articles.
ROW_GROUP_BYTES = 4 * 1_024 * 1_024
# Of short rows, such as comments.
ROW_GROUP_ROWS = 2_000
# A table of one row takes 90 kB for its many columns, however little it holds: 50 take 4.5 MB.
JOINED_ROWS = 50
# A dictionary pays only where few values repeat; on texts and hashes it costs memory for nothing.
DICTIONARY_COLUMNS = (
    "source", "domain", "section", "in_language", "language", "publisher", "agency",
    "availability", "run_id", "extractor", "duplicate_kind",
)  # fmt: skip
# Looked up by value, and random, so that minimum and maximum of a row group say nothing of them.
BLOOM_COLUMNS = ("article_id", "cluster_id", "content_hash", "comment_id", "duplicate_of")
BLOOM_FALSE_POSITIVES = 0.01


def partition(root: Path, place: str) -> Path:
    """The folder of a partition, `table/month`, below a snapshot."""
    table, _, month = place.partition("/")
    return root / table / f"{PARTITION_KEY}={month}"


def write_rows(
    root: Path,
    place: str,
    name: str,
    batches: Iterable[pa.RecordBatch | pa.Table],
    zstd_level: int = ZSTD_LEVEL,
) -> FileEntry:
    """Write batches of one partition as `name.parquet`, synced, and describe the file."""
    table: Table = place.partition("/")[0]  # type: ignore[assignment] # places are made of tables
    schema = SCHEMAS[table]
    path = partition(root, place) / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".parquet-unfinished")
    rows = 0
    cells: Counter[Cell] = Counter()
    with unfinished.open("wb") as file:
        with _writer(file, schema, zstd_level) as writer:
            for group in row_groups(batches):
                writer.write_table(group.cast(schema), row_group_size=ROW_GROUP_ROWS)
                rows += group.num_rows
                if table in COUNTED:
                    cells += cells_of(group)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    return FileEntry.of(root, path, rows, as_cells(cells))


def sync_folders(root: Path) -> None:
    """Make the names of a folder and of all below it durable."""
    for folder, _, _ in os.walk(root):
        sync_folder(Path(folder))


def _writer(file: object, schema: pa.Schema, zstd_level: int) -> pq.ParquetWriter:
    names = set(schema.names)
    bloom = {"ndv": ROW_GROUP_ROWS, "fpp": BLOOM_FALSE_POSITIVES}
    return pq.ParquetWriter(
        file,
        schema,
        compression="zstd",
        compression_level=zstd_level,
        use_dictionary=[name for name in DICTIONARY_COLUMNS if name in names],
        write_page_index=True,
        write_page_checksum=True,
        bloom_filter_options={name: bloom for name in BLOOM_COLUMNS if name in names},
    )


def row_groups(batches: Iterable[pa.RecordBatch | pa.Table]) -> Iterator[pa.Table]:
    """Batches, however small, as tables that are a row group each."""
    tables = (
        batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
        for batch in batches
    )
    return _joined(_joined(tables, JOINED_ROWS), ROW_GROUP_ROWS)


def _joined(tables: Iterable[pa.Table], rows: int) -> Iterator[pa.Table]:
    """Tables of so many rows, or of what fits into a row group, the last of what is left."""
    waiting: list[pa.Table] = []
    count = size = 0
    for table in tables:
        waiting.append(table)
        count += table.num_rows
        size += table.nbytes
        if count >= rows or size >= ROW_GROUP_BYTES:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting, count, size = [], 0, 0
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()
