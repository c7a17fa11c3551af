"""What a snapshot says of itself: its files with rows, bytes and checksums, and its origin."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from crawler.errors import DatasetError

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A Parquet file of a snapshot; `path` is relative to it, with forward slashes."""

    path: str
    rows: int
    bytes: int
    sha256: str

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
    def of(cls, root: Path, path: Path, rows: int) -> FileEntry:
        """Describe a file that was just written below a snapshot's folder."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(path.relative_to(root).as_posix(), rows, path.stat().st_size, digest)


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
            files = tuple(FileEntry(**entry) for entry in said.pop("files"))
            said.pop("rows")
            return cls(**said, files=files)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise DatasetError(
                f'the snapshot "{folder}" has no readable {MANIFEST} ({error}); '
                "remove that folder, or point `latest` at a whole one."
            ) from error
