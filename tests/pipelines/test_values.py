from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from crawler.items import Block
from pipelines.values import (
    MAX_COUNT,
    MAX_DATE_AHEAD,
    MAX_NAME_CHARS,
    MAX_NAMES,
    MAX_URL_CHARS,
    Flaw,
    Tell,
    count,
    date,
    elements,
    name,
    names,
    prose,
    repair,
    truth,
    url,
)

DOWNLOADED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def moment(value: object, tell: Tell) -> datetime | None:
    return date(value, DOWNLOADED, tell)


def line(value: object, tell: Tell) -> str | None:
    return prose(value, 10, tell)


@pytest.mark.parametrize(
    ("read", "value", "left", "flaw"),
    [
        (repair, "a\0b", "ab", Flaw.NUL),
        (repair, ["\ud83d"], ("\ufffd",), Flaw.SURROGATE),
        (line, "mot " * 5, "mot mot mo", Flaw.TOO_LONG),
        (line, 7, None, Flaw.WRONG_TYPE),
        (line, "\u200b\u202e", None, Flaw.BLANK),
        (name, "x" * (MAX_NAME_CHARS + 1), None, Flaw.TOO_LONG),
        (name, {"name": "Léa"}, None, Flaw.WRONG_TYPE),
        (names, ("Léa", 7), ("Léa",), Flaw.WRONG_TYPE),
        (names, 7, (), Flaw.WRONG_TYPE),
        (names, ("Léa",) * (MAX_NAMES + 1), ("Léa",) * MAX_NAMES, Flaw.TOO_MANY),
        (url, "javascript:alert(1)", None, Flaw.NO_URL),
        (url, "https://a.b/" + "c" * MAX_URL_CHARS, None, Flaw.NO_URL),
        (url, ["https://a.b/"], None, Flaw.NO_URL),
        (moment, "2026-11-20", None, Flaw.WRONG_TYPE),
        (moment, datetime(2026, 11, 20), None, Flaw.NO_ZONE),  # noqa: DTZ001 - the point
        (moment, datetime(1, 1, 1, tzinfo=UTC), None, Flaw.TOO_EARLY),
        (moment, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), None, Flaw.TOO_EARLY),
        (moment, DOWNLOADED + timedelta(days=7), None, Flaw.AHEAD),
        (moment, datetime(9999, 12, 31, tzinfo=timezone(-timedelta(hours=12))), None, Flaw.AHEAD),
        (count, True, None, Flaw.WRONG_TYPE),
        (count, 1.5, None, Flaw.WRONG_TYPE),
        (count, -1, None, Flaw.OUT_OF_RANGE),
        (count, MAX_COUNT + 1, None, Flaw.OUT_OF_RANGE),
        (truth, "no", None, Flaw.WRONG_TYPE),
        (truth, 0, None, Flaw.WRONG_TYPE),
    ],
)
def test_a_flaw_is_mended_and_told(
    read: Callable[[Any, Tell], object], value: object, left: object, flaw: Flaw
) -> None:
    told: list[Flaw] = []
    assert read(value, told.append) == left
    assert told == [flaw]


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (repair, "ab 😀"),
        (repair, (1, None, 2.5)),
        (line, "mot"),
        (name, "Léa"),
        (names, ("Léa", "Anne")),
        (url, "https://a.b/c"),
        (moment, DOWNLOADED + MAX_DATE_AHEAD),
        (count, 0),
        (truth, False),
        *((read, None) for read in (repair, line, name, url, moment, count, truth)),
    ],
)
def test_what_is_sound_passes_as_it_is_and_nothing_is_told(
    read: Callable[[Any, Tell], object], value: object
) -> None:
    told: list[Flaw] = []
    assert read(value, told.append) == value
    assert told == []


def test_what_is_sound_stays_the_object_it_is() -> None:
    block = Block("heading", "Der Zug fährt wieder", 2)
    told: list[Flaw] = []
    assert repair(block, told.append) is block
    assert not told
    assert repair(replace(block, text="Der\0 Zug"), told.append) == replace(block, text="Der Zug")


def test_half_pairs_that_belong_together_become_their_character() -> None:
    assert repair({"a": ("\ud83d\ude00",)}, lambda flaw: None) == {"a": ("😀",)}


def test_of_a_list_only_the_kind_that_was_asked_for_is_left() -> None:
    assert elements(("a", 1, None), str, lambda flaw: None) == ("a",)
    assert elements(None, str, lambda flaw: None) == ()


def test_ten_million_characters_cost_no_more_than_their_length() -> None:
    started = time.process_time()
    for piece in ("a", "\0", "\ud83d", " ", "\u202e"):
        line(repair(piece * 10_000_000, lambda flaw: None), lambda flaw: None)
    assert time.process_time() - started < 10
