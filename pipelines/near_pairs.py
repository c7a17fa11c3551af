"""The steps of `pipelines.clusters` over Arrow columns: what a cluster of machines computes.

Each is a function of one batch, whichever rows of the whole are in it, so that an engine can spread
them; between them it brings together what has a key in common. Together they find what
`memberships` finds, row for row.

In a bucket of a band a text is its number and a sketch, 72 bytes. Whoever shares fewer rows of the
sketch shares fewer of the signature, so that hardly any pair is looked at twice and none is lost;
the signatures themselves (768 bytes with the words, in 48 buckets) never travel with the keys.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.bands import band_keys
from pipelines.clusters import neighbours, of_cluster
from pipelines.minhash import PERMUTATIONS
from pipelines.resemblance import (
    CONTAINED_ROWS,
    EDITED_ROWS,
    NEAR_ROWS,
    Fingerprints,
    Signatures,
    compare,
)

# A text with its fingerprint. `row`: its place in the whole, whose order decides what dates do not.
# `id` is JSON, a string or a whole number; what is not compared has its fingerprint all the same.
# `complaint`: what is wrong with the row, which is no text then.
FINGERPRINTED: Final = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("date", pa.timestamp("us", "UTC")),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("is_compared", pa.bool_(), nullable=False),
        pa.field("signature", pa.binary(), nullable=False),
        pa.field("vocabulary", pa.binary(), nullable=False),
        pa.field("complaint", pa.string()),
    ]
)
# Whom a member of a cluster of two and more is a copy of.
MEMBER: Final = pa.struct(
    [
        ("row", pa.int64()),
        ("cluster_id", pa.string()),
        ("similarity", pa.float32()),
        ("duplicate_kind", pa.string()),
    ]
)
PAIR: Final = pa.struct([("one", pa.int64()), ("other", pa.int64())])

# No two texts are the same with fewer equal rows (pipelines.resemblance).
_LEAST_ROWS: Final = min(NEAR_ROWS, EDITED_ROWS, CONTAINED_ROWS)
# Four bits of each row: of unrelated texts eight rows of 128 are equal by chance, never 34.
_SKETCH_BYTES: Final = PERMUTATIONS // 2
# Big-endian: entries sort by their row.
_ENTRY: Final = np.dtype([("row", ">i8"), ("sketch", np.uint8, _SKETCH_BYTES)])
# Pairs that are compared at once: 2 MB of sketches on each side.
_PAIRS: Final = 32_768

Column: TypeAlias = "pa.Array | pa.ChunkedArray"


def buckets(signatures: Column, first: int, last: int) -> pa.Array:
    """The buckets that texts lie in, of the bands from `first` to before `last`: lists of keys."""
    bands = np.arange(first, last, dtype=np.uint64) << np.uint64(32)
    keys = band_keys(_signatures(signatures))[:, first:last] | bands
    offsets = np.arange(0, keys.size + 1, last - first, dtype=np.int64)
    return pa.LargeListArray.from_arrays(offsets, pa.array(keys.ravel(), pa.uint64()))


def entries(rows: Column, signatures: Column) -> pa.Array:
    """What of each text lies in its buckets."""
    found = np.empty(len(rows), _ENTRY)
    found["row"] = rows.to_numpy(zero_copy_only=False)
    low = (_signatures(signatures) & np.uint32(15)).astype(np.uint8)
    found["sketch"] = low[:, 0::2] << np.uint8(4) | low[:, 1::2]
    offsets = np.arange(0, found.nbytes + 1, _ENTRY.itemsize, dtype=np.int64)
    sizes, values = pa.py_buffer(offsets), pa.py_buffer(found.tobytes())
    return pa.Array.from_buffers(pa.large_binary(), len(found), [None, sizes, values])


def near_pairs(filled: Column) -> pa.Array:
    """The pairs in each bucket, a list of `entries`, that may be the same: a list of `PAIR` each.

    As in `clusters.neighbours`, a text is compared with the next few of its bucket only.
    """
    lists = _one(filled)
    sizes = lists.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
    found = np.frombuffer(_bytes(lists.flatten()), _ENTRY)
    own = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((found["row"], own))
    found = found[order]
    own = own[order]
    ones, others = _alike(found["sketch"], own)
    order = np.argsort(own[ones], kind="stable")
    ones, others = ones[order], others[order]
    counts = np.bincount(own[ones], minlength=len(sizes))
    pairs = pa.StructArray.from_arrays(
        [pa.array(found["row"][side].astype(np.int64)) for side in (ones, others)],
        fields=list(PAIR),
    )
    return pa.LargeListArray.from_arrays(np.concatenate([[0], np.cumsum(counts)]), pairs)


def _alike(
    sketches: npt.NDArray[np.uint8], own: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Places of neighbours in one bucket whose sketches have rows enough in common."""
    ones, others = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for left, right in neighbours(own):
        for start in range(0, len(left), _PAIRS):
            one, other = left[start : start + _PAIRS], right[start : start + _PAIRS]
            differing = sketches[one] ^ sketches[other]
            equal = np.count_nonzero(differing & 15 == 0, axis=1)
            equal += np.count_nonzero(differing < 16, axis=1)
            alike = equal >= _LEAST_ROWS
            ones.append(one[alike])
            others.append(other[alike])
    return np.concatenate(ones), np.concatenate(others)


