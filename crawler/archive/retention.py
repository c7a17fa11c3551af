"""How long raw exchanges are kept: by age, by size, whole files at a time, the oldest first.

A row keeps the name of the file and record that it was read from, also when the file is gone: that
is where it came from, and a copy of the archive may still have it. No record that stays refers to
one that goes: a `revisit` is of its own file.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
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
        files = sorted(_files(folder), key=lambda file: file.path)
        too_much = 0 if self.bytes is None else sum(file.bytes for file in files) - self.bytes
        removed = []
        for file in files:
            if file.run != run_id and (too_much > 0 or self._is_past(file.day, now)):
                _remove(folder, file.path)
                too_much -= file.bytes
                removed.append(file.path)
        return removed

    def _is_past(self, day: datetime, now: datetime) -> bool:
        """By the day in the path, as copying changes a file's own times; until the day's end."""
        return self.days is not None and now - day > timedelta(days=self.days + 1)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    run: str
    day: datetime
    bytes: int


def _files(folder: Path) -> Iterator[_File]:
    """The closed files of our runs."""
    for path in folder.glob("*/*/*/*.warc.gz"):
        ours = _OURS.fullmatch(path.relative_to(folder).as_posix())
        with contextlib.suppress(ValueError):  # no day of any month
            if ours and path.is_file():
                day = datetime.strptime(ours[1], "%Y/%m/%d").replace(tzinfo=UTC)
                yield _File(path, ours["run"], day, path.stat().st_size)


def _remove(folder: Path, warc: Path) -> None:
    """The index first: without its file it would promise what is not there."""
    index_of(warc).unlink(missing_ok=True)
    warc.unlink()
    for parent in warc.parents:
        if parent == folder or any(parent.iterdir()):
            break
        parent.rmdir()
