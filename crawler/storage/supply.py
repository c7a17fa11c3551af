"""Files that lie in a store and are only read: each comes here for that, and goes again.

A stream would save that copy, but a network that fails in the middle of it looks like a damaged
file, whose rest is given up; a copy is there whole or not at all.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Final

from crawler.archive.cdxj import index_of
from crawler.archive.reader import Passed
from crawler.errors import ConfigurationError
from crawler.spiders.archived import ArchivedPage, ArchivedPages, Read
from crawler.storage.store import Store

ARCHIVES: Final = (".warc.gz", ".warc", ".arc.gz", ".arc")


@dataclass(frozen=True, slots=True)
class _Object:
    uri: str
    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Supply:
    """Files of stores by the places below `folder` that they have while they are read.

    Of a folder in a store, the files are taken that have one of the `endings`.
    """

    folder: Path
    endings: tuple[str, ...] = ARCHIVES
    _objects: dict[Path, _Object] = field(default_factory=dict)

    def take(self, uri: str) -> list[Path]:
        """The places of what a URI names: a file, the files of a folder, or all that fit a `*`.

        Raises: StoreError, ConfigurationError if it names nothing.
        """
        base, _, query = uri.partition("?")
        steps = base.rstrip("/").split("/")
        # Three steps are the bucket's; what comes after them, up to the first `*`, is opened.
        known = next((at for at, step in enumerate(steps) if "*" in step), len(steps) - 1)
        root, asked = "/".join(steps[: max(known, 3)]), steps[max(known, 3) :]
        rooted = f"{root}?{query}" if query else root
        with Store.open(rooted) as store:
            found = dict(_named(store, asked, self.endings))
        if not found:
            raise ConfigurationError(f'"{base}" names no file ({", ".join(self.endings)}).')
        below = self.folder / root.partition("://")[2]
        objects = {below / name: _Object(rooted, name, size) for name, size in found.items()}
        self._objects.update(objects)
        return list(objects)

    def places(self, named: Iterable[str]) -> list[Path]:
        """Where files lie that are named by path or by URI, or will while they are read.

        Raises: StoreError, ConfigurationError.
        """
        places = (self.take(name) if "://" in name else [Path(name)] for name in named)
        return list(chain.from_iterable(places))

    def brought(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Files one after the other, each here until the next is asked for. Raises: StoreError."""
        for path in paths:
            self.bring(path)
            yield path
            self.drop(path)

    def __bool__(self) -> bool:
        return bool(self._objects)

    def __contains__(self, path: Path) -> bool:
        return path in self._objects

    def bytes(self, path: Path) -> int:
        """How large a file is, here or there. Raises: OSError."""
        return self._objects[path].bytes if path in self else path.stat().st_size

    def bring(self, path: Path) -> None:
        """Have a file here, with its index if it has one. Raises: StoreError."""
        if path in self:
            found = self._objects[path]
            with Store.open(found.uri) as store:
                index = index_of(Path(found.name)).as_posix()
                if store.file(index):
                    store.fetch([(index_of(path), index)])
                store.fetch([(path, found.name)])

    def drop(self, path: Path) -> None:
        """Nothing more will be read of a file; one that lay here stays."""
        if path in self:
            path.unlink(missing_ok=True)
            index_of(path).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what a replay that died has left, where one begins that needs the room."""
        if self._objects:
            shutil.rmtree(self.folder, ignore_errors=True)


def _named(store: Store, asked: list[str], endings: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Names and bytes of the objects that fit the steps, or lie in a folder that does."""
    whole = "/".join(asked)
    alone = store.file(whole) if asked and "*" not in whole else None
    if alone is not None:
        yield whole, alone.bytes
        return
    for name, file in sorted(store.below("" if "*" in whole else whole).items()):
        fits = all(map(fnmatchcase, PurePosixPath(name).parts, asked))
        if fits and name.count("/") + 1 >= len(asked) and name.endswith(endings):
            yield name, file.bytes


class SuppliedPages:
    """Archives of which each file is brought when its turn comes, in a thread of its own."""

    def __init__(self, pages: ArchivedPages, supply: Supply) -> None:
        self._pages = pages
        self._supply = supply

    def of(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Iterator[Passed | ArchivedPage]]]:
        """What each file holds, in its order, file by file."""
        for path in paths:
            yield path, self._records(path)

    def _records(self, path: Path) -> Iterator[Passed | ArchivedPage]:
        self._supply.bring(path)
        yield from self._pages.records(path)

    async def read(self, archived: ArchivedPage) -> Read:
        """What there is in a page."""
        return await self._pages.read(archived)
