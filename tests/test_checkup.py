"""What a look at a source is judged to be: healthy or not, and worth which entry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.checkup import Checkup, Probe, Sample, newest_articles
from crawler.discovery.candidate import Candidate, FoundBy
from crawler.errors import Reason, Refusal
from crawler.items import Article
from crawler.sources import Source

SITE = "https://gazette.example/"
SOURCE = Source(name="gazette", url=SITE)
FAILED = Refusal(Reason.SERVER_ERROR, "HTTP 502")


def candidate(path: str, day: int | None = None, changed: int | None = None) -> Candidate:
    return Candidate(
        SITE + path,
        "feed",
        date_published=datetime(2026, 3, day, tzinfo=UTC) if day else None,
        date_modified=datetime(2026, 3, changed, tzinfo=UTC) if changed else None,
    )


def probe(way: FoundBy, path: str, *articles: str) -> Probe:
    return Probe(way, SITE + path, tuple(map(candidate, articles)), count=len(articles))


def article(path: str) -> Sample:
    return Sample(SITE + path, Article(url=SITE + path, headline="H", article_body="B"))


def refused(reason: Reason) -> Sample:
    return Sample(SITE, Refusal(reason))


def test_the_newest_articles_of_all_ways_come_first_and_once() -> None:
    feed = Probe("feed", SITE, (candidate("a", 1), candidate("b", 5), candidate("c")))
    listing = Probe(
        "listing", SITE, (candidate("d"), candidate("b?utm_source=rss"), candidate("c"))
    )
    sitemap = Probe("sitemap", SITE, (candidate("e", changed=3),))
    found = newest_articles([feed, listing, sitemap], 10)
    assert [one.url.removeprefix(SITE) for one in found] == ["b", "e", "a", "c", "d"]
    assert newest_articles([feed, listing, sitemap], 2) == found[:2]


def test_one_article_among_the_samples_is_health() -> None:
    samples = (refused(Reason.NO_BODY), article("a"), refused(Reason.NO_BODY))
    assert Checkup(SOURCE, (probe("feed", "feed", "a"),), samples=samples).problem is None


def test_a_way_that_fails_beside_one_that_works_is_no_problem() -> None:
    probes = (Probe("sitemap", SITE, refusal=FAILED), probe("feed", "feed", "a"))
    assert Checkup(SOURCE, probes).problem is None


@pytest.mark.parametrize(
    ("checkup", "told"),
    [
        (
            Checkup(SOURCE, (Probe("feed", f"{SITE}feed", refusal=FAILED),)),
            f"nothing could be read: {SITE}feed: http/server-error: HTTP 502",
        ),
        (
            Checkup(SOURCE, (probe("feed", "feed"), probe("listing", ""))),
            f"no article was found from {SITE}: no feed, sitemap, WordPress API or listing page",
        ),
        (
            Checkup(SOURCE, (Probe("feed", SITE, elsewhere=("a.net", "b.net", "c.net", "d.net")),)),
            "all that it lists is on other hosts (a.net, b.net, c.net); name those",
        ),
        (
            Checkup(
                SOURCE,
                (probe("feed", "feed", "a"),),
                samples=(
                    refused(Reason.FORBIDDEN),
                    refused(Reason.NO_BODY),
                    refused(Reason.NO_BODY),
                ),
            ),
            "none of 3 pages became an article, mostly for article/no-body",
        ),
        (
            Checkup(SOURCE, (Probe("listing", SITE),), home_url="https://courrier.example/"),
            f"{SITE} leads to https://courrier.example/, another site",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(checkup: Checkup, told: str) -> None:
    assert checkup.problem is not None
    assert checkup.problem.startswith(told)
    assert "\n" not in checkup.problem


def test_an_entry_has_the_ways_that_gave_articles() -> None:
    checkup = Checkup(
        SOURCE,
        (
            Probe("wordpress", f"{SITE}wp-json/", refusal=FAILED),
            probe("sitemap", "empty.xml"),
            probe("feed", "rss", "a", "b"),
            probe("listing", "", "a"),
        ),
        language="fr",
    )
    assert checkup.entry() == Source(
        name="gazette", url=SITE, language="fr", feeds=(f"{SITE}rss",), listings=(SITE,)
    )


@pytest.mark.parametrize("way", ["wordpress", "sitemap"])
def test_an_entry_has_no_listing_pages_where_a_way_tells_all(way: FoundBy) -> None:
    probes = (probe(way, "all", "a", "b"), probe("listing", "", "a"))
    assert Checkup(SOURCE, probes).entry().listings == ()


def test_a_feed_that_repeats_others_is_left_out() -> None:
    probes = (
        probe("feed", "rss", "a", "b"),
        probe("feed", "atom", "b", "a?utm_source=atom"),
        probe("feed", "sport", "b", "c"),
    )
    assert Checkup(SOURCE, probes).entry().feeds == (f"{SITE}rss", f"{SITE}sport")


def test_an_entry_keeps_the_address_on_the_host_that_answered() -> None:
    source = Source(name="gazette", url="http://gazette.example/fr/")
    checkup = Checkup(source, (), home_url="https://www.gazette.example/fr/?session=1")
    assert checkup.entry().url == "https://www.gazette.example/fr/"


def test_the_address_of_a_feed_gives_way_to_the_root_of_its_host() -> None:
    source = Source(name="gazette", url=f"{SITE}rss.xml")
    checkup = Checkup(source, (probe("feed", "rss.xml", "a"),), home_url=f"{SITE}rss.xml")
    assert checkup.entry() == Source(name="gazette", url=SITE, feeds=(f"{SITE}rss.xml",))
