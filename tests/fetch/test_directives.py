from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.fetch.directives import directives_for, expiry, split


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        (["noindex, nofollow"], ("noindex", "nofollow")),
        (["NoIndex"], ("noindex",)),
        (["googlebot: noindex"], ()),
        (["Colporteur: noindex, noarchive"], ("noindex", "noarchive")),
        (["noarchive", "otherbot: noindex", "colporteur: nosnippet"], ("noarchive", "nosnippet")),
        (["otherbot: noindex, colporteur: noai"], ("noai",)),
        (["max-snippet:0, max-image-preview:large"], ("max-snippet:0", "max-image-preview:large")),
        (
            ["unavailable_after: Friday, 25-Jun-10 15:00:00 GMT, noarchive"],
            ("unavailable_after: friday, 25-jun-10 15:00:00 gmt", "noarchive"),
        ),
        (["mj12bot: nofollow, noindex"], ()),
        (["*: noindex", "robots: noai"], ("noindex", "noai")),
        (["noindex nofollow"], ("noindex", "nofollow")),
        (["noindex; noai"], ("noindex", "noai")),
        (
            ["otherbot: unavailable_after: Wed, 3 Dec 2025 10:00 GMT, noindex"],
            (),
        ),
        (["", " , ,"], ()),
        ([], ()),
    ],
)
def test_headers_are_for_everyone_for_us_or_for_others(
    headers: list[str], ours: tuple[str, ...]
) -> None:
    assert directives_for(headers, "colporteur") == ours


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("unavailable_after: 25 Jun 2010 15:00:00 PST",
         datetime(2010, 6, 25, 15, tzinfo=timezone(timedelta(hours=-8)))),
        ("unavailable_after: Friday, 25-Jun-10 15:00:00 GMT",
         datetime(2010, 6, 25, 15, tzinfo=UTC)),
        ("noindex, unavailable_after:2026-09-21", datetime(2026, 9, 21, tzinfo=UTC)),
        ("unavailable_after: 2026-09-21T10:00:00+02:00, noarchive",
         datetime(2026, 9, 21, 8, tzinfo=UTC)),
        ("unavailable_after: 2026-09-21T10:00:00Z", datetime(2026, 9, 21, 10, tzinfo=UTC)),
        ("unavailable_after: 25 Jun 2010, noai", datetime(2010, 6, 25, tzinfo=UTC)),
        ("unavailable_after: June 25, 2010", datetime(2010, 6, 25, tzinfo=UTC)),
        ("unavailable_after: Friday, 25 June 2010", datetime(2010, 6, 25, tzinfo=UTC)),
        ("unavailable_after: soon", None),
        ("unavailable_after", None),
        ("noindex", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_page_may_say_until_when_it_is_there(text: str, moment: datetime | None) -> None:
    assert expiry(tuple(split(text))) == moment
