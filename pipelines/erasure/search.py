"""The proof: a search for what was erased, through every file of the data folder read as text.

Each file is read as it lies on the disk, free pages and statistics included, and as what it holds:
Parquet's cells, SQLite's values, JSON without its escapes.
"""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.dataset.rows import unpack
from pipelines.erasure.archive import Archive
from pipelines.erasure.papers import legible
from pipelines.erasure.selection import row_texts, selected
from pipelines.erasure.target import Trace, Traces
from pipelines.schema import SCHEMAS

# Raw bytes are read in pieces that overlap by more than any URL or name is long.
_PIECE = 4_000_000
_OVERLAP = 4_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: a file below the data folder, and what told of it.

    `row` is the URL of a row, or its comment's id, that is not to be erased and only mentions it.
    """

    file: str
    trace: Trace
    row: str | None = None


def search(folder: Path, traces: Traces, archive: Archive) -> Iterator[Place]:
    """Every file and every row that still tells of the target."""
    seen: set[int] = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if trace := traces.find(name):
            yield Place(name, trace)
        if not path.is_file() or path.is_symlink():
            continue
        inode = path.stat().st_ino  # a file that snapshots share is read once
        if inode not in seen:
            seen.add(inode)
            yield from (Place(name, trace, row) for trace, row in _inside(path, traces, archive))


def _inside(path: Path, traces: Traces, archive: Archive) -> Iterator[tuple[Trace, str | None]]:
    found: list[tuple[Trace, str | None]] = []
    if path.suffix == ".parquet":
        found += _in_parquet(path, traces)
    elif path.suffix in (".json", ".jsonl"):
        found += _in_texts(map(legible, _json_texts(path)), traces)
    elif path.suffix == ".sqlite":
        found += _in_texts(_sqlite_texts(path), traces)
    elif path.name.endswith((".warc.gz", ".warc.gz.open")):
        found += _in_archive(path, traces, archive)
    elif path.suffix == ".gz":
        found += _in_texts(_unpacked(path), traces)
    yield from found or _in_texts(_pieces(path), traces)


def _in_texts(texts: Iterator[str], traces: Traces) -> Iterator[tuple[Trace, None]]:
    for text in texts:
        if trace := traces.find(text):
            yield trace, None
            return


def _pieces(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        yield from _overlapping(file)


def _overlapping(file: IO[bytes] | gzip.GzipFile) -> Iterator[str]:
    tail = b""
    while piece := file.read(_PIECE):
        yield (tail + piece).decode("utf-8", "replace")
        tail = piece[-_OVERLAP:]


def _in_archive(path: Path, traces: Traces, archive: Archive) -> Iterator[tuple[Trace, str | None]]:
    """A page of another that speaks of a site may stay, and so may a single word."""
    for said in archive.said(path):
        if trace := traces.find(said.text):
            goes = traces.goes_raw(said.text, is_of_another=said.is_of_another)
            yield trace, None if goes else said.url


def _unpacked(path: Path) -> Iterator[str]:
    with gzip.open(path) as file:
        try:
            yield from _overlapping(file)
        except (OSError, EOFError, zlib.error):  # torn: up to there
            return


def _json_texts(path: Path) -> Iterator[str]:
    text = path.read_text("utf-8", "replace")
    yield from [text] if path.suffix == ".json" else text.splitlines()


def _in_parquet(path: Path, traces: Traces) -> Iterator[tuple[Trace, str | None]]:
    try:
        rows = pq.read_table(path, partitioning=None)
    except (OSError, pa.ArrowException):
        return  # its bytes are read in any case
    table = next((part for part in path.parts[::-1] if part in SCHEMAS), "articles")
    address = "comment_id" if table == "comments" else "url"
    gone = selected(table, rows, traces)
    for text, row, is_gone in zip(row_texts(rows), rows[address].to_pylist(), gone, strict=True):
        if trace := traces.find(text):
            yield trace, None if is_gone or trace == "id" else row


def _sqlite_texts(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
            for row in db.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 # the schema's own
                values = dict(zip(columns, row, strict=True))
                if table == "staged":
                    yield from _staged_texts(values.pop("rows"))
                yield "\n".join(map(_text, values.values()))


def _staged_texts(rows: bytes) -> Iterator[str]:
    try:
        yield from row_texts(unpack(rows))
    except (OSError, pa.ArrowException):
        yield rows.decode("utf-8", "replace")


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
