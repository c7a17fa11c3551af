"""What a lost state needs to know of the dataset: its stories, comments and fingerprints.

Without them the next run would write every row once more. URLs are found again by themselves, and
their pages, fetched once more, turn out to be unchanged.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crawler.errors import DatasetError
from crawler.state import State
from crawler.state.journal import Story
from crawler.state.postings import clear
from pipelines.dataset.snapshots import Snapshot, Snapshots, writing_failed
from pipelines.fingerprinting import hash_of_text
from pipelines.minhash import tokens, word_hashes
from pipelines.resemblance import vocabulary_of

logger = logging.getLogger(__name__)

# Rows in memory at once.
_BATCH_ROWS = 1_000

STORY_COLUMNS = (
    "article_id", "headline", "description", "article_body", "content_hash", "cluster_id",
    "revision", "date_first_seen",
)  # fmt: skip
FINGERPRINT_COLUMNS = (
    "article_id", "article_body", "minhash", "word_count", "date_published", "date_downloaded",
    "duplicate_kind",
)  # fmt: skip


def restore(
    state: State, snapshots: Snapshots, postings: Path, min_words: int, since: datetime
) -> None:
    """Let go of fingerprints from before `since`, and take from the dataset what the state lacks.

    That is all that was collected since then, of texts of `min_words` and more, if the state has no
    fingerprint; and if it knows of no story at all, the stories and comments too. `postings` is the
    folder of the fingerprints' index, which is made anew with them.
    Raises: DatasetError for a file that cannot be read, or a state that cannot be written.
    """
    try:
        with state.transaction():
            _restore(state, snapshots, postings, min_words, since)
    except (OSError, sqlite3.Error) as error:
        raise writing_failed(snapshots.folder, error) from error


def _restore(
    state: State, snapshots: Snapshots, postings: Path, min_words: int, since: datetime
) -> None:
    state.fingerprints.forget_before(since)
    snapshot = snapshots.latest() or snapshots.newest()
    if snapshot and not state.journal.has_stories():
        logger.warning("the state knows nothing of the dataset: it is read in again.")
        _restore_stories(state, snapshot)
        _restore_comments(state, snapshot)
    low, high = state.fingerprints.span()
    if high < low:
        clear(postings)
        if snapshot:
            _restore_fingerprints(state, snapshot, min_words, since)


def _restore_stories(state: State, snapshot: Snapshot) -> None:
    for place, row in told_rows(snapshot, ("articles", "duplicates"), STORY_COLUMNS):
        remember_story(state, place, row)


def remember_story(state: State, place: str, row: Mapping[str, Any]) -> None:
    """Let the state know the story of a row that lies in `place`, `table/month`."""
    table, _, month = place.partition("/")
    state.journal.remember(
        Story(
            article_id=row["article_id"],
            table=table,
            p_month=month,
            content_hash=row["content_hash"],
            text_hash=hash_of_text(row["headline"], row["description"], row["article_body"]),
            cluster_id=row["cluster_id"],
            revision=row["revision"],
            first_seen=row["date_first_seen"],
        )
    )


def _restore_comments(state: State, snapshot: Snapshot) -> None:
    for _, row in told_rows(snapshot, ("comments",), ("article_id", "comment_id")):
        state.journal.new_comments(row["article_id"], [row["comment_id"]])


def _restore_fingerprints(
    state: State, snapshot: Snapshot, min_words: int, since: datetime
) -> None:
    stories = told_rows(snapshot, ("articles", "duplicates"), FINGERPRINT_COLUMNS, since)
    for _, row in stories:
        restore_fingerprint(state, row, min_words)


def restore_fingerprint(state: State, row: Mapping[str, Any], min_words: int) -> None:
    """Let later articles be compared with that of a row, if it is compared at all."""
    if row["word_count"] < min_words or row.get("duplicate_kind") == "exact":
        return
    state.fingerprints.add(
        row["article_id"],
        row["date_published"],
        row["date_downloaded"],
        row["minhash"],
        vocabulary_of(word_hashes(tokens(row["article_body"]))),
    )


def told_rows(
    snapshot: Snapshot,
    tables: tuple[str, ...],
    columns: tuple[str, ...],
    since: datetime | None = None,
    ids: pa.Array | None = None,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows of tables, each with its partition: those downloaded since then, those of the articles.

    Raises: DatasetError for a file that cannot be read.
    """
    for entry in snapshot.manifest.files:
        if entry.table not in tables or not entry.rows:
            continue
        path = snapshot.path / entry.path
        try:
            with pq.ParquetFile(path) as file:
                if since is not None and _newest(file) < since:
                    continue  # without reading its texts
                names = [name for name in columns if name in file.schema_arrow.names]
                for batch in file.iter_batches(_BATCH_ROWS, columns=names):
                    if ids is not None:
                        batch = batch.filter(pc.is_in(batch["article_id"], ids))  # noqa: PLW2901
                    for row in batch.to_pylist():
                        if since is None or row["date_downloaded"] >= since:
                            yield entry.place, row
        except (OSError, pa.ArrowException) as error:
            raise DatasetError(
                f'"{path}" cannot be read ({error}), and the state lacks what it says; restore '
                "that file, or point `latest` at a whole snapshot, and run again."
            ) from error


def _newest(file: pq.ParquetFile) -> datetime:
    newest: datetime = pc.max(file.read(["date_downloaded"])["date_downloaded"]).as_py()
    return newest
