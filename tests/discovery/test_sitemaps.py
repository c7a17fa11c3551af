"""Sitemaps as sites really serve them: packed, plain, misnamed, cut, and some that are none."""

from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import sitemaps
from crawler.discovery.candidate import Candidate
from crawler.discovery.sitemaps import (
    ChildSitemap,
    Sitemap,
    is_article_sitemap,
    newest_first,
    parse_sitemap,
)
from crawler.errors import Reason, Refusal
from tests.discovery.mutations import mutations

URL = "https://www.gazette.example/sitemap.xml"

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="/wp-sitemap.xsl"?>
<!-- made nightly -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
  xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
  <url>
    <image:image><image:loc>https://cdn.gazette.example/une.jpg</image:loc></image:image>
    <loc> https://www.gazette.example/2026/11/23/l-eau-monte?a=1&amp;b=2
    </loc>
    <lastmod>2026-11-23T10:00:00+01:00</lastmod>
    <video:video><video:title>La vidéo</video:title>
      <video:publication_date>2020-01-01</video:publication_date></video:video>
    <news:news>
      <news:publication><news:name>La Gazette</news:name><news:language>fr</news:language>
      </news:publication>
      <news:publication_date>2026-11-23T07:15:00+01:00</news:publication_date>
      <news:title><![CDATA[L’eau monte à Nantes & alentour]]></news:title>
    </news:news>
  </url>
  <url><loc>https://www.gazette.example/plain</loc><lastmod>2026-11</lastmod></url>
  <url><loc>mailto:redaction@gazette.example</loc></url>
  <url><lastmod>2026-11-23</lastmod></url>
