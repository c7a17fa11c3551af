"""Texts in a file of any origin: JSON lines, plain or gzip, or Parquet, in and out.

What a row must have is `id` and `text`; a `date` may be there. Every complaint names the file and
the line or row.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from crawler.errors import ConfigurationError

# Rows of a Parquet file in memory at once.
_BATCH_ROWS = 1_000

Id = str | int


@dataclass(frozen=True, slots=True)
class Document:
    """A text with the id that its file gives it; a date without a zone is one in UTC."""

    id: Id
    text: str
    date: datetime | None = None


def read_documents(path: Path) -> Iterator[Document]:
    """The texts of a file, in its order. Raises: ConfigurationError."""
    rows = _parquet_rows(path) if _is_parquet(path) else _json_rows(path)
    seen: dict[Id, str] = {}
    try:
        for place, row in rows:
            document = _document(row, f"{path}, {place}")
            first = seen.setdefault(document.id, place)
            if first != place:
                raise ConfigurationError(
                    f"{path}, {place}: the id {document.id!r} is that of {first} too; "
                    "give every text its own."
                )
            yield document
    except (OSError, EOFError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or error}."
        ) from None


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> None:
    """Write rows in the form that the file's name ends in; it is there whole or not at all.

    Raises: ConfigurationError.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        if _is_parquet(path):
            with unfinished.open("wb") as sink:
                pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), sink)
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


def _parquet_rows(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            _require(names, str(path), f"it has {', '.join(names)}")
            columns = [name for name in ("id", "text", "date") if name in names]
            number = 0
            for batch in file.iter_batches(_BATCH_ROWS, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield f"row {number}", row
    except pa.ArrowException as error:
        raise ConfigurationError(f"{path} is no readable Parquet file ({error}).") from None


def _require(names: Iterable[str], place: str, instead: str) -> None:
    for needed in ("id", "text"):
        if needed not in names:
            raise ConfigurationError(f'{place}: there is no "{needed}"; {instead}.')


def _document(row: Any, place: str) -> Document:
    if not isinstance(row, dict):
        raise ConfigurationError(f"{place}: no JSON object but {type(row).__name__}.")
    _require(row, place, f"it has {', '.join(row) or 'nothing'}")
    own_id, text = row["id"], row["text"]
    if isinstance(own_id, bool) or not isinstance(own_id, str | int):
        raise ConfigurationError(f'{place}: "id" must be a string or a whole number.')
    if not isinstance(text, str):
        raise ConfigurationError(f'{place}: "text" must be a string.')
    return Document(own_id, text, _date(row.get("date"), place))


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
