"""Roll-back: `latest` is another snapshot at once, and the state tells of that one too.

Without the latter the next run would lose what came after that snapshot, as it would hold it for
collected. So stories that the snapshot has not are forgotten and their pages due again; of those
that it has in another version, that version is what a page is compared with. What a site no longer
has is only in the snapshots that were left, until they are pruned.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from crawler.errors import DatasetError
from crawler.state import State
from crawler.state.head import ToldStory
from pipelines.dataset.commit import commit
from pipelines.dataset.restore import (
    FINGERPRINT_COLUMNS,
    STORY_COLUMNS,
    remember_story,
    restore_fingerprint,
    told_rows,
)
from pipelines.dataset.snapshots import Snapshot, Snapshots, writing_failed
from pipelines.dataset.unreadable import set_aside
from pipelines.dataset.verify import verify_snapshot

logger = logging.getLogger(__name__)

_STORIES = ("articles", "duplicates")
_TOLD = ("article_id", "content_hash", "cluster_id", "revision", "availability")
_ROW = (*STORY_COLUMNS, *FINGERPRINT_COLUMNS, "availability", "date_availability")


@dataclass(frozen=True, slots=True)
class RollBack:
    """How the state follows `latest`. Fingerprints are of texts of `min_words`, since `since`."""

    state: State
    snapshots: Snapshots
    quarantine: Path
    min_words: int
    since: datetime

    def to(self, target: Snapshot, run_id: str, now: datetime) -> None:
        """Make a snapshot the latest. Raises: DatasetError; then the next writer finishes it."""
        try:
            self.state.head.begin_roll_back(target.id)
        except sqlite3.Error as error:
            raise writing_failed(self.snapshots.folder, error) from error
        self.follow(run_id, now)

    def follow(self, run_id: str, now: datetime) -> None:
        """Finish a roll-back that was begun, or that somebody made by turning `latest` by hand.

        Raises: DatasetError for a file that cannot be read, or a state that cannot be written.
        """
        try:
            target = self._target()
            if target is None:
                return
            self.state.head.begin_roll_back(target.id)
            self._empty_journal(run_id, now)
            self.snapshots.point_at(target)
            with self.state.transaction():
                self._align(target)
                self.state.head.follow(target.manifest.commit_id)
                self.state.head.end_roll_back()
        except (OSError, sqlite3.Error) as error:
            raise writing_failed(self.snapshots.folder, error) from error

    def _target(self) -> Snapshot | None:
        """The snapshot that the state should tell of, if it tells of another one."""
        head, latest = self.state.head, self.snapshots.latest()
        begun = head.rolling_back_to()
        if begun in self.snapshots.ids():
            return self.snapshots.get(begun)
        head.end_roll_back()  # to a snapshot that somebody removed
        if latest is None:
            return None
        told = head.commit_id()
        if told is None:  # of a state from before this was kept, the newest; of a new one, nothing
            newest = self.snapshots.newest()
            told = (
                newest.manifest.commit_id if newest and self.state.journal.has_stories() else None
            )
        if told is None or latest.manifest.commit_id == told:
            head.follow(latest.manifest.commit_id)
            return None
        is_unfinished = latest.manifest.commit_id == self.state.journal.begun_commit()
        return None if is_unfinished else latest

    def _empty_journal(self, run_id: str, now: datetime) -> None:
        """What waits for a commit was made for the snapshot that is left: it joins that one."""
        if next(self.state.sweep.staged(), None) is None:
            return
        # Nothing is pruned on the way, least of all the target.
        kept = Snapshots(self.snapshots.folder, self.snapshots.link, sys.maxsize)
        left = self._left()
        if left is not None and not any(verify_snapshot(left)):
            kept.point_at(left)
            while commit(self.state.journal, kept, run_id, now):
                pass
            return
        logger.error("the snapshot that is left is broken: what waited for it is set aside")
        for position, staged in self.state.sweep.staged():
            why = "the snapshot it was made for is broken"
            set_aside(self.state, position, staged, self.quarantine, run_id, why)

    def _left(self) -> Snapshot | None:
        for name in reversed(self.snapshots.ids()):
            try:
                snapshot = self.snapshots.get(name)
            except DatasetError:
                continue  # which this one may be
            if snapshot.manifest.commit_id == self.state.head.commit_id():
                return snapshot
        return None

    def _align(self, target: Snapshot) -> None:
        head = self.state.head
        head.tell(_stories(target), _comments(target))
        for article_id in head.untold_stories():
            self._ask_again(article_id)
            self.state.batch.restore_story(article_id)
            self.state.visits.forget(article_id)
            self.state.fingerprints.forget(article_id)
        others = pa.array(head.other_stories(), pa.string())
        for place, row in told_rows(target, _STORIES, _ROW, ids=others) if others else ():
            self._tell(place, row)
        for article_id in head.replace_comments():
            self._ask_again(article_id)
        self.state.replays.forget_since(datetime.fromisoformat(target.manifest.created))

    def _tell(self, place: str, row: Mapping[str, Any]) -> None:
        article_id = row["article_id"]
        self._ask_again(article_id)
        remember_story(self.state, place, row)
        self.state.visits.restore(article_id, row["availability"], row["date_availability"])
        self.state.fingerprints.forget(article_id)
        if row["date_downloaded"] >= self.since:
            restore_fingerprint(self.state, row, self.min_words)

    def _ask_again(self, article_id: str) -> None:
        visit = self.state.visits.of(article_id)
        self.state.visits.forget_answer(article_id)
        for asked_id in {article_id, visit.asked_id if visit else article_id}:
            self.state.urls.ask_again(asked_id)


def _stories(snapshot: Snapshot) -> Iterator[ToldStory]:
    for place, row in told_rows(snapshot, _STORIES, _TOLD):
        yield ToldStory(place=place, **row)


def _comments(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for _, row in told_rows(snapshot, ("comments",), ("comment_id", "article_id")):
        yield row["comment_id"], row["article_id"]
