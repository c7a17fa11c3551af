"""A disk that refuses one operation: the n-th write, sync, open, rename, link or SQL statement.

`python -m tests.pipelines.dataset.refusing FOLDER ERRNO…` commits FOLDER/data in a copy for each n,
and prints a line of JSON for each: what was said, what readers saw then, and what the next run made
of it. The error numbers take turns. Files are written by the real calls; the one that is refused
writes half of what it was given first.
"""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

from crawler.errors import DatasetError
from pipelines.dataset import verify
from tests.pipelines.newsroom import Newsroom, ids

RUN = "refused"
KEPT = 2
# Of the calls that change names in a folder, those that a commit makes.
NAMING = ("mkdir", "rename", "replace", "link", "symlink", "unlink", "rmdir")
# What SQLite says of either; a statement that only reads is not refused.
SQL_ERRORS = {errno.ENOSPC: "database or disk is full", errno.EIO: "disk I/O error"}
READING = ("SELECT", "PRAGMA")


class Disk:
    """Counts operations, and refuses the one with the given number."""

    def __init__(self, number: int, code: int) -> None:
        self._number = number
        self._count = count()
        self.code = code
        self.refused = ""

    def refuses(self, operation: str) -> bool:
        """Whether this operation is the one."""
        if next(self._count) != self._number:
            return False
        self.refused = operation
        return True

    def error(self) -> OSError:
        return OSError(self.code, os.strerror(self.code))

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Be the disk of this process."""
        with (
            mock.patch.object(io, "open", self._open(io.open)),
            mock.patch.object(os, "fsync", self._guarded("fsync", os.fsync)),
        ):
            patches = [
                mock.patch.object(os, name, self._guarded(name, getattr(os, name)))
                for name in NAMING
            ]
            for patch in patches:
                patch.start()
            try:
                yield
            finally:
                for patch in patches:
                    patch.stop()

    def _guarded(self, name: str, call: Any) -> Any:
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if self.refuses(name):
                raise self.error()
            return call(*args, **kwargs)

        return guarded

    def _open(self, call: Any) -> Any:
        def guarded(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            if mode not in ("w", "wb"):
                return call(file, mode, *args, **kwargs)
            if self.refuses("open"):
                raise self.error()
            buffered = io.BufferedWriter(_Written(file, self))
            return buffered if mode == "wb" else io.TextIOWrapper(buffered, encoding="utf-8")

        return guarded


class _Written(io.FileIO):
    """A file on the disk."""

    def __init__(self, path: Any, disk: Disk) -> None:
        super().__init__(path, "w")
        self._disk = disk

    def write(self, content: Any) -> int:
        if self._disk.refuses("write"):
            super().write(memoryview(content)[: len(content) // 2])
            raise self._disk.error()
        return super().write(content)


class _Statements(sqlite3.Connection):
    """A connection to a state on the disk."""

    disk: Disk | None = None

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        word = sql.split(None, 1)[0]
        if self.disk and word not in READING and self.disk.refuses(f"SQL {word}"):
            self.rollback()
            raise sqlite3.OperationalError(SQL_ERRORS[self.disk.code])
        return super().execute(sql, *args)


def _try(trial: Path, disk: Disk) -> dict[str, Any]:
    connect = sqlite3.connect
    said = None
    with (
        mock.patch.object(
            sqlite3, "connect", lambda *a, **k: connect(*a, factory=_Statements, **k)
        ),
        Newsroom(trial, KEPT) as newsroom,
    ):
        newsroom.state._db.disk = disk  # type: ignore[attr-defined] # by the factory
        try:
            with disk.in_place():
                newsroom.commit(RUN)
        except DatasetError as error:
            said = str(error)
    return {"refused": disk.refused, "said": said, "seen": _seen(trial), **_again(trial)}


def _seen(trial: Path) -> dict[str, Any]:
    with Newsroom(trial, KEPT) as newsroom:
        return {
            "ids": ids(newsroom.folder.latest),
            "wrong": [said for _, wrong in verify(newsroom.snapshots) for said in wrong],
            "staged": len(newsroom.staged()),
        }


def _again(trial: Path) -> dict[str, Any]:
    with Newsroom(trial, KEPT) as newsroom:
        newsroom.commit("next")
    return {"after": _seen(trial), "left": sorted(os.listdir(trial / "snapshots"))}


def main(folder: Path, *codes: int) -> None:
    for number in count():
        trial = folder / "trial"
        shutil.copytree(folder / "data", trial, symlinks=True)
        disk = Disk(number, codes[number % len(codes)])
        print(json.dumps(_try(trial, disk)), flush=True)
        shutil.rmtree(trial)
        if not disk.refused:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
