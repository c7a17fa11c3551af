from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.state import State
from crawler.state.journal import StagedRows, Story

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def story(name: str, table: str = "articles", *, words: str = "", cluster: str = "") -> Story:
    return Story(name, table, "2026-11", words or name, name, cluster or name, 1, NOW)


def rows(name: str, table: str = "articles", replaces: str | None = None) -> StagedRows:
    return StagedRows(table, "2026-11", name, name.encode(), replaces)


def commit(state: State, commit_id: str) -> list[StagedRows]:
    assert state.journal.begin_commit(commit_id) == commit_id
    staged = list(state.journal.staged(commit_id))
    state.journal.finish_commit(commit_id)
    return staged


def test_a_story_comes_back_as_it_was_remembered(state: State) -> None:
    one = Story("a", "duplicates", "2026-10", "c", "t", "k", 3, NOW + timedelta(microseconds=1))
    state.journal.remember(story("a"))
    state.journal.remember(one)
    assert state.journal.story("a") == one
    assert state.journal.story("b") is None


def test_the_first_story_with_some_words_is_the_kept_one_collected_first(state: State) -> None:
    assert state.journal.first_with("words") is None
    copy = Story("0", "duplicates", "2026-11", "words", "t", "a", 1, NOW - timedelta(days=2))
    later = Story("1", "articles", "2026-11", "words", "t", "b", 1, NOW + timedelta(days=1))
    first = Story("2", "articles", "2026-11", "words", "t", "a", 1, NOW)
    for one in (copy, later, first):
        state.journal.remember(one)
    assert state.journal.first_with("words") == first


def test_nothing_staged_is_no_commit(state: State) -> None:
    assert state.journal.begin_commit("run 1") is None


def test_a_commit_takes_what_was_staged_before_it_in_order(state: State) -> None:
    for name, table in [("b", "comments"), ("b", "articles"), ("a", "articles")]:
        state.journal.stage(rows(name, table))
    assert state.journal.begin_commit("run 1") == "run 1"
    state.journal.stage(rows("c"))
    taken = [(staged.table, staged.article_id) for staged in state.journal.staged("run 1")]
    assert taken == [("articles", "a"), ("articles", "b"), ("comments", "b")]


def test_a_commit_that_died_comes_first_under_its_own_id(path: Path) -> None:
    with closing(State(path)) as state:
        state.journal.stage(rows("a"))
        state.journal.begin_commit("run 1")
        state.journal.stage(rows("b"))
    with closing(State(path)) as state:
        assert state.journal.begin_commit("run 2") == "run 1"
        assert list(state.journal.staged("run 1")) == [rows("a")]
        state.journal.finish_commit("run 1")
        assert commit(state, "run 2") == [rows("b")]
        assert state.journal.begin_commit("run 3") is None


def test_rows_of_one_article_staged_one_after_the_other_are_all_kept(state: State) -> None:
    first, second = (StagedRows("comments", "2026-11", "a", words) for words in (b"1", b"2"))
    state.journal.stage(first)
    state.journal.stage(second)
    assert commit(state, "run 1") == [first, second]


def test_a_comment_is_new_once(state: State) -> None:
    assert state.journal.new_comments("a", ["1", "2"]) == {"1", "2"}
    assert state.journal.new_comments("a", ["1", "2", "3"]) == {"3"}


def test_an_article_waits_for_its_commit_and_comments_alone_are_no_version(state: State) -> None:
    state.journal.stage(rows("a", "comments"))
    assert not state.journal.is_staged("a")
    state.journal.stage(rows("a"))
    assert state.journal.is_staged("a")
    commit(state, "run 1")
    assert not state.journal.is_staged("a")


def test_replaced_rows_are_named_by_where_they_lie(state: State) -> None:
    state.journal.stage(rows("a", replaces="articles/2026-10"))
    state.journal.stage(rows("b", replaces="articles/2026-10"))
    state.journal.stage(rows("c", replaces="duplicates/2026-11"))
    state.journal.stage(rows("d"))
    state.journal.begin_commit("run 1")
    assert state.journal.replaced("run 1") == {
        "articles/2026-10": {"a", "b"},
        "duplicates/2026-11": {"c"},
    }


