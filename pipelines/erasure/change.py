"""The change that an erasure makes to one state of the dataset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.dataset.commit import read_rows
from pipelines.dataset.snapshots import Snapshot
from pipelines.erasure.selection import (
    COMMENT_KEYS,
    KEYS,
    MEMBER,
    Member,
    Regrouping,
    members,
    selected,
    without_parents,
    without_records,
)
from pipelines.erasure.target import Traces
from pipelines.schema import SCHEMAS, Table

_STORIES = ("articles", "duplicates")


class Removal:
    """Takes a target's rows out, and regroups the clusters that lose one. `erased` counts by table.

    A `pipelines.dataset.rewriting.Change`.
    """

    def __init__(self, traces: Traces, stories: Iterable[Member], comments: set[str]) -> None:
        """`stories` are all of that state, `comments` the ids of those that go."""
        self._traces = traces
        self._comments = comments
        self.regrouping = Regrouping(stories, traces)
        self.erased: Counter[str] = Counter()

    @classmethod
    def of(cls, snapshot: Snapshot, traces: Traces) -> Removal:
        """The removal from a snapshot."""
        clusters = lost_clusters(stories_keys(snapshot), traces)
        return cls(traces, stories_of(snapshot, clusters), comments_of(snapshot, traces))

    def concerns(self, table: Table, path: Path) -> bool:
        """Whether a file has a row that goes, or one that is told of one that goes."""
        rows = read_rows(path, _keys(table, self._traces))
        if any(selected(table, rows, self._traces)):
            return True
        if table == "comments":
            return not self._comments.isdisjoint(rows["parent_id"].to_pylist())
        records = self._traces.target.records
        return self.regrouping.concerns(rows) or not records.isdisjoint(
            rows["warc_record_id"].to_pylist()
        )

    def apply(self, table: Table, rows: pa.Table) -> Iterator[tuple[Table, pa.Table]]:
        """The rows that stay, each in its table."""
        gone = selected(table, rows, self._traces)
        self.erased[table] += sum(gone)
        rows = rows.filter(pa.array([not erased for erased in gone], pa.bool_()))
        if table == "comments":
            yield table, without_parents(rows, self._comments)
        else:
            rows = without_records(rows, self._traces.target.records)
            yield from self.regrouping.apply(table, rows)


def tables_of(
    snapshot: Snapshot, tables: Sequence[str], columns: Sequence[str] | None = None
) -> Iterator[tuple[Table, pa.Table]]:
    """The rows of some tables, file by file."""
    for entry in snapshot.manifest.files:
        if entry.table in tables and entry.rows:
            table: Table = entry.table  # type: ignore[assignment] # a table's folder
            names = SCHEMAS[table].names
            wanted = [name for name in columns if name in names] if columns else None
            yield table, read_rows(snapshot.path / entry.path, wanted)


def stories_keys(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """The article id and the cluster of every story."""
    for _, rows in tables_of(snapshot, _STORIES, ("article_id", "cluster_id")):
        yield from zip(rows["article_id"].to_pylist(), rows["cluster_id"].to_pylist(), strict=True)


def lost_clusters(stories: Iterable[tuple[str, str]], traces: Traces) -> set[str]:
    """The clusters that lose a story or, as that was its first, their name."""
    gone = traces.target.ids
    return {cluster for own, cluster in stories if own in gone or cluster in gone}


def stories_of(snapshot: Snapshot, clusters: set[str]) -> Iterator[Member]:
    """The stories of some clusters."""
    if not clusters:
        return
    wanted = pa.array(sorted(clusters), pa.string())
    for table, rows in tables_of(snapshot, _STORIES, (*MEMBER, "duplicate_kind")):
        yield from members(table, rows.filter(pc.is_in(rows["cluster_id"], wanted)))


def comments_of(snapshot: Snapshot, traces: Traces) -> set[str]:
    """The ids of the comments that go."""
    gone: set[str] = set()
    for table, rows in tables_of(snapshot, ("comments",), COMMENT_KEYS):
        gone.update(_chosen(rows, selected(table, rows, traces)))
    return gone


def _chosen(rows: pa.Table, gone: list[bool]) -> list[str]:
    ids: list[str] = rows["comment_id"].to_pylist()
    return [own for own, erased in zip(ids, gone, strict=True) if erased]


def _keys(table: Table, traces: Traces) -> list[str] | None:
    """The columns that tell whether a file is concerned; None for all of them."""
    if table == "comments":
        return list(COMMENT_KEYS)
    if traces.target.naming:
        return None
    return [name for name in KEYS if name in SCHEMAS[table].names]
