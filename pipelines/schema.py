"""The one Arrow schema of the dataset, versioned: what every file of every table looks like.

Its column names are the fields of `crawler.items`; a row is made from an item here and nowhere
else, and cast on the way, so that no file ever has a schema guessed from its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from crawler.items import Article, Block, Comment, Image, Quality, Rights
from pipelines.pandas_apart import keep_pandas_apart

# Raised when a column comes, goes or changes its type or meaning; kept in every file and manifest.
# 2: `revisions` says what changed.
SCHEMA_VERSION = 2

Table = Literal["articles", "duplicates", "revisions", "comments"]
TABLES: tuple[Table, ...] = ("articles", "duplicates", "revisions", "comments")

# The hive key. Never named like a column: pandas and pyarrow raise where both exist.
PARTITION_KEY = "p_month"

TIMESTAMP = pa.timestamp("us", tz="UTC")


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


def _list(kind: pa.DataType) -> pa.DataType:
    return pa.list_(pa.field("element", kind, nullable=False))


_BLOCK = pa.struct(
    [_required("type", pa.string()), _required("text", pa.string()), ("level", pa.int8())]
)
_IMAGE = pa.struct([_required("url", pa.string()), ("caption", pa.string())])
_RIGHTS = pa.struct(
    [
        _required("robots_txt", pa.string()),
        ("x_robots_tag", pa.string()),
        ("meta_robots", pa.string()),
        ("tdm_reservation", pa.string()),
        ("ai_preferences", pa.string()),
        _required("decision", pa.string()),
    ]
)
_QUALITY = pa.struct(
    [
        _required("mean_word_length", pa.float32()),
        _required("alphabetic_words", pa.float32()),
        _required("duplicate_blocks", pa.float32()),
        _required("ellipsis_blocks", pa.float32()),
        # Not required: rows that were collected before they were measured have none.
        *(
            (name, pa.float32())
            for name in (
                "symbol_words", "bullet_blocks", "duplicate_lines", "duplicate_line_chars",
                "duplicate_block_chars", "top_2grams", "top_3grams", "top_4grams",
                "duplicate_5grams", "duplicate_6grams", "duplicate_7grams", "duplicate_8grams",
                "duplicate_9grams", "duplicate_10grams", "terminal_lines", "short_lines",
            )
        ),
        *((name, pa.int32()) for name in (
            "stop_words", "sentences", "email_addresses", "phone_numbers"
        )),
        *((name, pa.bool_()) for name in (
            "has_lorem_ipsum", "has_javascript", "has_curly_bracket", "language_agrees"
        )),
    ]
)  # fmt: skip

ARTICLES = pa.schema(
    [
        _required("article_id", pa.string()),
        _required("url", pa.string()),
        pa.field("canonical_url", pa.string()),
        _required("source", pa.string()),
        _required("domain", pa.string()),
        _required("headline", pa.string()),
        pa.field("description", pa.string()),
        _required("article_body", pa.string()),
        _required("blocks", _list(_BLOCK)),
        _required("authors", _list(pa.string())),
        pa.field("date_published", TIMESTAMP),
        pa.field("date_modified", TIMESTAMP),
        pa.field("date_published_raw", pa.string()),
        pa.field("section", pa.string()),
        _required("keywords", _list(pa.string())),
        pa.field("in_language", pa.string()),
        _required("language", pa.string()),
        _required("language_score", pa.float32()),
        pa.field("publisher", pa.string()),
        pa.field("agency", pa.string()),
        pa.field("main_image", pa.string()),
        _required("images", _list(_IMAGE)),
        pa.field("is_accessible_for_free", pa.bool_()),
        pa.field("comment_count", pa.int32()),
        _required("word_count", pa.int32()),
        _required("quality", _QUALITY),
        _required("content_hash", pa.string()),
        _required("minhash", pa.binary()),
        _required("cluster_id", pa.string()),
        _required("cluster_size", pa.int32()),
        _required("revision", pa.int32()),
        _required("revision_count", pa.int32()),
        _required("rights", _RIGHTS),
        _required("date_first_seen", TIMESTAMP),
        _required("date_downloaded", TIMESTAMP),
        _required("availability", pa.string()),
        pa.field("date_availability", TIMESTAMP),
        _required("http_status", pa.int16()),
        pa.field("etag", pa.string()),
        pa.field("last_modified", pa.string()),
        _required("run_id", pa.string()),
        pa.field("warc_file", pa.string()),
        pa.field("warc_record_id", pa.string()),
        _required("extractor", pa.string()),
        _required("field_sources", pa.map_(pa.string(), pa.string())),
    ],
    metadata={"colporteur.schema_version": str(SCHEMA_VERSION)},
)

# `articles ∪ duplicates` is everything collected: the same columns, and whose copy the row is.
DUPLICATES = pa.schema(
    [
        *ARTICLES,
        _required("duplicate_of", pa.string()),
        _required("similarity", pa.float32()),
        _required("duplicate_kind", pa.string()),
    ],
    metadata=ARTICLES.metadata,
)

# A version that a newer one replaced, as it stood, when it was replaced, and what the newer one
# changed; that is null in rows of version 1.
REVISIONS = pa.schema(
    [
        *ARTICLES,
        _required("date_superseded", TIMESTAMP),
        pa.field("changed_fields", _list(pa.string())),
        pa.field("words_added", pa.int32()),
        pa.field("words_removed", pa.int32()),
    ],
    metadata=ARTICLES.metadata,
)

COMMENTS = pa.schema(
    [
        _required("comment_id", pa.string()),
        _required("article_id", pa.string()),
        pa.field("parent_id", pa.string()),
        pa.field("author_pseudonym", pa.string()),
        pa.field("date_created", TIMESTAMP),
        _required("text", pa.string()),
        _required("position", pa.int32()),
        pa.field("upvotes", pa.int32()),
    ],
    metadata=ARTICLES.metadata,
)

SCHEMAS: dict[Table, pa.Schema] = {
    "articles": ARTICLES,
    "duplicates": DUPLICATES,
    "revisions": REVISIONS,
    "comments": COMMENTS,
}

# Of an article, all but its comments, which are rows of their own, the way to it, and what only
# the state keeps.
_NO_COLUMNS = ("comments", "pages", "requested_id", "vocabulary")
_ARTICLE_FIELDS = tuple(f.name for f in fields(Article) if f.name not in _NO_COLUMNS)


def table_of(article: Article) -> Table:
    """Which table an article is a row of: a copy of another goes to `duplicates`."""
    return "duplicates" if article.duplicate_of else "articles"


def month_of(date: datetime | None, otherwise: datetime) -> str:
    """The partition a row lies in: `YYYY-MM` of its date, else of the moment it was downloaded."""
    return (date or otherwise).strftime("%Y-%m")


def article_row(article: Article) -> dict[str, Any]:
    """An article as a row of its table; columns of the other tables stay out."""
    names = SCHEMAS[table_of(article)].names
    row = {name: getattr(article, name) for name in _ARTICLE_FIELDS if name in names}
    row["blocks"] = [_struct(block) for block in article.blocks]
    row["images"] = [_struct(image) for image in article.images]
    row["rights"] = _struct(article.rights)
    row["quality"] = _struct(article.quality) if article.quality else None
    row["field_sources"] = sorted(article.field_sources.items())
    return row


def _struct(value: Block | Image | Rights | Quality) -> dict[str, Any]:
    """The fields of an item that holds plain values only; `asdict` would copy each of them."""
    return {name: getattr(value, name) for name in value.__slots__}


def comment_key(article_id: str, own_id: str) -> str:
    """The id of a comment in the dataset: a page's own ids are unique on that page only."""
    return blake2b(f"{article_id}/{own_id}".encode(), digest_size=16).hexdigest()


