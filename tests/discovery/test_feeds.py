"""Feeds in every dialect, in every state of repair."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.feeds import Feed, parse_feed
from crawler.errors import Reason, Refusal
from tests.discovery.mutations import mutations

URL = "https://www.gazette.example/feed/"

RSS2 = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
  <title>La Gazette</title><link>https://www.gazette.example</link><language>fr-FR</language>
  <atom:link rel="self" href="https://www.gazette.example/feed/"/>
  <atom:link rel="next" href="/feed/?paged=2"/>
  <item>
    <title>L’été s’achève &amp;amp; &lt;em&gt;l’automne&lt;/em&gt; vient</title>
    <link>https://www.gazette.example/2026/09/21/l-ete-s-acheve/?utm_source=rss</link>
    <pubDate>Mon, 21 Sep 2026 08:30:00 +0200</pubDate>
    <guid isPermaLink="false">https://www.gazette.example/?p=12</guid>
  </item>
  <item><title>Sans date</title><link>/sans-date</link></item>
  <item><guid>https://www.gazette.example/par-son-guid</guid></item>
  <item><title>Sans adresse</title></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://blog.example/base/">
  <title type="html">Das &lt;b&gt;Blatt&lt;/b&gt;</title>
  <link rel="self" href="atom.xml"/><link rel="alternate" href="/"/>
  <link rel="prev-archive" href="/archiv/2026-10.xml"/>
  <entry>
    <title>Über den Fluss</title>
    <link rel="edit" href="https://blog.example/api/1"/>
    <link rel="enclosure" type="audio/mpeg" href="https://blog.example/1.mp3"/>
    <link rel="alternate" type="text/html" href="uber-den-fluss"/>
    <published>2026-11-20T10:00:00Z</published><updated>2026-11-21T10:00:00</updated>
  </entry>
  <entry xml:lang="en"><title>A word</title><link href="https://blog.example/a-word"/></entry>
</feed>"""

RSS1 = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
 <channel rdf:about="https://site.example/"><title>Site</title><link>https://site.example/</link></channel>
 <item rdf:about="https://site.example/a"><title>A</title><link>https://site.example/a</link>
 <dc:date>2026-11-20</dc:date></item>
