"""`scrapy sources check`: what each source gives, without a trace in the data folder."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urljoin

import pytest

from crawler.sources import Source
from tests.crawls import ENVIRONMENT, ROOT, sources_file
from tests.markup import page, rss, stories
from tests.server import Body, Server, Site, Status

DELAY = 0.2
FEED = "feed.xml"


@dataclass(frozen=True, slots=True)
class Check:
    """A check that ended: what it said, and what each site was asked for, and when."""

    exit_code: int
    said: str
    told: str
    targets: dict[str, list[str]]
    gaps: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Paper:
    """Sources of every kind on one server, and the file that lists them."""

    sites: dict[str, Site]
    settings: list[str]
    data: Path

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "scrapy", "sources", "check", *words, *self.settings]

    def check(self, *words: str) -> Check:
        for site in self.sites.values():
            site.forget()
        done = subprocess.run(
            self.command(*words),
            cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert not self.data.exists()
        targets = {name: site.targets() for name, site in self.sites.items()}
        gaps = {name: site.gaps() for name, site in self.sites.items()}
        return Check(done.returncode, done.stdout, done.stderr, targets, gaps)


def rows(output: str) -> dict[str, list[str]]:
    """The lines of the closing table, by source."""
    cells = [line.split("\t") for line in output.splitlines() if "\t" in line]
    return {name: rest for name, *rest in cells}


def read_to_the_end(terminal: int) -> bytes:
    """All that is written to a terminal, whose end is an error (EIO)."""
    shown = b""
    with suppress(OSError), os.fdopen(terminal, "rb", buffering=0) as screen:
        while part := screen.read(4096):
            shown += part
    return shown


def publish(site: Site, count: int = 4) -> None:
    """A feed of so many articles; every other one is only there for subscribers."""
    told = [(urljoin(site.url, story.path), story) for story in stories(count)]
    for _, story in told:
        site.paths[story.path] = Body(story.html()) if story.number % 2 else Status(402)
    site.paths[f"/{FEED}"] = Body(rss(told), "application/rss+xml")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    folder = tmp_path_factory.mktemp("check")
    with Server() as server:
        names = ("gazette", "gone", "empty", "forbidden", "slow", "closed")
        sites = {name: server.site(name) for name in names}
        for name in ("gazette", "slow", "closed"):
            publish(sites[name])
        gone = [(f"{sites['gone'].url}{story.number}", story) for story in stories(3)]
        sites["gone"].paths[f"/{FEED}"] = Body(rss(gone), "application/rss+xml")
        sites["empty"].paths["/"] = Body(page("<p>Nothing yet.</p>"))
        sites["forbidden"].paths["/robots.txt"] = Body("User-agent: *\nDisallow: /", "text/plain")
        sources = [
            Source(
                name=name,
                url=site.url,
                feeds=() if name in ("empty", "forbidden") else (f"{site.url}{FEED}",),
                delay=DELAY if name == "slow" else None,
                enabled=name not in ("slow", "closed"),
            )
            for name, site in sites.items()
        ]
        data = folder / "data"
        chosen = [sources_file(folder / "mine.toml", *sources), f"DATA_DIR={data}"]
        settings = [word for one in (*chosen, "ALLOW_PRIVATE_HOSTS=1") for word in ("-s", one)]
        yield Paper(sites, settings, data)


@pytest.fixture(scope="module")
def enabled(paper: Paper) -> Check:
    """A check of all enabled sources."""
    return paper.check()


@pytest.fixture(scope="module")
def named(paper: Paper) -> Check:
    """A check of two that are not."""
    return paper.check("closed", "slow", "--sample", "2")


def test_a_healthy_source_is_told_in_full(paper: Paper, enabled: Check) -> None:
    url = paper.sites["gazette"].url
    assert f"gazette: {url}\n  feed       {url}{FEED}: 4 URLs, newest 2026-03-02\n" in enabled.said
    assert f"  refused    {url}2026/03/story-number-4/: http/forbidden: HTTP 402\n" in enabled.said
    story = f"  article    {url}2026/03/story-number-3/: "
    (line,) = [line for line in enabled.said.splitlines() if line.startswith(story)]
    words = line.removeprefix(story)
    assert words.startswith("headline, authors, date_published, in_language, ")
    assert words.endswith(" words, 0 comments; without description")
    assert rows(enabled.said)["gazette"][:5] == ["feed", "4", "2026-03-02", "2/4", "description 2"]
    assert rows(enabled.said)["gazette"][-2:] == ["http/forbidden 2", "healthy"]


def test_every_unhealthy_source_is_named_with_its_reason(paper: Paper, enabled: Check) -> None:
    urls = {name: site.url for name, site in paper.sites.items()}
    assert enabled.exit_code == 5
    assert enabled.told.splitlines() == [
        'scrapy sources: source "gone": none of 3 pages became an article, mostly for http/gone',
        f'scrapy sources: source "empty": no article was found from {urls["empty"]}: no feed, '
        "sitemap, WordPress API or listing page names one; give their addresses in the sources "
        "file",
        f'scrapy sources: source "forbidden": nothing could be read: {urls["forbidden"]}: '
        "robots/disallowed: robots.txt",
    ]
    verdicts = {name: cells[-1] for name, cells in rows(enabled.said).items()}
    assert verdicts == {
        "gazette": "healthy",
        "gone": "unhealthy",
        "empty": "unhealthy",
        "forbidden": "unhealthy",
    }
    assert enabled.targets["forbidden"] == ["/robots.txt"]
    assert enabled.targets["closed"] == []


def test_a_disabled_source_is_checked_when_it_is_named(paper: Paper, named: Check) -> None:
    assert (named.exit_code, named.told) == (0, "")
    assert rows(named.said)["closed"][3] == "1/2"
    asked = named.targets["closed"]
    assert [target for target in asked if "tdmrep" not in target] == [
        "/robots.txt",
        f"/{FEED}",
        "/2026/03/story-number-4/",
        "/2026/03/story-number-3/",
    ]
    assert asked.count("/.well-known/tdmrep.json") == 1


def test_a_check_keeps_the_pause_that_a_source_asks_for(named: Check) -> None:
    gaps = named.gaps["slow"]
    assert len(gaps) == 4
    assert min(gaps) >= DELAY / 2 * 0.9  # the pause varies by half
    assert median(gaps) < 0.5  # the shortest pause of other sources; one may be a busy machine's


def test_the_table_is_drawn_on_a_terminal(paper: Paper) -> None:
    terminal, end = pty.openpty()
    running = subprocess.Popen(
        paper.command("gazette"),
        cwd=ROOT, stdout=end, env={**ENVIRONMENT, "COLUMNS": "160", "TERM": "dumb"},
    )  # fmt: skip
    os.close(end)
    shown = read_to_the_end(terminal).decode()
    assert running.wait(60) == 0
    assert "│ 2/4" in shown
    assert "\t" not in shown
