"""One article has one identity, two articles have two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.urls import (
    article_id,
    identity_url,
    registrable_domain,
    resolve,
    same_site,
)

ARTICLE = "https://example.com/2026/11/23/le-budget-2026"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/2026/11/23/le-budget-2026",
        "HTTPS://Example.COM/2026/11/23/le-budget-2026",
        "https://example.com./2026/11/23/le-budget-2026",
        "https://example.com:443/2026/11/23/le-budget-2026",
        "http://example.com:80/2026/11/23/le-budget-2026",
        "https://reader@example.com/2026/11/23/le-budget-2026",
        "https://www.example.com/2026/11/23/le-budget-2026/",
        "https://m.example.com/2026/11/23/le-budget-2026",
        "https://mobile.example.com/2026/11/23/le-budget-2026",
        "https://amp.example.com/2026/11/23/le-budget-2026",
        "https://example.com/2026/11/23/le-budget-2026/amp/",
        "https://example.com/amp/2026/11/23/le-budget-2026",
        "https://example.com/2026/11/23/le-budget-2026?amp",
        "https://example.com/2026/11/23/le-budget-2026?amp=1",
        "https://example.com/2026/11/23/le-budget-2026?outputType=amp",
        "https://example.com/2026/11/23/le-budget-2026.amp",
        "https://example.com/2026/11/23/le-budget-2026#commentaires",
        "https://example.com/2026/11/23/le-budget-2026#!reactions",
        "https://example.com/2026/11/23/le-budget-2026#:~:text=le%20budget",
        "https://example.com//2026/11//23/./x/../le-budget-2026",
        "https://example.com/2026/11/23/le-b%75dget%2D2026",
        "https://example.com/2026/11/23/le-budget-2026?utm_source=a&utm_campaign=b",
        "https://example.com/2026/11/23/le-budget-2026?xtor=RSS-16&at_medium=mail&ns_campaign=x",
        "https://example.com/2026/11/23/le-budget-2026?fbclid=x&gclid=y&msclkid=z&mc_cid=1&mc_eid=2",
        "https://example.com/2026/11/23/le-budget-2026?ref=rss",
        "https://example.com/2026/11/23/le-budget-2026?share=twitter&replytocom=12",
        "https://example.com/2026/11/23/le-budget-2026;jsessionid=0A1B2C3D4E.node1",
        "https://example.com/2026/11/23/le-budget-2026?PHPSESSID=8b1c9f",
        "https://example.com/2026/11/23/le-budget-2026?sid=9d4e1e23bd5b727046a9e3b4b7db57bd",
        "  https://example.com/2026/11/23/le-budget-2026\n",
    ],
)
def test_every_address_of_an_article_is_the_same_article(address: str) -> None:
    assert identity_url(address) == ARTICLE
    assert article_id(address) == article_id(ARTICLE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/?p=12", "https://example.com/?p=13"),
        ("https://example.com/a?id=1", "https://example.com/a?id=2"),
        ("https://example.com/a?12345", "https://example.com/a?12346"),
        ("https://example.com/a?sid=123456789012345678901234567", "https://example.com/a"),
        ("https://example.com/a?ref=4711", "https://example.com/a?ref=4712"),
        ("https://example.com/a?s=budget", "https://example.com/a?s=police"),
        ("https://example.com/a?x=1&x=2", "https://example.com/a?x=2&x=1"),
        ("https://example.com/A-1", "https://example.com/a-1"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/a?q=x%26y=1", "https://example.com/a?q=x&y=1"),
        ("https://example.com:8080/a", "https://example.com/a"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a"),
        ("https://fr.example.com/a", "https://de.example.com/a"),
        ("https://example.com/mot/amp", "https://example.com/mot"),
        ("https://faß.example/a", "https://fass.example/a"),
    ],
)
def test_different_articles_are_never_merged(one: str, other: str) -> None:
    assert identity_url(one) != identity_url(other)
    assert article_id(one) != article_id(other)


@pytest.mark.parametrize(
    ("address", "identity"),
    [
        ("http://example.com", "https://example.com/"),
        ("https://example.com/?b=2&a=1&utm_id=3", "https://example.com/?a=1&b=2"),
        (
            "https://example.com/?p=12&amp;utm_source=x&amp;lang=fr",
            "https://example.com/?lang=fr&p=12",
        ),
        ("https://example.com/?q=un+été", "https://example.com/?q=un%20%C3%A9t%C3%A9"),
        ("https://example.com/l’été", "https://example.com/l%E2%80%99%C3%A9t%C3%A9"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://bücher.example/%c3%a9", "https://xn--bcher-kva.example/%C3%A9"),
        ("https://fr.m.example.org/wiki/Lune", "https://fr.example.org/wiki/Lune"),
        ("https://example.com/lune-1.amp.html", "https://example.com/lune-1.html"),
        ("http://[2001:DB8:0:0::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        ("http://www.localhost:8000/a", "https://www.localhost:8000/a"),
        ("https://m.co.uk/a", "https://m.co.uk/a"),
        ("https://www.com/a", "https://www.com/a"),
        ("https://m.blogspot.com/a", "https://m.blogspot.com/a"),
    ],
)
def test_an_identity_is_spelled_in_one_way(address: str, identity: str) -> None:
    assert identity_url(address) == identity


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/a",
        "//example.com/a",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "mailto:a@example.com",
        "javascript:void(0)",
        "https://",
        "https:///a",
        "https://example.com:port/a",
        "https://example.com:99999/a",
        "https://[::1/a",
        "https://a..b/",
        "https://exa mple.com/",
        "https://exam%70le.com/",
    ],
)
def test_what_is_no_web_address_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+\.$"):
        identity_url(text)
    assert resolve(text, text) is None


_HOSTS = st.sampled_from(
    ["example.com", "WWW.m.Example.co.uk", "amp.bücher.example", "127.0.0.1", "[::1]", "localhost"]
)
_SEGMENTS = st.sampled_from(
    [
        "amp",
        "a",
        "x-1",
        "x-1.amp",
        "y-2.amp.html",
        "amp.amp",
        "...amp",
        "..",
        ".",
        "",
        "%2e%2E",
        "é",
        "%",
        "%4",
        "%%34",
        ";jsessionid=1",
        "a;b",
        "%2F",
        "amp.html",
    ]
)
_PARAMETERS = st.sampled_from(
    [
        "p=1",
        "p=2",
        "12",
        "amp",
        "amp=1",
        "amp;p=3",
        "amp;amp;utm_x=1",
        "%75tm_source=1",
        "ref=rss",
        "q=a+b",
        "q=%20",
        "a=%",
        "é=ü",
        "a;b",
        "?",
        "=",
        "&",
    ]
)


@st.composite
def _addresses(draw: st.DrawFn) -> str:
    scheme = draw(st.sampled_from(["http", "https", "HTTP"]))
    port = draw(st.sampled_from(["", ":", ":80", ":443", ":8080"]))
    path = "/".join(draw(st.lists(_SEGMENTS | st.text(max_size=4), max_size=6)))
    query = "&".join(draw(st.lists(_PARAMETERS | st.text(max_size=6), max_size=5)))
    return f"{scheme}://{draw(_HOSTS)}{port}/{path}?{query}"


@given(_addresses())
def test_an_identity_is_its_own_identity(address: str) -> None:
    identity = identity_url(address)
    assert identity_url(identity) == identity
    assert identity.isascii()


@given(st.text() | st.text().map("http://".__add__))
def test_any_text_has_an_identity_or_is_refused(text: str) -> None:
    try:
        identity = identity_url(text)
    except ValueError:
        return
    assert identity_url(identity) == identity


@given(st.text() | _addresses(), st.text())
def test_what_a_link_resolves_to_has_an_identity(base: str, reference: str) -> None:
    address = resolve(base, reference)
    if address is not None:
        assert identity_url(address).startswith("https://")
        assert "#" not in address


def test_an_article_id_is_the_blake2b_128_of_the_identity() -> None:
    assert article_id("http://www.example.com/?utm_source=x") == article_id("https://example.com/")
    assert article_id("https://example.com/") == "3259687d649f8e86106dd28ba70f1016"


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.politique.example.co.uk/a", "example.co.uk"),
        ("https://example.fr:8443/", "example.fr"),
        ("https://un-blog.blogspot.com/2026/", "un-blog.blogspot.com"),
        ("http://127.0.0.1:8000/a", "127.0.0.1"),
        ("http://[::1]/a", "::1"),
        ("http://gazette.localhost:8000/", "gazette.localhost"),
        ("https://www.bücher.de/", "xn--bcher-kva.de"),
    ],
)
def test_the_registrable_domain_is_what_someone_registered(address: str, domain: str) -> None:
    assert registrable_domain(address) == domain


def test_two_blogs_on_one_host_are_two_sites() -> None:
    assert same_site("https://www.example.com/a", "http://blog.example.com:8080/b")
    assert not same_site("https://un.blogspot.com/a", "https://deux.blogspot.com/a")
    assert not same_site("https://example.com/a", "https://example.org/a")
    assert not same_site("https://example.com/a", "mailto:redaction@example.com")


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("/a#b", "https://example.com/a"),
        ("?page=2", "https://example.com/x/y?page=2"),
        ("//cdn.example.com/a", "https://cdn.example.com/a"),
        (" ../z ", "https://example.com/z"),
        ("", None),
        (None, None),
        ("javascript:void(0)", None),
        ("tel:+33100000000", None),
        ("http://[bad", None),
    ],
)
def test_a_link_is_resolved_as_a_browser_would(reference: str | None, address: str | None) -> None:
    assert resolve("https://example.com/x/y", reference) == address
