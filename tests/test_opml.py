from __future__ import annotations

import pytest

from crawler.errors import ConfigurationError, ExitCode
from crawler.opml import Subscription, read_opml, sources_of
from crawler.sources import Source

OPML = """<?xml version="1.0" encoding="{encoding}"?>
<opml version="2.0">
  <head><title>Abonnements</title></head>
  <body>
    <outline text="Presse">
      <outline text="Locale">
        <outline type="rss" text="court" title="L’Écho du soir"
          xmlUrl="https://echo.example.org/feed/" htmlUrl="https://echo.example.org/"/>
      </outline>
      <outline text="Gazette" XMLURL=" https://gazette.example.org/rss?a=1&amp;b=2 "/>
    </outline>
    <outline type="link" text="A page" url="https://example.org/page"/>
  </body>
</opml>
"""


def subscriptions(*feeds_and_homes: tuple[str, str]) -> list[Subscription]:
    return [Subscription(feed, home, "A title") for feed, home in feeds_and_homes]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_feeds_are_found_at_every_depth(encoding: str) -> None:
    data = OPML.format(encoding=encoding).encode(encoding)
    assert read_opml(data, "a.opml") == (
        Subscription(
            "https://echo.example.org/feed/", "https://echo.example.org/", "L’Écho du soir"
        ),
        Subscription("https://gazette.example.org/rss?a=1&b=2", "", "Gazette"),
    )


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "a.opml:1: is no well-formed XML"),
        (b"<opml>\n<body>\n<outline text='a & b'/>", "a.opml:3: is no well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?><opml/>', "is no well-formed XML"),
        (b"<rss version='2.0'/>", "a.opml:1: is no OPML, but begins with <rss>"),
        (b"<!DOCTYPE opml SYSTEM 'file:///etc/passwd'><opml/>", "has a document type"),
        (b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><opml a="&d;"/>', "document type"),
    ],
)
def test_what_is_not_plain_opml_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_opml(data, "a.opml")
    assert told in str(caught.value)
    assert caught.value.exit_code == ExitCode.BAD_CONFIGURATION


def test_a_feed_with_a_home_page_becomes_a_source_named_after_its_title() -> None:
    subscription = Subscription("https://f.example.net/e", "https://echo.fr/", "L’Écho du soir")
    assert sources_of([subscription], ()).new == (
        Source("l-echo-du-soir", "https://echo.fr/", feeds=("https://f.example.net/e",)),
    )


def test_a_feed_without_home_page_belongs_to_its_host() -> None:
    (source,) = sources_of(subscriptions(("https://echo.fr/feed/", "not an address")), ()).new
    assert source.url == "https://echo.fr/"


def test_the_feeds_of_one_site_become_one_source() -> None:
    found = sources_of(
        subscriptions(
            ("https://www.gazette.fr/une.xml", "https://www.gazette.fr/une/"),
            ("https://www.gazette.fr/sport.xml", "http://gazette.fr/sport/"),
            ("https://www.gazette.fr/une.xml", ""),
        ),
        (),
    )
    assert found.new == (
        Source(
            "gazette.fr",
            "https://www.gazette.fr/",
            feeds=("https://www.gazette.fr/une.xml", "https://www.gazette.fr/sport.xml"),
        ),
    )


def test_two_blogs_on_one_hosting_domain_stay_two_sources() -> None:
    found = sources_of(
        subscriptions(
            ("https://alice.example.org/feed", "https://alice.example.org/"),
            ("https://bob.example.org/feed", "https://bob.example.org/"),
        ),
        (),
    )
    assert [source.name for source in found.new] == ["a-title", "bob.example.org"]


def test_a_known_site_is_left_alone() -> None:
    known = Source("gazette", "https://www.gazette.fr/une/")
    found = sources_of(subscriptions(("https://gazette.fr/rss", "http://gazette.fr")), [known])
    assert (found.new, len(found.known)) == ((), 1)


@pytest.mark.parametrize(
    "title", ["", "東京の新聞", "A slogan that goes on for much too long here"]
)
def test_a_title_that_makes_no_name_gives_way_to_the_host(title: str) -> None:
    found = sources_of([Subscription("https://www.echo.fr/feed", "", title)], ())
    assert [source.name for source in found.new] == ["echo.fr"]


def test_a_name_is_never_given_twice() -> None:
    known = [Source("a-title", "https://a.fr/"), Source("echo.fr", "https://b.fr/")]
    found = sources_of(subscriptions(("https://echo.fr/feed", "")), known)
    assert [source.name for source in found.new] == ["echo.fr-2"]


@pytest.mark.parametrize(
    "feed", ["feed://echo.fr/rss", "/rss.xml", "https://feeds.feedburner.com/echo"]
)
def test_a_feed_whose_site_cannot_be_told_is_left_out(feed: str) -> None:
    found = sources_of(subscriptions((feed, "")), ())
    assert (found.new, found.left_out) == ((), (feed,))
