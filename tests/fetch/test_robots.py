from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
)
from scrapy.http import Request, Response

from crawler.errors import Reason
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.robots import RobotsMiddleware
from crawler.fetch.site_files import IS_SITE_FILE, SiteFiles
from crawler.sources import Source
from tests.crawls import Crawl, crawl, sources_file, state
from tests.markup import rss, stories
from tests.server import Body, Redirect, Reset, Resource, Server, Silent, Status

PAGE = "https://gazette.example/2026/story"


class Origin:
    """Answers for robots.txt, as the downloader would, and counts how often it is asked."""

    def __init__(self, status: int = 200, body: str = "", error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self._status, self._body, self._error = status, body.encode(), error

    async def download(self, request: Request) -> Response:
        self.asked.append(request.url)
        await asyncio.sleep(0)
        if self._error:
            raise self._error
        return Response(request.url, status=self._status, body=self._body)


def refused(origin: Origin, *urls: str) -> list[Reason | None]:
    """Why the middleware, asked at the same time for all URLs, lets each not through."""

    async def ask(middleware: RobotsMiddleware, url: str) -> Reason | None:
        try:
            await middleware.process_request(Request(url))
        except FetchRefusedError as error:
            return error.refusal.reason
        return None

    async def ask_all() -> list[Reason | None]:
        middleware = RobotsMiddleware(SiteFiles(origin.download), "colporteur")
        return await asyncio.gather(*(ask(middleware, url) for url in urls))

    return asyncio.run(ask_all())


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_without_a_robots_txt_all_is_allowed(status: int) -> None:
    assert refused(Origin(status), PAGE) == [None]


@pytest.mark.parametrize("status", [302, 429, 500, 503])
def test_a_robots_txt_that_cannot_be_had_forbids_all(status: int) -> None:
    assert refused(Origin(status), PAGE) == [Reason.ROBOTS_UNREACHABLE]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DownloadTimeoutError("slow"), Reason.ROBOTS_UNREACHABLE),
        (RuntimeError("odd"), Reason.ROBOTS_UNREACHABLE),
        (CannotResolveHostError("no such host"), Reason.UNRESOLVED),
        (DownloadConnectionRefusedError("refused"), Reason.CONNECTION),
    ],
)
def test_a_host_that_is_not_there_is_told_as_what_it_is(error: Exception, reason: Reason) -> None:
    assert refused(Origin(error=error), PAGE) == [reason]


def test_our_own_group_holds_before_that_for_all() -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: Colporteur\nDisallow: /private/\n"
    urls = (PAGE, "https://gazette.example/private/story")
    assert refused(Origin(body=rules), *urls) == [None, Reason.ROBOTS_DISALLOWED]


def test_the_longest_rule_holds() -> None:
    rules = "User-agent: *\nDisallow: /2026/\nAllow: /2026/story\n"
    urls = (PAGE, "https://gazette.example/2026/other")
    assert refused(Origin(body=rules), *urls) == [None, Reason.ROBOTS_DISALLOWED]


def test_a_page_of_html_in_its_place_forbids_nothing() -> None:
    assert refused(Origin(body="<!doctype html><p>Not found"), PAGE) == [None]


def test_it_is_asked_for_once_an_origin_however_many_wait() -> None:
    origin = Origin()
    hosts = ("https://gazette.example", "http://gazette.example", "https://gazette.example:8443")
    refused(origin, *(f"{host}/{number}" for number in range(20) for host in hosts))
    assert sorted(origin.asked) == sorted(f"{host}/robots.txt" for host in hosts)


def test_a_request_for_robots_txt_itself_waits_for_nothing() -> None:
    origin = Origin(503)
    middleware = RobotsMiddleware(SiteFiles(origin.download), "colporteur")
    request = Request("https://gazette.example/robots.txt", meta={IS_SITE_FILE: True})
    asyncio.run(middleware.process_request(request))
    assert origin.asked == []


