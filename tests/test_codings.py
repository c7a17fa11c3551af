"""Content codings: taken off whole and checked, or refused; never more than the limit."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.codings import MAX_CODINGS, decoded
from crawler.errors import Reason, Refusal
from tests.misbehaviours.bodies import PACK, changed, gzip_bomb, raw_deflate

MEGABYTE = 1024 * 1024
PLAIN = "<p>Ein Satz über alles, und noch einer.</p>".encode() * 5_000
PACKERS: dict[str, Callable[[bytes], bytes]] = {**PACK, "raw deflate": raw_deflate}


def named(packer: str) -> list[str]:
    return [packer.rsplit(maxsplit=1)[-1]]


def reason(body: bytes | Refusal) -> Reason | None:
    return body.reason if isinstance(body, Refusal) else None


@pytest.mark.parametrize("packer", PACKERS)
@given(body=st.binary(min_size=1, max_size=200_000))
def test_whatever_was_packed_comes_out(packer: str, body: bytes) -> None:
    assert decoded(PACKERS[packer](body), named(packer), 0) == body


@pytest.mark.parametrize("packer", PACKERS)
@given(share=st.floats(0.0, 1.0, exclude_max=True))
def test_wherever_a_stream_is_cut_it_is_refused(packer: str, share: float) -> None:
    packed = PACKERS[packer](PLAIN)
    cut = packed[: max(1, int(len(packed) * share))]
    assert reason(decoded(cut, named(packer), 0)) is Reason.TRUNCATED


@given(place=st.integers(-8, -1))
def test_a_checksum_or_length_that_is_wrong_is_refused(place: int) -> None:
    wrong = changed(gzip.compress(PLAIN), place)
    assert reason(decoded(wrong, ["gzip"], 0)) is Reason.BAD_ENCODING


@pytest.mark.parametrize("coding", PACK)
@given(garbage=st.binary(min_size=1, max_size=2_000))
def test_garbage_gives_bytes_or_a_reason_and_never_an_exception(
    coding: str, garbage: bytes
) -> None:
    assert isinstance(decoded(garbage, [coding], MEGABYTE), bytes | Refusal)


@pytest.mark.parametrize("coding", PACK)
def test_what_swells_beyond_the_limit_is_refused_without_being_unpacked(coding: str) -> None:
    bomb = PACK[coding](bytes(64 * MEGABYTE))
    tracemalloc.start()
    refused = decoded(bomb, [coding], MEGABYTE)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reason(refused) is Reason.TOO_LARGE
    assert peak < 3 * MEGABYTE


def test_each_of_several_codings_has_the_limit() -> None:
    twice = gzip.compress(gzip_bomb())
    assert reason(decoded(twice, ["gzip", "gzip"], MEGABYTE)) is Reason.TOO_LARGE


def test_codings_are_taken_off_in_the_opposite_order() -> None:
    packed = PACK["br"](gzip.compress(PLAIN))
    assert decoded(packed, ["gzip", "br"], 0) == PLAIN
    assert reason(decoded(packed, ["br", "gzip"], 0)) is Reason.BAD_ENCODING


def test_more_codings_than_anyone_needs_are_refused() -> None:
    body = PLAIN
    for _ in range(MAX_CODINGS + 1):
        body = gzip.compress(body)
    assert reason(decoded(body, ["gzip"] * (MAX_CODINGS + 1), 0)) is Reason.BAD_ENCODING


@pytest.mark.parametrize("names", [[], [""], ["identity"], ["none", "utf-8"]])
def test_names_of_no_coding_are_passed_over(names: list[str]) -> None:
    assert decoded(PLAIN, names, 0) == PLAIN


def test_an_empty_body_is_empty_whatever_it_is_called() -> None:
    assert decoded(b"", ["gzip"], 0) == b""


def test_a_file_in_many_parts_is_read_to_its_end() -> None:
    blocks = b"".join(gzip.compress(PLAIN[at : at + 1_000]) for at in range(0, len(PLAIN), 1_000))
    assert decoded(blocks, ["gzip"], 0) == PLAIN


@pytest.mark.parametrize("empty", [gzip.compress(b""), PACK["zstd"](b"")], ids=["gzip", "zstd"])
def test_a_million_empty_parts_cost_nothing(empty: bytes) -> None:
    coding = "gzip" if empty.startswith(b"\x1f") else "zstd"
    started = time.process_time()
    assert reason(decoded(empty * 1_000_000, [coding], 0)) is Reason.BAD_ENCODING
    assert time.process_time() - started < 2


def test_a_checksum_in_zlib_counts_too() -> None:
    wrong = changed(zlib.compress(PLAIN), -1)
    assert reason(decoded(wrong, ["deflate"], 0)) is Reason.BAD_ENCODING
