"""Takes records out of the archive: those that are of what is erased, and those that tell of it.

A file is written again beside itself and takes its own name when it is whole, with the records that
stay as they lay, byte for byte: no row's `warc_file` and `warc_record_id` changes. Done twice, it
changes nothing the second time.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from crawler.archive.cdxj import write_index
from crawler.archive.members import Member, members
from crawler.archive.recovery import index_lines, recover
from crawler.archive.telling import Record, record_of, text_of
from crawler.archive.writer import OPEN
from crawler.errors import DatasetError

_FILES = ("*.warc.gz", f"*.warc.gz{OPEN}")
_REWRITTEN = ".rewritten"


class Wanted(Protocol):
    """What is to be erased."""

    def find(self, text: str) -> str | None:
        """What in a text tells of it; None if nothing does."""

    def goes_raw(self, text: str, *, is_of_another: bool) -> bool:
        """Whether an exchange goes for what it says; another's page may say more than a listing."""


@dataclass(frozen=True, slots=True)
class Said:
    """A record as text, and whether it is the page of some address that is not erased."""

    url: str
    text: str
    is_of_another: bool


class RawPages:
    """The archive below a folder. Nobody may be writing to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def close_open(self) -> None:
        """Close what a run that died left open. Raises: DatasetError."""
        with self._writing():
            recover(self._folder)
            for left in self._folder.rglob(f"*{_REWRITTEN}"):
                left.unlink()

    def find(self, wanted: Wanted, of_rows: Set[str]) -> set[str]:
        """The ids of all records that go; `of_rows` are those of rows that go.

        An exchange goes with all its records, a `revisit` with the record whose payload it has, and
        with a page the redirects that led there. Raises: DatasetError.
        """
        gone: set[str] = set()
        addresses: set[str] = set()
        ways: dict[str, set[str]] = defaultdict(set)
        with self._writing():
            for path in self._files():
                seen = _File(wanted, of_rows)
                for record, about in _exchanges(path):
                    seen.judge(record, about)
                gone |= seen.gone()
                addresses |= seen.addresses
                for asked, redirects in seen.ways.items():
                    ways[asked] |= redirects
        return gone.union(*(ways[asked] for asked in addresses & ways.keys())) - {""}

    def take_out(self, gone: Set[str]) -> None:
        """Write every file that holds one of these records again without them.

        What of it cannot be read any more goes with them: nobody can say what it holds.
        Raises: DatasetError; to do it again does the rest.
        """
        self.close_open()
        with self._writing():
            for path in self._files() if gone else ():
                if any(_goes(record_of(member.content), gone) for member in members(path)):
                    _rewrite(path, gone)

    def said(self, path: Path) -> Iterator[Said]:
        """What the records of a file say. Raises: OSError."""
        for record, about in _exchanges(path):
            yield Said(record.url, text_of(record), bool(about.get("is_page")))

    def _files(self) -> Iterable[Path]:
        return sorted(path for name in _FILES for path in self._folder.rglob(name))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DatasetError(
                f'the archive "{self._folder}" cannot be rewritten ({error.strerror}); the '
                "erasure is finished by the next run or erasure in this folder: make room for it."
            ) from error


class _File:
    """The records of a file that go, as far as the file itself tells."""

    def __init__(self, wanted: Wanted, of_rows: Set[str]) -> None:
        self._wanted = wanted
        self._of_rows = of_rows
        self._told: set[str] = set()
        self._links: list[tuple[str, str]] = []
        self.addresses: set[str] = set()
        """What was asked for to come to a page that goes."""
        self.ways: dict[str, set[str]] = defaultdict(set)
        """Redirects, by what was asked for."""

    def judge(self, record: Record, about: dict[str, Any]) -> None:
        own, asked = record.record_id, str(about.get("requested", ""))
        if record.near:
            self._links += [(own, record.near), (record.near, own)]
        if record.original:
            self._links.append((record.original, own))
        is_target = own in self._of_rows or any(
            url and self._wanted.find(url) is not None for url in (record.url, asked)
        )
        if is_target and asked:
            self.addresses.add(asked)
        elif asked and 300 <= record.status < 400:
            self.ways[asked].add(own)
        is_page = bool(about.get("is_page"))
        if is_target or self._wanted.goes_raw(text_of(record), is_of_another=is_page):
            self._told.add(own)

    def gone(self) -> set[str]:
        """What was told of, and all that hangs on it."""
        next_to: dict[str, list[str]] = defaultdict(list)
        for one, other in self._links:
            next_to[one].append(other)
        gone, left = set(self._told), list(self._told)
        while left:
            for other in next_to[left.pop()]:
                if other not in gone:
                    gone.add(other)
                    left.append(other)
        return gone


def _exchanges(path: Path) -> Iterator[tuple[Record, dict[str, Any]]]:
    """Every record of a file with what our run knew of its exchange."""
    known: dict[str, dict[str, Any]] = {}
    for member in members(path):
        record = record_of(member.content)
        if record.about:
            known[record.near] = record.about
        yield record, record.about or known.pop(record.record_id, {})


def _goes(record: Record, gone: Set[str]) -> bool:
    return not gone.isdisjoint((record.record_id, record.near, record.original))


def _stays(member: Member, gone: Set[str]) -> bool:
    return member.is_whole and not _goes(record_of(member.content), gone)


def _rewrite(path: Path, gone: Set[str]) -> None:
    """The index first: should nobody get any further, the file is found to tell and done again."""
    new = path.with_name(path.name + _REWRITTEN)
    with path.open("rb") as old, new.open("wb") as file:
        for member in members(path):
            if _stays(member, gone):
                old.seek(member.offset)
                file.write(old.read(member.length))
        file.flush()
        os.fsync(file.fileno())
    write_index(path, index_lines(new, path.name))
    new.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
