"""What `revisions` says of a change, and what a commit makes of pages that are no longer there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from crawler.items import Availability
from pipelines.dataset.availability import stage_availability
from pipelines.dataset.manifest import MANIFEST
from pipelines.schema import SCHEMA_VERSION
from tests.pipelines.newsroom import NOW, Newsroom, story

LATER = datetime(2026, 11, 24, 9, tzinfo=UTC)
BODY = "The ferry leaves at nine. The bakery opens at six.\n\nNobody was hurt."


@pytest.mark.parametrize(
    ("changes", "fields", "added", "removed"),
    [
        ({"headline": "Ferry late"}, ["headline"], 2, 3),
        ({"article_body": BODY.replace("nine", "ten")}, ["article_body"], 1, 1),
        ({"article_body": f"{BODY} Not one."}, ["article_body"], 2, 0),
        ({"article_body": BODY.removesuffix("\n\nNobody was hurt.")}, ["article_body"], 0, 3),
        ({"article_body": "\n\n".join(BODY.split("\n\n")[::-1])}, ["article_body"], 0, 0),
        ({"description": "About a ferry"}, ["description"], 0, 0),
        (
            {"headline": "Ferry late", "authors": ("Jeanne Martin",), "section": "Sea"},
            ["headline", "authors", "section"], 2, 3,
        ),
        # What says that it changed is no change, and neither is another way to type it.
        (
            {"headline": "Late", "date_modified": LATER, "article_body": f"{BODY} …"},
            ["headline"], 1, 3,
        ),
    ],
)  # fmt: skip
def test_a_superseded_version_says_what_the_next_one_changed(
    newsroom: Newsroom, changes: dict[str, Any], fields: list[str], added: int, removed: int
) -> None:
    first = story("a", BODY)
    newsroom.publish(first)
    newsroom.publish(replace(first, **changes), run_id="run 2")
    [old] = newsroom.rows("revisions")
    said = (old["changed_fields"], old["words_added"], old["words_removed"])
    assert said == (fields, added, removed)


def test_rows_of_a_version_without_these_columns_say_nothing_of_it(newsroom: Newsroom) -> None:
    newsroom.publish(story("a", BODY))
    newsroom.publish(story("a", BODY, headline="Second"))
    _age(newsroom.folder.latest.resolve())
    newsroom.publish(story("b"), run_id="run 3")
    [old] = newsroom.rows("revisions")
    assert (old["headline"], old["words_added"]) == ("Titre de a", None)
    assert old["changed_fields"] is None
    files = list(newsroom.folder.latest.rglob("*.parquet"))
    names = {path.parent.parent.name: set(pq.read_schema(path).names) for path in files}
    for path in files:
        assert set(pq.read_schema(path).names) == names[path.parent.parent.name]
    manifest = json.loads((newsroom.folder.latest / MANIFEST).read_text("utf-8"))
    assert manifest["schema_version"] == SCHEMA_VERSION


def _age(snapshot: Path) -> None:
    """Make a snapshot one of version 1 of the schema."""
    [path] = (snapshot / "revisions").rglob("*.parquet")
    rows = pq.read_table(path, partitioning=None)
    path.unlink()
    pq.write_table(rows.drop(["changed_fields", "words_added", "words_removed"]), path)
    said = json.loads((snapshot / MANIFEST).read_text("utf-8"))
    (snapshot / MANIFEST).write_text(json.dumps(said | {"schema_version": 1}), "utf-8")


def away(newsroom: Newsroom, name: str, availability: Availability, status: int) -> None:
    visit = newsroom.state.visits.of(name)
    assert visit is not None
    with newsroom.state.transaction():
        seen = stage_availability(newsroom.state, visit, availability, status, LATER)
        newsroom.state.visits.made(seen, None)


def seen(
    newsroom: Newsroom, table: str = "articles"
) -> dict[str, tuple[str, datetime | None, int]]:
    return {
        row["article_id"]: (row["availability"], row["date_availability"], row["http_status"])
        for row in newsroom.rows(table)
    }


def test_a_page_that_is_gone_changes_its_row_where_it_lies_and_no_other(
    newsroom: Newsroom,
) -> None:
    newsroom.publish(story("a"), story("b"), story("c", story("b").article_body))
    away(newsroom, "a", "gone", 410)
    away(newsroom, "c", "redirected", 200)
    assert newsroom.commit("run 2") is not None
    assert seen(newsroom) == {"a": ("gone", LATER, 410), "b": ("available", None, 200)}
    assert seen(newsroom, "duplicates") == {"c": ("redirected", LATER, 200)}
    assert newsroom.rows("revisions") == []
    assert {row["cluster_size"] for row in newsroom.rows("duplicates")} == {2}


def test_what_is_known_to_be_gone_is_not_said_again(newsroom: Newsroom) -> None:
    newsroom.publish(story("a"))
    away(newsroom, "a", "gone", 404)
    newsroom.commit("run 2")
    away(newsroom, "a", "gone", 404)
    assert newsroom.staged() == []


def test_a_page_that_is_back_with_the_same_words_is_available_again(newsroom: Newsroom) -> None:
    newsroom.publish(story("a"))
    away(newsroom, "a", "gone", 404)
    newsroom.commit("run 2")
    newsroom.collect(story("a"))
    newsroom.commit("run 3")
    [row] = newsroom.rows("articles")
    assert (row["availability"], row["http_status"], row["revision"]) == ("available", 200, 1)
    assert row["date_availability"] > LATER
    assert newsroom.counts == {"articles": 1, "unchanged": 1}


def test_a_page_that_is_back_with_other_words_is_a_version_and_the_old_one_stays_gone(
    newsroom: Newsroom,
) -> None:
    newsroom.publish(story("a"))
    away(newsroom, "a", "gone", 404)
    newsroom.commit("run 2")
    newsroom.publish(story("a", BODY, date_downloaded=LATER), run_id="run 3")
    assert seen(newsroom) == {"a": ("available", LATER, 200)}
    assert seen(newsroom, "revisions") == {"a": ("gone", LATER, 404)}
    [old] = newsroom.rows("revisions")
    assert old["changed_fields"] == ["article_body", "availability"]
    newsroom.publish(story("a", f"{BODY} More."), run_id="run 4")
    assert seen(newsroom) == {"a": ("available", LATER, 200)}, "since it is back"


def test_a_version_that_comes_in_the_same_run_counts_more_than_that_its_page_was_gone(
    newsroom: Newsroom,
) -> None:
    newsroom.publish(story("a"))
    away(newsroom, "a", "gone", 404)
    newsroom.publish(story("a", BODY, date_downloaded=NOW), run_id="run 2")
    assert seen(newsroom) == {"a": ("available", NOW, 200)}
    assert seen(newsroom, "revisions") == {"a": ("available", None, 200)}


def test_a_commit_of_what_is_gone_that_died_is_finished_by_the_next_and_once(
    newsroom: Newsroom,
) -> None:
    newsroom.publish(story("a"))
    away(newsroom, "a", "gone", 404)
    assert newsroom.state.journal.begin_commit("run 2-000002") == "run 2-000002"
    newsroom.collect(story("b"))
    newsroom.commit("run 3")
    assert seen(newsroom) == {"a": ("gone", LATER, 404)}
    newsroom.commit("run 3")
    assert set(seen(newsroom)) == {"a", "b"}
    assert newsroom.commit("run 3") is None
