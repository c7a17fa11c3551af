from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crawler.items import Article, Block, Comment, Image, Quality, Rights
from pipelines.schema import (
    PARTITION_KEY,
    SCHEMA_VERSION,
    SCHEMAS,
    TABLES,
    Table,
    article_row,
    comment_key,
    comment_rows,
    month_of,
    table_of,
    to_batch,
)
from tests.pipelines.newsroom import NOW, as_read, story

# The contract with readers, column by column. A question mark is a column that may be empty.
ARTICLES = """
    article_id: string
    url: string
    canonical_url: string?
    source: string
    domain: string
    headline: string
    description: string?
    article_body: string
    blocks: list<struct<type: string, text: string, level: int8?>>
    authors: list<string>
    date_published: timestamp[us, tz=UTC]?
    date_modified: timestamp[us, tz=UTC]?
    date_published_raw: string?
    section: string?
    keywords: list<string>
    in_language: string?
    language: string
    language_score: float
    publisher: string?
    agency: string?
    main_image: string?
    images: list<struct<url: string, caption: string?>>
    is_accessible_for_free: bool?
    comment_count: int32?
    word_count: int32
    quality: struct<mean_word_length: float, alphabetic_words: float, duplicate_blocks: float,\
 ellipsis_blocks: float, symbol_words: float?, bullet_blocks: float?, duplicate_lines: float?,\
 duplicate_line_chars: float?, duplicate_block_chars: float?, top_2grams: float?,\
 top_3grams: float?, top_4grams: float?, duplicate_5grams: float?, duplicate_6grams: float?,\
 duplicate_7grams: float?, duplicate_8grams: float?, duplicate_9grams: float?,\
 duplicate_10grams: float?, terminal_lines: float?, short_lines: float?, stop_words: int32?,\
 sentences: int32?, email_addresses: int32?, phone_numbers: int32?, has_lorem_ipsum: bool?,\
 has_javascript: bool?, has_curly_bracket: bool?, language_agrees: bool?>
    content_hash: string
    minhash: binary
    cluster_id: string
    cluster_size: int32
    revision: int32
    revision_count: int32
    rights: struct<robots_txt: string, x_robots_tag: string?, meta_robots: string?,\
 tdm_reservation: string?, ai_preferences: string?, decision: string>
    date_first_seen: timestamp[us, tz=UTC]
    date_downloaded: timestamp[us, tz=UTC]
    availability: string
    date_availability: timestamp[us, tz=UTC]?
    http_status: int16
    etag: string?
    last_modified: string?
    run_id: string
    warc_file: string?
    warc_record_id: string?
    extractor: string
    field_sources: map<string, string?>
"""
CONTRACT: dict[Table, str] = {
    "articles": ARTICLES,
    "duplicates": f"{ARTICLES}    duplicate_of: string\n    similarity: float\n"
    "    duplicate_kind: string\n",
    "revisions": f"{ARTICLES}    date_superseded: timestamp[us, tz=UTC]\n"
    "    changed_fields: list<string>?\n    words_added: int32?\n    words_removed: int32?\n",
    "comments": """
    comment_id: string
    article_id: string
    parent_id: string?
    author_pseudonym: string?
    date_created: timestamp[us, tz=UTC]?
    text: string
    position: int32
    upvotes: int32?
""",
}
UNSET = Article(url="", headline="", article_body="")
SOUND = story("a", quality=Quality(4.5, 1.0, 0.0, 0.25))
ZONE = timezone(timedelta(hours=-11, minutes=-30))
EARLIEST, LATEST = datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def described(kind: pa.DataType) -> str:
    """A type in the contract's words."""
    if pa.types.is_struct(kind):
        return f"struct<{', '.join(column(child) for child in kind)}>"
    if pa.types.is_map(kind):
        nullable = "?" if kind.item_field.nullable else ""
        return f"map<{described(kind.key_type)}, {described(kind.item_type)}{nullable}>"
    if pa.types.is_list(kind):
        nullable = "?" if kind.value_field.nullable else ""
        return f"list<{described(kind.value_type)}{nullable}>"
    return str(kind)


