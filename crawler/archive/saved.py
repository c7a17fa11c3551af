"""Reads pages that somebody saved as files, by a list of their URLs, as if an archive held them.

The list is an `index.jsonl` as `scrapy extract` takes it (`url`, `file`), or lines of a file and
its URL with a tab between them; lists and pages may be packed with gzip. A file's path counts from
the list, or from `html/` beside it. Nothing in a list is fatal: what gives no page is counted.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO

from crawler.archive.reader import Page, Passed

INDEX = "index.jsonl"
_LISTS = (".jsonl", ".jsonl.gz", ".tsv", ".tsv.gz")
_PACKED = b"\x1f\x8b"
# What a damaged file makes gzip raise.
_BROKEN = (OSError, EOFError, zlib.error)


def list_of(path: Path) -> Path | None:
    """The list that a path is or, a folder, holds; None if it is neither."""
    if path.is_dir():
        path /= INDEX
    return path if path.is_file() and path.name.endswith(_LISTS) else None


class SavedReader:
    """The pages of one list, like those of an archive file."""

    file: None = None
    """No record of an archive holds them."""

    def __init__(self, listed: Path, limit: int) -> None:
        """A page of more than `limit` bytes is passed."""
        self._list = listed
        self._limit = limit

    def pages(self) -> Iterator[Page | Passed]:
        """All that are listed, in the list's order."""
        try:
            with closing(_opened(self._list)) as lines:
                for line in lines:
                    if line.strip():
                        yield self._page(line)
        except _BROKEN as error:
            yield Passed(f"unreadable ({type(error).__name__})")

    def find(self, url: str) -> Page | None:
        """The page that is listed with this URL; None without one."""
        named = self._by_url.get(url)
        found = None if named is None else self._read(url, named)
        return found if isinstance(found, Page) else None

    @cached_property
    def _by_url(self) -> dict[str, str]:
        with closing(_opened(self._list)) as lines:
            return dict(said for line in lines if (said := _named(line)) is not None)

    def _page(self, line: bytes) -> Page | Passed:
        said = _named(line)
        return Passed("no-line-of-a-list") if said is None else self._read(*said)

    def _read(self, url: str, named: str) -> Page | Passed:
        folder = self._list.parent
        places = (folder / named, folder / "html" / named)
        path = next((place for place in places if place.is_file()), None)
        if path is None:
            return Passed("missing")
        try:
            with closing(_opened(path)) as file:
                body = file.read(self._limit + 1)
            saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except _BROKEN:
            return Passed("unreadable")
        if len(body) > self._limit:
            return Passed("too-large")
        return Page(None, url, saved, 200, (("Content-Type", "text/html"),), body)


def _opened(path: Path) -> IO[bytes]:
    """A file as it is, or unpacked. Raises: OSError."""
    file = path.open("rb")
    is_packed = file.read(2) == _PACKED
    file.seek(0)
    if not is_packed:
        return file
    file.close()
    return gzip.open(path)  # type: ignore[return-value] # reads as any file does


def _named(line: bytes) -> tuple[str, str] | None:
    """URL and file of a line; None where it has not both."""
    try:
        if line.lstrip().startswith(b"{"):
            row = json.loads(line)
            said = [row["url"], row["file"]]
        else:
            said = sorted(line.decode().strip("\r\n").split("\t")[:2], key=_is_no_url)
    except (ValueError, KeyError, RecursionError):
        return None
    texts = [text for text in said if isinstance(text, str) and text]
    return (texts[0], texts[1]) if len(texts) == 2 and not _is_no_url(texts[0]) else None


def _is_no_url(text: str) -> bool:
    return not text.startswith(("http://", "https://"))
