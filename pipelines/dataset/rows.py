"""Rows on their way from a stage to a commit: a compressed Arrow stream that carries its schema.

It says itself what its columns are, so a run that died under one version of the schema can be
finished by the next.
"""

from __future__ import annotations

import pyarrow as pa


def pack(batch: pa.RecordBatch) -> bytes:
    """A batch as bytes (Arrow IPC stream, zstd)."""
    sink = pa.BufferOutputStream()
    with (
        pa.CompressedOutputStream(sink, "zstd") as compressed,
        pa.ipc.new_stream(compressed, batch.schema) as stream,
    ):
        stream.write_batch(batch)
    return bytes(sink.getvalue())


def unpack(packed: bytes) -> pa.Table:
    """The rows again."""
    with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as compressed:
        return pa.ipc.open_stream(compressed).read_all()
