from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from scrapy.settings import Settings

from crawler.fetch.politeness import LEAST_DELAY, slots
from crawler.sources import Source
from tests.crawls import crawl, going, sources_file
from tests.markup import rss, stories
from tests.server import Body, Server, Site

DELAY = 0.2
STORIES = 8
# The clock of a busy machine: a request may be taken up late, and the next one then looks early.
SLACK = 0.03


def settings(**asked: object) -> Settings:
    made = Settings({"LOOPBACK_CONCURRENCY": 4, "DOWNLOAD_DELAY": 1.0})
    for name, value in asked.items():
        made.set(name, value, priority="cmdline")
    return made


def test_another_peoples_server_keeps_the_rhythm_of_the_project() -> None:
    assert slots([Source("gazette", "https://gazette.example/")], settings()) == {}


def test_a_source_has_the_rhythm_that_its_entry_says() -> None:
    source = Source("gazette", "https://gazette.example/", delay=2.5, concurrency=3)
    rhythm = {"delay": 2.5, "concurrency": 3}
    assert slots([source], settings()) == {
        "gazette.example": rhythm,
        "www.gazette.example": rhythm,
    }


def test_the_rhythm_holds_for_the_other_hosts_that_a_source_allows() -> None:
    source = Source("gazette", "https://gazette.example/", allowed_domains=("b.example",), delay=2)
    assert slots([source], settings())["b.example"] == {"delay": 2}


def test_this_machine_is_asked_without_a_pause() -> None:
    source = Source("gazette", "http://gazette.localhost:8000/")
    slot = slots([source], settings())["gazette.localhost"]
    assert slot == {"delay": LEAST_DELAY, "concurrency": 4}


def test_this_machine_too_is_asked_as_the_command_line_or_the_source_says() -> None:
    url = "http://127.0.0.1:8000/"
    assert slots([Source("gazette", url)], settings(DOWNLOAD_DELAY="0.5")) == {}
    source = Source("gazette", url, delay=1.0)
    assert slots([source], settings())["127.0.0.1"]["delay"] == 1.0


@pytest.mark.parametrize("delay", [0.0, 0.00001])
def test_no_delay_is_so_short_that_scrapy_forgets_to_count(delay: float) -> None:
    source = Source("gazette", "https://gazette.example/", delay=delay)
    assert slots([source], settings())["gazette.example"] == {"delay": LEAST_DELAY}
    source = Source("gazette", "https://gazette.example/")
    asked = settings(DOWNLOAD_DELAY=str(delay))
    assert slots([source], asked)["gazette.example"] == {"delay": LEAST_DELAY}


def publish(site: Site, count: int = STORIES, seconds: float = 0.05) -> None:
    """Stories in a feed; every page sets a cookie and takes its time."""
    told = stories(count, f"{site.host.partition('.')[0]}-")
    listed = [(urljoin(site.url, story.path), story) for story in told]
    site.paths["/"] = Body(rss(listed), "application/rss+xml", headers={"Set-Cookie": "a=1"})
    for story in told:
        site.paths[story.path] = Body(
            story.html(), seconds=seconds, headers={"Set-Cookie": f"seen={story.number}"}
        )


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    """Three sites after one run: one by default, one with a delay, one with a single connection."""
    folder = tmp_path_factory.mktemp("politeness")
    with Server() as server:
        sites = {name: server.site(name) for name in ("free", "delayed", "single")}
        for site in sites.values():
            publish(site)
        file = sources_file(
            folder / "sources.toml",
            Source("free", sites["free"].url),
            Source("delayed", sites["delayed"].url, delay=DELAY),
            Source("single", sites["single"].url, concurrency=1),
        )
        words = ("-s", "DOWNLOAD_DELAY_JITTER=0", "-s", "USER_AGENT_CONTACT=desk@gazette.example")
        done = crawl(folder / "data", "-s", file, *words)
        assert done.exit_code == 0, done.output[-3000:]
        yield sites


def test_a_sources_own_delay_lies_between_all_its_requests(sites: dict[str, Site]) -> None:
    gaps = sites["delayed"].gaps()
    assert len(gaps) >= STORIES
    assert min(gaps) >= DELAY - SLACK


def test_a_source_with_one_connection_never_has_two_requests_at_once(
    sites: dict[str, Site],
) -> None:
    assert sites["single"].most_at_once == 1


def test_this_machine_is_asked_for_a_few_pages_at_once(sites: dict[str, Site]) -> None:
    assert 2 <= sites["free"].most_at_once <= 4


def test_every_request_says_who_asks_and_how_to_reach_them(sites: dict[str, Site]) -> None:
    agents = {asked.headers["User-Agent"] for asked in sites["free"].asked}
    assert len(agents) == 1
    agent = agents.pop()
    assert agent.startswith("colporteur/")
    assert agent.endswith("(+desk@gazette.example)")


@pytest.mark.parametrize("header", ["Cookie", "Referer", "Authorization"])
def test_nothing_is_told_that_would_make_us_known_again(
    sites: dict[str, Site], header: str
) -> None:
    assert not [asked for site in sites.values() for asked in site.asked if header in asked.headers]


def test_a_delay_on_the_command_line_holds_on_this_machine_too(tmp_path: Path) -> None:
    with Server() as server:
        site = server.site("gazette")
        publish(site, seconds=0)
        words = ("-s", f"DOWNLOAD_DELAY={DELAY}", "-s", "DOWNLOAD_DELAY_JITTER=0")
        done = crawl(tmp_path, "-a", f"url={site.url}", *words)
    assert done.exit_code == 0
    assert len(site.gaps()) >= STORIES
    assert min(site.gaps()) >= DELAY - SLACK


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="reads Linux's /proc")
def test_a_crawl_opens_no_port(tmp_path: Path) -> None:
    with Server() as server:
        site = server.site("gazette")
        publish(site, count=1, seconds=1)
        with going(tmp_path, "-a", f"url={site.url}") as run:
            deadline = time.monotonic() + 30
            while not site.most_at_once and time.monotonic() < deadline:
                time.sleep(0.02)
            assert site.most_at_once, "the article was never asked for"
            assert not listening(run.pid)
            output, _ = run.communicate(timeout=30)
    assert run.returncode == 0, output[-3000:]


def listening(pid: int) -> set[str]:
    """The sockets of a process that wait for connections, as their inodes."""
    own = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except OSError:  # closed meanwhile
            continue
        own.add(target.removeprefix("socket:[").removesuffix("]"))
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        if (path := Path(f"/proc/{pid}/net/{table}")).exists()
        for line in path.read_text().splitlines()[1:]
    ]
    return {line[9] for line in lines if line[3] == "0A" and line[9] in own}
