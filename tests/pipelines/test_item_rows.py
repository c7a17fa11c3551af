"""Items as rows: they come back from Parquet as they were, or are refused by the column's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crawler.items import Block, Comment, Image, Quality, Rights
from pipelines.schema import (
    SCHEMAS,
    Table,
    article_row,
    comment_key,
    comment_rows,
    month_of,
    table_of,
    to_batch,
)
from tests.pipelines.newsroom import NOW, as_read, story

SOUND = story("a", quality=Quality(4.5, 1.0, 0.0, 0.25))
ZONE = timezone(timedelta(hours=-11, minutes=-30))
EARLIEST, LATEST = datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def read_back(tmp_path: Path, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_batches([to_batch(table, rows)]), path)
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


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
