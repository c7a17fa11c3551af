from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.errors import Reason, Refusal
from crawler.state import State
from crawler.state.urls import DueUrl

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def is_done(state: State, file: Path, selection: str = "") -> bool:
    return state.replays.is_done(file.name, file.stat().st_size, selection)


def test_a_file_that_was_done_is_done_wherever_it_lies(state: State, tmp_path: Path) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.warc.gz").write_bytes(b"abc")
    state.replays.done(tmp_path / "here/a.warc.gz", NOW)
    assert is_done(state, tmp_path / "there/a.warc.gz")
    (tmp_path / "there/a.warc.gz").write_bytes(b"abcd")
    assert not is_done(state, tmp_path / "there/a.warc.gz")


def test_some_pages_of_a_file_are_not_all(state: State, tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.touch()
    state.replays.done(file, NOW, "a.example")
    assert is_done(state, file, "a.example")
    assert not is_done(state, file)
    assert not is_done(state, file, "b.example")
    state.replays.done(file, NOW)
    assert is_done(state, file, "b.example")


def test_a_page_is_told_as_it_was_then_but_not_as_it_was_later(state: State) -> None:
    state.urls.offer(DueUrl("a", "https://a.example/1", NOW, None), "a", "run")
    assert not state.urls.is_told("a", NOW)
    state.urls.collected("a", NOW)
    assert state.urls.is_told("a", NOW)
    assert not state.urls.is_told("a", LATER)
    state.urls.refused("a", Refusal(Reason.NO_BODY), LATER)
    assert state.urls.is_told("a", LATER)
    state.urls.ask_again("a")
    assert not state.urls.is_told("a", NOW)


def test_what_was_only_not_wanted_may_be_another_day(state: State) -> None:
    state.urls.offer(DueUrl("a", "https://a.example/1", NOW, None), "a", "run")
    state.urls.refused("a", Refusal(Reason.OTHER_LANGUAGE, "de"), NOW)
    assert not state.urls.is_told("a", NOW)


def test_what_was_done_since_a_moment_can_be_lost(state: State, tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(b"x")
    state.replays.done(file, NOW)
    state.replays.forget_since(LATER)
    assert is_done(state, file)
    state.replays.forget_since(NOW)
    assert not is_done(state, file)
