from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from scrapy.utils.test import get_crawler

from crawler.errors import Reason
from crawler.items import Comment, Quality, Rights
from crawler.state import State
from crawler.state.journal import StagedRows
from crawler.state.urls import DueUrl
from pipelines.dataset.rows import pack, unpack
from pipelines.fingerprinting import hash_of_text
from pipelines.minhash import content_hash
from pipelines.schema import SCHEMAS, comment_key, to_batch
from pipelines.stage import StagePipeline
from tests.pipelines.newsroom import NOW, Newsroom, as_read, story, words

LATER = NOW + timedelta(days=40)


def comment(own_id: str, text: str = "Oui.", **changes: Any) -> Comment:
    return replace(Comment(comment_id=own_id, text=text, position=int(own_id)), **changes)


def offered(newsroom: Newsroom, *names: str) -> None:
    for name in names:
        due = DueUrl(name, f"https://journal.example/{name}", NOW, None)
        newsroom.state.urls.offer(due, "journal", "run")


def status(newsroom: Newsroom, name: str) -> str:
    query = "SELECT status FROM urls WHERE article_id = ?"
    return str(newsroom.state._db.execute(query, (name,)).fetchone()[0])


def staged_rows(newsroom: Newsroom, table: str = "articles") -> list[StagedRows]:
    newsroom.state.journal.begin_commit("look")
    staged = list(newsroom.state.journal.staged("look"))
    return [rows for rows in staged if rows.table == table]


def test_an_article_is_staged_and_its_url_is_done(newsroom: Newsroom) -> None:
    offered(newsroom, "a")
    article = newsroom.collect(story("a"))
    [staged] = staged_rows(newsroom)
    assert (staged.table, staged.p_month, staged.article_id) == ("articles", "2026-11", "a")
    assert staged.replaces is None
    [row] = unpack(staged.rows).to_pylist()
    assert row == as_read(replace(article, quality=Quality(**row["quality"])))
    assert status(newsroom, "a") == "collected"
    assert newsroom.counts == {"articles": 1}


def test_the_partition_is_the_month_it_was_published_or_else_downloaded(
    newsroom: Newsroom,
) -> None:
    newsroom.collect(
        story("a", date_published=datetime(2019, 2, 3, tzinfo=UTC)),
        story("b", date_published=None, date_downloaded=LATER),
    )
    assert [rows.p_month for rows in staged_rows(newsroom)] == ["2019-02", "2027-01"]


def test_a_copy_is_staged_as_one(newsroom: Newsroom) -> None:
    newsroom.collect(story("a"), story("b", words("a")))
    [staged] = staged_rows(newsroom, "duplicates")
    [row] = unpack(staged.rows).to_pylist()
    assert (row["article_id"], row["duplicate_of"], row["cluster_id"]) == ("b", "a", "a")
    assert newsroom.counts == {"articles": 1, "duplicates": 1}


@pytest.mark.parametrize("table", ["staged", "stories", "comments", "urls"])
def test_a_write_that_fails_midway_leaves_neither_rows_nor_a_url_that_is_done(
    newsroom: Newsroom, table: str
) -> None:
    db = newsroom.state._db
    offered(newsroom, "a")
    before = list(db.iterdump())
    db.execute(
        f"CREATE TRIGGER refuse BEFORE {'UPDATE' if table == 'urls' else 'INSERT'} ON {table}"
        " BEGIN SELECT RAISE(FAIL, 'the disk said no'); END"
    )
    article = story("a", comments=(comment("1"),))
    with pytest.raises(sqlite3.Error, match="the disk said no"):
        newsroom.collect(article)
    db.execute("DROP TRIGGER refuse")
    assert list(db.iterdump()) == before
    newsroom.collect(article)
    assert newsroom.staged() == [("articles", "a"), ("comments", "a")]
    assert newsroom.counts == {"articles": 1}


