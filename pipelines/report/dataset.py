"""What a snapshot holds, counted column by column, a batch at a time.

No text of an article is read but those of the few rows that are shown: memory grows with the
number of sources and days, and by some bytes a copy, not with the articles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crawler.errors import DatasetError
from pipelines.dataset import Snapshot
from pipelines.schema import TABLES, Table

# Fields that a page may leave empty, in the order in which a reader meets them.
FIELDS = (
    "description", "authors", "date_published", "date_modified", "section", "keywords",
    "publisher", "agency", "main_image", "in_language", "canonical_url", "comment_count",
    "is_accessible_for_free",
)  # fmt: skip
# Upper bounds: each class is twice the one before, as lengths of articles spread.
LENGTHS = {"< 100": 100, "100-199": 200, "200-399": 400, "400-799": 800, "800-1599": 1600}
LONGEST = "≥ 1600"
# Upper bounds in minutes: an hourly run, a daily one, a week's holiday.
DELAYS = {"< 15 min": 15, "< 1 h": 60, "< 6 h": 360, "< 1 day": 1440, "< 1 week": 10080}
LATEST = "later"
UNDATED = "no date"
# Rows to read, of each source and in all; and how much of a text.
SHOWN_A_SOURCE = 2
SHOWN = 24
EXCERPT = 320

_BATCH = 16_384
_FEW = 256
_COLUMNS = (
    "article_id", "url", "source", "headline", "language", "word_count", "revision_count",
    "date_first_seen", *FIELDS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """A row to read: where it lies in the snapshot, and what is shown of it."""

    path: str
    row: int
    source: str
    headline: str
    url: str
    language: str
    authors: tuple[str, ...]
    date_published: datetime | None
    words: int
    excerpt: str = ""


@dataclass(slots=True)
class Figures:
    """Rows by what the name says; `copies` by who has them and who had the story first."""

    tables: Counter[Table] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    days: Counter[tuple[str, date]] = field(default_factory=Counter)
    languages: Counter[tuple[str, str]] = field(default_factory=Counter)
    lengths: Counter[tuple[str, str]] = field(default_factory=Counter)
    delays: Counter[tuple[str, str]] = field(default_factory=Counter)
    filled: Counter[tuple[str, str]] = field(default_factory=Counter)
    versions: Counter[int] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    copies: Counter[tuple[str, str]] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)

    def total(self, of: Counter[tuple[str, str]]) -> Counter[str]:
        """Of counts by source and something else, those of the something else."""
        sums: Counter[str] = Counter()
        for (_, what), rows in of.items():
            sums[what] += rows
        return sums

    def of(self, source: str, counts: Counter[tuple[str, str]]) -> Counter[str]:
        """The counts of one source."""
        return Counter({what: rows for (name, what), rows in counts.items() if name == source})


def figures_of(snapshot: Snapshot) -> Figures:
    """Count a snapshot. Raises: DatasetError for a file that cannot be read."""
    found = Figures()
    for table in TABLES:
        found.tables[table] = sum(e.rows for e in snapshot.manifest.files if e.table == table)
    copies = _copies(snapshot, found)
    owners = np.full(len(copies), -1, dtype=np.int32)
    names: dict[str, int] = {}
    for path, first, batch in _batches(snapshot, "articles", _COLUMNS):
        _count(found, batch)
        _take_samples(found, path, first, batch)
        _own(batch, copies, owners, names)
    _pair(snapshot, found, copies, owners, list(names))
    for _, _, batch in _batches(snapshot, "revisions", ("changed_fields",)):
        found.changed.update(_values(pc.list_flatten(batch["changed_fields"])))
    found.samples = list(_with_excerpts(snapshot, found.samples))
    return found


def _batches(
    snapshot: Snapshot, table: Table, columns: tuple[str, ...], rows: int = _BATCH
) -> Iterator[tuple[str, int, pa.RecordBatch]]:
    """The batches of a table, each with its file and the number of its first row there."""
    for entry in snapshot.manifest.files:
        if entry.table == table and entry.rows:
            first = 0
            for batch in _batches_of(snapshot, entry.path, columns, rows):
                yield entry.path, first, batch
                first += batch.num_rows


def _batches_of(
    snapshot: Snapshot, path: str, columns: tuple[str, ...], rows: int
) -> Iterator[pa.RecordBatch]:
    try:
        with pq.ParquetFile(snapshot.path / path) as file:
            there = [name for name in columns if name in file.schema_arrow.names]
            for batch in file.iter_batches(rows, columns=there):
                missing = [name for name in columns if name not in there]
                for name in missing:  # a file of an older schema
                    batch = batch.append_column(name, pa.nulls(batch.num_rows))  # noqa: PLW2901
                yield batch
    except (OSError, pa.ArrowException) as error:
        raise DatasetError(
            f'"{snapshot.path / path}" cannot be read ({error}); scrapy snapshots verify tells '
            "what else is not as it was written."
        ) from error


def _values(values: pa.Array) -> Counter[Any]:
    counts = pc.value_counts(values)
    return Counter(dict(zip(counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True)))


def _pairs(sources: pa.Array, values: pa.Array) -> Counter[tuple[str, Any]]:
    table = pa.table({"source": sources, "value": values})
    counts = table.group_by(["source", "value"]).aggregate([([], "count_all")])
    columns = (counts[name].to_pylist() for name in ("source", "value", "count_all"))
    return Counter({(source, value): rows for source, value, rows in zip(*columns, strict=True)})


def _count(found: Figures, batch: pa.RecordBatch) -> None:
    sources = batch["source"]
    found.articles.update(_values(sources))
    found.versions.update(_values(batch["revision_count"]))
    found.languages.update(_pairs(sources, batch["language"]))
    lengths = _classes(batch["word_count"].to_numpy(zero_copy_only=False), LENGTHS, LONGEST)
    found.lengths.update(_pairs(sources, lengths))
    published = batch["date_published"]
    days = pc.cast(pc.floor_temporal(published, unit="day"), pa.date32())
    for (source, day), rows in _pairs(sources, days).items():
        if day is not None:
            found.days[source, day] += rows
    waited = pc.subtract(batch["date_first_seen"], published).cast(pa.int64())
    minutes = pc.divide(waited, 60_000_000).fill_null(0).to_numpy(zero_copy_only=False)
    delays = _classes(minutes, DELAYS, LATEST)
    found.delays.update(_pairs(sources, pc.if_else(published.is_null(), UNDATED, delays)))
    for name in FIELDS:
        for (source, is_filled), rows in _pairs(sources, _is_filled(batch[name])).items():
            found.filled[source, name] += rows if is_filled else 0


def _is_filled(values: pa.Array) -> pa.Array:
    if pa.types.is_list(values.type):
        return pc.greater(pc.list_value_length(values), 0).fill_null(False)
    return values.is_valid()


def _classes(values: Any, bounds: dict[str, int], beyond: str) -> pa.Array:
    places = np.searchsorted(list(bounds.values()), values, side="right")
    return pa.array([*bounds, beyond]).take(pa.array(places))


def _copies(snapshot: Snapshot, found: Figures) -> pa.Array:
    """The ids of the articles that have copies; counts the copies."""
    ids = [pa.array([], pa.string())]
    for _, _, batch in _batches(snapshot, "duplicates", ("source", "duplicate_of")):
        found.duplicates.update(_values(batch["source"]))
        ids.append(pc.unique(batch["duplicate_of"]))
    return pc.unique(pa.concat_arrays(ids))


def _own(batch: pa.RecordBatch, copies: pa.Array, owners: Any, names: dict[str, int]) -> None:
    """Write down whose the articles of a batch are that have copies."""
    places = pc.index_in(batch["article_id"], value_set=copies)
    has = places.is_valid()
    sources = batch["source"].filter(has).to_pylist()
    owners[places.filter(has).to_numpy()] = [names.setdefault(n, len(names)) for n in sources]


def _pair(
    snapshot: Snapshot, found: Figures, copies: pa.Array, owners: Any, names: list[str]
) -> None:
    whose = pa.array(owners, mask=owners < 0)
    for _, _, batch in _batches(snapshot, "duplicates", ("source", "duplicate_of")):
        places = pc.index_in(batch["duplicate_of"], value_set=copies)
        for (copier, owner), rows in _pairs(batch["source"], whose.take(places)).items():
            if owner is not None:
                found.copies[copier, names[owner]] += rows


def _take_samples(found: Figures, path: str, first: int, batch: pa.RecordBatch) -> None:
    """The first rows of each source, of the sources that come first."""
    taken: defaultdict[str, int] = defaultdict(int)
    for sample in found.samples:
        taken[sample.source] += 1
    for number, source in enumerate(batch["source"].to_pylist()):
        if len(found.samples) >= SHOWN:
            return
        if taken[source] < SHOWN_A_SOURCE:
            taken[source] += 1
            row = {name: batch[name][number].as_py() for name in _COLUMNS}
            found.samples.append(
                Sample(
                    path, first + number, source, row["headline"], row["url"], row["language"],
                    tuple(row["authors"]), row["date_published"], row["word_count"],
                )
            )  # fmt: skip


def _with_excerpts(snapshot: Snapshot, samples: list[Sample]) -> Iterator[Sample]:
    for path in dict.fromkeys(sample.path for sample in samples):
        wanted = {sample.row: sample for sample in samples if sample.path == path}
        first = 0
        for batch in _batches_of(snapshot, path, ("article_body",), _FEW):
            for row in [row for row in wanted if row < first + batch.num_rows]:
                text = batch["article_body"][row - first].as_py()
                yield replace(wanted.pop(row), excerpt=text[:EXCERPT])
            first += batch.num_rows
            if not wanted:
                break
