"""Reads the pages of an archive file, ours or anyone's, one after the other, whatever is in it.

Nothing that a file holds is fatal: what is no page that can be read is told by a word, and counted.
Behind what cannot be read at all it goes on with the next record that begins.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from crawler.archive.cdxj import index_of
from crawler.archive.exchange import RENDERED

# What a damaged file makes zlib and warcio raise.
_BROKEN = (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError, KeyError, TypeError)
# How the metadata that our own runs write begin.
ABOUT = b"colporteur: "
_GZIP = b"\x1f\x8b\x08"
_WARC = b"WARC/1."
_PIECE = 1024 * 1024
# What tells of others, or of the file itself; and what holds something else than an answer.
_BESIDE = ("warcinfo", "request", "metadata")


@dataclass(frozen=True, slots=True)
class Page:
    """An answer from an archive: without transfer coding, its content codings still on it."""

    record_id: str | None
    """None for a page that no archive holds."""
    url: str
    date: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    about: dict[str, Any] = field(default_factory=dict)
    """What our own runs knew of it; nothing in archives of others."""
    rendered: bytes | None = None
    """The page as its scripts made it, in UTF-8, where it was rendered."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that is no page, or why a file could not be read any further."""

    why: str


class WarcReader:
    """One file. A record is in memory while it is read, and of each only its place is kept."""

    def __init__(self, path: Path, limit: int) -> None:
        """An answer of more than `limit` bytes is passed."""
        self._path = path
        self._limit = limit
        self._places: dict[str, int] = {}
        self._about: dict[str, dict[str, Any]] = {}
        # Of the record with this id, which comes next.
        self._rendered: tuple[str, bytes] = ("", b"")
        self._index: dict[str, int] | None = None

    @property
    def file(self) -> str:
        """What a row calls the file: ours by its way below the archive, others by their names."""
        parts = self._path.resolve().parts
        is_ours = len(parts) > 4 and all(part.isdecimal() for part in parts[-4:-1])
        return "/".join(parts[-4:]) if is_ours else self._path.name

    def pages(self) -> Iterator[Page | Passed]:
        """All that the file holds, in its order. Raises: OSError if it cannot be opened."""
        with self._path.open("rb") as file:
            if _is_nested(file):
                yield Passed("compressed-twice")
                return
            start: int | None = 0
            while start is not None:
                file.seek(start)
                records = ArchiveIterator(file)
                try:
                    for record in records:
                        if (found := self._record(record, records)) is not None:
                            yield found
                    return
                except _BROKEN as error:
                    yield Passed(f"unreadable ({type(error).__name__})")
                    start = _next_record(file, max(start, records.offset) + 1)

    def find(self, url: str) -> Page | None:
        """The last answer with this URL, by the index beside the file; None without one."""
        if self._index is None:
            self._index = dict(_indexed(index_of(self._path)))
        offset = self._index.get(url)
        found = None if offset is None else self._at(offset)
        return found if isinstance(found, Page) else None

    def _record(self, record: Any, records: Any) -> Page | Passed | None:
        """What a record is; None for one beside a page's, which is nobody's loss."""
        kind, said = record.rec_type, record.rec_headers.get_header
        if record.format == "arc":
            return Passed("arc")
        if kind == "metadata":
            block = record.raw_stream.read(self._limit)
            if block.startswith(ABOUT):
                self._about[said("WARC-Concurrent-To", "")] = json.loads(block[len(ABOUT) :])
        elif kind == "conversion" and said("Content-Type") == RENDERED:
            self._rendered = said("WARC-Refers-To", ""), record.raw_stream.read(self._limit)
            return None
        elif kind == "response":
            found = self._page(record)
            for name in filter(None, (said("WARC-Record-ID"), said("WARC-Payload-Digest"))):
                self._places[name] = records.get_record_offset()
            return found
        elif kind == "revisit":
            return self._revisit(record)
        return None if kind in _BESIDE else Passed("not-http")

    def _page(self, record: Any) -> Page | Passed:
        said, http = record.rec_headers.get_header, record.http_headers
        about = self._about.pop(said("WARC-Record-ID", ""), {})
        url = _url(record)
        if http is None or not url.startswith(("http://", "https://")):
            return Passed("not-http")
        status = http.get_statuscode()
        if not status.isdecimal():
            return Passed("not-http")
        if said("WARC-Truncated"):
            return Passed("truncated")
        if passed := _passed(int(status), about):
            return passed
        stream = record.raw_stream
        if http.get_header("Transfer-Encoding", "").strip().lower() == "chunked":
            stream = ChunkedDataReader(stream)  # which hands on what has no chunks
        body = stream.read(self._limit + 1)
        if len(body) > self._limit:
            return Passed("too-large")
        if record.raw_stream.limit:
            return Passed("truncated")
        return Page(
            record_id=said("WARC-Record-ID", ""),
            url=url,
            date=_moment(said("WARC-Date")),
            status=int(status),
            headers=tuple(http.headers),
            body=body,
            about=about,
            rendered=self._rendered_of(said("WARC-Record-ID", "")),
        )

    def _rendered_of(self, record_id: str) -> bytes | None:
        of, rendered = self._rendered
        return rendered if of and of == record_id else None

    def _revisit(self, record: Any) -> Page | Passed:
        """A page whose payload is that of an earlier record; or one that was as it had been."""
        said, http = record.rec_headers.get_header, record.http_headers
        about = self._about.pop(said("WARC-Record-ID", ""), {})
        if "not-modified" in said("WARC-Profile", ""):
            return Passed("not-modified")
        if (passed := _passed(200, about)) is not None:
            return passed
        # Not all who write one say which record it refers to, but every one what is in that.
        named = (said("WARC-Refers-To"), said("WARC-Payload-Digest"))
        original = next((self._places[one] for one in named if one in self._places), None)
        page = Passed("revisit") if original is None else self._at(original)
        if isinstance(page, Passed):
            return page
        return Page(
            record_id=said("WARC-Record-ID", ""),
            url=_url(record),
            date=_moment(said("WARC-Date")),
            status=page.status,
            headers=tuple(http.headers) if http else page.headers,
            body=page.body,
            about=about,
            rendered=self._rendered_of(said("WARC-Record-ID", "")),
        )

    def _at(self, offset: int) -> Page | Passed:
        try:
            with self._path.open("rb") as file:
                file.seek(offset)
                return self._page(next(iter(ArchiveIterator(file))))
        except (*_BROKEN, StopIteration):
            return Passed("unreadable")


