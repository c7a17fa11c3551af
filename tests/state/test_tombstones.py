from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from crawler.state import State
from crawler.state.tombstones import Erasure

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_a_tombstone_holds_in_the_next_run_and_covers_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    first = State(path)
    assert not first.tombstones.covers("author", "jeanne martin")
    first.tombstones.bury("author", "jeanne martin", NOW)
    first.tombstones.bury("author", "jeanne martin", NOW)
    first.close()
    again = State(path)
    assert again.tombstones.covers("author", "jeanne martin")
    assert not again.tombstones.covers("author", "jeanne")
    assert not again.tombstones.covers("domain", "jeanne martin")
    again.close()


def test_a_tombstone_names_nothing_and_is_another_in_another_folder(tmp_path: Path) -> None:
    marks = set()
    for name in ("one.sqlite", "two.sqlite"):
        state = State(tmp_path / name)
        state.tombstones.bury("domain", "journal.example", NOW)
        state.close()
        assert b"journal" not in (tmp_path / name).read_bytes()
        with closing(sqlite3.connect(tmp_path / name)) as db:
            marks.add(db.execute("SELECT mark FROM tombstones").fetchone())
    assert len(marks) == 2


def test_what_is_inherited_holds_beside_what_is_ones_own(tmp_path: Path) -> None:
    whole, shard = State(tmp_path / "whole.sqlite"), State(tmp_path / "shard.sqlite")
    shard.tombstones.bury("author", "lea bonnefoy", NOW)
    whole.tombstones.bury("author", "jeanne martin", NOW)
    assert not shard.tombstones.covers("author", "jeanne martin")
    for _ in range(2):
        shard.tombstones.inherit(whole.tombstones)
        assert shard.tombstones.covers("author", "jeanne martin")
        assert shard.tombstones.covers("author", "lea bonnefoy")
    shard.tombstones.bury("domain", "journal.example", NOW)
    assert shard.tombstones.covers("domain", "journal.example")
    assert not whole.tombstones.covers("domain", "journal.example")
    whole.close()
    shard.close()
    with closing(sqlite3.connect(tmp_path / "shard.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM tombstone_key").fetchone() == (2,)


def test_an_erasure_that_was_begun_is_known_until_it_ends(tmp_path: Path) -> None:
    state = State(tmp_path / "state.sqlite")
    state.tombstones.begin(Erasure("1", "all of it"))
    state.tombstones.begin(Erasure("1", None))
    assert state.tombstones.begun() == [Erasure("1", None)]
    state.tombstones.end("1")
    assert state.tombstones.begun() == []
    state.close()
