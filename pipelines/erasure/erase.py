"""Erasing: find what is meant, write down what will be done, do it, clean up behind it.

From the moment that it is written down, an erasure will be done: by whoever began it, or, if that
process dies, by the next that opens the data folder. Every step can be done twice.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from crawler.state import DataFolder, State
from crawler.state.tombstones import Erasure
from pipelines.dataset import Snapshots, commit
from pipelines.dataset.rewriting import commit_change, is_concerned, put_in_place, rewrite
from pipelines.dataset.rows import pack, unpack
from pipelines.dataset.snapshots import writing_failed
from pipelines.dataset.upgrade import upgraded
from pipelines.erasure.archive import Archive
from pipelines.erasure.change import (
    Removal,
    comments_of,
    lost_clusters,
    stories_keys,
    stories_of,
    tables_of,
)
from pipelines.erasure.names import name_key
from pipelines.erasure.papers import clean_quarantine, clean_runs
from pipelines.erasure.selection import Member, members, selected
from pipelines.erasure.target import Identify, Target, Traces
from pipelines.schema import SCHEMAS, TABLES, Table

_STORIES = ("articles", "duplicates", "revisions")


@dataclass(frozen=True, slots=True)
class Found:
    """What an erasure would take: the target with all its articles, and rows by table.

    `titles` are URL and headline of each article, as it stands now or stood last.
    """

    target: Target
    rows: Counter[str]
    titles: dict[str, tuple[str, str]]


class Erasing:
    """Erasures in one data folder, of which the caller holds the lock."""

    def __init__(
        self,
        folder: DataFolder,
        state: State,
        snapshots: Snapshots,
        archive: Archive,
        identify: Identify,
    ) -> None:
        self._folder = folder
        self._state = state
        self._snapshots = snapshots
        self._archive = archive
        self._identify = identify

    def find(self, target: Target) -> Found:
        """Look for all that is meant: in snapshots, what is staged, the state and the archive."""
        visits = [visit for own in target.addresses if (visit := self._state.visits.at(own))]
        target = replace(target, ids=target.ids.union(visit.article_id for visit in visits))
        stories = list(self._chosen(Traces(target, self._identify)))
        whole = self._with_addresses(target, stories)
        traces = Traces(whole, self._identify)
        removal = self._removal(traces)
        heirs = {cluster: heir.article_id for cluster, heir in removal.regrouping.heirs.items()}
        named = {story["warc_record_id"] for story in stories if story["warc_record_id"]}
        records = frozenset(self._archive.find(traces, named))
        whole = replace(whole, heirs=heirs, records=records)
        titles = {story["article_id"]: (story["url"], story["headline"]) for story in stories}
        return Found(whole, self._count(Traces(whole, self._identify)), titles)

    def _chosen(self, traces: Traces) -> Iterator[dict[str, str]]:
        """What the stories that go are called."""
        names = ["article_id", "url", "headline", "warc_record_id"]
        for table, rows in self._stories():
            chosen = pa.array(selected(table, rows, traces), pa.bool_())
            yield from rows.filter(chosen).select(names).to_pylist()

    def _with_addresses(self, target: Target, stories: list[dict[str, str]]) -> Target:
        """The target with all addresses that are known of it, those of further pages too."""
        ids = {*target.ids, *(story["article_id"] for story in stories)}
        ids.update(own for story in stories if (own := self._identify(story["url"])))
        sweep = self._state.sweep
        if target.domains:
            traces = Traces(target, self._identify)
            known = sweep.addresses()
            ids.update(own for own, url in known if traces.find(url) == "domain")
        whole = replace(target, ids=frozenset(ids))
        is_page = Traces(replace(whole, names=()), self._identify).find
        pages = sweep.pages_of(lambda text: is_page(text) is not None)
        return replace(whole, ids=whole.ids.union(pages))

    def begin(self, target: Target, erasure_id: str, now: datetime) -> None:
        """Write down what will be done, and let nothing of it come back."""
        tombstones = self._state.tombstones
        with self._state.transaction():
            for article_id in target.ids:
                tombstones.bury("article", article_id, now)
            for domain in target.domains:
                tombstones.bury("domain", domain, now)
            for name in target.names:
                tombstones.bury("author", name_key(name), now)
            tombstones.begin(Erasure(erasure_id, target.dump()))

    def finish(self, now: datetime) -> None:
        """Do all that was begun and not finished. Raises: DatasetError; then it stays begun."""
        for erasure in self._state.tombstones.begun():
            try:
                if erasure.plan is not None:
                    self._do(erasure, Target.load(erasure.plan), now)
                # Without free pages and log nothing is left; and of this, only a number.
                self._state.sweep.compact()
                self._state.tombstones.end(erasure.erasure_id)
                self._state.sweep.compact()
            except (OSError, sqlite3.Error) as error:
                raise writing_failed(self._folder.path, error) from error

    def _do(self, erasure: Erasure, target: Target, now: datetime) -> None:
        traces = Traces(target, self._identify)
        name = erasure.erasure_id
        put_in_place(self._snapshots)
        if self._state.journal.begun_commit() is not None:
            commit(self._state.journal, self._snapshots, name, now)
        latest = self._snapshots.latest()
        if latest:
            removal = Removal.of(latest, traces)
            if is_concerned(latest, removal):
                after = commit_change(self._snapshots, latest, removal, name, now)
                self._state.head.follow(after.manifest.commit_id)
        written: dict[str, Path] = {}
        for snapshot_id in reversed(self._snapshots.ids()):
            snapshot = self._snapshots.get(snapshot_id)
            removal = Removal.of(snapshot, traces)
            if is_concerned(snapshot, removal):
                snapshot = rewrite(self._snapshots, snapshot, removal, name, written)
            written |= {file.sha256: snapshot.path / file.path for file in snapshot.manifest.files}
        self._snapshots.prune()
        self._archive.take_out(target.records)
        clean_runs(self._folder.runs, traces)
        clean_quarantine(self._folder.quarantine, traces)
        self._sweep(erasure, traces)

    def _sweep(self, erasure: Erasure, traces: Traces) -> None:
        sweep, target = self._state.sweep, traces.target
        sweep.overwrite()
        with self._state.transaction():
            sweep.regroup(target.heirs, target.ids)
            self._restage(traces)
            sweep.clear(target.ids, target.heirs, lambda text: traces.find(text) is not None)
            self._state.tombstones.begin(Erasure(erasure.erasure_id, None))

    def _restage(self, traces: Traces) -> None:
        """What waits for the next commit, without what goes and in its new clusters."""
        removal = self._removal(traces)
        for position, staged in list(self._state.sweep.staged()):
            if staged.table not in SCHEMAS:
                if staged.article_id in traces.target.ids:
                    self._state.sweep.unstage(position)
                continue
            before = upgraded(unpack(staged.rows), staged.table)
            after = [(table, rows) for table, rows in removal.apply(staged.table, before) if rows]
            if len(after) == 1 and after[0][1].equals(before):
                continue
            self._state.sweep.unstage(position)
            for table, rows in after:
                (batch,) = rows.combine_chunks().to_batches()
                self._state.journal.stage(replace(staged, table=table, rows=pack(batch)))

    def _removal(self, traces: Traces) -> Removal:
        """The removal from what the next commit would make: the latest snapshot and the staged."""
        target, latest = traces.target, self._snapshots.latest()
        staged = list(self._staged())
        newest = {own.article_id: own for table, rows in staged for own in _members(table, rows)}
        # The latest snapshot may have been regrouped already: then by the names that clusters had.
        was = {heir: old for old, heir in target.heirs.items() if old in target.ids}
        stories: dict[str, Member] = {}
        comments: set[str] = set()
        if latest:
            keys = [*stories_keys(latest), *((s.article_id, s.cluster_id) for s in newest.values())]
            stories = {
                story.article_id: replace(
                    story, cluster_id=was.get(story.cluster_id, story.cluster_id)
                )
                for story in stories_of(latest, lost_clusters(keys, traces) | set(was))
            }
            comments = comments_of(latest, traces)
        for table, rows in staged:
            if table == "comments":
                gone = selected(table, rows, traces)
                comments.update(rows.filter(pa.array(gone, pa.bool_()))["comment_id"].to_pylist())
        return Removal(traces, (stories | newest).values(), comments)

    def _stories(self) -> Iterator[tuple[Table, pa.Table]]:
        """All that is or was told of stories, newest last; of linked files, each once."""
        seen: set[str] = set()
        for snapshot_id in self._snapshots.ids():
            snapshot = self._snapshots.get(snapshot_id)
            new = tuple(e for e in snapshot.manifest.files if e.sha256 not in seen)
            seen.update(entry.sha256 for entry in new)
            only = replace(snapshot, manifest=replace(snapshot.manifest, files=new))
            yield from tables_of(only, _STORIES)
        yield from ((table, rows) for table, rows in self._staged() if table in _STORIES)

    def _staged(self) -> Iterator[tuple[Table, pa.Table]]:
        for _, staged in self._state.sweep.staged():
            if staged.table in SCHEMAS:
                yield staged.table, upgraded(unpack(staged.rows), staged.table)

    def _count(self, traces: Traces) -> Counter[str]:
        """Rows that go, of the latest snapshot and of what is staged."""
        count: Counter[str] = Counter()
        latest = self._snapshots.latest()
        for table, rows in tables_of(latest, TABLES) if latest else ():
            count[table] += sum(selected(table, rows, traces))
        for table, rows in self._staged():
            count[table] += sum(selected(table, rows, traces))
        return count


def _members(table: Table, rows: pa.Table) -> Iterator[Member]:
    return members(table, rows) if table != "comments" else iter(())