def comment_rows(article_id: str, comments: Iterable[Comment]) -> list[dict[str, Any]]:
    """The comments of an article as rows of `comments`."""
    rows = []
    for comment in comments:
        row = {name: getattr(comment, name, None) for name in COMMENTS.names}
        row["article_id"] = article_id
        row["comment_id"] = comment_key(article_id, comment.comment_id)
        if comment.parent_id is not None:
            row["parent_id"] = comment_key(article_id, comment.parent_id)
        rows.append(row)
    return rows


def to_batch(table: Table, rows: Sequence[dict[str, Any]]) -> pa.RecordBatch:
    """Rows as one batch of the table's schema.

    Raises: pyarrow.ArrowException, OverflowError or UnicodeError where a value cannot be what its
    column promises, ValueError where a required one is missing.
    """
    keep_pandas_apart()
    kind, demands = _row_of(table)
    # All columns in one go: `RecordBatch.from_pylist` makes an array for each, at twice the price.
    structs = pa.array(rows, kind)
    for demand in demands:
        _require(demand, structs.field(demand.name), f"{table}.{demand.name}")
    batch = pa.RecordBatch.from_struct_array(structs)
    return batch.replace_schema_metadata(SCHEMAS[table].metadata)


class _Demand(NamedTuple):
    """A column, or a part of one, that is required or has parts that are."""

    name: str
    is_required: bool
    is_list: bool
    parts: tuple[_Demand, ...]


@cache
def _row_of(table: Table) -> tuple[pa.DataType, tuple[_Demand, ...]]:
    """A row as one struct, and what is required of it."""
    kind = pa.struct(list(SCHEMAS[table]))
    return kind, _demands(kind)


def _demands(kind: pa.DataType) -> tuple[_Demand, ...]:
    if not (pa.types.is_list(kind) or pa.types.is_struct(kind)):
        return ()
    children = [kind.field(number) for number in range(kind.num_fields)]
    found = [
        _Demand(one.name, not one.nullable, pa.types.is_list(one.type), _demands(one.type))
        for one in children
    ]
    return tuple(one for one in found if one.is_required or one.parts)


def _require(demand: _Demand, values: pa.Array, name: str) -> None:
    """Parquet would refuse the whole file for one of these: better the one row."""
    if demand.is_required and values.null_count:
        raise ValueError(f"{name} is required")
    if demand.is_list:
        for element in demand.parts:
            _require(element, values.values, name)
    elif demand.parts:
        present = values.drop_null() if values.null_count else values
        for part in demand.parts:
            _require(part, present.field(part.name), f"{name}.{part.name}")
