from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.archive.reader import Page
from crawler.errors import ConfigurationError
from crawler.spiders.selecting import Selection


def page(url: str = "https://www.example.org/a", day: int = 15, hour: int = 12) -> Page:
    return Page("<urn:x>", url, datetime(2026, 11, day, hour, tzinfo=UTC), 200, (), b"")


def test_everything_is_wanted_unless_something_is_named() -> None:
    assert Selection.of(None, None, []).takes(page())
    assert str(Selection.of(None, None, [])) == ""


@pytest.mark.parametrize(
    ("since", "until", "taken"),
    [
        ("2026-11-15", None, True),
        ("2026-11-16", None, False),
        (None, "2026-11-15", True),  # the whole day
        (None, "2026-11-14", False),
        (None, "2026-11-15T12:00", False),
        ("2026-11-15T13:00+02:00", "2026-11-15", True),
    ],
)
def test_days_are_whole_and_times_are_times(
    since: str | None, until: str | None, taken: bool
) -> None:
    assert Selection.of(since, until, []).takes(page()) is taken


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://example.org/", True),
        ("https://www.example.org:8080/a", True),
        ("https://myexample.org/", False),
        ("https://example.org.evil.com/", False),
        ("https://[broken/", False),
    ],
)
def test_a_domain_takes_the_hosts_below_it(url: str, taken: bool) -> None:
    assert Selection.of(None, None, ["Example.org"]).takes(page(url)) is taken


@pytest.mark.parametrize(
    ("since", "until", "domains"),
    [
        ("yesterday", None, []),
        ("2026-11-16", "2026-11-14", []),
        (None, None, ["https://example.org/"]),
        (None, None, [""]),
    ],
)
def test_a_mistake_is_told(since: str | None, until: str | None, domains: list[str]) -> None:
    with pytest.raises(ConfigurationError):
        Selection.of(since, until, domains)


def test_the_same_selection_has_the_same_name_and_another_another() -> None:
    one = str(Selection.of("2026-11-01", None, ["b.example", "a.example"]))
    assert one == str(Selection.of("2026-11-01T00:00Z", None, ["a.example", "b.example"]))
    assert one != str(Selection.of(None, "2026-10-31", ["a.example", "b.example"]))
