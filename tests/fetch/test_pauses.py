"""Hosts that want a pause, are slow or down, and what becomes of the others, in real crawls."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.sources import Source
from tests.crawls import ENVIRONMENT, Crawl, collected, crawl, going, sources_file, state, urls
from tests.markup import stories
from tests.reluctant import Drip, InAWhile, PutsOff, Restarting, publish
from tests.server import Body, Redirect, Reset, Server, Silent, Site, Status

STORIES = 8
# Of the clock on a busy machine.
SLACK = 0.05


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


def newest(name: str, count: int = STORIES) -> tuple[str, str]:
    """The path and page of the story that is asked for first."""
    story = stories(count, f"{name}-")[-1]
    return story.path, story.html()


def run(site: Site, data: Path, *words: str) -> Crawl:
    return crawl(data, "-a", f"url={site.url}", *words)


def window(site: Site, path: str) -> tuple[float, float]:
    """When the host first said so at a path, and when it was asked for anything after that."""
    at = next(asked.at for asked in site.asked if asked.target == path)
    # What was on its way already, at the same time, is not asked after the answer.
    later = min(asked.at for asked in site.asked if asked.at > at + SLACK)
    return at, later


@dataclass(frozen=True, slots=True)
class Morning:
    """One run over hosts that each want something else, and what it left."""

    sites: dict[str, Site]
    crawl: Crawl
    collected: Mapping[str, int]
    statuses: dict[str, set[str]]

    def is_well(self, name: str) -> bool:
        """Whether a source has all that it told of, and no trouble is told of it."""
        return self.collected[name] == STORIES and name not in self.crawl.file["problems"]


@pytest.fixture(scope="module")
def morning(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Morning:
    folder = tmp_path_factory.mktemp("morning")
    one_by_one: dict[str, Any] = {"delay": 0.001, "concurrency": 1}
    sources = []

    def add(name: str, count: int = STORIES, **how: Any) -> Site:
        site = publish(server, name, count)
        sources.append(Source(name, site.url, **how))
        return site

    sites = {name: add(name, **one_by_one) for name in ("in-2", "unsaid", "dated")}
    for name, after in (("in-2", "2"), ("unsaid", None)):
        path, html = newest(name)
        sites[name].paths[path] = PutsOff(html, after)
    path, html = newest("dated")
    sites["dated"].paths[path] = InAWhile(html, 1)
    sites["tired"] = add("tired", delay=0.05, concurrency=1)
    sites["down"] = add("down", 20, **one_by_one)
    sites["gone"] = add("gone")
    for name, answer in (
        ("tired", lambda: PutsOff("", "3600", seconds=0.4)), ("down", Reset),
        ("gone", lambda: Status(410)),
    ):  # fmt: skip
        pages = [path for path in sites[name].paths if path != "/"]
        sites[name].paths |= {path: answer() for path in pages}
    sites["listing"] = add("listing")
    feed = sites["listing"].paths["/"]
    assert isinstance(feed, Body)
    sites["listing"].paths["/"] = PutsOff(str(feed.body), "1")
    sites["robots"] = add("robots")
    sites["robots"].paths["/robots.txt"] = PutsOff("", "3600", 429, times=9)
    leading, led_to = server.site("leading"), server.site("led-to")
    sites |= {"leading": leading, "led-to": led_to}
    led_to.paths["/feed.xml"] = PutsOff("", "3600")
    leading.paths |= {f"/{i}.xml": Redirect(f"{led_to.url}feed.xml") for i in range(4)}
    feeds = tuple(f"{leading.url}{i}.xml" for i in range(4))
    sources.append(Source("leading", leading.url, feeds=feeds))
    file = sources_file(folder / "sources.toml", *sources)
    done = crawl(folder / "data", "-s", file, "-s", "BACKOFF_FIRST=1")
    assert done.exit_code == 5, done.output[-3000:]
    statuses = {name: set[str]() for name in sites}
    for url, (status, _) in urls(folder / "data").items():
        statuses[url.partition("//")[2].partition(".")[0]].add(status)
    return Morning(sites, done, collected(folder / "data"), statuses)


@pytest.mark.parametrize(("name", "seconds"), [("in-2", 2.0), ("unsaid", 1.0)])
def test_a_host_that_says_429_gets_its_pause_and_then_all_pages_are_collected(
    morning: Morning, name: str, seconds: float
) -> None:
    assert morning.is_well(name), morning.crawl.output[-3000:]
    said, asked = window(morning.sites[name], newest(name)[0])
    assert asked - said >= seconds - SLACK


def test_nothing_leaves_for_a_host_that_takes_its_time_to_say_that_it_wants_a_pause(
    morning: Morning,
) -> None:
    assert len(articles(morning.sites["tired"])) == 1
    assert morning.statuses["tired"] == {"due"}


def test_a_redirect_to_a_host_that_wants_a_pause_is_not_followed(morning: Morning) -> None:
    assert morning.sites["led-to"].targets().count("/feed.xml") == 1
    asked = morning.sites["leading"].targets()[-4:]
    assert asked == [f"/{i}.xml" for i in range(4)], "its own host is not held up"
    assert morning.crawl.counts("leading")["unread/host/put-off"] == 3


def test_a_503_with_a_date_is_a_pause_too(morning: Morning) -> None:
    assert morning.is_well("dated"), morning.crawl.output[-3000:]
    said, asked = window(morning.sites["dated"], newest("dated")[0])
    assert asked - said >= 1 - SLACK


def test_a_listing_that_is_put_off_is_read_after_the_pause(morning: Morning) -> None:
    assert morning.is_well("listing"), morning.crawl.output[-3000:]
    said, asked = window(morning.sites["listing"], "/")
    assert asked - said >= 1 - SLACK


def test_a_robots_txt_that_wants_a_pause_holds_for_the_pages(morning: Morning) -> None:
    assert morning.sites["robots"].targets() == ["/robots.txt"]


def test_a_host_that_fails_again_and_again_is_left_and_its_pages_stay_due(
    morning: Morning,
) -> None:
    assert 8 <= len(articles(morning.sites["down"])) <= 12
    assert morning.crawl.counts("down")["refused/host/down"] >= 12
    assert "down.localhost failed" in morning.crawl.file["problems"]["down"]
    assert morning.statuses["down"] == {"due"}


def test_a_host_that_is_gone_is_reported_as_before(morning: Morning) -> None:
    assert morning.crawl.counts("gone")["refused/http/gone"] == STORIES


def test_a_long_pause_holds_for_this_run_and_the_next_and_loses_nothing(
    server: Server, tmp_path: Path
) -> None:
    site = publish(server, "long")
    path, html = newest("long")
    site.paths[path] = PutsOff(html, "3600")
    one = json.dumps({site.host: {"delay": 0.2, "concurrency": 1}})
    first = run(site, tmp_path, "-s", f"DOWNLOAD_SLOTS={one}")
    asked = [target for target in site.targets() if target.startswith("/2026/")]
    assert asked == [path]
    counts = first.counts("long.localhost")
    assert counts["refused/host/put-off"] == STORIES - 1
    assert counts["refused/http/too-many-requests"] == 1
    assert all(status == "due" for status, _ in urls(tmp_path).values())
    site.forget()
    second = run(site, tmp_path)
    assert site.targets() == []
    assert second.exit_code == 5
    [sentence] = second.sentences
    assert "long.localhost said HTTP 429: no request until" in sentence
    state(tmp_path, "UPDATE hosts SET not_before = 0")
    state(tmp_path, "UPDATE urls SET next_try = NULL")
    third = run(site, tmp_path)
    assert third.exit_code == 0, third.output[-3000:]
    assert sum(collected(tmp_path).values()) == STORIES


def test_a_host_that_is_up_again_is_collected_while_others_are(
    server: Server, tmp_path: Path
) -> None:
    shaky, steady = publish(server, "shaky", 12), publish(server, "steady", 25)
    pages = {story.path: story.html() for story in stories(12, "shaky-")}
    shaky.paths |= dict.fromkeys(pages, Restarting(pages, failing=4))
    sources = (
        Source("shaky", shaky.url, concurrency=1),
        Source("steady", steady.url, delay=0.2, concurrency=1),
    )
    words = ("-s", "BREAKER_FAILURES=4", "-s", "BREAKER_REST=1")
    done = crawl(tmp_path / "data", "-s", sources_file(tmp_path / "sources.toml", *sources), *words)
    counts = done.counts("shaky")
    # But for what was in hand when the host fell, and beside the request that tried.
    assert counts["articles"] >= 8, counts
    left = ("refused/host/down", "refused/http/server-error")
    assert counts["articles"] + sum(counts.get(why, 0) for why in left) == 12
    assert counts["refused/host/down"] > 0
    assert collected(tmp_path / "data")["steady"] == 25


def articles(site: Site) -> list[float]:
    """When each of a site's articles was asked for."""
    return [asked.at for asked in site.asked if asked.target.startswith("/2026/")]