def _passed(status: int, about: dict[str, Any]) -> Passed | None:
    """Why an answer is no page, though there is nothing wrong with it."""
    if not about.get("is_page", True):
        return Passed("listing")
    if status == 304:
        return Passed("not-modified")
    # Where it led to is a record of its own, and says what it was that was asked for.
    return Passed("redirect") if 300 <= status < 400 else None


def _url(record: Any) -> str:
    """Its address; the standard's own grammar once had it in angle brackets."""
    url: str = record.rec_headers.get_header("WARC-Target-URI", "")
    return url.strip("<>")


def _moment(text: str) -> datetime:
    """Raises: ValueError, TypeError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_nested(file: BinaryIO) -> bool:
    """Whether what is compressed in a file is compressed itself; the file is at its start again."""
    head = file.read(_PIECE)
    file.seek(0)
    if not head.startswith(_GZIP):
        return False
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, len(_GZIP)) == _GZIP
    except zlib.error:
        return False


def _next_record(file: BinaryIO, start: int) -> int | None:
    """Where the next record begins, from `start` on; None if none does."""
    file.seek(0)
    mark = _GZIP if file.read(len(_GZIP)) == _GZIP else _WARC
    file.seek(start)
    before = b""
    while piece := file.read(_PIECE):
        text = before + piece
        at = text.find(mark)
        while at >= 0:
            place = start - len(before) + at
            if mark == _WARC or _is_warc(file, place):
                return place
            at = text.find(mark, at + 1)
        start += len(piece)
        file.seek(start)
        before = text[-len(mark) + 1 :]
    return None


def _is_warc(file: BinaryIO, place: int) -> bool:
    """Whether a gzip member that begins a record begins there."""
    file.seek(place)
    try:
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        return member.decompress(file.read(_PIECE), len(_WARC)) == _WARC
    except zlib.error:
        return False


def _indexed(index: Path) -> Iterator[tuple[str, int]]:
    if index.is_file():
        with index.open(encoding="utf-8") as lines:
            for line in lines:
                said = json.loads(line.split(" ", 2)[2])
                if said["mime"] != "warc/revisit":
                    yield said["url"], int(said["offset"])
