"""The columns of all tables, which readers rely on."""

from __future__ import annotations

from dataclasses import fields

import pyarrow as pa
import pytest

from crawler.items import Article, Comment
from pipelines.schema import PARTITION_KEY, SCHEMA_VERSION, SCHEMAS, TABLES, Table

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