def column(field: pa.Field) -> str:
    return f"{field.name}: {described(field.type)}{'?' if field.nullable else ''}"


def read_back(tmp_path: Path, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_batches([to_batch(table, rows)]), path)
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


def test_there_are_four_tables() -> None:
    assert TABLES == ("articles", "duplicates", "revisions", "comments")
    assert tuple(SCHEMAS) == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_the_schema_is_the_contract_column_by_column(table: Table) -> None:
    assert [column(field) for field in SCHEMAS[table]] == [
        line.strip() for line in CONTRACT[table].strip().splitlines()
    ]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_a_field_of_an_item(table: Table) -> None:
    item = Comment if table == "comments" else Article
    of_the_change = {"date_superseded", "changed_fields", "words_added", "words_removed"}
    of_the_table = {"comments": {"article_id"}, "revisions": of_the_change}.get(table, set())
    assert set(SCHEMAS[table].names) - {field.name for field in fields(item)} == of_the_table


def test_every_field_of_an_article_is_a_column_but_its_comments_and_the_way_to_it() -> None:
    columns = {*SCHEMAS["articles"].names, *SCHEMAS["duplicates"].names}
    assert {field.name for field in fields(Article)} - columns == {
        "comments", "pages", "requested_id", "vocabulary",
    }  # fmt: skip


def test_a_commenters_name_is_no_column() -> None:
    assert {field.name for field in fields(Comment)} - set(SCHEMAS["comments"].names) == {"author"}


@pytest.mark.parametrize("table", TABLES)
def test_no_type_is_left_to_the_rows_and_every_moment_is_utc(table: Table) -> None:
    def kinds(kind: pa.DataType) -> list[pa.DataType]:
        children = [kind.field(number).type for number in range(kind.num_fields)]
        return [kind, *(found for child in children for found in kinds(child))]

    found = [kind for field in SCHEMAS[table] for kind in kinds(field.type)]
    assert not any(pa.types.is_null(kind) for kind in found)
    moments = [kind for kind in found if pa.types.is_temporal(kind)]
    assert moments
    assert set(moments) == {pa.timestamp("us", tz="UTC")}


@pytest.mark.parametrize("table", TABLES)
def test_the_version_is_in_every_schema_and_no_column_is_named_like_the_partition(
    table: Table,
) -> None:
    assert SCHEMAS[table].metadata == {b"colporteur.schema_version": str(SCHEMA_VERSION).encode()}
    assert PARTITION_KEY not in SCHEMAS[table].names


def test_an_article_comes_back_as_it_was(tmp_path: Path) -> None:
    article = replace(
        SOUND,
        blocks=(Block("heading", "Pourquoi ?", 2), Block("code", "\tx = 1\n\n\ty = 2")),
        images=(Image("https://journal.example/é.jpg"), Image("https://x.example/", "Île")),
        authors=("Anne Lecomte",),
        rights=Rights(tdm_reservation="1", decision="recorded"),
        field_sources={"headline": "json-ld", "authors": "meta"},
    )
    assert set(article_row(article)) == set(SCHEMAS["articles"].names)
    assert read_back(tmp_path, "articles", [article_row(article)]) == [as_read(article)]


def test_extreme_values_come_back_as_they_were(tmp_path: Path) -> None:
    text = "\u202fÉtÉ e\u0301 \U0010ffff \u200b\ufeff 東京 \U0001f468\u200d\U0001f469 \t\n" * 1_000
    article = replace(
        SOUND,
        headline=text,
        article_body=text * 10,
        authors=(text, ""),
        keywords=(),
        blocks=tuple(Block("paragraph", "", None) for _ in range(10_000)),
        date_published=EARLIEST,
        date_modified=LATEST,
        comment_count=2**31 - 1,
        word_count=0,
        http_status=599,
        minhash=bytes(range(256)) * 2,
        field_sources={"": ""},
        etag="",
    )
    assert read_back(tmp_path, "articles", [article_row(article)]) == [as_read(article)]


