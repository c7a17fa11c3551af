"""What a snapshot says of itself: its files with rows, bytes and checksums, and its origin."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crawler.errors import DatasetError
from pipelines.dataset.summary import Cells

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A Parquet file of a snapshot; `path` is relative to it, with forward slashes."""

    path: str
    rows: int
    bytes: int
    sha256: str
    cells: Cells = ()
    """How many of its rows are of which source, language and rights; of articles and copies."""

    @property
    def table(self) -> str:
        """The table the file belongs to: its first folder."""
        return self.path.partition("/")[0]

    @property
    def place(self) -> str:
        """The partition, `table/month`."""
        table, key, _ = self.path.split("/", 2)
        return f"{table}/{key.partition('=')[2]}"

    @classmethod
    def of(cls, root: Path, path: Path, rows: int, cells: Cells = ()) -> FileEntry:
        """Describe a file that was just written below a snapshot's folder."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(path.relative_to(root).as_posix(), rows, path.stat().st_size, digest, cells)

    @classmethod
    def load(cls, said: dict[str, Any]) -> FileEntry:
        """What a manifest says of a file; older ones say nothing of cells."""
        return cls(**said | {"cells": tuple(map(tuple, said.get("cells", ())))})


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest of a snapshot. `commit_id` makes a commit that is done twice one commit."""

    snapshot: str
    parent: str | None
    run_id: str
    commit_id: str
    created: str
    schema_version: int
    files: tuple[FileEntry, ...]
    papers: Mapping[str, str] = field(default_factory=dict)
    """What describes the snapshot, by file name, with its SHA-256; of older ones nothing."""

    def rows(self) -> Counter[str]:
        """Rows by table."""
        count: Counter[str] = Counter()
        for entry in self.files:
            count[entry.table] += entry.rows
        return count

    def dump(self) -> str:
        """The manifest as the JSON text that lies in the snapshot."""
        return json.dumps({**asdict(self), "rows": dict(self.rows())}, indent=1) + "\n"

    def write(self, folder: Path) -> None:
        """Put the manifest into a snapshot's folder, on disk when this returns."""
        with (folder / MANIFEST).open("w", encoding="utf-8") as file:
            file.write(self.dump())
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read the manifest of a snapshot. Raises: DatasetError."""
        path = folder / MANIFEST
        try:
            said = json.loads(path.read_text("utf-8"))
            files = tuple(map(FileEntry.load, said.pop("files")))
            said.pop("rows")
            return cls(**said, files=files)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise DatasetError(
                f'the snapshot "{folder}" has no readable {MANIFEST} ({error}); '
                "remove that folder, or point `latest` at a whole one."
            ) from error
