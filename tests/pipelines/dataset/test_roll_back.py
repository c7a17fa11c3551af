"""After a roll-back the next run neither loses nor repeats an article."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.items import Comment
from pipelines.dataset import Snapshot, verify_snapshot
from tests.conftest import ROOT
from tests.pipelines.newsroom import NOW, Newsroom, gone, ids, roll_back, rows, story, words

FIRST = (story("a"), story("b"), story("moved"))
COMMENTS = tuple(
    Comment(comment_id=text, text=text, position=0, date_created=NOW) for text in ("one", "two")
)
SECOND = (
    replace(story("a", comments=COMMENTS), headline="Corrigé"),
    story("c"),
    story("copy", words("c")),
    story("moved", words("elsewhere"), date_published=NOW.replace(month=2)),
)


@pytest.fixture
def newsroom(newsroom: Newsroom) -> Newsroom:
    newsroom.publish(*FIRST)
    newsroom.publish(*SECOND)
    return newsroom


def to(newsroom: Newsroom, number: int) -> Snapshot:
    target = newsroom.snapshots.get(f"{number:06d}")
    roll_back(newsroom).to(target, "rollback", NOW)
    assert newsroom.folder.latest.resolve() == target.path.resolve()
    return target


def told(snapshot: Path) -> dict[str, object]:
    """What matters of every row, table by table."""
    columns = ("article_id", "headline", "revision", "cluster_id", "cluster_size", "text")
    tables = ("articles", "duplicates", "revisions", "comments")
    return {
        table: [[row.get(name) for name in columns] for row in rows(snapshot, table)]
        for table in tables
    }


def test_what_is_collected_again_gives_the_dataset_that_was_left(newsroom: Newsroom) -> None:
    left = told(newsroom.folder.latest)
    to(newsroom, 1)
    again = newsroom.publish(*FIRST, *SECOND)
    assert (again.id, again.manifest.parent) == ("000003", "000001")
    assert told(again.path) == left
    assert list(verify_snapshot(again)) == []


def test_what_is_not_changed_since_makes_no_row(newsroom: Newsroom) -> None:
    to(newsroom, 1)
    newsroom.collect(*FIRST)
    assert newsroom.staged() == []
    to(newsroom, 2)
    newsroom.collect(*SECOND)
    assert newsroom.staged() == []


def test_later_articles_are_compared_with_those_that_are_there(newsroom: Newsroom) -> None:
    to(newsroom, 1)
    newsroom.publish(story("late", words("c")))
    assert [row["article_id"] for row in rows(newsroom.folder.latest, "duplicates")] == []
    to(newsroom, 2)
    after = newsroom.publish(story("later", words("c")))
    copies = {row["article_id"]: row["duplicate_of"] for row in rows(after.path, "duplicates")}
    assert copies == {"copy": "c", "later": "c"}


def test_a_page_that_was_gone_is_believed_to_be_there_again(newsroom: Newsroom) -> None:
    newsroom.lose("b")
    assert newsroom.commit("gone")
    to(newsroom, 2)
    visit = newsroom.state.visits.of("b")
    assert visit is not None
    assert (visit.availability, visit.etag) == ("available", None)
    newsroom.lose("b")
    assert newsroom.commit("gone again")
    assert gone(newsroom.folder.latest) == ["b"]


def test_what_waits_for_a_commit_joins_the_snapshot_that_is_left(newsroom: Newsroom) -> None:
    newsroom.collect(story("waiting"), replace(story("b"), headline="Corrigé"))
    to(newsroom, 1)
    assert newsroom.staged() == []
    assert "waiting" in ids(newsroom.snapshots.get("000003").path)["articles"]
    assert newsroom.state.journal.story("waiting") is None
    after = newsroom.publish(story("waiting"))
    assert ids(after.path)["articles"] == ["a", "b", "moved", "waiting"]


def test_where_that_snapshot_is_broken_it_is_set_aside(newsroom: Newsroom) -> None:
    newsroom.collect(story("waiting"))
    for path in (newsroom.folder.snapshots / "000002").rglob("p_month=2026-02/*.parquet"):
        path.write_bytes(b"PAR1")
    newsroom.folder.latest.unlink()
    newsroom.folder.latest.symlink_to("snapshots/000001")
    roll_back(newsroom).follow("run", NOW)
    assert newsroom.staged() == []
    assert "waiting" in (newsroom.folder.quarantine / "run.jsonl").read_text("utf-8")
    after = newsroom.publish(story("waiting"))
    assert ids(after.path)["articles"] == ["a", "b", "moved", "waiting"]


def test_who_dies_anywhere_on_the_way_is_finished_by_the_next_run(
    tmp_path: Path,
) -> None:
    with Newsroom(tmp_path / "data") as newsroom:
        newsroom.publish(story("a"))
        newsroom.publish(story("b"))
        newsroom.collect(story("waiting"))
    command = [sys.executable, "-m", "tests.pipelines.dataset.dying", str(tmp_path), "roll back"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    trials = sorted(tmp_path.glob("trial-*"))
    assert len(trials) > 10
    for trial in trials:
        with Newsroom(trial) as after:
            roll_back(after).follow("run", NOW)
            assert after.folder.latest.readlink().name == "000001", trial
            assert after.staged() == []
            again = after.publish(story("a"), story("b"), story("waiting"))
            assert ids(again.path)["articles"] == ["a", "b", "waiting"]


@pytest.mark.parametrize("is_known", [True, False], ids=["this state", "a state from before"])
def test_a_link_that_somebody_turned_is_followed(newsroom: Newsroom, is_known: bool) -> None:
    left = told(newsroom.folder.latest)
    if not is_known:
        newsroom.state._db.execute("DELETE FROM head")
    newsroom.folder.latest.unlink()
    newsroom.folder.latest.symlink_to("snapshots/000001")
    roll_back(newsroom).follow("run", NOW)
    assert newsroom.state.journal.story("c") is None
    assert told(newsroom.publish(*FIRST, *SECOND).path) == left


def test_where_nothing_was_turned_nothing_is_read(newsroom: Newsroom) -> None:
    for path in newsroom.folder.snapshots.rglob("*.parquet"):
        path.unlink()
    roll_back(newsroom).follow("run", NOW)
    assert newsroom.state.journal.story("c") is not None
