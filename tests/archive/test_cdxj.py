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
        ("http://example.org:port/", "http://example.org:port/"),
    ],
)
def test_a_key_is_the_host_turned_round_and_the_path(url: str, key: str) -> None:
    assert url_key(url) == key