# What robots.txt answers, and why then nothing is fetched; None where it is.
ANSWERS: dict[str, tuple[Resource, str | None]] = {
    "none": (Status(404), None),
    "down": (Status(503), "robots/unreachable: http/server-error: HTTP 503"),
    "reset": (Reset(), "robots/unreachable: fetch/network"),
    "silent": (Silent(), "robots/unreachable: fetch/timeout"),
    "round": (Redirect("/robots.txt"), "robots/unreachable: http/redirect-loop"),
    "closed": (Body("User-agent: *\nDisallow: /\n", "text/plain"), "robots/disallowed"),
}


@pytest.fixture(scope="module")
def crawled(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Crawl, dict[str, set[str]]]]:
    """A run over one site an answer, and which paths each was asked for."""
    folder = tmp_path_factory.mktemp("robots")
    with Server() as server:
        sites = {name: server.site(name) for name in ANSWERS}
        (story,) = stories(1)
        for name, site in sites.items():
            site.paths["/robots.txt"] = ANSWERS[name][0]
            feed = rss([(urljoin(site.url, story.path), story)])
            site.paths["/"] = Body(feed, "application/rss+xml")
            site.paths[story.path] = Body(story.html())
        sources = [Source(name=name, url=site.url) for name, site in sites.items()]
        file = sources_file(folder / "sources.toml", *sources)
        done = crawl(
            folder / "data", "-s", file, "-s", "DOWNLOAD_TIMEOUT=1", "-s", "BACKOFF_FIRST=0.2"
        )
        yield done, {name: set(site.targets()) for name, site in sites.items()}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_site_is_crawled_as_its_robots_txt_says(
    crawled: tuple[Crawl, dict[str, set[str]]], name: str
) -> None:
    done, asked = crawled
    why = ANSWERS[name][1]
    assert done.exit_code == 5
    if why is None:
        assert len(asked[name]) == 4  # tdmrep.json is the fourth
        (path,) = asked[name] - {"/robots.txt", "/", "/.well-known/tdmrep.json"}
        assert path.startswith("/2026/")
        assert name not in done.file["problems"]
    else:
        assert asked[name] == {"/robots.txt"}
        assert why in done.file["problems"][name]


def test_a_file_is_asked_for_once_a_day_across_runs_and_its_delay_holds(tmp_path: Path) -> None:
    with Server() as server:
        site = server.site("slow")
        told = stories(4)
        listed = [(urljoin(site.url, story.path), story) for story in told]
        site.paths["/"] = Body(rss(listed), "application/rss+xml")
        site.paths |= {story.path: Body(story.html()) for story in told[:3]}
        site.paths["/robots.txt"] = Body("User-agent: *\nCrawl-delay: 0.4", "text/plain")
        hasty = ("-s", "BACKOFF_FIRST=0.1")
        first = crawl(tmp_path, "-a", f"url={site.url}", *hasty)
        assert first.exit_code == 0, first.output[-3000:]
        assert site.targets().count("/robots.txt") == 1
        assert min(site.gaps()) > 0.4 - 0.05
        site.forget()
        site.paths["/robots.txt"] = Status(503)
        crawl(tmp_path, "-a", f"url={site.url}")
        assert site.targets()
        assert "/robots.txt" not in site.targets()
        state(tmp_path, "UPDATE site_files SET fetched = fetched - 86401")
        site.forget()
        third = crawl(tmp_path, "-a", f"url={site.url}", *hasty)
        assert set(site.targets()) == {"/robots.txt"}
        assert third.exit_code == 5


def test_a_delay_without_measure_is_cut(tmp_path: Path) -> None:
    with Server() as server:
        site = server.site("patient")
        (story,) = stories(1)
        site.paths["/"] = Body(rss([(urljoin(site.url, story.path), story)]), "application/rss+xml")
        site.paths[story.path] = Body(story.html())
        site.paths["/robots.txt"] = Body("User-agent: *\nCrawl-delay: 86400", "text/plain")
        done = crawl(tmp_path, "-a", f"url={site.url}", "-s", "CRAWL_DELAY_MAX=0.2")
        assert done.counts("patient.localhost")["articles"] == 1
