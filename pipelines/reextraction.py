"""Rows whose raw pages are read again: which of them came out otherwise, and in what.

Only what is taken from the page is compared; a row of which all that came out as it was stays, also
with the name of the extractor that made it. Texts are held of one archive file at a time.
"""

from __future__ import annotations

import json
import weakref
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from crawler.items import Article, Rights
from pipelines.dataset.commit import read_rows
from pipelines.dataset.snapshots import Snapshot
from pipelines.dataset.upgrade import upgraded
from pipelines.schema import Table, article_row, table_of, to_batch

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# What extraction takes from a page, as the pipelines leave it; comments are rows of their own.
COMPARED = (
    "canonical_url", "headline", "description", "article_body", "blocks", "authors",
    "date_published", "date_published_raw", "date_modified", "section", "keywords", "in_language",
    "language", "publisher", "agency", "main_image", "images", "is_accessible_for_free",
    "comment_count",
)  # fmt: skip
# What the run that collected a row knew, and what its page was seen to be since.
_KEPT = (
    "article_id", "source", "domain", "date_first_seen", "date_downloaded", "http_status", "etag",
    "last_modified", "warc_file", "warc_record_id",
)  # fmt: skip
_TABLES: tuple[Table, ...] = ("articles", "duplicates")
# Enough to see what a change is like; of a text the words around the first difference.
EXAMPLES = 3
_SHOWN_CHARS = 60
_SHOWN_BEFORE = 20

Row = Mapping[str, Any]

_of_crawler: weakref.WeakKeyDictionary[Crawler, Reextraction] = weakref.WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Example:
    """A field of a row that came out otherwise."""

    article_id: str
    url: str
    field: str
    was: str
    now: str


@dataclass(slots=True)
class Summary:
    """What came of it: `rows` were compared and `changed` of them are others now.

    `new` are pages that had given no row. `lost` are rows whose page is now said to be no article,
    `incomplete` such whose further pages are in no file with the first: both stay as they are.
    """

    rows: int = 0
    changed: int = 0
    new: int = 0
    lost: int = 0
    incomplete: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """As a person reads it."""
        same = self.rows - self.changed
        yield f"Read again: {self.rows} rows, {self.changed} came out otherwise, {same} as before."
        yield (
            f"New: {self.new}. Their rows stay: {self.lost} that are no articles any more, "
            f"{self.incomplete} with further pages elsewhere."
        )
        for what, counts in (("Fields", self.fields), ("Sources", self.sources)):
            if counts:
                yield f"{what}: {', '.join(f'{name} {n}' for name, n in counts.most_common())}."
        for one in sorted(self.examples, key=lambda one: one.field):
            yield f"{one.field}, {one.url}"
            yield f"  {one.was:<{_SHOWN_CHARS + 2}} | {one.now}"

    def dump(self) -> dict[str, Any]:
        """As the run's file has it."""
        said = asdict(replace(self, fields=Counter(), sources=Counter()))
        return {**said, "fields": dict(self.fields), "sources": dict(self.sources)}

    @classmethod
    def load(cls, said: Mapping[str, Any]) -> Self:
        """What was dumped."""
        examples = [Example(**example) for example in said["examples"]]
        counts = {name: Counter(said[name]) for name in ("fields", "sources")}
        return cls(**{**said, **counts, "examples": examples})


class Reextraction:
    """The rows of the latest snapshot, by the archive file that has their page."""

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
        self.summary = Summary()
        self._file: str | None = None
        self._rows: dict[str, pa.Table] = {}
        self._expected: dict[str, Row] = {}

    @classmethod
    def begin(cls, crawler: Crawler) -> Self:
        """For a crawler whose pages have rows."""
        again = cls()
        _of_crawler[crawler] = again
        return again

    @staticmethod
    def open_in(crawler: Crawler) -> Reextraction | None:
        """What a crawler has begun; None for one whose pages are new."""
        return _of_crawler.get(crawler)

    def row(self, file: str, record_id: str) -> Row | None:
        """The row that was made of a record; None if there is none. Raises: DatasetError."""
        if file != self._file:
            self._file, self._rows = file, dict(self._rows_of(file))
        found = self._rows.get(record_id)
        row: Row | None = None if found is None else found.to_pylist()[0]
        return row

    def _rows_of(self, file: str) -> list[tuple[str, pa.Table]]:
        """Each row of a file as a table of its own: a view, which costs no copy."""
        found: list[tuple[str, pa.Table]] = []
        for entry in self.snapshot.manifest.files if self.snapshot else ():
            if entry.table not in _TABLES or not entry.rows:
                continue
            assert self.snapshot is not None
            path = self.snapshot.path / entry.path
            is_its = pc.equal(read_rows(path, ["warc_file"])["warc_file"], file).fill_null(False)
            if pc.any(is_its).as_py():
                rows = upgraded(read_rows(path), entry.table).filter(is_its).combine_chunks()
                ids = rows["warc_record_id"].to_pylist()
                found += [(own, rows.slice(i, 1)) for i, own in enumerate(ids)]
        return found

    def expect(self, article: Article, row: Row) -> Article:
        """What a row's page gave, with what is not the page's to say; its stage asks for the row.

        The row keeps its identity, also where the page would now be called otherwise.
        """
        self._expected[row["article_id"]] = row
        kept: dict[str, Any] = {name: row[name] for name in _KEPT}
        return replace(article, requested_id="", rights=Rights(**row["rights"]), **kept)

    def take(self, article_id: str) -> Row | None:
        """The row that an article is compared with; None for one that is new."""
        row = self._expected.pop(article_id, None)
        self.summary.new += row is None
        return row

    def dropped(self, article_id: str) -> None:
        """An article is let go by a stage; its row is not."""
        self.summary.lost += self._expected.pop(article_id, None) is not None

    def judged(self, article: Article, row: Row) -> Article | None:
        """The article as the next version of its row; None if nothing came out otherwise."""
        if row["availability"] in ("gone", "redirected"):
            article = replace(article, availability=row["availability"])
        if row["availability"] == article.availability:
            article = replace(article, date_availability=row["date_availability"])
        batch = to_batch(table_of(article), [article_row(article)])
        (now,) = batch.select(COMPARED).to_pylist()
        changed = [name for name in COMPARED if row[name] != now[name]]
        self.summary.rows += 1
        if not changed:
            return None
        self.summary.changed += 1
        self.summary.sources[article.source] += 1
        for name in changed:
            self.summary.fields[name] += 1
            if self.summary.fields[name] <= EXAMPLES:
                was, is_now = side_by_side(row[name], now[name])
                example = Example(article.article_id, article.url, name, was, is_now)
                self.summary.examples.append(example)
        return article


def side_by_side(was: object, now: object) -> tuple[str, str]:
    """Two values as texts of one line, from a little before they differ."""
    texts = [_text(was), _text(now)]
    same = 0
    while same < min(map(len, texts)) and texts[0][same] == texts[1][same]:
        same += 1
    start = max(0, same - _SHOWN_BEFORE)
    one, other = (_clipped(text, start) for text in texts)
    return one, other


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return " ".join(text.split())


def _clipped(text: str, start: int) -> str:
    shown = text[start : start + _SHOWN_CHARS]
    return f"{'…' * bool(start)}{shown}{'…' * (start + _SHOWN_CHARS < len(text))}"
