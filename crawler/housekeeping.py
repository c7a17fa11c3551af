"""After a commit: what keeps a data folder that is fed every hour small and quick to read."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.archive.retention import Retention
from crawler.errors import DatasetError
from crawler.state import DataFolder, State
from pipelines.dataset import Snapshot, Snapshots
from pipelines.dataset.compact import Compaction, compact

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Joins small files where it pays, and lets go of what the archive keeps too long."""

    compaction: Compaction | None
    retention: Retention

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Housekeeping:
        """By the settings; 0 is never, or no limit."""
        min_files = settings.getint("COMPACT_MIN_FILES")
        return cls(
            Compaction(min_files, settings.getint("COMPACT_FILE_SIZE")) if min_files else None,
            Retention(
                settings.getfloat("ARCHIVE_KEPT_DAYS") or None,
                settings.getint("ARCHIVE_KEPT_BYTES") or None,
            ),
        )

    def after_commit(
        self, folder: DataFolder, state: State, snapshots: Snapshots, run_id: str
    ) -> None:
        """Whatever pays or is due. Raises: DatasetError; the commit stays what it is.

        Not before one: the pages of what is not committed yet are still in the archive.
        """
        now = datetime.now(UTC)
        if self.compaction:
            joined = join_files(state, snapshots, self.compaction, run_id, now)
            if joined:
                logger.info("small files are joined, in snapshot %s", joined.id)
        removed = self.clear_archive(folder, now, run_id)
        if removed:
            logger.info(
                "files removed from the archive, which were kept too long: %d", len(removed)
            )

    def clear_archive(
        self, folder: DataFolder, now: datetime, run_id: str | None = None
    ) -> list[Path]:
        """Which files of the archive are gone now. Raises: DatasetError."""
        try:
            return self.retention.apply(folder.archive, now, run_id)
        except OSError as error:
            raise DatasetError(
                f'the archive "{folder.archive}" cannot be cleared of what is kept too long '
                f"({error.strerror}); make it writable for this user."
            ) from error


def join_files(
    state: State, snapshots: Snapshots, rule: Compaction, run_id: str, now: datetime
) -> Snapshot | None:
    """The snapshot with files joined, which the state tells of from then on; None if none was."""
    compacted = compact(snapshots, rule, run_id, now)
    if compacted:
        state.head.follow(compacted.manifest.commit_id)
    return compacted


def compared(settings: BaseSettings, now: datetime) -> tuple[int, datetime]:
    """Which texts others are compared with: of how many words, and since when."""
    days = timedelta(days=settings.getfloat("DEDUPLICATE_WINDOW_DAYS"))
    return settings.getint("DEDUPLICATE_MIN_WORDS"), now - days
