from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from scrapy.http import Request

from crawler.errors import Reason
from crawler.fetch.budget import BudgetMiddleware
from crawler.fetch.failures import FetchRefusedError
from crawler.sources import Source
from tests.crawls import collected, crawl, sources_file
from tests.markup import rss, stories
from tests.server import Body, Server

STORIES = 10
# Asked for once a site, not for a source: they are not counted.
SITE_FILES = ("/robots.txt", "/.well-known/tdmrep.json")


def ask(budget: BudgetMiddleware, name: str | None, own: int | None = None) -> Reason | None:
    source = Source(name, f"https://{name}.example/", requests=own) if name else None
    meta = {"source": source} if source else {}
    try:
        budget.process_request(Request("https://a.example/", meta=meta))
    except FetchRefusedError as error:
        return error.refusal.reason
    return None


def test_each_source_has_its_requests_and_robots_txt_is_not_counted() -> None:
    budget = BudgetMiddleware(2)
    assert [ask(budget, "a") for _ in range(3)] == [None, None, Reason.OVER_BUDGET]
    assert [ask(budget, "b", 1) for _ in range(2)] == [None, Reason.OVER_BUDGET]
    assert [ask(budget, None) for _ in range(3)] == [None] * 3


def test_no_limit_is_none() -> None:
    budget = BudgetMiddleware(0)
    assert {ask(budget, "a") for _ in range(1_000)} == {None}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


def test_what_is_over_the_budget_is_collected_by_the_next_runs_newest_first(
    server: Server, tmp_path: Path
) -> None:
    site = server.site("large")
    told = stories(STORIES, "large-")
    listed = [(urljoin(site.url, story.path), story) for story in reversed(told)]
    site.paths["/"] = Body(rss(listed), "application/rss+xml")
    for story in told:
        site.paths[story.path] = Body(story.html())
    source = Source("large", site.url, requests=5, concurrency=1)
    words = ("-s", sources_file(tmp_path / "sources.toml", source))
    first = crawl(tmp_path / "data", *words)
    assert first.exit_code == 0, first.output[-3000:]
    asked = [target for target in site.targets() if target not in SITE_FILES]
    # The home page, which turns out to be a feed and is read as one, then what is left.
    assert asked == ["/", "/", *(story.path for story in reversed(told[-3:]))]
    assert first.counts("large")["refused/host/over-budget"] == STORIES - 3
    crawl(tmp_path / "data", *words)
    crawl(tmp_path / "data", *words)
    assert collected(tmp_path / "data") == {"large": STORIES}
