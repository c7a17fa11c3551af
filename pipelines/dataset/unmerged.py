"""What the dataset of a shard has that was not merged yet: the rows of files that are new.

Files never change, so that what was merged is known by the snapshot that was merged last. A row
that is met twice is harmless: it is known by its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from crawler.errors import DatasetError
from crawler.items import Article
from crawler.state import DataFolder
from crawler.state.journal import Journal, StagedRows
from pipelines.dataset.commit import read_rows
from pipelines.dataset.manifest import FileEntry
from pipelines.dataset.rows import article_of, pack
from pipelines.dataset.snapshots import Snapshot, Snapshots
from pipelines.dataset.upgrade import upgraded


@dataclass(frozen=True, slots=True)
class Unmerged:
    """The files of a shard's latest snapshot that are not in the one that was merged last."""

    folder: DataFolder
    snapshot: Snapshot
    files: tuple[FileEntry, ...]

    @classmethod
    def of(cls, folder: DataFolder) -> Self | None:
        """None if there is nothing new. Raises: DatasetError."""
        snapshots = Snapshots(folder.snapshots, folder.latest, 1)
        latest = snapshots.latest()
        mark = folder.path / "merged"
        merged = mark.read_text("ascii").strip() if mark.is_file() else None
        if latest is None or latest.id == merged:
            return None
        known = set()
        if merged in snapshots.ids():
            known = {entry.sha256 for entry in snapshots.get(merged).manifest.files}
        files = [one for one in latest.manifest.files if one.rows and one.sha256 not in known]
        return cls(folder, latest, tuple(files))

    def articles(self) -> Iterator[Article]:
        """The articles as they were on their way to the shard's last stages; kept ones first."""
        for table in ("articles", "duplicates"):
            for _, rows in self._rows(table):
                for number in range(rows.num_rows):
                    yield _as_collected(article_of(rows.slice(number, 1)))

    def stage_comments(self, journal: Journal) -> None:
        """Stage the comments that were never staged, of articles that are known; in one go."""
        for entry, rows in self._rows("comments"):
            month = entry.place.partition("/")[2]
            for article_id in pc.unique(rows["article_id"]).to_pylist():
                if journal.story(article_id) is None:
                    continue  # it was erased
                own = rows.filter(pc.equal(rows["article_id"], article_id))
                new = journal.new_comments(article_id, own["comment_id"].to_pylist())
                if new:
                    found = own.filter(pc.is_in(own["comment_id"], pa.array(sorted(new))))
                    (batch,) = found.combine_chunks().to_batches()
                    journal.stage(StagedRows("comments", month, article_id, pack(batch)))

    def _rows(self, table: str) -> Iterator[tuple[FileEntry, pa.Table]]:
        for entry in self.files:
            if entry.table == table:
                yield entry, upgraded(read_rows(self.snapshot.path / entry.path), entry.table)

    def mark(self) -> None:
        """Say that it was merged. Raises: DatasetError."""
        unfinished = self.folder.path / "merged.unfinished"
        try:
            unfinished.write_text(f"{self.snapshot.id}\n", "ascii")
            unfinished.replace(self.folder.path / "merged")
        except OSError as error:
            raise DatasetError(
                f'"{self.folder.path}" cannot be written ({error.strerror}); what it has is merged '
                "again the next time, which changes nothing."
            ) from error


def _as_collected(article: Article) -> Article:
    """Without what the shard found out by comparing it with its own articles."""
    nothing: dict[str, Any] = {"duplicate_of": None, "similarity": None, "duplicate_kind": None}
    return replace(article, cluster_id="", cluster_size=1, revision=1, revision_count=1, **nothing)
