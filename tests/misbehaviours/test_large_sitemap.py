"""A sitemap of as many URLs as the protocol allows, of a source that may ask for few of them."""

from __future__ import annotations

from pathlib import Path

from crawler.sources import Source
from tests.crawls import sources_file
from tests.markup import Story, sitemap, stories
from tests.misbehaviours.measure import measured
from tests.server import Body, Server

# Three times what it may take, for two busy cores; 200 MB beside what an ordinary run takes.
MOST_SECONDS = 30
MOST_BYTES = 200 * 1024 * 1024
URLS = 50_000
REQUESTS = 30


def test_fifty_thousand_urls_are_read_at_once_and_fetched_run_by_run(
    tmp_path: Path, quiet_peak: int
) -> None:
    with Server() as server:
        site = server.site("large")
        listed = [(f"{site.url}2026/03/story-number-{i}/", Story(i % 5_000)) for i in range(URLS)]
        site.paths["/sitemap.xml"] = Body(sitemap(listed), "application/xml")
        for story in stories(20):
            site.paths[story.path] = Body(story.html())
        source = Source("large", site.url, sitemaps=(f"{site.url}sitemap.xml",), requests=REQUESTS)
        file = sources_file(tmp_path / "sources.toml", source)
        first = measured(tmp_path / "data", "-s", file)
        asked = len(site.asked)
        second = measured(tmp_path / "data", "-s", file)
    assert first.crawl.counts("large")["found"] == URLS
    assert asked <= REQUESTS + 2, "robots.txt and tdmrep.json are a site's"
    assert max(first.seconds, second.seconds) <= MOST_SECONDS
    assert max(first.peak, second.peak) - quiet_peak <= MOST_BYTES
    waiting = URLS - first.crawl.counts("large")["fetched"]
    assert second.crawl.counts("large")["found"] == waiting, "none is forgotten, none is new"
