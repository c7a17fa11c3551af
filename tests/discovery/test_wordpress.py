"""The addresses WordPress understands, and the answers it gives."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.candidate import Candidate
from crawler.discovery.wordpress import POSTS_PER_PAGE, Posts, parse_posts, posts_url
from crawler.errors import Reason, Refusal
from tests.discovery.mutations import mutations

URL = "https://www.gazette.example/wp-json/wp/v2/posts"

POSTS = json.dumps(
    [
        {
            "id": 12,
            "date_gmt": "2026-11-20T09:30:00",
            "modified_gmt": "2026-11-21T09:30:00",
            "link": "https://www.gazette.example/2026/11/20/l-eau/",
            "title": {"rendered": "L&rsquo;eau &#8211; <em>et le vin</em>"},
        },
        {"id": 13, "link": "https://www.gazette.example/?p=13", "date_gmt": "0000-00-00T00:00:00"},
        {"id": 14, "link": None},
    ]
)


@pytest.mark.parametrize(
    ("root", "start"),
    [
        ("https://a.example/wp-json/", "https://a.example/wp-json/wp/v2/posts?per_page="),
        ("https://a.example/wp-json", "https://a.example/wp-json/wp/v2/posts?per_page="),
        ("https://a.example/blog/wp-json/", "https://a.example/blog/wp-json/wp/v2/posts?per_page="),
        (
            "https://a.example/wp-json/?lang=fr",
            "https://a.example/wp-json/wp/v2/posts?lang=fr&per_page=",
        ),
        ("https://a.example/?rest_route=/", "https://a.example/?rest_route=/wp/v2/posts&per_page="),
        (
            "https://a.example/blog/index.php?rest_route=/",
            "https://a.example/blog/index.php?rest_route=/wp/v2/posts&per_page=",
        ),
    ],
)
def test_the_posts_are_below_the_root_with_and_without_permalinks(root: str, start: str) -> None:
    assert posts_url(root).startswith(start)


def test_pages_are_asked_for_in_an_order_that_new_posts_do_not_shift() -> None:
    query = parse_qs(urlsplit(posts_url("https://a.example/wp-json/", page=3)).query)
    assert query["page"] == ["3"]
    assert query["per_page"] == [str(POSTS_PER_PAGE)]
    assert (query["orderby"], query["order"]) == (["id"], ["asc"])
    assert query["_fields"] == ["id,link,date_gmt,modified_gmt,title"]
    assert "modified_after" not in query


def test_a_moment_is_given_with_its_zone_or_wordpress_takes_it_for_local_time() -> None:
    paris = timezone(timedelta(hours=1))
    url = posts_url(
        "https://a.example/?rest_route=/",
        modified_after=datetime(2026, 11, 23, 0, 30, 5, 999_999, tzinfo=paris),
    )
    assert url.endswith("&modified_after=2026-11-22T23:30:05Z")


def test_posts_carry_their_dates_in_utc_and_a_title_without_markup() -> None:
    posts = parse_posts(POSTS.encode(), URL)
    assert posts == Posts(
        (
            Candidate(
                url="https://www.gazette.example/2026/11/20/l-eau/",
                found_by="wordpress",
                date_published=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
                date_modified=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
                title="L’eau – et le vin",
            ),
            Candidate(url="https://www.gazette.example/?p=13", found_by="wordpress"),
        ),
        count=3,
    )


def test_no_posts_and_a_page_after_the_last_are_pages_without_posts() -> None:
    past = (
        b'{"code":"rest_post_invalid_page_number","message":"\xe2\x80\xa6","data":{"status":400}}'
    )
    assert parse_posts(b"[]", URL) == Posts((), 0)
    assert parse_posts(past, URL) == Posts((), 0)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"code":"rest_no_route","message":"x","data":{"status":404}}', "rest_no_route"),
        (b'{"code":"rest_forbidden","message":"x","data":{"status":401}}', "rest_forbidden"),
        (b"<!doctype html><html><body>404</body></html>", "no answer"),
        (b'{"name":"La Gazette","routes":{}}', "no answer"),
        (b'[{"name":"a"}]', "not of posts"),
        (b"[[[[", "no answer"),
        (b"[" * 100_000, "no answer"),
        (b"", "no answer"),
    ],
)
def test_an_error_or_another_page_is_refused_with_what_was_said(body: bytes, detail: str) -> None:
    refusal = parse_posts(body, URL)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.UNREADABLE_LISTING
    assert detail in refusal.detail


@given(st.binary() | mutations([POSTS]))
def test_any_bytes_are_posts_or_a_refusal(body: bytes) -> None:
    assert isinstance(parse_posts(body, URL), Posts | Refusal)
