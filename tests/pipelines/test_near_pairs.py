"""The steps for many machines, chained as an engine does, find what one machine finds."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.bands import BANDS
from pipelines.clusters import NEIGHBOURS, Membership, memberships
from pipelines.minhash import EMPTY_SIGNATURE
from pipelines.near_pairs import are_same, buckets, components, entries, members, near_pairs
from pipelines.resemblance import Fingerprint, Fingerprints, fingerprint
from tests.pipelines.test_resemblance import SENTENCES, STORY, text

START = datetime(2026, 11, 23, tzinfo=UTC)
LEGAL_NOTE = text(SENTENCES[200:206])
TEXTS = [
    text(STORY), text(SENTENCES[100:125]), text(["Rives, 3 mars."], STORY), text(STORY[:10]),
    # So many share a note that not all of them are neighbours in its buckets.
    *(f"{text(SENTENCES[at : at + 3])} {LEGAL_NOTE}" for at in range(3 * NEIGHBOURS)),
    text(STORY), text(STORY, ["Suite demain."]), "", text(SENTENCES[100:125]),
]  # fmt: skip
DATES = [None if at % 7 == 3 else START - timedelta(hours=at % 5) for at in range(len(TEXTS))]


@cache
def prints_of() -> list[Fingerprint]:
    return [fingerprint(one) for one in TEXTS]


def lists(*columns: list[list[Any]]) -> list[pa.Array]:
    """As an engine groups: a list a group, of each column."""
    kinds = (
        pa.int64(), pa.string(), pa.timestamp("us", "UTC"), pa.string(), pa.binary(), pa.binary()
    )  # fmt: skip
    return [pa.array(one, pa.large_list(kind)) for one, kind in zip(columns, kinds, strict=True)]


def candidates(distinct: list[int], bands: tuple[int, int]) -> set[tuple[int, int]]:
    prints = prints_of()
    signatures = pa.array([prints[row].signature for row in distinct], pa.binary())
    filled: dict[int, list[bytes]] = defaultdict(list)
    for keys, entry in zip(
        buckets(signatures, *bands).to_pylist(),
        entries(pa.array(distinct, pa.int64()), signatures).to_pylist(),
        strict=True,
    ):
        for key in keys:
            filled[key].insert(0, entry)  # in any order
    grouped = pa.chunked_array([pa.array(list(filled.values()), pa.large_list(pa.binary()))])
    return {
        (pair["one"], pair["other"]) for found in near_pairs(grouped).to_pylist() for pair in found
    }


def spread(hashes: list[str]) -> list[Membership]:
    prints = prints_of()
    first = {content: row for row, content in reversed(list(enumerate(hashes)))}
    distinct = sorted(first.values())
    pairs = sorted(
        set().union(*(candidates(distinct, (at, at + 16)) for at in range(0, BANDS, 16)))
    )
    columns = [
        pa.array([getattr(prints[pair[side]], name) for pair in pairs], pa.binary())
        for side in (0, 1)
        for name in ("signature", "vocabulary")
    ]
    same = [
        pair for pair, is_same in zip(pairs, are_same(*columns).to_pylist(), strict=True) if is_same
    ]
    same += [(first[content], row) for row, content in enumerate(hashes) if first[content] != row]
    ones, others = (np.array(side, np.int64) for side in zip(*same, strict=True))
    clusters: dict[int, list[int]] = defaultdict(list)
    for row, root in zip(*components(ones, others).to_pydict().values(), strict=True):
        clusters[root].insert(0, row)
    groups = list(clusters.values())
    found = members(
        *lists(
            *(
                [[value(row) for row in group] for group in groups]
                for value in (
                    int, json.dumps, DATES.__getitem__, hashes.__getitem__,
                    lambda row: prints[row].signature, lambda row: prints[row].vocabulary,
                )
            )
        )
    )  # fmt: skip
    result = [Membership(row) for row in range(len(TEXTS))]
    for member in (one for cluster in found.to_pylist() for one in cluster):
        result[member["row"]] = Membership(
            int(member["cluster_id"]), member["similarity"], member["duplicate_kind"]
        )
    return result


def test_the_steps_find_what_one_machine_finds() -> None:
    hashes = [str(hash(one)) for one in TEXTS]
    prints = Fingerprints.of(prints_of())
    expected = memberships(prints, hashes, DATES, [True] * len(TEXTS))
    assert spread(hashes) == expected
    kinds = {member.kind for member in expected}
    assert kinds == {None, "exact", "near", "contained"}


def test_of_texts_without_a_word_and_of_none_there_are_no_pairs() -> None:
    empty = pa.array([EMPTY_SIGNATURE] * 2, pa.binary())
    words = pa.array([bytes(256)] * 2, pa.binary())
    assert are_same(empty, words, empty, words).to_pylist() == [False, False]
    assert near_pairs(pa.array([], pa.large_list(pa.binary()))).to_pylist() == []
    nothing = np.empty(0, np.int64)
    assert components(nothing, nothing).num_rows == 0


def test_a_chain_of_any_length_and_order_is_one_component() -> None:
    rows = np.random.default_rng(1).permutation(1_000).astype(np.int64)
    found = components(rows[:-1], rows[1:])
    assert found["row"].to_pylist() == list(range(1_000))
    assert set(found["root"].to_pylist()) == {0}
