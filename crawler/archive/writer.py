"""Writes WARC files: one run's exchanges, each record a gzip member of its own.

A file is called `….open` until it is closed, and is whole in itself: a `revisit` refers to a record
of the same file. What a row will point to is on the disk before the row is.
"""

from __future__ import annotations

import json
import os
import zlib
from base64 import b32encode
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha1
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive.cdxj import index_line, write_index
from crawler.archive.exchange import RENDERED, About, Exchange, Stored

OPEN = ".open"
# Of the WARC 1.1 standard, section 6.7.
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

Headers = Mapping[str, str]

# How a record is packed. What came packed gives no more room: to look for repetitions in it takes
# .8 ms a page, and letters alone .25 (for .2 % more bytes).
_FULL, _FAST = zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY


class WarcWriter:
    """The files of one run; each is begun with its first record."""

    def __init__(self, folder: Path, run_id: str, info: Headers, max_size: int) -> None:
        """`info` is the `warcinfo`; a file that has grown over `max_size` bytes is the last one."""
        self._folder = folder
        self._run_id = run_id
        self._info = info
        self._max_size = max_size
        self._number = 0
        self._file: _WarcFile | None = None

    def write(
        self, exchange: Exchange, about: About | None = None, rendered: bytes | None = None
    ) -> Stored:
        """Write request, answer and what the run knows of it; they are on the disk afterwards.

        `rendered` is the page as its scripts made it, in UTF-8: a `conversion` of the answer, which
        stands before it, so that who reads on has both at once.

        Raises: OSError; then the file ends where it did before.
        """
        if self._file is not None and self._file.size > self._max_size:
            self.close()
        if self._file is None:
            day = f"{datetime.now(UTC):%Y/%m/%d}"
            name = f"{day}/{self._run_id}-{self._number:05d}.warc.gz"
            self._file = _WarcFile(self._folder, name, self._info)
            self._number += 1
        return self._file.add(exchange, about, rendered)

    def close(self) -> None:
        """Close the file that is open, and index it. Raises: OSError."""
        if self._file is not None:
            file, self._file = self._file, None
            file.close()


class _WarcFile:
    def __init__(self, folder: Path, name: str, info: Headers) -> None:
        self._name = name
        self._path = folder / name
        self._path.parent.mkdir(parents=True, exist_ok=True)
        opened = self._path.with_name(self._path.name + OPEN)
        self._file = os.open(opened, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        self.size = 0
        self._lines: list[str] = []
        self._payloads: dict[str, tuple[str, str, str]] = {}
        fields = "".join(f"{key}: {value}\r\n" for key, value in info.items())
        about = {"WARC-Filename": self._path.name}
        moment = _moment(datetime.now(UTC))
        self._append(_record("warcinfo", fields.encode(), moment, about)[1])

    def add(self, exchange: Exchange, about: About | None, rendered: bytes | None) -> Stored:
        moment = _moment(exchange.date)
        payload = f"sha1:{b32encode(sha1(exchange.body, usedforsecurity=False).digest()).decode()}"
        headers = {"WARC-Target-URI": exchange.url}
        if exchange.address:
            headers["WARC-IP-Address"] = exchange.address
        kind, block = "response", exchange.head + exchange.body
        # The shell of a page that scripts make is every page's, and small: none hangs on another's.
        is_shared = bool(exchange.body) and rendered is None
        original = self._payloads.get(payload) if is_shared else None
        if exchange.status == 304:
            kind, headers["WARC-Profile"] = "revisit", _NOT_MODIFIED
        elif original:
            kind, block, headers["WARC-Profile"] = "revisit", exchange.head, _SAME_PAYLOAD
            headers |= zip(
                ("WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"),
                original,
                strict=True,
            )
        if exchange.status != 304:
            headers["WARC-Payload-Digest"] = payload
        strategy = _FAST if b"\ncontent-encoding:" in exchange.head.lower() else _FULL
        answer_id, answer = _record(kind, block, moment, headers, strategy)
        near = {"WARC-Target-URI": exchange.url, "WARC-Concurrent-To": answer_id}
        before = _record("request", exchange.sent, moment, near)[1]
        if about:
            said = json.dumps(about, ensure_ascii=False)
            before += _record("metadata", f"colporteur: {said}\r\n".encode(), moment, near)[1]
        if rendered is not None:
            made = {"WARC-Target-URI": exchange.url, "WARC-Refers-To": answer_id}
            before += _record("conversion", rendered, moment, made)[1]
        start = self._append(before + answer) + len(before)
        if is_shared and not original and exchange.status != 304:
            self._payloads[payload] = (answer_id, exchange.url, moment)
        mime = "warc/revisit" if kind == "revisit" else exchange.media_type or "unk"
        place = (start, len(answer), self._path.name)
        self._lines.append(
            index_line(exchange.url, exchange.date, mime, exchange.status, payload, place)
        )
        return Stored(self._name, answer_id)

    def _append(self, records: bytes) -> int:
        """The records at the end of the file, all of them or none; where they begin."""
        start = self.size
        try:
            left = memoryview(records)
            while left:
                left = left[os.write(self._file, left) :]
            os.fdatasync(self._file)
        except OSError:
            os.ftruncate(self._file, start)
            os.lseek(self._file, start, os.SEEK_SET)
            raise
        self.size += len(records)
        return start

    def close(self) -> None:
        os.close(self._file)
        write_index(self._path, self._lines)
        self._path.with_name(self._path.name + OPEN).replace(self._path)


def _record(
    kind: str, block: bytes, moment: str, headers: Headers, strategy: int = _FULL
) -> tuple[str, bytes]:
    """Id and bytes of one record. The block stays as it is: warcio would write its head anew."""
    own_id = f"<urn:uuid:{uuid4()}>"
    digest = b32encode(sha1(block, usedforsecurity=False).digest()).decode()
    named = {
        "WARC-Type": kind, "WARC-Record-ID": own_id, "WARC-Date": moment, **headers,
        "WARC-Block-Digest": f"sha1:{digest}",
    }  # fmt: skip
    content_type = RENDERED if kind == "conversion" else WARCWriter.WARC_RECORDS[kind]
    head = StatusAndHeaders("", list(named.items()), protocol="WARC/1.1")
    # By their own names warcio would write no block of a revisit, and a payload of a request.
    record = ArcWarcRecord("warc", "response", head, BytesIO(block), None, content_type, len(block))
    record.payload_length = len(block)
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    writer.ensure_digest = _as_it_is
    writer.write_record(record)
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, strategy)
    return own_id, packer.compress(out.getvalue()) + packer.flush()


def _as_it_is(*_: object, **__: object) -> None:
    """All digests that a record shall have are there."""


def _moment(date: datetime) -> str:
    return date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
