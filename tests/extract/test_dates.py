from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.dates import date_in_url, parse_date


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2025-06-03T08:00:00+02:00", None, "2025-06-03T08:00:00+02:00"),
        ("2025-06-03T08:00:00+0200", None, "2025-06-03T08:00:00+02:00"),
        ("2025-06-03 08:00:00 +0200", None, "2025-06-03T08:00:00+02:00"),
        ("2025-06-03T08:00:00.1234567Z", None, "2025-06-03T08:00:00.123456+00:00"),
        ("2025-06-03", None, "2025-06-03T00:00:00+00:00"),
        ("20250603T0800", None, "2025-06-03T08:00:00+00:00"),
        ("Tue, 03 Jun 2025 08:00:00 +0200", None, "2025-06-03T08:00:00+02:00"),
        ("1748930400", None, "2025-06-03T06:00:00+00:00"),
        ("3 juin 2025 à 8 h 05", "fr-FR", "2025-06-03T08:05:00+00:00"),
        ("1er août 2024", "fr", "2024-08-01T00:00:00+00:00"),
        ("June 3, 2025 8:05 pm", "en", "2025-06-03T20:05:00+00:00"),
        ("3. März 2025", "de", "2025-03-03T00:00:00+00:00"),
        ("03.06.2025", "de", "2025-06-03T00:00:00+00:00"),
        ("3 czerwca 2025", "pl", "2025-06-03T00:00:00+00:00"),
        ("2025年6月3日", "ja", "2025-06-03T00:00:00+00:00"),
        ("3 października 2025", None, "2025-10-03T00:00:00+00:00"),
        ("2025 Jun 3", "en", "2025-06-03T00:00:00+00:00"),
        ("3. kesäkuuta 2025", "fi", "2025-06-03T00:00:00+00:00"),
        ("3. 6. 2025", "cs", "2025-06-03T00:00:00+00:00"),
        ("2025年06月03日 08:05:32", None, "2025-06-03T08:05:00+00:00"),
        ("2025년 6월 3일", None, "2025-06-03T00:00:00+00:00"),
        ("25-06-03 08:05", "zh", "2025-06-03T08:05:00+00:00"),
        ("25.06.03", "ko-KR", "2025-06-03T00:00:00+00:00"),
        ("03.06.25", "de", "2025-06-03T00:00:00+00:00"),
        ("2025. 6. 3.", "ko", "2025-06-03T00:00:00+00:00"),
    ],
)
def test_dates_are_read_as_publishers_write_them(
    text: str, language: str | None, expected: str
) -> None:
    moment = parse_date(text, language)
    assert moment is not None
    assert moment.isoformat() == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "0000-00-00", "1970-01-01T00:00:00Z", "2025-13-45", "31 février 2025"]
)
def test_what_is_no_real_date_is_none(text: str) -> None:
    assert parse_date(text, "fr") is None


def test_a_date_in_the_future_is_none() -> None:
    assert parse_date((datetime.now(UTC) + timedelta(days=3)).isoformat()) is None
    assert parse_date((datetime.now(UTC) - timedelta(minutes=3)).isoformat()) is not None


def test_the_day_in_a_url_is_a_date_and_other_numbers_are_not() -> None:
    assert date_in_url("https://a.example/2025/06/03/pont") == datetime(2025, 6, 3, tzinfo=UTC)
    assert date_in_url("https://a.example/2025/02/31/pont") is None
    assert date_in_url("https://a.example/2025/MONDE/06/03/le.pont/") is not None
    assert date_in_url("https://a.example/2025/ponts_et_gues/6/3/pont/") is not None
    assert date_in_url("https://a.example/yw/202506/t20250603_693227.shtml") is not None
    assert date_in_url("https://a.example/2025/ponts/6/3.html") is None
    assert date_in_url("https://a.example/article-20250603") is None


@given(st.text(max_size=100), st.sampled_from([None, "fr", "zz", "en-US"]))
def test_any_text_gives_an_aware_date_or_none(text: str, language: str | None) -> None:
    moment = parse_date(text, language)
    assert moment is None or moment.utcoffset() is not None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("25.04.24 | 14:07", "de", "2024-04-25T14:07:00+00:00"),
        ("03/06/2025", "fr", "2025-06-03T00:00:00+00:00"),
        ("03/06/2025 05:22 pm", "en-US", "2025-03-06T17:22:00+00:00"),
        ("03/06/2025", "en-GB", "2025-06-03T00:00:00+00:00"),
        ("2025.6.3", "ko", "2025-06-03T00:00:00+00:00"),
        ("31/02/2025", "fr", None),
    ],
)
def test_figures_are_read_in_the_order_of_the_language(
    text: str, language: str, expected: str | None
) -> None:
    moment = parse_date(text, language)
    assert (moment.isoformat() if moment else None) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/20250603/k00/1", "2025-06-03"),
        ("/A2025060314320005196", "2025-06-03"),
        ("/pont-20250603", None),
        ("/20259903/k00", None),
        ("/12025060314320005196", None),
        ("/202506031/", None),
        ("/?id=20250603", None),
    ],
)
def test_a_run_of_digits_in_a_url_is_a_day_where_it_can_be_no_number(
    path: str, expected: str | None
) -> None:
    moment = date_in_url(f"https://gazette.example{path}")
    assert (moment and moment.date().isoformat()) == expected