def wait_for(site: Site, count: int, seconds: float = 40) -> list[float]:
    deadline = time.monotonic() + seconds
    while len(found := articles(site)) < count:
        assert time.monotonic() < deadline, f"only {len(found)} of {count} articles"
        time.sleep(0.02)
    return found


def test_slow_and_silent_hosts_hold_up_no_other_though_they_are_more_than_may_be_asked_at_once(
    server: Server, tmp_path: Path
) -> None:
    healthy = publish(server, "healthy", 20)
    slow = [publish(server, f"slow-{number}", 30) for number in range(6)]
    for site in slow:
        for path in list(site.paths):
            if path != "/":
                site.paths[path] = Drip("x" * 1000) if site in slow[:3] else Silent()
    sources = [Source(site.host, site.url) for site in (*slow, healthy)]
    with going(
        tmp_path / "data", "-s", sources_file(tmp_path / "sources.toml", *sources),
        "-s", "CONCURRENT_REQUESTS=8", "-s", "DOWNLOAD_TIMEOUT=60",
    ) as process:  # fmt: skip
        pages = wait_for(healthy, 20)
        assert sum(len(articles(site)) for site in slow) >= 6
        assert max(after - before for before, after in pairwise(pages)) < 1.0
        process.kill()


def test_sites_whose_listings_do_not_come_hold_up_no_other(server: Server, tmp_path: Path) -> None:
    healthy = publish(server, "behind", 3)
    mute = [publish(server, f"mute-{number}", 3) for number in range(4)]
    for site in mute:
        site.paths["/"] = Silent()
    sources = [Source(site.host, site.url) for site in (*mute, healthy)]
    with going(
        tmp_path / "data", "-s", sources_file(tmp_path / "sources.toml", *sources),
        "-s", "SOURCES_AT_ONCE=2", "-s", "DOWNLOAD_TIMEOUT=60",
    ) as process:  # fmt: skip
        first = wait_for(healthy, 3)[0]
        # Two places, four sites, half a second of patience each; the rest is a busy machine's.
        assert first - mute[0].asked[0].at < 6
        process.kill()


def test_names_that_no_server_resolves_hold_up_no_other(server: Server, tmp_path: Path) -> None:
    healthy = publish(server, "resolved", 3)
    lame = [Source(f"lame-{number}", f"http://n{number}.lame.example/") for number in range(12)]
    own = healthy.url.replace("resolved.localhost", "127.0.0.1")
    server.site().paths |= healthy.paths
    server.site().paths["/"] = healthy.paths["/"]
    found = Source("found", own.replace("127.0.0.1", "quick.example"), delay=0.001)
    file = sources_file(tmp_path / "sources.toml", *lame, found)
    words = ("-s", file, "-s", "SOURCES_AT_ONCE=100")
    environment = {**ENVIRONMENT, "PYTHONPATH": str(Path(__file__).parent / "lame_names")}
    with going(tmp_path / "data", *words, env=environment) as process:
        deadline = time.monotonic() + 20  # less than a name server is waited for there
        while "/" not in server.site().targets():
            assert time.monotonic() < deadline, "its name waits behind those of others"
            time.sleep(0.02)
        process.kill()
