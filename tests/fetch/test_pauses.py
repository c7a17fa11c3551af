"""Hosts that want a pause, are slow or down, and what becomes of the others, in real crawls."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import pytest

from crawler.sources import Source
from tests.crawls import Crawl, collected, crawl, ended, going, sources_file, state, urls
from tests.markup import rss, stories
from tests.server import HTML, Body, Handler, Reset, Server, Silent, Site, Status

STORIES = 8
# Of the clock on a busy machine.
SLACK = 0.05


@dataclass(slots=True)
class PutsOff:
    """Says 429 or 503 to the first so many requests, then answers."""

    body: str
    after: str | None = None
    status: int = 429
    times: int = 1
    seen: int = field(default=0, init=False)

    def answer(self, request: Handler) -> None:
        self.seen += 1
        if self.seen > self.times:
            request.send(200, {"Content-Type": HTML}, self.body.encode())
        else:
            headers = {"Retry-After": self.after} if self.after is not None else {}
            request.send(self.status, headers, b"")


@dataclass(slots=True)
class InAWhile:
    """Says 503 with a date so many seconds ahead, then answers."""

    body: str
    seconds: int
    seen: int = field(default=0, init=False)

    def answer(self, request: Handler) -> None:
        self.seen += 1
        # HTTP dates have whole seconds: the next one, so that the window is no shorter.
        at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=self.seconds + 1)
        PutsOff(self.body, format_datetime(at, usegmt=True), 503, times=int(self.seen == 1)).answer(
            request
        )


@dataclass(frozen=True, slots=True)
class Drip:
    """Sends a byte of a page now and then."""

    body: str
    seconds: float = 0.2

    def answer(self, request: Handler) -> None:
        body = self.body.encode()
        request.send(200, {"Content-Type": HTML}, b"", length=len(body))
        for byte in body:
            if request.server.ended.wait(self.seconds):
                return
            request.wfile.write(bytes([byte]))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


def publish(server: Server, name: str, count: int = STORIES) -> Site:
    site = server.site(name)
    told = stories(count, f"{name}-")
    listed = [(urljoin(site.url, story.path), story) for story in reversed(told)]
    site.paths["/"] = Body(rss(listed), "application/rss+xml")
    for story in told:
        site.paths[story.path] = Body(story.html())
    return site


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


@pytest.mark.parametrize(("after", "seconds"), [("2", 2.0), (None, 1.0)])
def test_a_host_that_says_429_gets_its_pause_and_then_all_pages_are_collected(
    server: Server, tmp_path: Path, after: str | None, seconds: float
) -> None:
    name = f"paused-{after}".lower()
    site = publish(server, name)
    path, html = newest(name)
    site.paths[path] = PutsOff(html, after)
    one = json.dumps({site.host: {"delay": 0.001, "concurrency": 1}})
    done = run(site, tmp_path, "-s", f"DOWNLOAD_SLOTS={one}", "-s", "BACKOFF_FIRST=1")
    assert done.exit_code == 0, done.output[-3000:]
    assert sum(collected(tmp_path).values()) == STORIES
    said, asked = window(site, path)
    assert asked - said >= seconds - SLACK


def test_a_503_with_a_date_is_a_pause_too(server: Server, tmp_path: Path) -> None:
    site = publish(server, "dated")
    path, html = newest("dated")
    site.paths[path] = InAWhile(html, 1)
    one = json.dumps({site.host: {"delay": 0.001, "concurrency": 1}})
    done = run(site, tmp_path, "-s", f"DOWNLOAD_SLOTS={one}")
    assert done.exit_code == 0, done.output[-3000:]
    assert sum(collected(tmp_path).values()) == STORIES
    said, asked = window(site, path)
    assert asked - said >= 1 - SLACK


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


def test_a_listing_that_is_put_off_is_read_after_the_pause(server: Server, tmp_path: Path) -> None:
    site = publish(server, "listing")
    feed = site.paths["/"]
    assert isinstance(feed, Body)
    site.paths["/"] = PutsOff(str(feed.body), "1")
    done = run(site, tmp_path)
    assert done.exit_code == 0, done.output[-3000:]
    assert sum(collected(tmp_path).values()) == STORIES
    said, asked = window(site, "/")
    assert asked - said >= 1 - SLACK


def test_a_robots_txt_that_wants_a_pause_holds_for_the_pages(
    server: Server, tmp_path: Path
) -> None:
    site = publish(server, "robots")
    site.paths["/robots.txt"] = PutsOff("", "3600", 429, times=9)
    run(site, tmp_path)
    assert site.targets() == ["/robots.txt"]


def test_a_host_that_fails_again_and_again_is_left_and_its_pages_stay_due(
    server: Server, tmp_path: Path
) -> None:
    site = publish(server, "down", 20)
    for path in list(site.paths):
        if path != "/":
            site.paths[path] = Reset()
    one = json.dumps({site.host: {"delay": 0.001, "concurrency": 1}})
    down = run(site, tmp_path, "-s", f"DOWNLOAD_SLOTS={one}")
    assert down.exit_code == 5, down.output[-3000:]
    asked = [target for target in site.targets() if target.startswith("/2026/")]
    assert 8 <= len(asked) <= 12
    counts = down.counts("down.localhost")
    assert counts["refused/host/down"] >= 12
    assert "down.localhost failed" in " ".join(down.sentences)
    assert {status for status, _ in urls(tmp_path).values()} == {"due"}


def test_slow_and_silent_hosts_hold_up_no_other(server: Server, tmp_path: Path) -> None:
    healthy = publish(server, "healthy", 20)
    slow = [publish(server, f"slow-{number}", 30) for number in range(3)]
    for site in slow:
        for path in list(site.paths):
            if path != "/":
                site.paths[path] = Drip("x" * 1000) if site is slow[0] else Silent()
    sources = [Source(site.host, site.url) for site in (*slow, healthy)]
    with going(
        tmp_path / "data", "-s", sources_file(tmp_path / "sources.toml", *sources),
        "-s", "CONCURRENT_REQUESTS=20", "-s", "DOWNLOAD_TIMEOUT=60",
    ) as process:  # fmt: skip
        deadline = time.monotonic() + 40
        pages: list[float] = []
        while len(pages) < 20:
            assert time.monotonic() < deadline, f"only {len(pages)} pages"
            time.sleep(0.02)
            pages = [asked.at for asked in healthy.asked if asked.target.startswith("/2026/")]
        gaps = [after - before for before, after in pairwise(pages)]
        assert max(gaps) < 1.0
        process.kill()


def test_a_run_that_is_told_to_stop_does_not_wait_for_what_it_only_has_in_hand(
    server: Server, tmp_path: Path
) -> None:
    site = publish(server, "stopping", 30)
    with going(tmp_path, "-a", f"url={site.url}", "-s", "DOWNLOAD_DELAY=1.5",
               "-s", "DOWNLOAD_DELAY_JITTER=0") as process:  # fmt: skip
        deadline = time.monotonic() + 40
        while not any(target.startswith("/2026/") for target in site.targets()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        asked = len(site.asked)
        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        output, _ = process.communicate(timeout=30)
        took = time.monotonic() - told
    stopped = ended(tmp_path, process.returncode, output, set())
    assert stopped.exit_code == 6, output[-3000:]
    assert "Traceback" not in output
    assert took < 5
    assert len(site.asked) == asked
    assert not [thing for thing in stopped.counts("stopping.localhost") if "refused" in thing]
    statuses = [status for status, _ in urls(tmp_path).values()]
    assert (statuses.count("collected"), statuses.count("due")) == (1, 29)


def test_a_host_that_is_gone_is_reported_as_before(server: Server, tmp_path: Path) -> None:
    site = publish(server, "gone", 6)
    for path in list(site.paths):
        if path != "/":
            site.paths[path] = Status(410)
    done = run(site, tmp_path)
    assert done.counts("gone.localhost")["refused/http/gone"] == 6
