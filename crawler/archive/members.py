"""The gzip members of an archive file, each a record that can be copied or left out as it lies.

A damaged one hides no other: what comes after it is found by its first bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

# RFC 1952, 2.3: the magic number and the one method there is.
_START = b"\x1f\x8b\x08"
_PIECE = 1024 * 1024
# What a record unpacks to at the most, four times what a run takes in (`DOWNLOAD_MAXSIZE`); of a
# longer one the rest is not looked at.
_MAX_CONTENT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """Where a member lies, in bytes, and what it unpacks to; a damaged one as far as it does."""

    offset: int
    length: int
    content: bytes
    is_whole: bool = True


def members(path: Path) -> Iterator[Member]:
    """All that a file holds, in its order, without a gap. Raises: OSError."""
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        start = 0
        while start < len(data):
            content, end = _unpacked(data, start)
            is_whole = end is not None
            if end is None:
                found = data.find(_START, start + 1)
                end = len(data) if found < 0 else found
            yield Member(start, end - start, content, is_whole)
            start = end


def _unpacked(data: mmap, start: int) -> tuple[bytes, int | None]:
    """What the member unpacks to, and where it ends; None for one that is damaged or cut."""
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    content = bytearray()
    position, piece = start, b""
    while piece or position < len(data):
        if not piece:
            piece = data[position : position + _PIECE]
            position += len(piece)
        try:
            got = stream.decompress(piece, _PIECE)
        except zlib.error:
            return bytes(content), None
        content += got[: _MAX_CONTENT - len(content)]
        if stream.eof:
            return bytes(content), position - len(stream.unused_data)
        piece = stream.unconsumed_tail
    return bytes(content), None
