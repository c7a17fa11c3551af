from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from crawler.items import Article, Block, Comment, Image, Pages, Quality, Rights
from pipelines.dataset.rows import article_of, pack, unpack
from pipelines.schema import article_row, table_of, to_batch

PLAIN = Article(
    url="https://journal.example/a",
    headline="Le pont",
    article_body="Ouvert.",
    date_first_seen=datetime(2026, 11, 23, 8, 30, 1, 5, tzinfo=UTC),
    date_downloaded=datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
    quality=Quality(4.5, 1.0, 0.0, 0.25),
)
RICH = replace(
    PLAIN,
    canonical_url="https://journal.example/a/",
    description="Il est là.",
    blocks=(Block("heading", "Un", 2), Block("paragraph", "Ouvert.")),
    authors=("Jeanne Martin", "Paul"),
    date_published=datetime(2026, 11, 22, tzinfo=UTC),
    date_published_raw="hier",
    keywords=("pont",),
    images=(Image("https://journal.example/a.jpg", "Vu du quai"), Image("b")),
    is_accessible_for_free=False,
    field_sources={"headline": "json-ld", "authors": "meta"},
    rights=Rights(tdm_reservation="0"),
    language="fr",
    language_score=0.5,
    minhash=b"\0\xff",
    revision=3,
)
COPY = replace(RICH, duplicate_of="b", similarity=0.75, duplicate_kind="near")


@pytest.mark.parametrize("article", [PLAIN, RICH, COPY], ids=["plain", "rich", "copy"])
def test_a_staged_row_is_the_article_again(article: Article) -> None:
    batch = to_batch(table_of(article), [article_row(article)])
    assert article_of(unpack(pack(batch))) == article


def test_what_is_no_column_stays_out() -> None:
    told = replace(PLAIN, comments=(Comment(comment_id="1", text="Oui", position=0),))
    batch = to_batch("articles", [article_row(replace(told, pages=Pages("b")))])
    assert article_of(unpack(pack(batch))) == PLAIN


def test_a_column_of_another_version_of_the_schema_is_passed_over() -> None:
    batch = to_batch("articles", [article_row(PLAIN)])
    table = pa.Table.from_batches([batch]).append_column("mood", pa.array(["gay"]))
    assert article_of(table) == PLAIN
