"""The dataset opens in the tools that people have, with the lines that they would type."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Comment
from pipelines.schema import TABLES
from tests.pipelines.newsroom import NOW, Newsroom, story, words

OLD = datetime(2019, 2, 3, 23, 59, tzinfo=UTC)
COMMENTS = tuple(
    Comment(comment_id=str(i), text=f"Avis {i}", position=i, date_created=NOW) for i in range(2)
)

# tool: the lines, whose last one leaves the rows in `articles`; %s is the table.
LINES = {
    "duckdb": """
import duckdb
articles = duckdb.sql("FROM 'data/latest/%s/**/*.parquet'")
""",
    "pandas": """
import pandas as pd
articles = pd.read_parquet("data/latest/%s")
""",
    "polars": """
import polars as pl
articles = pl.read_parquet("data/latest/%s/**/*.parquet", hive_partitioning=True)
""",
    "datasets": """
import pandas as pd
from datasets import Dataset
articles = Dataset.from_pandas(pd.read_parquet("data/latest/%s"))
""",
}
JOINS = {
    "duckdb": """
import duckdb
rows = duckdb.sql(\"""
    SELECT headline, text
    FROM 'data/latest/comments/**/*.parquet'
    JOIN 'data/latest/articles/**/*.parquet' USING (article_id)
    ORDER BY position
\""").fetchall()
""",
    "pandas": """
import pandas as pd
joined = pd.read_parquet("data/latest/comments").merge(
    pd.read_parquet("data/latest/articles"), on="article_id"
)
rows = list(zip(joined.headline, joined.text))
""",
    "polars": """
import polars as pl
rows = (
    pl.read_parquet("data/latest/comments/**/*.parquet")
    .join(pl.read_parquet("data/latest/articles/**/*.parquet"), on="article_id")
    .sort("position")
    .select("headline", "text")
    .rows()
)
""",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `data` of three commits: three articles, a copy, a revision, comments."""
    home = tmp_path_factory.mktemp("readers")
    with Newsroom(home / "data") as newsroom:
        newsroom.publish(story("a", comments=COMMENTS), story("b", words("a")))
        newsroom.publish(story("c", date_published=OLD), story("d", date_published=None))
        newsroom.publish(replace(story("a", comments=COMMENTS), headline="Corrigé"))
    return home


def typed(lines: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is there after the lines were typed in a session in that folder."""
    monkeypatch.chdir(home)
    session: dict[str, Any] = {}
    exec(lines, session)
    return session


def as_dicts(tool: str, rows: Any) -> list[dict[str, Any]]:
    """The rows of any tool, by article."""
    if tool == "duckdb":
        found = [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]
    elif tool == "pandas":
        found = rows.to_dict("records")
    elif tool == "polars":
        found = rows.to_dicts()
    else:
        found = list(rows)
    return sorted(found, key=lambda row: (row["article_id"], row.get("position", 0)))


@pytest.mark.parametrize("tool", LINES)
def test_every_tool_reads_the_same_rows_with_aware_dates_and_the_partition(
    tool: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = as_dicts(tool, typed(LINES[tool] % "articles", home, monkeypatch)["articles"])
    assert [row["article_id"] for row in rows] == ["a", "c", "d"]
    assert [row["headline"] for row in rows] == ["Corrigé", "Titre de c", "Titre de d"]
    assert [row["p_month"] for row in rows] == ["2026-11", "2019-02", "2026-11"]
    assert rows[1]["date_published"] == OLD
    assert rows[0]["date_downloaded"] == NOW
    assert rows[0]["date_downloaded"].utcoffset() is not None
    assert rows[0]["article_body"] == words("a")
    assert rows[0]["cluster_size"] == 2


# Hugging Face makes no dataset of an empty pandas frame with nested columns.
@pytest.mark.parametrize("tool", [tool for tool in LINES if tool != "datasets"])
def test_every_tool_reads_every_table_even_an_empty_one(
    tool: str, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Newsroom(tmp_path / "data") as newsroom:
        newsroom.publish(story("a"))
    filled = {"articles": 3, "duplicates": 1, "revisions": 1, "comments": 2}
    for table in TABLES:
        for folder, count in ((home, filled[table]), (tmp_path, int(table == "articles"))):
            rows = typed(LINES[tool] % table, folder, monkeypatch)["articles"]
            assert len(as_dicts(tool, rows)) == count, (table, folder)


@pytest.mark.parametrize("tool", JOINS)
def test_comments_join_their_article(
    tool: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = typed(JOINS[tool], home, monkeypatch)["rows"]
    assert rows == [("Corrigé", "Avis 0"), ("Corrigé", "Avis 1")]


def test_articles_and_duplicates_together_are_everything_collected(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = """
import duckdb
everything = duckdb.sql(\"""
    FROM 'data/latest/articles/**/*.parquet'
    UNION ALL BY NAME FROM 'data/latest/duplicates/**/*.parquet'
\""")
"""
    rows = as_dicts("duckdb", typed(lines, home, monkeypatch)["everything"])
    assert [(row["article_id"], row["duplicate_of"]) for row in rows] == [
        ("a", None), ("b", "a"), ("c", None), ("d", None),
    ]  # fmt: skip
