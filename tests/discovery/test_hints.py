"""Dates, languages and titles in the spellings that listings use."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.hints import iso_date, language_tag, plain_text


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-11-23T07:15:30+01:00", datetime(2026, 11, 23, 6, 15, 30, tzinfo=UTC)),
        ("2026-11-23T07:15:30Z", datetime(2026, 11, 23, 7, 15, 30, tzinfo=UTC)),
        ("2026-11-23 07:15", datetime(2026, 11, 23, 7, 15, tzinfo=UTC)),
        (" 2026-11-23 ", datetime(2026, 11, 23, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("0000-00-00T00:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("hier", None),
        ("", None),
        (None, None),
        (1_700_000_000, None),
    ],
)
def test_dates_are_read_in_utc_or_not_at_all(text: object, date: datetime | None) -> None:
    assert iso_date(text) == date


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("fr", "fr"),
        (" pt_BR ", "pt-BR"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("français", None),
        (None, None),
    ],
)
def test_languages_are_bcp_47_tags(text: object, tag: str | None) -> None:
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("L&rsquo;eau <b>monte</b>\n à  Nantes", "L’eau monte à Nantes"),
        ("Moins de 3 < 5 > 2 degrés", "Moins de 3 < 5 > 2 degrés"),
        ("<i></i>", None),
        ({"rendered": "x"}, None),
    ],
)
def test_titles_lose_their_markup_and_nothing_else(text: object, title: str | None) -> None:
    assert plain_text(text) == title


@given(st.text())
def test_any_text_is_a_hint_or_none(text: str) -> None:
    date = iso_date(text)
    assert date is None or date.tzinfo is UTC
    plain_text(text)
    language_tag(text)