def test_the_same_text_again_is_no_new_version(newsroom: Newsroom) -> None:
    newsroom.publish(story("a"))
    offered(newsroom, "a")
    newsroom.collect(story("a", date_downloaded=LATER, run_id="later"))
    assert newsroom.staged() == []
    assert status(newsroom, "a") == "collected"
    assert newsroom.counts == {"articles": 1, "unchanged": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"article_body": words("other")},
        {"headline": "Un autre titre"},
        {"description": "Un chapeau"},
    ],
)
def test_other_words_are_a_new_version(newsroom: Newsroom, changes: dict[str, Any]) -> None:
    newsroom.publish(story("a"))
    again = replace(story("a", date_first_seen=LATER, date_downloaded=LATER), **changes)
    revised = newsroom.collect(again)
    assert (revised.revision, revised.revision_count) == (2, 2)
    assert revised.date_first_seen == NOW
    [staged] = staged_rows(newsroom)
    assert staged.replaces == "articles/2026-11"
    assert newsroom.counts == {"articles": 1, "revised": 1}


@pytest.mark.parametrize("body", ["Der Zug f\u00e4hrt.", "\u0301a \u0e01\u0e34", "\u2014", ""])
def test_the_hash_of_a_version_is_that_of_its_lines_as_one_text(body: str) -> None:
    for headline, description in (("Zug", None), ("\u0e01", "\u00ad"), ("!", "")):
        lines = f"{headline}\n{description}\n{body}"
        assert hash_of_text(headline, description, body) == content_hash(lines)


def test_versions_are_counted_on(newsroom: Newsroom) -> None:
    for number in range(4):
        newsroom.publish(story("a", words(str(number))), run_id=f"run {number}")
    assert newsroom.collect(story("a", words("last"))).revision == 5
    [row] = newsroom.rows("articles")
    assert (row["revision"], row["revision_count"]) == (4, 4)
    assert sorted(row["revision"] for row in newsroom.rows("revisions")) == [1, 2, 3]


def test_a_new_version_replaces_the_row_where_it_lies(newsroom: Newsroom) -> None:
    newsroom.publish(story("a"), story("b", words("a")))
    newsroom.collect(story("b", date_published=LATER))
    [staged] = staged_rows(newsroom)
    assert (staged.p_month, staged.replaces) == ("2027-01", "duplicates/2026-11")
    assert staged.leaves == "a"


def test_another_address_of_a_story_makes_no_version_of_it(newsroom: Newsroom) -> None:
    offered(newsroom, "a", "amp")
    newsroom.collect(story("a"))
    newsroom.collect(story("a", words("the short version"), requested_id="amp"))
    assert newsroom.staged() == [("articles", "a")]
    assert status(newsroom, "amp") == "collected"
    assert newsroom.counts == {"articles": 1, "twin": 1}


def test_a_story_met_by_another_address_first_is_one_row_all_the_same(newsroom: Newsroom) -> None:
    offered(newsroom, "a", "amp")
    short = story("a", words("the short version"), requested_id="amp", date_published=LATER)
    newsroom.collect(short, story("a"))
    assert newsroom.staged() == [("articles", "a")]
    assert status(newsroom, "a") == status(newsroom, "amp") == "collected"
    newsroom.commit()
    assert [row["article_body"] for row in newsroom.rows("articles")] == [short.article_body]


def test_comments_are_staged_once_and_new_ones_added_when_the_page_is_met_again(
    newsroom: Newsroom,
) -> None:
    newsroom.publish(story("a", comments=(comment("0"), comment("1"))))
    newsroom.collect(story("a", comments=(comment("0"), comment("1"), comment("2", "Non."))))
    assert newsroom.staged() == [("comments", "a")]
    newsroom.commit()
    assert [row["text"] for row in newsroom.rows("comments")] == ["Oui.", "Oui.", "Non."]


def test_comments_of_two_addresses_of_one_story_in_one_run_are_all_kept(
    newsroom: Newsroom,
) -> None:
    newsroom.collect(story("a", comments=(comment("0"),)))
    newsroom.collect(story("a", requested_id="amp", comments=(comment("0"), comment("1"))))
    newsroom.commit()
    assert [row["position"] for row in newsroom.rows("comments")] == [0, 1]


