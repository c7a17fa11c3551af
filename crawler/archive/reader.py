"""Reads the pages of an archive file, ours or anyone's, one after the other, whatever is in it.

Nothing that a file holds is fatal: what is no page that can be read is told by a word, and counted.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from crawler.archive.cdxj import index_of

# What a damaged file makes zlib and warcio raise.
_BROKEN = (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError, KeyError, TypeError)
# How the metadata of our own runs begin.
# How the metadata that our own runs write begin.
ABOUT = b"colporteur: "


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
        self._index: dict[str, int] | None = None

    @property
    def file(self) -> str:
        """What a row calls the file: ours by its way below the archive, others by their names."""
        parts = self._path.resolve().parts
        is_ours = len(parts) > 4 and all(part.isdecimal() for part in parts[-4:-1])
        return "/".join(parts[-4:]) if is_ours else self._path.name

    def pages(self) -> Iterator[Page | Passed]:
        """All that the file holds, in its order."""
        try:
            with self._path.open("rb") as file:
                records = ArchiveIterator(file)
                for record in records:
                    yield from self._record(record, records)
        except _BROKEN as error:
            yield Passed(f"unreadable ({type(error).__name__})")

    def find(self, url: str) -> Page | None:
        """The last answer with this URL, by the index beside the file; None without one."""
        if self._index is None:
            self._index = dict(_indexed(index_of(self._path)))
        offset = self._index.get(url)
        found = None if offset is None else self._at(offset)
        return found if isinstance(found, Page) else None

    def _record(self, record: Any, records: Any) -> Iterator[Page | Passed]:
        kind, said = record.rec_type, record.rec_headers.get_header
        if record.format == "arc":
            yield Passed("arc")
        elif kind == "metadata":
            block = record.raw_stream.read(self._limit)
            if block.startswith(ABOUT):
                self._about[said("WARC-Concurrent-To", "")] = json.loads(block[len(ABOUT) :])
        elif kind == "response":
            found = self._page(record)
            self._places[said("WARC-Record-ID", "")] = records.get_record_offset()
            yield found
        elif kind == "revisit":
            original = self._places.get(said("WARC-Refers-To", ""))
            yield Passed("revisit") if original is None else self._again(record, original)

    def _page(self, record: Any) -> Page | Passed:
        said, http = record.rec_headers.get_header, record.http_headers
        about = self._about.pop(said("WARC-Record-ID", ""), {})
        url = said("WARC-Target-URI", "").strip("<>")
        if http is None or not url.startswith(("http://", "https://")):
            return Passed("not-http")
        if said("WARC-Truncated"):
            return Passed("truncated")
        if not about.get("is_page", True):
            return Passed("listing")
        stream = record.raw_stream
        if http.get_header("Transfer-Encoding", "").strip().lower() == "chunked":
            stream = ChunkedDataReader(stream)
        body = stream.read(self._limit + 1)
        if len(body) > self._limit:
            return Passed("too-large")
        if record.raw_stream.limit:
            return Passed("truncated")
        return Page(
            record_id=said("WARC-Record-ID", ""),
            url=url,
            date=datetime.fromisoformat(said("WARC-Date")),
            status=int(http.get_statuscode()),
            headers=tuple(http.headers),
            body=body,
            about=about,
        )

    def _again(self, record: Any, original: int) -> Page | Passed:
        """A page whose payload is that of an earlier record."""
        said = record.rec_headers.get_header
        about = self._about.pop(said("WARC-Record-ID", ""), {})
        page = self._at(original, is_listing=not about.get("is_page", True))
        if isinstance(page, Passed):
            return page
        return Page(
            record_id=said("WARC-Record-ID", ""),
            url=said("WARC-Target-URI", ""),
            date=datetime.fromisoformat(said("WARC-Date")),
            status=page.status,
            headers=tuple(record.http_headers.headers) if record.http_headers else page.headers,
            body=page.body,
            about=about,
        )

    def _at(self, offset: int, *, is_listing: bool = False) -> Page | Passed:
        if is_listing:
            return Passed("listing")
        try:
            with self._path.open("rb") as file:
                file.seek(offset)
                return self._page(next(iter(ArchiveIterator(file))))
        except (*_BROKEN, StopIteration):
            return Passed("unreadable")


def _indexed(index: Path) -> Iterator[tuple[str, int]]:
    if index.is_file():
        with index.open(encoding="utf-8") as lines:
            for line in lines:
                said = json.loads(line.split(" ", 2)[2])
                if said["mime"] != "warc/revisit":
                    yield said["url"], int(said["offset"])
