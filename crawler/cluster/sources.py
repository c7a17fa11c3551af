"""Files as Daft's data sources: each part is read where a worker is free."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pyarrow as pa
from daft import DataFrame
from daft.io import DataSource, DataSourceTask
from daft.recordbatch import RecordBatch
from daft.schema import Schema

# Of one part: its number, and what reads it.
Reader = Callable[[int], Iterator[pa.RecordBatch]]


def frame_of(count: int, read: Reader, schema: pa.Schema) -> DataFrame:
    """The batches of `count` parts, each read on some worker."""
    return _Parts(count, read, schema).read()


class _Parts(DataSource):  # type: ignore[misc] # Daft is not there for mypy
    def __init__(self, count: int, read: Reader, schema: pa.Schema) -> None:
        self._count = count
        self._read = read
        self._schema = schema

    @property
    def name(self) -> str:
        return "parts"

    @property
    def schema(self) -> Schema:
        return Schema.from_pyarrow_schema(self._schema)

    async def get_tasks(self, pushdowns: Any) -> AsyncIterator[DataSourceTask]:
        for number in range(self._count):
            yield _Part(number, self._read, self._schema)


class _Part(DataSourceTask):  # type: ignore[misc]
    def __init__(self, number: int, read: Reader, schema: pa.Schema) -> None:
        self._number = number
        self._read = read
        self._schema = schema

    @property
    def schema(self) -> Schema:
        return Schema.from_pyarrow_schema(self._schema)

    async def read(self) -> AsyncIterator[RecordBatch]:
        for batch in self._read(self._number):
            yield RecordBatch.from_arrow_record_batches([batch], self._schema)
