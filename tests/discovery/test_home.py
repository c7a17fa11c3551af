"""What sites say about their own feeds, sitemaps and APIs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.home import Endpoints, find_endpoints, sitemaps_of_robots
from crawler.errors import Refusal
from tests.discovery.mutations import mutations

URL = "https://www.gazette.example/"

HOME = """<!doctype html>
<html lang="fr-FR"><head><meta charset="utf-8">
<title>La Gazette – l’actualité de Nantes</title>
<meta property="og:site_name" content="La Gazette">
<link rel="alternate" type="application/rss+xml" title="La Gazette" href="/feed/">
<link rel="alternate" type="application/rss+xml" title="Commentaires" href="/comments/feed/">
<link rel="ALTERNATE" type="Application/Atom+XML; charset=utf-8" href="/atom.xml">
<link rel="alternate" type="application/feed+json" href="/feed.json">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" type="application/json+oembed" href="/wp-json/oembed/1.0/embed?url=x">
<link rel="alternate" type="text/xml+oembed" href="/wp-json/oembed/1.0/embed?url=x&format=xml">
<link rel="alternate" hreflang="en" href="/en/">
<link rel="https://api.w.org/" href="/wp-json/">
<link rel="sitemap" type="application/xml" href="/plan.xml">
<link rel="stylesheet" href="/style.css">
</head><body>
<a href="https://www.gazette.example/feed">S’abonner</a>
<a href="/sport/rss.xml">Sport</a>
<a href="https://feeds.burner.example/gazette/rss">Flux</a>
<a href="https://elsewhere.example/rss.xml">Un autre</a>
<a href="/2026/11/23/le-feed-back-des-lecteurs/">Le feed-back</a>
</body></html>"""


def endpoints_of(page: bytes, headers: Sequence[str] = ()) -> Endpoints:
    found = find_endpoints(page, URL, headers)
    assert isinstance(found, Endpoints)
    return found


def test_a_home_page_names_its_feeds_sitemap_and_api() -> None:
    assert find_endpoints(HOME.encode(), URL) == Endpoints(
        feeds=(
            "https://www.gazette.example/feed/",
            "https://www.gazette.example/atom.xml",
            "https://www.gazette.example/feed.json",
            "https://www.gazette.example/sport/rss.xml",
            "https://feeds.burner.example/gazette/rss",
        ),
        sitemaps=("https://www.gazette.example/plan.xml",),
        wordpress=("https://www.gazette.example/wp-json/",),
        language="fr-FR",
        title="La Gazette",
    )


def test_link_headers_are_read_as_rfc_8288_writes_them() -> None:
    headers = [
        '<https://www.gazette.example/index.php?rest_route=/>; rel="https://api.w.org/"',
        "</a,b.css>; rel=preload; as=style, </flux.xml>;rel=alternate;type=application/rss+xml",
        '</wp-json/wp/v2/pages/2>; rel="alternate"; title="JSON, v2"; type="application/json"',
    ]
    endpoints = endpoints_of(b"", headers)
    assert endpoints.wordpress == ("https://www.gazette.example/index.php?rest_route=/",)
    assert endpoints.feeds == ("https://www.gazette.example/flux.xml",)


def test_links_go_from_the_base_that_the_page_names() -> None:
    page = (
        b'<base href="https://cdn.gazette.example/x/">'
        b'<link rel="alternate" type="application/rss+xml" href="rss">'
    )
    assert endpoints_of(page).feeds == ("https://cdn.gazette.example/x/rss",)


@pytest.mark.parametrize(
    ("page", "language", "title"),
    [
        ('<html xml:lang="pt_BR"><title> O \n Diário </title>', "pt-BR", "O Diário"),
        ('<meta property="og:locale" content="de_DE">', "de-DE", None),
        ('<html lang=""><meta http-equiv="Content-Language" content="en">', "en", None),
        ("<p>rien", None, None),
    ],
)
def test_language_and_title_are_the_pages_own(
    page: str, language: str | None, title: str | None
) -> None:
    endpoints = endpoints_of(page.encode())
    assert (endpoints.language, endpoints.title) == (language, title)


def test_a_page_in_another_encoding_keeps_its_accents() -> None:
    page = '<meta charset="iso-8859-1"><title>L\'été</title>'.encode("latin-1")
    assert endpoints_of(page).title == "L'été"


def test_robots_names_sitemaps_on_any_host() -> None:
    robots = (
        "\ufeffUser-agent: *\r\nDisallow: /wp-admin/\r\n"
        "Sitemap: https://www.gazette.example/sitemap.xml\r\n"
        "SITEMAP:/news.xml # chaque heure\r\n"
        "sitemap : https://cdn.example/gazette.xml.gz\n"
        "Sitemap:\nSitemap: http://www.gazette.example/sitemap.xml\n"
        "# Sitemap: https://www.gazette.example/old.xml\n"
    )
    assert sitemaps_of_robots(robots.encode(), "https://www.gazette.example/robots.txt") == (
        "https://www.gazette.example/sitemap.xml",
        "https://www.gazette.example/news.xml",
        "https://cdn.example/gazette.xml.gz",
    )


@given(st.binary() | mutations([HOME]), st.lists(st.text(), max_size=2))
def test_any_bytes_and_headers_give_endpoints(body: bytes, headers: list[str]) -> None:
    assert isinstance(find_endpoints(body, URL, headers), Endpoints | Refusal)
    assert isinstance(sitemaps_of_robots(body, URL), tuple)
