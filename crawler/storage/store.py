"""A folder of an object store (`s3://bucket/prefix`, or any other URI that pyarrow knows).

Endpoint and credentials are those of the store's own tools: `AWS_ENDPOINT_URL`,
`AWS_ACCESS_KEY_ID`, … or pyarrow's own words in the URI (`?region=…&endpoint_override=…`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pyarrow.fs import FileSelector, FileSystem, FileType

from crawler.errors import ConfigurationError, Reason, StoreError

# Objects that are on their way at a time: each waits for the network most of its time.
_AT_ONCE: Final = 8
# Bytes of a file in memory, for each of these; a request each, of which some stores charge.
_PIECE: Final = 16 * 1024 * 1024
# What a store says that will not be otherwise by waiting; Arrow has no types for it.
_REFUSED: Final = ("ACCESS_DENIED", "NO_SUCH_BUCKET", "INVALID_ACCESS_KEY", "SIGNATURE", "HTTP 403")

# Where in a store the archive lies.
ARCHIVE: Final = "archive"

Pair = tuple[Path, str]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What a store tells of an object without giving it: bytes, and when it was put there."""

    bytes: int
    sent: datetime


class Store:
    """Paths are relative to the URI, with forward slashes. Every method raises StoreError."""

    def __init__(self, uri: str, files: FileSystem, root: str) -> None:
        self.uri = uri.partition("?")[0].rstrip("/")
        self._files = files
        self._root = root.rstrip("/")

    @classmethod
    @contextmanager
    def open(cls, uri: str) -> Iterator[Store]:
        """The store while it is needed: one that is left open may hold up the interpreter's end.

        (apache/arrow 50188.) Raises: ConfigurationError for what is no URI of a store.
        """
        if "@" in uri.partition("?")[0]:
            raise ConfigurationError(
                "a URI with credentials in it is written into logs: set AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY, or what else your store knows, instead."
            )
        try:
            files, root = FileSystem.from_uri(uri)
        except (ValueError, NotImplementedError) as error:
            raise ConfigurationError(
                f'"{uri}" names no store that can be opened ({error}); one is like '
                "s3://bucket/prefix."
            ) from error
        except OSError as error:
            raise _not_reached(uri, error) from error
        store = cls(uri, files, root)
        del files
        try:
            yield store
        finally:
            store._files = None

    def below(self, folder: str) -> dict[str, StoredFile]:
        """All objects below a folder, by their paths."""
        selector = FileSelector(self._place(folder), recursive=True, allow_not_found=True)
        with self._reaching():
            found = self._files.get_file_info(selector)
        skipped = len(self._root) + 1
        return {
            info.path[skipped:]: StoredFile(info.size, info.mtime)
            for info in found
            if info.type == FileType.File
        }

    def folders(self, folder: str) -> list[str]:
        """The names of the folders directly below one, in their order."""
        selector = FileSelector(self._place(folder), allow_not_found=True)
        with self._reaching():
            found = self._files.get_file_info(selector)
        return sorted(info.base_name for info in found if info.type == FileType.Directory)

    def file(self, path: str) -> StoredFile | None:
        """What there is to tell of an object; None if there is none."""
        with self._reaching():
            info = self._files.get_file_info(self._place(path))
        return StoredFile(info.size, info.mtime) if info.type == FileType.File else None

    def read(self, path: str) -> bytes | None:
        """A small object; None if there is none."""
        if self.file(path) is None:
            return None
        with (
            self._reaching(),
            self._files.open_input_stream(self._place(path), compression=None) as stream,
        ):
            found: bytes = stream.read()
        return found

    def write(self, path: str, content: bytes) -> None:
        """Put a small object, in one piece: who reads it gets the old one or the new one."""
        with (
            self._reaching(),
            self._files.open_output_stream(self._place(path), compression=None) as stream,
        ):
            stream.write(content)

    def send(self, pairs: Iterable[Pair]) -> int:
        """Put files; how many bytes they have. An object is there when it is there whole."""

        def put(pair: Pair) -> int:
            source, target = pair
            with (
                source.open("rb") as file,
                self._files.open_output_stream(self._place(target), compression=None) as stream,
            ):
                while piece := file.read(_PIECE):
                    stream.write(piece)
                    stream.flush()  # else what the network has not taken yet is kept in memory
                return file.tell()

        return sum(self._each(put, pairs))

    def fetch(self, pairs: Iterable[Pair]) -> None:
        """Get objects as files, each in place when it is whole."""

        def get(pair: Pair) -> None:
            target, source = pair
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = target.with_name(f".{target.name}.unfinished")
            try:
                with (
                    self._files.open_input_stream(self._place(source), compression=None) as stream,
                    unfinished.open("wb") as file,
                ):
                    while piece := stream.read(_PIECE):
                        file.write(piece)
                    file.flush()
                    os.fsync(file.fileno())
                unfinished.replace(target)
            finally:
                unfinished.unlink(missing_ok=True)

        self._each(get, pairs)

    def copy(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Copy objects within the store: their bytes do not come by here."""
        self._each(lambda pair: self._files.copy_file(*map(self._place, pair)), pairs)

    def remove(self, paths: Iterable[str]) -> None:
        """Remove objects that are there."""
        self._each(lambda path: self._files.delete_file(self._place(path)), paths)

    def remove_folder(self, path: str) -> None:
        """Remove all objects below a folder."""
        with self._reaching():
            self._files.delete_dir(self._place(path))

    def _place(self, path: str) -> str:
        return f"{self._root}/{path}".rstrip("/")

    def _each(self, do: Callable[[Any], Any], things: Iterable[Any]) -> list[Any]:
        with self._reaching(), ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(do, things))

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _not_reached(self.uri, error) from error


def archive_of(uri: str) -> str:
    """Where the archive of a data folder lies that is named by URI."""
    base, mark, query = uri.partition("?")
    return f"{base.rstrip('/')}/{ARCHIVE}{mark}{query}"


def _not_reached(uri: str, error: OSError) -> StoreError:
    said = str(error)
    refused = any(word in said for word in _REFUSED)
    reason = Reason.STORE_REFUSED if refused else Reason.STORE_UNREACHABLE
    return StoreError(
        reason,
        f'"{uri}" cannot be reached, read or written ({said}); nothing that was collected is '
        "lost, and the next run goes on from there: look at address, bucket and credentials.",
    )