def test_comments_lie_in_the_month_they_were_written_in(newsroom: Newsroom) -> None:
    newsroom.collect(
        story(
            "a",
            comments=(comment("0"), comment("1", date_created=LATER), comment("2")),
            date_published=datetime(2020, 1, 1, tzinfo=UTC),
        )
    )
    staged = staged_rows(newsroom, "comments")
    assert [(rows.p_month, unpack(rows.rows).num_rows) for rows in staged] == [
        ("2026-11", 2),
        ("2027-01", 1),
    ]


def test_two_articles_that_number_their_comments_alike_keep_them_apart(
    newsroom: Newsroom,
) -> None:
    thread = (comment("0"), comment("1", parent_id="0"))
    newsroom.publish(story("a", comments=thread), story("b", comments=thread))
    rows = newsroom.rows("comments")
    assert len({row["comment_id"] for row in rows}) == 4
    parents = {row["comment_id"]: row["parent_id"] for row in rows}
    for name in ("a", "b"):
        assert parents[comment_key(name, "1")] == comment_key(name, "0")
        assert parents[comment_key(name, "0")] is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"headline": "\ud800"}, "surrogates not allowed"),
        ({"headline": None}, "articles.headline is required"),
        ({"http_status": 70_000}, "70000"),
        ({"comment_count": 2**31}, "2147483648"),
        ({"section": 7}, "int"),
        ({"rights": Rights(decision=None)}, "articles.rights.decision is required"),  # type: ignore[arg-type] # the test
        ({"date_first_seen": None}, "articles.date_first_seen is required"),
        ({"date_downloaded": None}, "date_downloaded is required"),
        ({"comments": (replace(comment("1"), text=None),)}, "comments.text is required"),  # type: ignore[arg-type]
        ({"comments": (comment("1", upvotes=2**40),)}, "1099511627776"),
    ],
)
def test_what_the_schema_will_not_take_is_set_aside_with_the_reason(
    newsroom: Newsroom, changes: dict[str, Any], said: str
) -> None:
    offered(newsroom, "a", "b")
    bad = story("a", **changes)
    assert newsroom.refuse(bad) is Reason.BAD_ROW
    assert newsroom.staged() == []
    [line] = (newsroom.folder.quarantine / "run.jsonl").read_text("utf-8").splitlines()
    row = json.loads(line)
    assert said in row["error"]
    assert row["article"]["url"] == bad.url
    assert status(newsroom, "a") == "due"
    newsroom.collect(story("b"))
    assert newsroom.staged() == [("articles", "b")]
    assert newsroom.refuse(bad) is Reason.BAD_ROW
    assert len((newsroom.folder.quarantine / "run.jsonl").read_text("utf-8").splitlines()) == 2


def test_a_bad_comment_is_forgotten_with_its_article_and_collected_with_it_later(
    newsroom: Newsroom,
) -> None:
    newsroom.refuse(story("a", comments=(comment("0"), comment("1", upvotes=2**40))))
    newsroom.collect(story("a", comments=(comment("0"), comment("1"))))
    assert newsroom.staged() == [("articles", "a"), ("comments", "a")]


def test_rows_are_packed_with_their_schema_and_come_back_equal() -> None:
    batch = to_batch("articles", [])
    assert unpack(pack(batch)).schema.equals(SCHEMAS["articles"], check_metadata=True)
    other = pa.RecordBatch.from_pylist([{"old": "column"}])
    assert unpack(pack(other)).to_pylist() == [{"old": "column"}]


def test_the_stage_of_a_crawl_counts_by_source_and_shares_its_state(newsroom: Newsroom) -> None:
    crawler = get_crawler(settings_dict={"DATA_DIR": str(newsroom.folder.path)})
    stage = StagePipeline.from_crawler(crawler)
    staged = newsroom.collect(story("a"))
    stage.process_item(replace(staged, article_id="b"))
    State.from_crawler(crawler).close()
    assert crawler.stats is not None
    assert crawler.stats.get_value("source/journal/articles") == 1
    assert newsroom.staged() == [("articles", "a"), ("articles", "b")]
