"""The head of a card, in YAML, that Hugging Face reads: where each table lies and what is in it.

`datasets` has no type for Arrow's maps; so the columns are named, without the one that is a map,
and their types given, as it would else take them from the files.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from pipelines.schema import SCHEMAS, TABLES, Table

# https://github.com/huggingface/hub-docs/blob/main/datasetcard.md
_SIZES = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"),
)  # fmt: skip


def front_matter(name: str, rows: Counter[str], languages: Sequence[str]) -> str:
    """The head of a card of tables with so many rows, in these languages (BCP 47).

    A table without rows is left out: `datasets` makes nothing of it.
    """
    size = next((words for limit, words in _SIZES if rows[TABLES[0]] < limit), "100M<n<1B")
    filled = [table for table in TABLES if rows[table]]
    return "\n".join(
        (
            "---",
            f"pretty_name: {name}",
            "license: other",
            "license_name: publishers-rights",
            "license_link: README.md",
            *([f"language: {json.dumps(list(languages))}"] if languages else ()),
            f"size_categories: [{size}]",
            "tags: [news, articles, croissant]",
            "configs:",
            *(line for table in filled for line in _config(table)),
            "dataset_info:",
            *(line for table in filled for line in _info(table)),
            "---",
        )
    )


def _config(table: Table) -> Iterator[str]:
    yield f"- config_name: {table}"
    if table == TABLES[0]:
        yield "  default: true"
    yield "  data_files:"
    yield "  - split: train"
    yield f"    path: {table}/**/*.parquet"
    yield f"  columns: {json.dumps([field.name for field in readable(table)])}"


def _info(table: Table) -> Iterator[str]:
    yield f"- config_name: {table}"
    yield "  features:"
    for field in readable(table):
        yield f"  - {json.dumps(_feature(field))}"


def readable(table: Table) -> Iterable[pa.Field]:
    """The columns of a table that readers without maps can read."""
    return [field for field in SCHEMAS[table] if not pa.types.is_map(field.type)]


def _feature(field: pa.Field) -> dict[str, Any]:
    return {"name": field.name} | _type(field.type)


def _type(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_list(kind):
        element = _type(kind.value_type)
        return {"list": element.get("dtype") or element["struct"]}
    if pa.types.is_struct(kind):
        return {"struct": [_feature(part) for part in kind]}
    return {"dtype": "float32" if pa.types.is_float32(kind) else str(kind)}
