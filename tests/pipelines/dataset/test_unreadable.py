from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.state.urls import DueUrl
from pipelines.dataset.unreadable import set_aside_unreadable
from tests.crawls import collected, crawl, going, state
from tests.markup import stories
from tests.pipelines.newsroom import NOW, Newsroom, story, words
from tests.reluctant import publish
from tests.server import Server, Silent

SPOILT = b"\x28\xb5\x2f\xfd no more"


def spoil(newsroom: Newsroom, article_id: str) -> None:
    newsroom.state._db.execute(
        "UPDATE staged SET rows = ? WHERE article_id = ?", (SPOILT, article_id)
    )


def set_aside(newsroom: Newsroom) -> list[str]:
    quarantine = newsroom.folder.quarantine
    return set_aside_unreadable(newsroom.state, newsroom.snapshots, quarantine, "run")


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as newsroom:
        yield newsroom


def offer(newsroom: Newsroom, article_id: str) -> None:
    due = DueUrl(article_id, f"https://gazette.example/{article_id}/", NOW, None)
    newsroom.state.urls.offer(due, "gazette", "run")
    newsroom.state.urls.collected(article_id, NOW)


def test_a_row_that_cannot_be_read_is_set_aside_and_the_others_are_committed(
    newsroom: Newsroom,
) -> None:
    offer(newsroom, "a")
    newsroom.collect(story("a", words("one")), story("b", words("two")))
    spoil(newsroom, "a")
    assert set_aside(newsroom) == ["a"]
    assert newsroom.commit() is not None
    assert [row["article_id"] for row in newsroom.rows("articles")] == ["b"]
    (line,) = (newsroom.folder.quarantine / "run.jsonl").read_text().splitlines()
    assert json.loads(line)["article_id"] == "a"


def test_its_page_is_due_again_as_if_it_had_never_been_collected(newsroom: Newsroom) -> None:
    offer(newsroom, "a")
    newsroom.collect(story("a", words("one"), etag='"1"'))
    spoil(newsroom, "a")
    set_aside(newsroom)
    assert [due.article_id for due in newsroom.state.urls.due("gazette", "next", NOW)] == ["a"]
    assert newsroom.state.visits.of("a") is None, "no request on condition of what was lost"
    newsroom.publish(story("a", words("one")))
    assert [row["article_id"] for row in newsroom.rows("articles")] == ["a"]


def test_a_version_that_is_lost_leaves_the_one_before(newsroom: Newsroom) -> None:
    newsroom.publish(story("a", words("one")))
    newsroom.collect(story("a", words("two")))
    spoil(newsroom, "a")
    assert set_aside(newsroom) == ["a"]
    assert newsroom.commit() is None
    newsroom.publish(story("a", words("two")), run_id="later")
    (row,) = newsroom.rows("articles")
    assert (row["article_body"], row["revision"]) == (words("two"), 2)


def test_of_a_commit_that_is_already_in_a_snapshot_nothing_is_set_aside(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.collect(story("a", words("one")))
    with monkeypatch.context() as dying:
        dying.setattr(newsroom.state.journal, "finish_commit", lambda _: None)
        newsroom.commit()
    spoil(newsroom, "a")
    assert set_aside(newsroom) == []
    newsroom.commit()
    assert newsroom.staged() == []
    assert [row["article_id"] for row in newsroom.rows("articles")] == ["a"]


def test_the_run_after_one_that_died_collects_anew_what_the_disk_has_lost(tmp_path: Path) -> None:
    told = stories(8, "spoilt-")
    with Server() as server:
        site = publish(server, "spoilt", len(told))
        last = site.paths[told[0].path]
        site.paths[told[0].path] = Silent()
        with going(tmp_path, "-a", f"url={site.url}") as run:
            deadline = time.monotonic() + 60
            while len(staged(tmp_path)) < len(told) - 1:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            run.kill()
        spoilt = staged(tmp_path)[0]
        state(tmp_path, "UPDATE staged SET rows = ? WHERE article_id = ?", SPOILT, spoilt)
        site.paths[told[0].path] = last
        done = crawl(tmp_path, "-a", f"url={site.url}")
    assert done.exit_code == 0, done.output[-3000:]
    assert "staged rows can no longer be read: 1." in done.output
    assert collected(tmp_path) == {"spoilt.localhost": len(told)}


def staged(data: Path) -> list[str]:
    try:
        return [article_id for (article_id,) in state(data, "SELECT article_id FROM staged")]
    except sqlite3.OperationalError:  # the run has not begun
        return []