def test_a_moment_in_any_zone_is_stored_as_the_same_moment_in_utc(tmp_path: Path) -> None:
    here = datetime(2026, 11, 23, 8, 30, 15, 123456, tzinfo=ZONE)
    [row] = read_back(tmp_path, "articles", [article_row(replace(SOUND, date_published=here))])
    assert row["date_published"] == here
    assert row["date_published"].utcoffset() == timedelta(0)


def test_a_copy_is_a_row_of_duplicates_and_says_whose(tmp_path: Path) -> None:
    copy = replace(SOUND, duplicate_of="b", similarity=1.0, duplicate_kind="exact")
    assert table_of(SOUND) == "articles"
    assert table_of(copy) == "duplicates"
    [row] = read_back(tmp_path, "duplicates", [article_row(copy)])
    assert (row["duplicate_of"], row["similarity"], row["duplicate_kind"]) == ("b", 1.0, "exact")


@pytest.mark.parametrize(
    "name", [field.name for field in SCHEMAS["duplicates"] if not field.nullable]
)
def test_a_missing_required_value_is_refused_by_its_name(name: str) -> None:
    copy = replace(SOUND, duplicate_of="b", similarity=1.0, duplicate_kind="exact")
    row = {**article_row(copy), name: None}
    with pytest.raises(ValueError, match=rf"duplicates\.{name} is required"):
        to_batch("duplicates", [article_row(copy), row])


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("rights.decision", {"rights": Rights(decision=None)}),  # type: ignore[arg-type] # the test
        ("quality.ellipsis_blocks", {"quality": Quality(1, 1, 1, None)}),  # type: ignore[arg-type]
        ("blocks.text", {"blocks": (Block("quote", "a"), Block("quote", None))}),  # type: ignore[arg-type]
        ("images.url", {"images": (Image(None),)}),  # type: ignore[arg-type]
        ("authors", {"authors": ("Anne", None)}),
    ],
)
def test_a_value_that_parquet_would_miss_inside_another_is_refused_by_its_name(
    name: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=rf"articles\.{name} is required"):
        to_batch("articles", [article_row(SOUND), article_row(replace(SOUND, **changes))])


@pytest.mark.parametrize("name", ["comment_id", "article_id", "text", "position"])
def test_a_comment_without_what_it_must_have_is_refused_by_its_name(name: str) -> None:
    [row] = comment_rows("a", [Comment(comment_id="1", text="Oui.", position=0)])
    with pytest.raises(ValueError, match=rf"comments\.{name} is required"):
        to_batch("comments", [{**row, name: None}])


def test_a_comment_comes_back_as_it_was_but_for_its_name_and_ids(tmp_path: Path) -> None:
    comment = Comment(
        comment_id="7",
        parent_id="3",
        text="D’accord !\n\nMerci.",
        position=2**31 - 1,
        author="Ne doit pas sortir",
        author_pseudonym="00ff",
        date_created=EARLIEST,
        upvotes=0,
    )
    assert read_back(tmp_path, "comments", comment_rows("a", [comment])) == [
        {
            "comment_id": comment_key("a", "7"),
            "article_id": "a",
            "parent_id": comment_key("a", "3"),
            "author_pseudonym": "00ff",
            "date_created": EARLIEST,
            "text": comment.text,
            "position": 2**31 - 1,
            "upvotes": 0,
        }
    ]


def test_the_same_own_id_on_two_pages_is_two_comments() -> None:
    assert comment_key("a", "1") == comment_key("a", "1")
    assert len({comment_key("a", "1"), comment_key("b", "1"), comment_key("a", "2")}) == 3


@pytest.mark.parametrize(
    ("date", "month"),
    [
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), "2026-01"),
        (datetime(1800, 2, 1, tzinfo=UTC), "1800-02"),
        (None, "2026-11"),
    ],
)
def test_the_month_is_that_of_the_date_or_else_of_the_download(
    date: datetime | None, month: str
) -> None:
    assert month_of(date, NOW) == month