def test_a_copy_makes_its_cluster_grow_where_the_other_rows_lie(state: State) -> None:
    for one in (story("a"), story("z"), story("b", "duplicates", words="a", cluster="a")):
        state.journal.remember(one)
    state.journal.stage(rows("b", "duplicates"))
    state.journal.begin_commit("run 1")
    assert state.journal.resized("run 1") == {"a": 2}
    assert state.journal.elsewhere("run 1") == {"articles/2026-11": {"a"}}


def test_an_article_grows_elsewhere_though_comments_on_it_are_staged(state: State) -> None:
    for one in (story("a"), story("b", "duplicates", words="a", cluster="a")):
        state.journal.remember(one)
    state.journal.stage(rows("b", "duplicates"))
    state.journal.stage(rows("a", "comments"))
    state.journal.begin_commit("run 1")
    assert state.journal.elsewhere("run 1") == {"articles/2026-11": {"a"}}


def test_comments_alone_change_no_cluster(state: State) -> None:
    for one in (story("a"), story("b", "duplicates", words="a", cluster="a")):
        state.journal.remember(one)
    state.journal.stage(rows("a", "comments"))
    state.journal.begin_commit("run 1")
    assert state.journal.resized("run 1") == {}
    assert state.journal.elsewhere("run 1") == {}


def test_a_story_that_leaves_its_cluster_makes_it_smaller(state: State) -> None:
    for one in (story("a"), story("b", "duplicates", words="a", cluster="a")):
        state.journal.remember(one)
    state.journal.remember(story("b"))
    state.journal.stage(
        StagedRows("articles", "2026-11", "b", b"", "duplicates/2026-11", leaves="a")
    )
    state.journal.begin_commit("run 1")
    assert state.journal.resized("run 1") == {"a": 1, "b": 1}
    assert state.journal.elsewhere("run 1") == {"articles/2026-11": {"a"}}


# Marks what is staged, begun by an earlier run or not, and says so.
BEGINNING = """
import sys
from pathlib import Path
from crawler.state import State
state = State(Path(sys.argv[1]))
state.journal.begin_commit("run 1")
print("begun", flush=True)
"""


@pytest.mark.skipif(not shutil.which("strace"), reason="strace tells what the system was asked for")
@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("watched", [False, True])
def test_a_commit_that_has_begun_is_on_disk_though_its_marker_died_or_a_reader_looks_on(
    state: State, path: Path, tmp_path: Path, begun: bool, watched: bool
) -> None:
    state.journal.stage(rows("a"))
    if begun:  # by a run that may have been killed before its mark was on disk
        state.journal.begin_commit("run 1")
    calls = tmp_path / "calls"
    with closing(sqlite3.connect(path)) as reader:
        if watched:  # whoever reads an older state keeps the log from being merged
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM staged").fetchone()
        subprocess.run(
            ["strace", "-f", "-y", "-o", str(calls), "-e", "trace=write,pwrite64,fsync,fdatasync",
             sys.executable, "-c", BEGINNING, str(path)],
            check=True, cwd=ROOT, capture_output=True, timeout=30,
        )  # fmt: skip
    before, _, _ = calls.read_text().partition('"begun')
    log = [line for line in before.splitlines() if "state.sqlite-wal" in line]
    assert any("pwrite64" in line for line in log)
    assert "sync(" in log[-1]


def test_a_commit_of_thousands_of_articles_is_planned_in_a_moment(state: State) -> None:
    with state.transaction():
        for number in range(3_000):
            name = f"{number:032x}"
            state.journal.stage(StagedRows("articles", "2026-11", name, bytes(5_000)))
            state.journal.remember(story(name))
    state.journal.begin_commit("run 1")
    start = time.process_time()
    assert state.journal.elsewhere("run 1") == {}
    assert len(state.journal.resized("run 1")) == 3_000
    assert time.process_time() - start < 0.5
