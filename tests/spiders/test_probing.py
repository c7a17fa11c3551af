"""What a probe asks for, and what it makes of the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.checkup import Checkup, Probe
from crawler.discovery.wordpress import posts_url
from crawler.errors import Reason, Refusal
from crawler.fetch.listings import Answer
from crawler.sources import Source
from crawler.spiders.probing import SourceProber
from crawler.state.listings import Validators
from tests.markup import Story, atom, page, posts, rss, sitemap, stories

SITE = "https://gazette.example/"
API = f"{SITE}wp-json/"
MISSING = Refusal(Reason.GONE, "HTTP 404")


async def at_once(function: Any, *args: object, **kwargs: object) -> Any:
    """Reads what came here and now: these pages harm nobody."""
    return function(*args, **kwargs)


class Web:
    """A site as a table of answers, which keeps what was asked for."""

    def __init__(self, answers: Mapping[str, str | Answer], robots: str = "") -> None:
        self.answers = dict(answers)
        self.robots = robots
        self.asked: list[str] = []

    async def ask(self, url: str, known: Validators) -> Answer | Refusal:
        self.asked.append(url)
        answer = self.answers.get(url, MISSING)
        return Answer(url, answer.encode()) if isinstance(answer, str) else answer

    async def robots_txt(self, url: str) -> bytes:
        return self.robots.encode()

    def look(self, **known: object) -> Checkup:
        source = Source(name="gazette", url=SITE, **known)  # type: ignore[arg-type] # any field
        return asyncio.run(SourceProber(source, self.ask, self.robots_txt, at_once).look())

    def probe(self, **known: object) -> Probe:
        (probe,) = self.look(**known).probes
        return probe


def listed(count: int) -> list[tuple[str, Story]]:
    return [(f"https://gazette.example{story.path}", story) for story in stories(count)]


def archive(count: int, *, says_pages: bool = True) -> Web:
    """A WordPress site with so many posts, oldest first."""
    pages = -(-count // 100)
    told = listed(count)
    return Web(
        {
            posts_url(API, number): Answer(
                posts_url(API, number),
                posts(told[100 * (number - 1) : 100 * number]).encode(),
                pages=pages if says_pages else None,
            )
            for number in range(1, pages + 1)
        }
    )


def test_an_archive_is_counted_from_its_first_and_last_page() -> None:
    web = archive(450)
    probe = web.probe(wordpress=API)
    assert (probe.count, probe.is_partial) == (450, False)
    assert probe.newest == Story(450).published
    numbers = [parse_qs(urlsplit(url).query)["page"] for url in web.asked]
    assert numbers == [["1"], ["5"]]


@pytest.mark.parametrize("count", [1, 99, 100])
def test_an_archive_of_one_page_is_asked_for_once(count: int) -> None:
    web = archive(count)
    probe = web.probe(wordpress=API)
    assert (probe.count, probe.is_partial, len(web.asked)) == (count, False, 1)


def test_a_full_page_without_a_number_of_pages_may_not_be_all() -> None:
    probe = archive(150, says_pages=False).probe(wordpress=API)
    assert (probe.count, probe.is_partial) == (100, True)


def test_an_archive_whose_last_page_fails_gives_its_first() -> None:
    web = archive(150)
    del web.answers[posts_url(API, 2)]
    probe = web.probe(wordpress=API)
    assert (probe.count, probe.is_partial, probe.refusal) == (100, True, None)


def index(months: range) -> str:
    entries = "".join(
        f"<sitemap><loc>{SITE}posts-{month}.xml</loc><lastmod>2025-{month:02}-01</lastmod></sitemap>"
        for month in months
    )
    return f"<sitemapindex>{entries}<sitemap><loc>{SITE}tags.xml</loc></sitemap></sitemapindex>"


def test_of_a_sitemap_index_the_newest_are_asked_for() -> None:
    months = range(1, 13)
    told = listed(12)
    web = Web(
        {f"{SITE}posts-{month}.xml": sitemap([told[month - 1]]) for month in months}
        | {f"{SITE}index.xml": index(months)}
    )
    probe = web.probe(sitemaps=(f"{SITE}index.xml",))
    assert web.asked[1:] == [f"{SITE}posts-{month}.xml" for month in range(12, 2, -1)]
    assert (probe.count, probe.is_partial) == (10, True)
    assert probe.newest == Story(12).modified


def test_a_sitemap_that_fails_takes_nothing_from_the_others() -> None:
    web = Web({f"{SITE}index.xml": index(range(1, 3)), f"{SITE}posts-1.xml": sitemap(listed(3))})
    probe = web.probe(sitemaps=(f"{SITE}index.xml",))
    assert (probe.count, probe.is_partial, probe.refusal) == (3, False, None)


def test_an_index_none_of_whose_sitemaps_answers_says_why() -> None:
    web = Web({f"{SITE}index.xml": index(range(1, 3))})
    assert web.probe(sitemaps=(f"{SITE}index.xml",)).refusal == MISSING


def test_a_way_that_is_not_what_it_is_said_to_be_says_why() -> None:
    web = Web(dict.fromkeys((f"{SITE}feed", f"{SITE}map", posts_url(API)), page("Welcome")))
    probes = web.look(feeds=(f"{SITE}feed",), sitemaps=(f"{SITE}map",), wordpress=API).probes
    refusals = [probe.refusal.reason for probe in probes if probe.refusal]
    assert refusals == [Reason.UNREADABLE_LISTING] * 3


def test_articles_on_other_hosts_count_only_where_they_are_declared() -> None:
    story = Story(1)
    web = Web({f"{SITE}feed": rss([(f"https://{host}/1", story) for host in ("a.net", "b.org")])})
    probe = web.probe(feeds=(f"{SITE}feed",), allowed_domains=("a.net",))
    assert [candidate.url for candidate in probe.candidates] == ["https://a.net/1"]
    assert (probe.count, probe.elsewhere) == (1, ("b.org",))


def test_a_source_with_known_ways_is_asked_for_nothing_else() -> None:
    web = Web({f"{SITE}feed": rss(listed(2))})
    checkup = web.look(feeds=(f"{SITE}feed",))
    assert web.asked == [f"{SITE}feed"]
    assert (checkup.home_url, checkup.title, checkup.language) == (None, None, None)


def test_a_site_is_asked_for_each_address_once() -> None:
    home = page(
        f'<article><h2><a href="{Story(1).path}">{Story(1).headline}</a></h2></article>',
        '<meta property="og:site_name" content="La Gazette"><meta property="og:locale"'
        ' content="fr_CA"><link rel="alternate" type="application/atom+xml" href="/atom">',
    )
    web = Web(
        {SITE: home, f"{SITE}atom": atom(listed(2)), f"{SITE}map": sitemap(listed(3))},
        robots="Sitemap: /map",
    )
    checkup = web.look()
    assert [(probe.found_by, probe.count) for probe in checkup.probes] == [
        ("sitemap", 3),
        ("feed", 2),
        ("listing", 1),
    ]
    assert (checkup.home_url, checkup.title, checkup.language) == (SITE, "La Gazette", "fr-CA")
    assert len(web.asked) == len(set(web.asked))


def test_a_feed_tells_the_language_where_the_home_page_does_not() -> None:
    feed = rss(listed(1)).replace("<channel>", "<channel><language>de</language>")
    assert Web({SITE: feed}).look().language == "de"


def test_a_home_page_that_does_not_answer_is_all_that_is_asked_for() -> None:
    web = Web({})
    checkup = web.look()
    assert checkup.probes == (Probe("listing", SITE, refusal=MISSING),)
    assert web.asked == [SITE]


def test_a_site_that_moved_is_not_looked_at_where_it_went() -> None:
    web = Web({SITE: Answer("https://courrier.example/", page("Bonjour").encode())})
    checkup = web.look()
    assert (checkup.home_url, checkup.probes) == ("https://courrier.example/", ())
    assert web.asked == [SITE]


def test_the_newest_date_is_that_of_a_listing_or_none() -> None:
    assert Web({SITE: rss(listed(3))}).look().probes[0].newest == datetime(
        2026, 3, 2, 11, tzinfo=UTC
    )
    assert Probe("listing", SITE).newest is None
