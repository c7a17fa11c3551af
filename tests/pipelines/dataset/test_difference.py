"""What changed between two snapshots, applied to the one, is the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from crawler.errors import DatasetError
from crawler.items import Comment
from pipelines.dataset import Snapshot
from pipelines.dataset.compact import Compaction, compact
from pipelines.dataset.difference import KEYS, difference, write_difference
from pipelines.schema import SCHEMAS, TABLES
from tests.pipelines.newsroom import NOW, Newsroom, rows, story, words

Rows = dict[tuple[Any, ...], dict[str, Any]]


def told(*texts: str) -> tuple[Comment, ...]:
    return tuple(
        Comment(comment_id=text, text=text, position=place, date_created=NOW)
        for place, text in enumerate(texts)
    )


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """Five snapshots: news and a copy; a correction, comments; one gone; moved; joined files."""
    with Newsroom(tmp_path_factory.mktemp("difference")) as newsroom:
        newsroom.publish(
            story("a", comments=told("one")), story("b"), story("copy", words("a")), story("c")
        )
        newsroom.publish(
            replace(story("a", comments=told("one", "two")), headline="Corrigé"), story("d")
        )
        newsroom.lose("b")
        assert newsroom.commit("gone")
        newsroom.publish(story("c", words("c again"), date_published=NOW.replace(month=2)))
        assert compact(newsroom.snapshots, Compaction(2, 10_000_000), "joined", NOW)
        yield newsroom


def by_key(table: str, found: list[dict[str, Any]]) -> Rows:
    keyed = {tuple(row[name] for name in KEYS[table]): row for row in found}
    assert len(keyed) == len(found), "a key is there twice"
    for row in found:
        row.pop("p_month", None)
    return keyed


def changes(before: Snapshot, after: Snapshot, table: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"added": [], "changed": [], "removed": []}
    for some in difference(before, after):
        if some.table == table:
            found[some.change] += some.rows.to_pylist()
    return found


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 1), (2, 3), (3, 4), (1, 5), (5, 1)])
def test_applied_to_the_one_snapshot_it_gives_the_other(
    newsroom: Newsroom, one: int, other: int
) -> None:
    before, after = (newsroom.snapshots.get(f"{number:06d}") for number in (one, other))
    for table in TABLES:
        applied = by_key(table, rows(before.path, table))
        found = changes(before, after, table)
        for key in by_key(table, found["removed"]) | by_key(table, found["changed"]):
            del applied[key]
        names = SCHEMAS[table].names
        for key, row in by_key(table, found["changed"] + found["added"]).items():
            assert key not in applied
            applied[key] = {name: row[name] for name in names}
        assert applied == by_key(table, rows(after.path, table))


def test_joined_files_are_no_change(newsroom: Newsroom) -> None:
    snapshots = newsroom.snapshots
    assert list(difference(snapshots.get("000004"), snapshots.get("000005"))) == []


def test_a_changed_row_says_what_changed_since_which_version(newsroom: Newsroom) -> None:
    before, after = (newsroom.snapshots.get(f"{number:06d}") for number in (1, 2))
    (corrected,) = changes(before, after, "articles")["changed"]
    assert corrected["article_id"] == "a"
    assert (corrected["revision_before"], corrected["revision"]) == (1, 2)
    assert {"headline", "revision", "revision_count"} <= set(corrected["changed_columns"])
    assert "article_body" not in corrected["changed_columns"]
    assert [row["article_id"] for row in changes(before, after, "articles")["added"]] == ["d"]
    assert [row["text"] for row in changes(before, after, "comments")["added"]] == ["two"]
    (old,) = changes(before, after, "revisions")["added"]
    assert (old["article_id"], old["revision"], old["headline"]) == ("a", 1, "Titre de a")
    gone = changes(after, newsroom.snapshots.get("000003"), "articles")["changed"]
    assert [row["changed_columns"] for row in gone] == [
        ["availability", "date_availability", "http_status"]
    ]


def test_the_file_says_which_snapshots_it_is_between(newsroom: Newsroom, tmp_path: Path) -> None:
    before, after = (newsroom.snapshots.get(f"{number:06d}") for number in (1, 4))
    count = write_difference(tmp_path / "changes.parquet", before, after)
    table = pq.read_table(tmp_path / "changes.parquet")
    metadata = table.schema.metadata
    assert metadata[b"colporteur.before"] == b"000001"
    assert metadata[b"colporteur.after"] == b"000004"
    assert sum(count.values()) == table.num_rows > 0
    pairs = zip(table["table_name"].to_pylist(), table["change"].to_pylist(), strict=True)
    assert set(pairs) == set(count)
    write_difference(tmp_path / "none.parquet", after, after)
    assert pq.read_table(tmp_path / "none.parquet").schema.names == table.schema.names


def test_a_file_that_cannot_be_read_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with Newsroom(tmp_path / "data") as newsroom:
        before, after = newsroom.publish(story("a")), newsroom.publish(story("b"))
        for path in after.path.glob("articles/*/*.parquet"):
            path.write_bytes(b"PAR1")
        with pytest.raises(DatasetError, match=r"articles.* cannot be read"):
            write_difference(tmp_path / "changes.parquet", before, after)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
