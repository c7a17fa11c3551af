"""What an erasure asks of the archive of raw pages, which is none of the pipelines' own."""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path
from typing import Protocol

from pipelines.erasure.target import Traces


class Said(Protocol):
    """A record as text."""

    @property
    def url(self) -> str:
        """Whose record it is."""

    @property
    def text(self) -> str:
        """All that it says."""

    @property
    def is_of_another(self) -> bool:
        """Whether it is a page, and no listing."""


class Archive(Protocol):
    """The archive of a data folder."""

    def find(self, traces: Traces, of_rows: Set[str], /) -> set[str]:
        """The ids of the records that go, beside those of rows that go. Raises: DatasetError."""

    def take_out(self, records: Set[str], /) -> None:
        """Leave nothing of these records. Raises: DatasetError."""

    def said(self, path: Path, /) -> Iterator[Said]:
        """What the records of a file say. Raises: OSError."""
