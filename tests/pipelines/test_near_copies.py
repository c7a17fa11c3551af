from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.state import State, postings
from pipelines import near_copies
from pipelines.near_copies import NearCopies
from pipelines.resemblance import fingerprint
from tests.pipelines.test_resemblance import SENTENCES, STORY, text

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
WINDOW = timedelta(days=60)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with closing(State(tmp_path / "state.sqlite")) as opened:
        yield opened


def index(state: State, tmp_path: Path) -> NearCopies:
    return NearCopies(state.fingerprints, tmp_path / "postings", WINDOW)


def log(state: State, name: str, body: str, published: datetime | None = NOW) -> None:
    prints = fingerprint(body)
    state.fingerprints.add(name, published, NOW, prints.signature, prints.vocabulary)


def found(copies: NearCopies, body: str, published: datetime | None = NOW) -> list[str]:
    return [match.article_id for match in copies.find(fingerprint(body), published)]


def test_what_is_logged_is_found_at_once_most_alike_first(state: State, tmp_path: Path) -> None:
    copies = index(state, tmp_path)
    assert found(copies, text(STORY)) == []
    log(state, "cut", text(STORY[:12]))
    log(state, "other", text(SENTENCES[100:125]))
    log(state, "near", text(["Rives."], STORY))
    assert found(copies, text(STORY)) == ["near", "cut"]
    matches = copies.find(fingerprint(text(STORY)), NOW)
    assert [match.is_contained for match in matches] == [False, True]
    assert matches[0].similarity > 0.9
    log(state, "same", text(STORY))
    assert found(copies, text(STORY))[0] == "same"


def test_how_alike_a_text_is_to_an_article_is_known_even_where_they_are_not_the_same(
    state: State, tmp_path: Path
) -> None:
    copies = index(state, tmp_path)
    log(state, "a", text(STORY[:10], SENTENCES[100:115]))
    likeness = copies.likeness(fingerprint(text(STORY)), "a")
    assert likeness is not None
    assert 0.1 < likeness.similarity < 0.4
    assert copies.likeness(fingerprint(text(STORY)), "b") is None


def test_only_what_was_published_within_the_window_is_a_copy(state: State, tmp_path: Path) -> None:
    log(state, "old", text(STORY), NOW - timedelta(days=61))
    log(state, "undated", text(STORY), None)
    copies = index(state, tmp_path)
    assert found(copies, text(STORY)) == ["undated"]
    assert found(copies, text(STORY), NOW - timedelta(days=30)) == ["old", "undated"]
    assert found(copies, text(STORY), None) == ["old", "undated"]


def test_copies_are_found_among_thousands_and_after_the_index_was_lost(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_copies, "NEWEST", 16)
    monkeypatch.setattr(postings, "FILE_BLOCK", 64)
    copies = index(state, tmp_path)
    bodies = [text(STORY[:4], SENTENCES[n % 170 : n % 170 + 18]) for n in range(0, 510, 3)]
    for number, body in enumerate(bodies):
        log(state, str(number), body)
        log(state, f"cut {number}", text(STORY[:4], SENTENCES[number : number + 3]))
    for number in (0, 7, 55, 150, 169):
        assert str(number) in found(copies, f"Rives. {bodies[number]}")
    assert list((tmp_path / "postings").iterdir())
    for path in (tmp_path / "postings").iterdir():
        path.unlink()
    again = index(state, tmp_path)
    for number in (0, 7, 55, 150, 169):
        assert found(again, bodies[number]) == found(copies, bodies[number])


def test_what_was_let_go_of_is_not_found(state: State, tmp_path: Path) -> None:
    copies = index(state, tmp_path)
    log(state, "a", text(STORY))
    assert found(copies, text(STORY)) == ["a"]
    state.fingerprints.forget("a")
    assert found(copies, text(STORY)) == []
