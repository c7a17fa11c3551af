from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import DatasetError
from crawler.state import State
from crawler.state.listed import Part
from crawler.state.store import STATE_VERSION
from crawler.state.urls import DueUrl

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)

# A run that commits one URL, writes a second in an open transaction, and dies.
DYING = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from crawler.state import State
from crawler.state.urls import DueUrl
state = State(Path(sys.argv[1]))
now = datetime.now(UTC)
state.urls.offer(DueUrl("a", "https://x.example/a", now, None), "x", "run")
with state.transaction():
    state.urls.offer(DueUrl("b", "https://x.example/b", now, None), "x", "run")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def offer(state: State, name: str) -> None:
    state.urls.offer(DueUrl(name, f"https://x.example/{name}", NOW, None), "x", "run")


def test_a_transaction_that_fails_leaves_nothing(state: State) -> None:
    with pytest.raises(ZeroDivisionError), state.transaction():  # noqa: PT012 # one after the other
        offer(state, "a")
        _ = 1 / 0
    assert not state.urls.is_known("a")


def test_a_transaction_inside_another_is_part_of_it(state: State) -> None:
    with pytest.raises(ZeroDivisionError), state.transaction():  # noqa: PT012 # one after the other
        with state.transaction():
            offer(state, "inner")
        _ = 1 / 0
    assert not state.urls.is_known("inner")
    with state.transaction():
        offer(state, "outer")
        with state.transaction():
            offer(state, "inner")
    assert state.urls.count("x") == 2


def test_a_transaction_works_after_one_that_failed(state: State, path: Path) -> None:
    with pytest.raises(ZeroDivisionError), state.transaction():
        _ = 1 / 0
    with state.transaction():
        offer(state, "a")
    with closing(State(path)) as reader:
        assert reader.urls.is_known("a")


def test_a_full_disk_is_reported_as_such_and_the_store_works_once_there_is_room(
    state: State, path: Path
) -> None:
    db = state._db
    db.execute(f"PRAGMA max_page_count={db.execute('PRAGMA page_count').fetchone()[0]}")
    long = "https://x.example/" + "a" * 100_000
    with pytest.raises(sqlite3.OperationalError, match="full"), state.transaction():  # noqa: PT012
        offer(state, "small")
        state.urls.offer(DueUrl("large", long, NOW, None), "x", "run")
    db.execute("PRAGMA max_page_count=100000")
    with state.transaction():
        offer(state, "next")
    with closing(State(path)) as reader:
        assert reader.urls.is_known("next")
        assert not reader.urls.is_known("small")


def test_a_commit_that_sqlite_refuses_is_no_transaction_that_stays_open(state: State) -> None:
    state._db.execute("PRAGMA foreign_keys=ON")
    state._db.execute(
        "CREATE TABLE child (id TEXT REFERENCES urls (article_id) DEFERRABLE INITIALLY DEFERRED)"
    )
    with pytest.raises(sqlite3.IntegrityError), state.transaction():  # noqa: PT012 # fails at its end
        offer(state, "a")
        state._db.execute("INSERT INTO child VALUES ('nowhere')")
    assert not state.urls.is_known("a")
    with state.transaction():
        offer(state, "b")
    assert not state._db.in_transaction


def test_a_killed_run_keeps_what_it_committed_and_nothing_of_the_rest(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DYING, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    with closing(State(path)) as state:
        assert state.urls.is_known("a")
        assert not state.urls.is_known("b")


def test_what_was_written_survives_reopening(path: Path) -> None:
    with closing(State(path)) as state:
        offer(state, "a")
    with closing(State(path)) as state:
        assert state.urls.is_known("a")


def test_a_reader_of_the_file_holds_up_no_run(state: State, path: Path) -> None:
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM urls").fetchone() == (0,)
        offer(state, "a")
        assert reader.execute("SELECT count(*) FROM urls").fetchone() == (0,)


def test_a_state_of_an_older_version_is_brought_up_to_date(path: Path) -> None:
    with closing(State(path)) as state:
        offer(state, "a")
        state.listed.named(Part("https://x.example/sitemap.xml", "sitemaps", True, True), "x", "a")
    with closing(sqlite3.connect(path)) as older:
        older.execute("ALTER TABLE urls ADD offered_in TEXT")
        older.execute("ALTER TABLE complete_listings ADD round INTEGER NOT NULL DEFAULT 0")
        older.execute("ALTER TABLE listed ADD round INTEGER NOT NULL DEFAULT 0")
        older.execute("UPDATE urls SET offered_in = 'run 1'")
        older.execute("PRAGMA user_version=7")
        older.commit()
    with closing(State(path)) as state:
        again = Part("https://x.example/sitemap.xml", "sitemaps", True, True)
        assert state.listed.named(again, "x", "ab") == {"b"}
        offer(state, "b")
        assert state.urls.known("abc") == {"a", "b"}


def test_a_state_of_a_newer_version_is_refused_in_one_sentence(path: Path) -> None:
    State(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version={STATE_VERSION + 1}")
    with pytest.raises(DatasetError, match="newer Colporteur") as caught:
        State(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", ["no database", "no folder", "a folder"])
def test_what_is_no_state_is_refused_in_one_sentence(path: Path, damage: str) -> None:
    if damage == "no database":
        path.write_bytes(b"Once upon a time. " * 100)
    elif damage == "no folder":
        path = path.parent / "nowhere" / path.name
    else:
        path.mkdir()
    open_files = len(os.listdir("/proc/self/fd"))
    with pytest.raises(DatasetError, match="cannot be opened") as caught:
        State(path)
    assert "\n" not in str(caught.value)
    assert len(os.listdir("/proc/self/fd")) == open_files