</rdf:RDF>"""

RSS091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.example/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Old</title>
<item><title>A</title><link>https://old.example/a</link></item></channel></rss>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Le carnet",
        "language": "fr",
        "home_page_url": "https://carnet.example/",
        "next_url": "https://carnet.example/feed.json?page=2",
        "items": [
            {
                "id": "1",
                "url": "/premier",
                "title": "Premier",
                "date_published": "2026-11-20T10:00:00+01:00",
                "date_modified": "2026-11-21T10:00:00Z",
            },
            {"id": "https://carnet.example/deux", "external_url": "https://elsewhere.example/x"},
            {"id": "3", "language": "pt_BR", "url": "https://carnet.example/tres"},
            {"id": "4"},
            "no item",
        ],
    }
)


def feed_of(document: str | bytes, url: str = URL) -> Feed:
    body = document.encode() if isinstance(document, str) else document
    feed = parse_feed(body, url)
    assert isinstance(feed, Feed), feed
    return feed


def refusal_of(body: bytes, url: str = URL) -> Refusal:
    refusal = parse_feed(body, url)
    assert isinstance(refusal, Refusal)
    return refusal


def test_an_rss_feed_gives_links_titles_dates_and_language() -> None:
    feed = feed_of(RSS2)
    first = feed.candidates[0]
    assert first.url == "https://www.gazette.example/2026/09/21/l-ete-s-acheve/?utm_source=rss"
    assert first.title == "L’été s’achève & l’automne vient"
    assert first.date_published == datetime(2026, 9, 21, 6, 30, tzinfo=UTC)
    assert first.date_modified is None
    assert first.language == "fr-FR"
    assert first.found_by == "feed"
    assert (feed.title, feed.language) == ("La Gazette", "fr-FR")
    assert feed.home_url == "https://www.gazette.example"
    assert not feed.comments


def test_an_entry_without_date_or_title_still_gives_its_link() -> None:
    assert [candidate.url for candidate in feed_of(RSS2).candidates[1:]] == [
        "https://www.gazette.example/sans-date",
        "https://www.gazette.example/par-son-guid",
    ]


def test_an_atom_feed_gives_its_alternates_from_its_xml_base() -> None:
    feed = feed_of(ATOM, "https://mirror.example/atom.xml")
    river, word = feed.candidates
    assert river.url == "https://blog.example/base/uber-den-fluss"
    assert river.date_published == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert river.date_modified == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert (river.language, word.language) == ("de", "en")
    assert feed.title == "Das Blatt"


def test_older_entries_are_where_rfc_5005_says() -> None:
    assert feed_of(RSS2).next_url == "https://www.gazette.example/feed/?paged=2"
    assert feed_of(ATOM).next_url == "https://blog.example/archiv/2026-10.xml"
    assert feed_of(RSS091).next_url is None


def test_rss_1_0_has_its_date_of_publication_in_dublin_core() -> None:
    (candidate,) = feed_of(RSS1).candidates
    assert candidate.date_published == datetime(2026, 11, 20, tzinfo=UTC)
    assert candidate.date_modified is None


def test_rss_0_91_may_name_its_dtd() -> None:
    assert [candidate.url for candidate in feed_of(RSS091).candidates] == ["https://old.example/a"]


def test_feedburner_gives_the_original_link() -> None:
    feed = feed_of(
        '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel>'
        "<item><link>https://feeds.example/~r/x/1</link>"
        "<feedburner:origLink>https://site.example/one</feedburner:origLink></item></channel></rss>"
    )
    assert [candidate.url for candidate in feed.candidates] == ["https://site.example/one"]


def test_a_json_feed_is_a_feed() -> None:
    feed = feed_of(JSON_FEED, "https://carnet.example/feed.json")
    first, second, third = feed.candidates
    assert first.url == "https://carnet.example/premier"
    assert first.date_published == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert first.date_modified == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert second.url == "https://carnet.example/deux"
    assert (second.language, third.language) == ("fr", "pt-BR")
    assert feed.next_url == "https://carnet.example/feed.json?page=2"
    assert feed.home_url == "https://carnet.example/"


def test_a_feed_in_latin_1_or_utf_16_keeps_its_accents() -> None:
    for encoding in ("iso-8859-1", "utf-16"):
        document = RSS2.replace("UTF-8", encoding).replace("’", "'")
        assert (
            feed_of(document.encode(encoding)).candidates[0].title
            == "L'été s'achève & l'automne vient"
        )


@pytest.mark.parametrize("content_type", [None, "text/xml", "text/html", "application/rss+xml"])
def test_the_declared_type_does_not_spoil_a_feed(content_type: str | None) -> None:
    feed = parse_feed(RSS2.encode(), URL, content_type)
    assert isinstance(feed, Feed)
    assert feed.candidates[0].title == "L’été s’achève & l’automne vient"


def test_a_feed_whose_xml_is_broken_gives_what_can_be_read() -> None:
    cut = RSS2[: RSS2.index("<item><guid>")].replace("Sans date", "Mesures & débats <3")
    assert [candidate.url for candidate in feed_of(cut).candidates][-1] == (
        "https://www.gazette.example/sans-date"
    )


@given(st.sampled_from([RSS2, ATOM, RSS1, JSON_FEED]), st.floats(0, 1))
def test_a_feed_cut_anywhere_gives_no_address_that_nobody_published(
    whole: str, share: float
) -> None:
    part = parse_feed(whole[: int(len(whole) * share)].encode(), URL)
    published = {candidate.url for candidate in feed_of(whole).candidates}
    if isinstance(part, Feed):
        assert {candidate.url for candidate in part.candidates} <= published


def test_dates_that_cannot_be_read_cost_no_link() -> None:
    feed = feed_of(RSS2.replace("Mon, 21 Sep 2026 08:30:00 +0200", "lundi matin"))
    assert feed.candidates[0].date_published is None
    assert len(feed.candidates) == 3


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.gazette.example/2026/a/feed/", "https://www.gazette.example/a/#comment-12"),
        ("https://www.gazette.example/comments/feed/", "https://www.gazette.example/a/"),
        ("https://www.gazette.example/?feed=comments-rss2", "https://www.gazette.example/a/"),
        ("https://b.blogspot.com/feeds/12/comments/default", "https://b.blogspot.com/a"),
    ],
)
def test_a_feed_of_comments_announces_no_article(url: str, link: str) -> None:
    feed = feed_of(
        '<rss version="2.0"><channel><item><title>Par Léa</title>'
        f"<link>{link}</link></item></channel></rss>",
        url,
    )
    assert feed.comments
    assert feed.candidates == ()


def test_an_empty_feed_is_a_feed() -> None:
    feed = feed_of('<rss version="2.0"><channel><title>Vide</title></channel></rss>')
    assert feed.candidates == ()
    assert not feed.comments


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><html><body><item><link>https://a.example/</link></item></body></html>",
        b"<urlset><url><loc>https://a.example/</loc></url></urlset>",
        b'{"items": [{"url": "https://a.example/"}]}',
        b'{"version": "https://jsonfeed.org/version/1", "items": [',
        b"\x00\x01\x02\xff",
        RSS2[: RSS2.index("<item>")].encode(),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    assert refusal_of(body).reason is Reason.UNREADABLE_LISTING


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_refused(encoding: str) -> None:
    bomb = (
        '<?xml version="1.0"?><!-- <rss> --><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        '<rss version="2.0"><channel><item><title>&a;</title><link>https://a.example/</link></item>'
        "</channel></rss>"
    )
    assert "DTD" in refusal_of(bomb.encode(encoding)).detail


def test_reading_a_feed_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert feed_of(RSS091).candidates
    assert refusal_of(b"http://127.0.0.1:9/feed").reason is Reason.UNREADABLE_LISTING
    assert refusal_of(b"/etc/hostname").reason is Reason.UNREADABLE_LISTING


@given(st.binary() | mutations([RSS2, ATOM, RSS1, RSS091, JSON_FEED]))
def test_any_bytes_are_a_feed_or_a_refusal(body: bytes) -> None:
    assert isinstance(parse_feed(body, URL), Feed | Refusal)
