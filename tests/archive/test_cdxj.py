"""The keys that players search an index by."""

from __future__ import annotations

import pytest

from crawler.archive.cdxj import url_key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.Example.org/", "org,example)/"),
        ("https://www2.example.org", "org,example)/"),
        ("http://example.org:80/A/b.html", "org,example)/a/b.html"),
        ("https://example.org:8443/", "org,example:8443)/"),
        ("http://example.org/?b=2&a=1", "org,example)/?a=1&b=2"),
        ("http://example.org/a/", "org,example)/a"),
        ("http://example.org/a/?b=2&a=1#c", "org,example)/a?a=1&b=2"),
        ("http://example.org./a//b/../c/.", "org,example)/a/c"),
        ("http://example.org/%C3%89t%C3%A9/", "org,example)/%c3%89t%c3%a9"),
        ("http://example.org/été", "org,example)/%c3%a9t%c3%a9"),
        ("http://example.org/(a)%28b%7Ec d", "org,example)/(a)(b~c%20d"),
        ("http://127.0.0.1:8000/a/", "1,0,0,127:8000)/a"),
        ("http://example.org:port/", "http://example.org:port/"),
    ],
)
def test_a_key_is_the_host_turned_round_and_the_path(url: str, key: str) -> None:
    assert url_key(url) == key
