"""Texts in files of any origin: JSON lines, plain or gzip, or Parquet, in and out.

What a row must have is `id` and `text`; a `date` may be there. The names of the dataset's own
columns do as well, and of Parquet its fingerprints are taken as they are: where `minhash` and
`content_hash` are there, there need be no text. Every complaint names the file and the line or row.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from crawler.errors import ConfigurationError

# Rows of a Parquet file in memory at once.
_BATCH_ROWS = 1_000
_WRITTEN_ROWS = 100_000
# What the dataset's have (pipelines.minhash); a column of another make is passed over.
_MINHASH_BYTES = 512

Id = str | int


# What a text's columns are called: in files of any origin, and in the dataset.
_NAMES = {
    "id": ("id", "article_id"),
    "text": ("text", "article_body"),
    "date": ("date", "date_published"),
    "minhash": ("minhash",),
    "content_hash": ("content_hash",),
    "word_count": ("word_count",),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A text with the id that its file gives it; a date without a zone is one in UTC.

    Without a text it has its `minhash` and `content_hash`.
    """

    id: Id
    text: str | None
    date: datetime | None = None
    minhash: bytes | None = None
    content_hash: str = ""
    word_count: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What of a file can be read by itself: a row group of Parquet, all of JSON lines."""

    path: Path
    row_group: int | None = None
    rows_before: int = 0


def parts_of(paths: Sequence[Path]) -> list[Part]:
    """The parts of files, and of the Parquet files below folders. Raises: ConfigurationError."""
    parts = []
    for path in paths:
        files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
        if not files:
            raise ConfigurationError(f"{path} is a folder without a .parquet file.")
        for file in files:
            parts += _row_groups(file) if _is_parquet(file) else [Part(file)]
    return parts


def read_part(part: Part) -> Iterator[tuple[str, Document]]:
    """The texts of a part, each with its place, in their order. Raises: ConfigurationError."""
    path = part.path
    rows = _json_rows(path) if part.row_group is None else _parquet_rows(part)
    try:
        for place, row in rows:
            yield place, _document(row, f"{path}, {place}")
    except (OSError, EOFError) as error:
        raise _unreadable(path, error) from None


def read_documents(parts: Iterable[Part]) -> Iterator[Document]:
    """The texts of all parts, in their order. Raises: ConfigurationError."""
    seen: dict[Id, tuple[Path, str]] = {}
    for part in parts:
        for place, document in read_part(part):
            if first := seen.get(document.id):
                there = first[1] if first[0] == part.path else f"{first[0]}, {first[1]}"
                raise ConfigurationError(
                    f"{part.path}, {place}: the id {document.id!r} is that of {there} too; "
                    "give every text its own."
                )
            seen[document.id] = (part.path, place)
            yield document


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> None:
    """Write rows in the form that the file's name ends in; it is there whole or not at all.

    Raises: ConfigurationError.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        if _is_parquet(path):
            with unfinished.open("wb") as sink:
                _write_parquet(sink, rows, schema)
        else:
            with _open_text(unfinished, "wt", is_gzip=path.suffix == ".gz") as file:
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}.") from None


def id_type(documents: Sequence[Id]) -> pa.DataType:
    """The Arrow type of ids: numbers if all of them are."""
    return pa.int64() if all(isinstance(one, int) for one in documents) else pa.string()


def _is_parquet(path: Path) -> bool:
    return path.suffix == ".parquet"


def _open_text(path: Path, mode: str, *, is_gzip: bool) -> TextIO:
    opened: Any = gzip.open if is_gzip else open
    file: TextIO = opened(path, mode, encoding="utf-8")
    return file


def _json_rows(path: Path) -> Iterator[tuple[str, Any]]:
    with _open_text(path, "rt", is_gzip=path.suffix == ".gz") as file:
        try:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    yield f"line {number}", json.loads(line)
                except ValueError as error:
                    raise ConfigurationError(
                        f"{path}, line {number}: no JSON object ({error}); "
                        "the file must have one on each line."
                    ) from None
        except UnicodeDecodeError as error:
            raise ConfigurationError(f"{path} is not UTF-8 ({error}).") from None


def _row_groups(path: Path) -> list[Part]:
    parts, before = [], 0
    with _open_parquet(path) as file:
        for group in range(file.num_row_groups):
            parts.append(Part(path, group, before))
            before += file.metadata.row_group(group).num_rows
    return parts


@contextmanager
def _open_parquet(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except pa.ArrowException as error:
        raise ConfigurationError(f"{path} is no readable Parquet file ({error}).") from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _parquet_rows(part: Part) -> Iterator[tuple[str, Any]]:
    with _open_parquet(part.path) as file:
        schema = file.schema_arrow
        _require(schema.names, str(part.path), f"it has {', '.join(schema.names)}")
        columns = [name for names in _NAMES.values() for name in names if name in schema.names]
        number = part.rows_before
        batches = file.iter_batches(_BATCH_ROWS, row_groups=[part.row_group], columns=columns)
        for batch in batches:
            for row in batch.to_pylist():
                number += 1
                yield f"row {number}", row


def _write_parquet(sink: BinaryIO, rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> None:
    """As few rows in memory as a row group has."""
    remaining = iter(rows)
    with pq.ParquetWriter(sink, schema) as writer:
        while batch := list(islice(remaining, _WRITTEN_ROWS)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))


def _unreadable(path: Path, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"{path} cannot be read: {getattr(error, 'strerror', None) or error}."
    )


def _require(names: Iterable[str], place: str, instead: str) -> None:
    has_prints = "minhash" in names and not any(name in names for name in _NAMES["text"])
    for needed in ("id", "content_hash" if has_prints else "text"):
        if not any(name in names for name in _NAMES[needed]):
            raise ConfigurationError(f'{place}: there is no "{needed}"; {instead}.')


def _document(row: Any, place: str) -> Document:
    if not isinstance(row, dict):
        raise ConfigurationError(f"{place}: no JSON object but {type(row).__name__}.")
    _require(row, place, f"it has {', '.join(row) or 'nothing'}")
    said = {
        name: next((row[column] for column in columns if column in row), None)
        for name, columns in _NAMES.items()
    }
    own_id, text, minhash = said["id"], said["text"], said["minhash"]
    if isinstance(own_id, bool) or not isinstance(own_id, str | int):
        raise ConfigurationError(f'{place}: "id" must be a string or a whole number.')
    is_ours = isinstance(minhash, bytes) and len(minhash) == _MINHASH_BYTES
    if not isinstance(text, str) and (text is not None or not is_ours):
        raise ConfigurationError(f'{place}: "text" must be a string.')
    document = Document(own_id, text, _date(said["date"], place))
    if not is_ours:
        return document
    return replace(
        document,
        minhash=minhash,
        content_hash=said["content_hash"] or "",
        word_count=said["word_count"],
    )


def _date(value: object, place: str) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        elif isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    except ValueError:
        pass
    if not isinstance(value, datetime):
        raise ConfigurationError(
            f'{place}: "date" must be like 2026-11-23 or 2026-11-23T08:30:00+01:00, got {value!r}.'
        )
    return value if value.tzinfo else value.replace(tzinfo=UTC)
