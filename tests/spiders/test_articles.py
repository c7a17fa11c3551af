"""The live spider on small sites: every way to find articles, then what is new, then what changed.

One run crawls all sites side by side; each test looks at what became of one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urljoin

import pytest

from crawler.sources import Source
from tests.crawls import Crawl, collected, crawl, rows, run_files, sources_file
from tests.markup import Story, stories
from tests.server import Body, Server, Site
from tests.spiders.ways import WAYS, Lister

# Ways that say when an article was changed.
DATED = ("atom", "index", "usual-sitemap", "wordpress", "rest-route", "folder", "usual-api")
# A run that finds nothing new asks for the listings that are remembered.
MOST_REQUESTS_WITHOUT_NEWS = 3
STORIES = 5


@dataclass(frozen=True, slots=True)
class Run:
    """One run over all sites: what each was asked for, and what the dataset held then."""

    crawl: Crawl
    asked: dict[str, list[str]]
    headers: dict[str, dict[str, dict[str, str]]]
    articles: dict[str, int]
    snapshot: str

    def articles_asked(self, way: str) -> list[str]:
        return [target for target in self.asked[way] if "/2026/" in target]


@dataclass(frozen=True, slots=True)
class Runs:
    """The same sites four times: at first, without news, with one story more, with one changed."""

    first: Run
    second: Run
    third: Run
    fourth: Run
    revisions: dict[str, list[int]]


def publish(site: Site, lister: Lister, told: Sequence[Story]) -> None:
    """Put the stories on the site, and list them."""
    for story in told:
        site.paths[story.path] = Body(story.html())
    lister(site, [(urljoin(site.url, story.path), story) for story in told])


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("ways")
    data = folder / "data"
    with Server() as server:
        sites = {way: server.site(way) for way in WAYS}
        urls = {way: site.url for way, site in sites.items()}
        urls["folder"] += "blog/"
        sources = [Source(name=way, url=url) for way, url in urls.items()]
        words = ("-s", sources_file(folder / "sources.toml", *sources))

        def run(told: Sequence[Story]) -> Run:
            for way, lister in WAYS.items():
                publish(sites[way], lister, [replace(story, topic=f"{way}-") for story in told])
                sites[way].forget()
            done = crawl(data, *words)
            return Run(
                crawl=done,
                asked={way: site.targets() for way, site in sites.items()},
                headers={
                    way: {asked.target: dict(asked.headers) for asked in site.asked}
                    for way, site in sites.items()
                },
                articles=dict(collected(data)),
                snapshot=(data / "latest").readlink().name,
            )

        told = stories(STORIES)
        more = [*told, Story(STORIES + 1)]
        first, second, third = run(told), run(told), run(more)
        fourth = run([replace(more[0], version=2), *more[1:]])
        revisions: dict[str, list[int]] = {way: [] for way in WAYS}
        for row in rows(data):
            if row["revision"] > 1:
                revisions[row["source"]].append(row["revision"])
        assert len(run_files(data)) == 4
        yield Runs(first, second, third, fourth, revisions)


@pytest.mark.parametrize("way", WAYS)
def test_all_articles_of_a_site_are_found_by_its_way(runs: Runs, way: str) -> None:
    assert runs.first.crawl.exit_code == 0, runs.first.crawl.output[-3000:]
    assert runs.first.articles.get(way) == STORIES
    assert runs.first.crawl.counts(way) == {
        "found": STORIES,
        "fetched": STORIES,
        "articles": STORIES,
    }


@pytest.mark.parametrize("way", WAYS)
def test_robots_txt_is_asked_for_first_and_once_a_day(runs: Runs, way: str) -> None:
    assert runs.first.asked[way][0] == "/robots.txt"
    assert runs.first.asked[way].count("/robots.txt") == 1
    assert "/robots.txt" not in runs.second.asked[way]


@pytest.mark.parametrize("way", WAYS)
def test_no_article_is_asked_for_twice_in_a_run(runs: Runs, way: str) -> None:
    asked = runs.first.articles_asked(way)
    assert len(asked) == len(set(asked)) == STORIES


@pytest.mark.parametrize("way", WAYS)
def test_a_second_run_asks_only_for_the_listings_that_are_known(runs: Runs, way: str) -> None:
    assert runs.second.crawl.exit_code == 0
    assert runs.second.articles_asked(way) == []
    assert len(runs.second.asked[way]) <= MOST_REQUESTS_WITHOUT_NEWS


def test_a_second_run_without_news_makes_no_snapshot(runs: Runs) -> None:
    assert runs.second.crawl.file["snapshot"] is None
    assert runs.second.snapshot == runs.first.snapshot
    assert runs.second.articles == runs.first.articles


@pytest.mark.parametrize(
    ("way", "listing", "header"),
    [
        ("rss", "/news.rss", "If-None-Match"),
        ("atom", "/atom", "If-None-Match"),
        ("json-feed", "/feed.json", "If-None-Match"),
        ("feed-itself", "/", "If-None-Match"),
        ("index", "/maps/articles-1.xml.gz", "If-None-Match"),
        ("text", "/urls.txt", "If-None-Match"),
        ("news", "/news.xml", "If-None-Match"),
        ("usual-feed", "/feed/", "If-Modified-Since"),
    ],
)
def test_a_known_listing_is_asked_for_on_condition(
    runs: Runs, way: str, listing: str, header: str
) -> None:
    assert header not in runs.first.headers[way][listing]
    assert header in runs.second.headers[way][listing]
    assert header in runs.third.headers[way][listing]


@pytest.mark.parametrize("way", ["wordpress", "rest-route", "folder", "usual-api"])
def test_wordpress_is_asked_for_what_changed_since_the_newest_post(runs: Runs, way: str) -> None:
    newest = Story(STORIES).modified - timedelta(seconds=1)  # that second's posts are named again
    (asked,) = [target for target in runs.second.asked[way] if "posts" in target]
    assert f"modified_after={newest:%Y-%m-%dT%H:%M:%SZ}" in asked
    assert all("modified_after" not in target for target in runs.first.asked[way])


@pytest.mark.parametrize("way", WAYS)
def test_of_a_new_article_only_that_one_is_fetched(runs: Runs, way: str) -> None:
    new = f"/2026/03/{way}-story-number-{STORIES + 1}/"
    assert runs.third.articles_asked(way) == [new]
    assert runs.third.articles[way] == STORIES + 1


@pytest.mark.parametrize("way", DATED)
def test_an_article_whose_listing_dates_it_later_becomes_a_revision(runs: Runs, way: str) -> None:
    assert runs.fourth.articles_asked(way) == [f"/2026/03/{way}-story-number-1/"]
    assert runs.fourth.crawl.counts(way)["revised"] == 1
    assert runs.fourth.articles[way] == STORIES + 1
    assert runs.revisions[way] == [2]


@pytest.mark.parametrize("way", [way for way in WAYS if way not in DATED])
def test_an_article_whose_listing_has_no_date_of_change_is_not_asked_for_again(
    runs: Runs, way: str
) -> None:
    assert runs.fourth.articles_asked(way) == []


def test_listing_pages_are_read_to_the_end_once_and_then_only_as_far_as_there_is_news(
    runs: Runs,
) -> None:
    def pages(run: Run) -> list[str]:
        return [target for target in run.asked["pages"] if target.startswith("/page/")]

    assert pages(runs.first) == ["/page/2/", "/page/3/"]
    assert pages(runs.second) == []
    assert pages(runs.third) == ["/page/2/"]
