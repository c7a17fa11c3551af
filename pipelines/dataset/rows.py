"""Rows on their way from a stage to a commit: a compressed Arrow stream that carries its schema.

It says itself what its columns are, so a run that died under one version of the schema can be
finished by the next.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pyarrow as pa

from crawler.items import Article, Block, Image, Quality, Rights


def pack(batch: pa.RecordBatch) -> bytes:
    """A batch as bytes (Arrow IPC stream, zstd)."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    packed: bytes = pa.compress(sink.getvalue(), "zstd", asbytes=True)
    return packed


def unpack(packed: bytes) -> pa.Table:
    """The rows again."""
    with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as compressed:
        return pa.ipc.open_stream(compressed).read_all()


def article_of(rows: pa.Table) -> Article:
    """The one article of a staged row of `articles` or `duplicates`; its comments stay out."""
    names = {field.name for field in fields(Article)}
    row: dict[str, Any]
    (row,) = rows.to_pylist()
    columns = {name: value for name, value in row.items() if name in names}
    structures = {
        "blocks": tuple(Block(**block) for block in columns["blocks"]),
        "images": tuple(Image(**image) for image in columns["images"]),
        "authors": tuple(columns["authors"]),
        "keywords": tuple(columns["keywords"]),
        "rights": Rights(**columns["rights"]),
        "quality": Quality(**columns["quality"]) if columns["quality"] else None,
        "field_sources": dict(columns["field_sources"]),
    }
    return Article(**columns | structures)
