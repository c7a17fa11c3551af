"""Rows of an older version of the schema, as rows of this one."""

from __future__ import annotations

from typing import cast

import pyarrow as pa

from pipelines.schema import SCHEMAS, Table


def upgraded(rows: pa.Table, table: str) -> pa.Table:
    """The rows with the columns that have come to their table since, and say nothing of them."""
    schema = SCHEMAS[cast(Table, table)]
    if rows.schema.names == schema.names:
        return rows
    columns = [
        rows[field.name] if field.name in rows.schema.names else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, names=schema.names)
