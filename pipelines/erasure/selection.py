"""Which rows of a table an erasure takes, and what becomes of the clusters that it takes them from.

A cluster that loses the copy we keep keeps another: of the copies that stay, the one that was
collected first, and a teaser only if there is nothing else. That is the rule of the one before it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from pipelines.erasure.target import Traces
from pipelines.minhash import jaccard
from pipelines.schema import ARTICLES, Table

# What is read of a table to see whether a file is concerned.
KEYS = (
    "article_id", "url", "canonical_url", "domain", "authors", "cluster_id", "duplicate_of",
    "warc_record_id",
)  # fmt: skip
COMMENT_KEYS = ("comment_id", "article_id", "parent_id", "author_pseudonym", "text")
MEMBER = ("article_id", "cluster_id", "date_first_seen", "content_hash", "minhash")


def row_texts(rows: pa.Table) -> Iterator[str]:
    """Every row as one text that has all its values; signatures say nothing."""
    legible = [field.name for field in rows.schema if not pa.types.is_binary(field.type)]
    for row in rows.select(legible).to_pylist():
        yield json.dumps(row, ensure_ascii=False, default=str)


def selected(table: str, rows: pa.Table, traces: Traces) -> list[bool]:
    """For each row, whether it goes."""
    if table == "comments":
        return list(_selected_comments(rows, traces))
    target = traces.target
    columns = (rows[name].to_pylist() for name in KEYS[:5])
    found = [
        article_id in target.ids
        or domain in target.domains
        or traces.is_author(authors)
        or traces.is_address(url)
        or traces.is_address(canonical)
        for article_id, url, canonical, domain, authors in zip(*columns, strict=True)
    ]
    if target.naming:
        return [
            gone or traces.find(text) is not None
            for gone, text in zip(found, row_texts(rows), strict=True)
        ]
    return found


def _selected_comments(rows: pa.Table, traces: Traces) -> Iterator[bool]:
    """A comment goes with its article, with its author, and where it names who is erased."""
    target = traces.target
    columns = (rows[name].to_pylist() for name in ("article_id", "author_pseudonym", "text"))
    for article_id, pseudonym, text in zip(*columns, strict=True):
        yield (
            article_id in target.ids
            or pseudonym in target.pseudonyms
            or (traces.find(text) is not None if target.naming else traces.names_author(text))
        )


@dataclass(frozen=True, slots=True)
class Member:
    """A story of a cluster, as far as it matters for which copy is kept."""

    article_id: str
    table: str
    cluster_id: str
    first_seen: datetime
    kind: str | None
    content_hash: str
    minhash: bytes


def members(table: str, rows: pa.Table) -> Iterator[Member]:
    """The stories in rows of `articles` or `duplicates`."""
    kinds = rows["duplicate_kind"].to_pylist() if table == "duplicates" else [None] * rows.num_rows
    columns = (rows[name].to_pylist() for name in MEMBER)
    for article_id, cluster_id, first_seen, content, minhash, kind in zip(
        *columns, kinds, strict=True
    ):
        yield Member(article_id, table, cluster_id, first_seen, kind, content, minhash)


class Regrouping:
    """What becomes of the clusters of one state of the dataset."""

    def __init__(self, stories: Iterable[Member], traces: Traces) -> None:
        target = traces.target
        clusters: dict[str, list[Member]] = defaultdict(list)
        lost: set[str] = set()
        for story in stories:
            if story.article_id in target.ids:
                lost.add(story.cluster_id)
            else:
                clusters[story.cluster_id].append(story)
                if story.cluster_id in target.ids:
                    lost.add(story.cluster_id)
        self._left = {cluster: clusters[cluster] for cluster in lost if clusters[cluster]}
        self.heirs = {
            cluster: _heir(left, target.heirs.get(cluster)) for cluster, left in self._left.items()
        }
        self._renamed = {c: heir.article_id for c, heir in self.heirs.items() if c in target.ids}
        self._promoted = {
            heir.article_id for heir in self.heirs.values() if heir.table == "duplicates"
        }
        self._heads = {
            story.article_id
            for left in self._left.values()
            for story in left
            if story.table == "articles"
        } | self._promoted

    def concerns(self, rows: pa.Table) -> bool:
        """Whether a row is of a cluster that is not as it was."""
        return any(cluster in self._left for cluster in rows["cluster_id"].to_pylist())

    def apply(self, table: Table, rows: pa.Table) -> Iterator[tuple[Table, pa.Table]]:
        """Rows that stay, in the tables that they belong to from now on."""
        clusters = rows["cluster_id"].to_pylist()
        renamed = [self._renamed.get(cluster, cluster) for cluster in clusters]
        rows = _with(rows, "cluster_id", renamed)
        if table == "revisions":  # they stay as they stood, but for a name that is no more
            yield table, rows
            return
        sizes = zip(clusters, rows["cluster_size"].to_pylist(), strict=True)
        rows = _with(
            rows, "cluster_size", [len(self._left.get(c, ())) or size for c, size in sizes]
        )
        if table == "articles":
            yield table, rows
            return
        head = [own in self._promoted for own in rows["article_id"].to_pylist()]
        yield "articles", rows.filter(pa.array(head, pa.bool_())).select(ARTICLES.names)
        stay = pa.array([not promoted for promoted in head], pa.bool_())
        yield (
            table,
            self._repointed(
                rows.filter(stay), [c for c, h in zip(clusters, head, strict=True) if not h]
            ),
        )

    def _repointed(self, rows: pa.Table, clusters: Sequence[str]) -> pa.Table:
        """Copies of what is gone as copies of what is kept now."""
        of, likeness, kinds = (
            rows[name].to_pylist() for name in ("duplicate_of", "similarity", "duplicate_kind")
        )
        hashes, signatures = rows["content_hash"].to_pylist(), rows["minhash"].to_pylist()
        for i, cluster in enumerate(clusters):
            heir = self.heirs.get(cluster)
            if heir is None or of[i] in self._heads:
                continue
            same = hashes[i] == heir.content_hash
            of[i] = heir.article_id
            likeness[i] = 1.0 if same else round(jaccard(signatures[i], heir.minhash), 4)
            kinds[i] = "exact" if same else "contained" if kinds[i] == "contained" else "near"
        rows = _with(rows, "duplicate_of", of)
        return _with(_with(rows, "similarity", likeness), "duplicate_kind", kinds)


def _heir(left: list[Member], wanted: str | None) -> Member:
    """The copy that is kept: one that is already, else the one that was collected first."""

    def rank(story: Member) -> tuple[bool, bool, bool, datetime, str]:
        return (
            story.table != "articles",
            story.article_id != wanted,
            story.kind == "contained",
            story.first_seen,
            story.article_id,
        )

    return min(left, key=rank)


def without_parents(rows: pa.Table, gone: set[str]) -> pa.Table:
    """Comments whose replies to a comment that is gone are replies to nobody."""
    parents = rows["parent_id"].to_pylist()
    return _with(rows, "parent_id", [None if parent in gone else parent for parent in parents])


def without_records(rows: pa.Table, gone: Set[str]) -> pa.Table:
    """Rows whose raw record goes, though they stay, with no way to it."""
    records = rows["warc_record_id"].to_pylist()
    if gone.isdisjoint(records):
        return rows
    files = rows["warc_file"].to_pylist()
    stays = [own not in gone for own in records]
    for name, values in (("warc_file", files), ("warc_record_id", records)):
        kept = [value if keep else None for value, keep in zip(values, stays, strict=True)]
        rows = _with(rows, name, kept)
    return rows


def _with(rows: pa.Table, name: str, values: Sequence[object]) -> pa.Table:
    position = rows.schema.get_field_index(name)
    field = rows.schema.field(position)
    return rows.set_column(position, field, pa.array(values, field.type))
