"""How long raw exchanges are kept: by age, by size, whole files at a time, the oldest first.

A row keeps the name of the file and record that it was read from, also when the file is gone: that
is where it came from, and a copy of the archive may still have it. No record that stays refers to
one that goes: a `revisit` is of its own file.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.archive.cdxj import index_of

_OURS = re.compile(r"(\d{4}/\d\d/\d\d)/(?P<run>\d{8}T\d{6}Z-[0-9a-f]+)-\d{5}\.warc\.gz")


@dataclass(frozen=True, slots=True)
class Retention:
    """What is kept: files begun in the last days, and bytes of all files together; None: all."""

    days: float | None = None
    bytes: int | None = None

    def apply(self, folder: Path, now: datetime, run_id: str | None = None) -> list[Path]:
        """Remove what is older or more than that, and say what was removed.

        Never what is open, what the run of that id wrote, or what is not named as we name ours.
        Raises: OSError; then some of it is removed.
        """
        if self == Retention():  # a year of hourly runs has 17,000 files: not to be looked through
            return []
        sizes = {
            path.relative_to(folder).as_posix(): path.stat().st_size
            for path in folder.glob("*/*/*/*.warc.gz")
            if path.is_file()
        }
        removed = [folder / name for name in self.past(sizes, now, run_id)]
        for path in removed:
            _remove(folder, path)
        return removed

    def past(self, sizes: Mapping[str, int], now: datetime, run_id: str | None) -> list[str]:
        """Which files go, of those that are named by their way below the archive, with bytes."""
        files = sorted(_files(sizes), key=lambda file: file.name)
        too_much = 0 if self.bytes is None else sum(file.bytes for file in files) - self.bytes
        gone = []
        for file in files:
            if file.run != run_id and (too_much > 0 or self._is_past(file.day, now)):
                too_much -= file.bytes
                gone.append(file.name)
        return gone

    def _is_past(self, day: datetime, now: datetime) -> bool:
        """By the day in the path, as copying changes a file's own times; until the day's end."""
        return self.days is not None and now - day > timedelta(days=self.days + 1)


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    run: str
    day: datetime
    bytes: int


def _files(sizes: Mapping[str, int]) -> Iterator[_File]:
    """The closed files of our runs."""
    for name, size in sizes.items():
        ours = _OURS.fullmatch(name)
        with contextlib.suppress(ValueError):  # no day of any month
            if ours:
                day = datetime.strptime(ours[1], "%Y/%m/%d").replace(tzinfo=UTC)
                yield _File(name, ours["run"], day, size)


def _remove(folder: Path, warc: Path) -> None:
    """The index first: without its file it would promise what is not there."""
    index_of(warc).unlink(missing_ok=True)
    warc.unlink()
    for parent in warc.parents:
        if parent == folder or any(parent.iterdir()):
            break
        parent.rmdir()
