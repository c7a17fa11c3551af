"""What a run that died left open: kept up to its last whole record, indexed and closed."""

from __future__ import annotations

import logging
import os
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from crawler.archive.cdxj import index_line, write_index
from crawler.archive.writer import OPEN

logger = logging.getLogger(__name__)

_PIECE = 1024 * 1024


def recover(folder: Path) -> None:
    """Close every file that is open below the archive; nobody may be writing. Raises: OSError."""
    for path in sorted(folder.rglob(f"*{OPEN}")):
        size = path.stat().st_size
        whole = _whole(path)
        if not whole:
            path.unlink()  # not even the record that says what the file is
            continue
        if whole < size:
            logger.warning('"%s": %d bytes of a torn record are cut off', path, size - whole)
        with path.open("r+b") as file:
            file.truncate(whole)
            os.fsync(file.fileno())
        closed = path.with_name(path.name.removesuffix(OPEN))
        write_index(closed, index_lines(path, closed.name))
        path.replace(closed)


def _whole(path: Path) -> int:
    """Where the last whole gzip member ends, in bytes."""
    end = position = 0
    with path.open("rb") as file:
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        piece = b""
        while piece or (piece := file.read(_PIECE)):
            try:
                # Bounded, as a member may unpack to a thousand times its size.
                member.decompress(piece, _PIECE)
            except zlib.error:
                return end
            rest = member.unused_data if member.eof else member.unconsumed_tail
            position += len(piece) - len(rest)
            piece = rest
            if member.eof:
                end = position
                member = zlib.decompressobj(16 + zlib.MAX_WBITS)
    return end


def index_lines(path: Path, name: str) -> Iterator[str]:
    """The index of a file that is to be called `name`. Raises: OSError."""
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            if record.rec_type not in ("response", "revisit") or record.http_headers is None:
                continue
            said = record.rec_headers.get_header
            media_type = record.http_headers.get_header("Content-Type", "").partition(";")[0]
            mime = "warc/revisit" if record.rec_type == "revisit" else media_type.strip() or "unk"
            yield index_line(
                said("WARC-Target-URI"),
                datetime.fromisoformat(said("WARC-Date")),
                mime,
                int(record.http_headers.get_statuscode() or 0),
                said("WARC-Payload-Digest", "-"),
                (records.get_record_offset(), records.get_record_length(), name),
            )