def are_same(
    signatures: Column, vocabularies: Column, other_signatures: Column, other_vocabularies: Column
) -> pa.Array:
    """Whether two texts are the same, pair by pair."""
    some = _fingerprints(signatures, vocabularies)
    others = _fingerprints(other_signatures, other_vocabularies)
    found = [np.empty(0, np.bool_)]
    for start in range(0, len(some), _PAIRS):
        part = slice(start, start + _PAIRS)
        found.append(compare(some[part], others[part]).is_same)
    return pa.array(np.concatenate(found))


def components(ones: npt.NDArray[np.int64], others: npt.NDArray[np.int64]) -> pa.Table:
    """The rows that pairs connect, `row`, each with the first row of its cluster, `root`."""
    rows, places = np.unique(np.concatenate([ones, others]), return_inverse=True)
    some, more = np.split(places, 2) if len(places) else (places, places)
    roots = np.arange(len(rows))
    while True:
        # The lesser root of the two that a pair has becomes that of both; then roots of roots.
        least = np.minimum(roots[some], roots[more])
        before = roots.copy()
        for side in (some, more):
            np.minimum.at(roots, before[side], least)
        while not np.array_equal(further := roots[roots], roots):
            roots = further
        if np.array_equal(roots, before):
            return pa.table({"row": rows, "root": rows[roots]})


def members(
    rows: Column, ids: Column, dates: Column, hashes: Column, signatures: Column, words: Column
) -> pa.Array:
    """Whose copies the members of each cluster are: a list of `MEMBER` of lists of columns."""
    lists = [_one(column) for column in (rows, ids, dates, hashes, signatures, words)]
    names = ["row", "id", "date", "content_hash", "signature", "vocabulary"]
    found = []
    for number in range(len(rows)):
        cluster = pa.table([column[number].values for column in lists], names)
        # A text without a date comes after all that have one.
        order = [("date", "ascending"), ("row", "ascending")]
        found.append(_cluster(cluster.take(pc.sort_indices(cluster, order))))
    return pa.array(found, pa.large_list(MEMBER))


def _cluster(ordered: pa.Table) -> list[dict[str, Any]]:
    prints = _fingerprints(ordered["signature"], ordered["vocabulary"])
    ids = ordered["id"].to_pylist()
    return [
        {
            "row": row,
            "cluster_id": ids[member.cluster],
            "similarity": member.similarity,
            "duplicate_kind": member.kind,
        }
        for row, member in zip(
            ordered["row"].to_pylist(),
            of_cluster(prints, ordered["content_hash"].to_pylist()),
            strict=True,
        )
    ]


def _one(column: Column) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _bytes(column: Column) -> memoryview:
    """All bytes of a binary column without nulls."""
    array = _one(column).cast(pa.large_binary())
    if not len(array):
        return memoryview(b"")
    _, sizes, values = array.buffers()
    offsets = np.frombuffer(sizes, np.int64)[array.offset : array.offset + len(array) + 1]
    return memoryview(values)[offsets[0] : offsets[-1]]


def _signatures(column: Column) -> Signatures:
    return np.frombuffer(_bytes(column), "<u4").reshape(-1, PERMUTATIONS)


def _fingerprints(signatures: Column, vocabularies: Column) -> Fingerprints:
    return Fingerprints.of_bytes(_bytes(signatures), _bytes(vocabularies))