</urlset>"""

INDEX = """<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://www.gazette.example/post-sitemap.xml</loc><lastmod>2026-11-23</lastmod></sitemap>
<sitemap><loc>/post-sitemap2.xml.gz</loc><lastmod>yesterday</lastmod></sitemap>
</sitemapindex>"""

TEXT = "\ufeffhttps://www.gazette.example/a\r\nhttps://www.gazette.example/b\n\nno address\n"


def sitemap_of(document: str | bytes) -> Sitemap:
    sitemap = parse_sitemap(document.encode() if isinstance(document, str) else document, URL)
    assert isinstance(sitemap, Sitemap), sitemap
    return sitemap


def refusal_of(body: bytes) -> Refusal:
    refusal = parse_sitemap(body, URL)
    assert isinstance(refusal, Refusal), refusal
    return refusal


def urls_of(sitemap: Sitemap) -> list[str]:
    return [candidate.url for candidate in sitemap.candidates]


def test_a_news_sitemap_keeps_date_title_language_and_lastmod() -> None:
    assert sitemap_of(NEWS).candidates[0] == Candidate(
        url="https://www.gazette.example/2026/11/23/l-eau-monte?a=1&b=2",
        found_by="sitemap",
        date_published=datetime(2026, 11, 23, 6, 15, tzinfo=UTC),
        date_modified=datetime(2026, 11, 23, 9, tzinfo=UTC),
        title="L’eau monte à Nantes & alentour",
        language="fr",
    )


def test_an_entry_without_news_keeps_its_lastmod_and_one_without_address_is_skipped() -> None:
    second, *rest = sitemap_of(NEWS).candidates[1:]
    assert second.url == "https://www.gazette.example/plain"
    assert second.date_modified == datetime(2026, 11, 1, tzinfo=UTC)
    assert second.title is None
    assert rest == []


def test_an_index_names_its_children_with_their_dates() -> None:
    assert sitemap_of(INDEX) == Sitemap(
        children=(
            ChildSitemap(
                "https://www.gazette.example/post-sitemap.xml", datetime(2026, 11, 23, tzinfo=UTC)
            ),
            ChildSitemap("https://www.gazette.example/post-sitemap2.xml.gz"),
        )
    )


def test_a_packed_sitemap_is_unpacked_whatever_it_is_called() -> None:
    assert sitemap_of(gzip.compress(NEWS.encode())) == sitemap_of(NEWS)


def test_a_sitemap_packed_in_two_parts_is_read_whole() -> None:
    body = NEWS.encode()
    assert sitemap_of(gzip.compress(body[:500]) + gzip.compress(body[500:])) == sitemap_of(NEWS)


def test_a_packed_sitemap_that_ends_early_is_refused_as_truncated() -> None:
    assert refusal_of(gzip.compress(NEWS.encode())[:-20]).reason is Reason.TRUNCATED


def test_a_packed_sitemap_with_an_error_is_refused_for_that() -> None:
    assert refusal_of(b"\x1f\x8b\x08garbage").reason is Reason.BAD_ENCODING
    assert refusal_of(gzip.compress(b"") * 100_000).reason is Reason.BAD_ENCODING


def test_a_packed_sitemap_that_swells_beyond_the_limit_is_refused() -> None:
    bomb = gzip.compress(b" " * (sitemaps.MAX_UNPACKED_BYTES + 1))
    assert len(bomb) < 100_000
    assert refusal_of(bomb).reason is Reason.TOO_LARGE


def test_a_text_sitemap_gives_its_lines() -> None:
    assert urls_of(sitemap_of(TEXT)) == [
        "https://www.gazette.example/a",
        "https://www.gazette.example/b",
    ]


@pytest.mark.parametrize(
    "document",
    [
        NEWS.replace(' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', ""),
        NEWS.replace("http://www.sitemaps.org", "https://sitemaps.org"),
        NEWS.replace('xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', ""),
        NEWS.replace("<url>", "<URL>").replace("</url>", "</URL>"),
        "\n\n" + NEWS,
        NEWS.replace("a=1&amp;b=2", "a=1&b=2"),
    ],
    ids=["none", "other", "undeclared", "capitals", "late start", "bare ampersand"],
)
def test_namespaces_and_xml_may_be_wrong(document: str) -> None:
    assert sitemap_of(document) == sitemap_of(NEWS)


def test_a_sitemap_without_end_gives_what_it_has_and_says_so() -> None:
    cut = sitemap_of(NEWS.replace("</urlset>", ""))
    assert not cut.is_whole
    assert cut.candidates == sitemap_of(NEWS).candidates


def test_an_error_costs_no_later_address_its_ampersands() -> None:
    document = (
        "<urlset><url><loc>https://a.example/?p=1&x=2</loc></url>"
        "<url><loc>https://a.example/?p=2&amp;x=3</loc></url>"
        "<url><loc><![CDATA[https://a.example/?p=3&x=4]]></loc></url>"
        "<url><loc>https://a.example/&eacute;t&#233;</loc></url></urlset>"
    )
    assert urls_of(sitemap_of(document)) == [
        "https://a.example/?p=1&x=2",
        "https://a.example/?p=2&x=3",
        "https://a.example/?p=3&x=4",
        "https://a.example/été",
    ]


@pytest.mark.parametrize("document", [NEWS, INDEX], ids=["urlset", "index"])
def test_a_sitemap_cut_anywhere_gives_no_address_that_nobody_published(document: str) -> None:
    whole = sitemap_of(document)
    for end in range(len(document)):
        part = parse_sitemap(document[:end].encode(), URL)
        if isinstance(part, Sitemap):
            assert part.candidates == whole.candidates[: len(part.candidates)]
            assert part.children == whole.children[: len(part.children)]


def test_prefixed_sitemap_elements_are_understood() -> None:
    document = (
        '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<s:url><s:loc>https://a.example/x</s:loc></s:url></s:urlset>"
    )
    assert urls_of(sitemap_of(document)) == ["https://a.example/x"]


def test_an_empty_sitemap_is_a_sitemap() -> None:
    assert sitemap_of("<urlset/>") == Sitemap()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"not a sitemap",
        b"<!doctype html><html><body><loc>https://a.example/</loc></body></html>",
        b'<rss version="2.0"><channel><item><link>https://a.example/</link></item></channel></rss>',
        b"\x00\xff\x00",
        NEWS[: NEWS.index("</url>")].encode(),
    ],
)
def test_what_is_no_sitemap_is_refused(body: bytes) -> None:
    assert refusal_of(body).reason is Reason.UNREADABLE_LISTING


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/sitemap.dtd">',
        '<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY x "&a;&a;&a;&a;">]>',
    ],
)
def test_a_sitemap_with_a_dtd_is_refused(dtd: str) -> None:
    body = f"{dtd}<urlset><url><loc>https://a.example/&x;</loc></url></urlset>"
    assert refusal_of(body.encode()).detail == "a DTD"


def test_fifty_thousand_entries_are_read_within_the_protocols_own_limits() -> None:
    entry = NEWS[NEWS.index("<url>") : NEWS.index("</url>") + len("</url>")]
    head, tail = NEWS[: NEWS.index("<url>")], "</urlset>"
    body = (head + entry * 50_000 + tail).encode()
    started = time.process_time()
    assert len(sitemap_of(body).candidates) == 50_000
    assert (
        time.process_time() - started < 10
    )  # 2 s on an idle core; a quadratic reader takes minutes


@pytest.mark.parametrize(
    "name",
    [
        "wp-sitemap-posts-post-1.xml",
        "post-sitemap.xml",
        "post-sitemap12.xml",
        "news.xml",
        "sitemap-news.xml.gz",
        "sitemap_2026-11.xml",
        "sitemap-page-2.xml",
        "sitemap.xml?page=2",
        "sitemap.xml",
        "video/sitemap-articles-2026.xml",
        "s/5f3a.xml",
    ],
)
def test_sitemaps_that_may_hold_articles_are_read(name: str) -> None:
    assert is_article_sitemap(f"https://www.gazette.example/{name}")


@pytest.mark.parametrize(
    "name",
    [
        "wp-sitemap-posts-page-1.xml",
        "wp-sitemap-taxonomies-category-1.xml",
        "wp-sitemap-taxonomies-post_tag-1.xml",
        "wp-sitemap-users-1.xml",
        "page-sitemap.xml",
        "page-sitemap2.xml",
        "post_tag-sitemap.xml",
        "category-sitemap.xml",
        "author-sitemap.xml",
        "sitemap-images.xml.gz",
        "sitemap_video.xml",
        "sitemap.xml?type=tags",
        "authors/sitemap1.xml",
        "sitemap-rubriques.xml",
    ],
)
def test_sitemaps_of_other_things_are_told_by_their_name(name: str) -> None:
    assert not is_article_sitemap(f"https://www.gazette.example/{name}")


@given(st.binary() | mutations([NEWS, INDEX, TEXT]))
def test_any_bytes_are_a_sitemap_or_a_refusal(body: bytes) -> None:
    assert isinstance(parse_sitemap(body, URL), Sitemap | Refusal)
    assert isinstance(parse_sitemap(gzip.compress(body), URL), Sitemap | Refusal)


def test_sitemaps_are_asked_for_newest_first_and_those_without_a_date_last() -> None:
    old = ChildSitemap("https://a.example/1.xml", datetime(2020, 1, 1, tzinfo=UTC))
    new = ChildSitemap("https://a.example/2.xml", datetime(2026, 1, 1, tzinfo=UTC))
    undated = [ChildSitemap(f"https://a.example/{name}.xml") for name in ("x", "y")]
    assert newest_first([undated[0], old, undated[1], new]) == [new, old, *undated]
