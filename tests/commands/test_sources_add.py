"""`scrapy sources add`: a site's address becomes an entry, or a sentence that says why not."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from crawler.sources import Source, read_sources
from tests.conftest import Scrapy
from tests.crawls import ENVIRONMENT, ROOT, sources_file
from tests.markup import Story, atom, page, posts, rss, sitemap, stories
from tests.server import Body, Redirect, Server, Silent, Site

KNOWN = '# Mine.\n[echo]\nurl = "https://echo.example/"\n'


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as open_server:
        yield open_server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(KNOWN)
    return path


def command(subcommand: str, file: Path, *words: str) -> list[str]:
    settings = [f"SOURCES={file}", f"DATA_DIR={file.parent / 'data'}", "ALLOW_PRIVATE_HOSTS=1"]
    set_each = [word for setting in settings for word in ("-s", setting)]
    return [sys.executable, "-m", "scrapy", "sources", subcommand, *words, *set_each]


def add(file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run("add", file, *words)


def run(subcommand: str, file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(subcommand, file, *words),
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert not (file.parent / "data").exists()
    return done


def told(site: Site, count: int) -> list[tuple[str, Story]]:
    return [(urljoin(site.url, story.path), story) for story in stories(count)]


def full_site(server: Server, name: str) -> Site:
    """A site with WordPress' API, a sitemap, a feed, its twin, and a feed that is broken."""
    site = server.site(name)
    head = (
        '<meta property="og:locale" content="fr_FR">'
        '<meta property="og:site_name" content="Gazette">'
        '<link rel="https://api.w.org/" href="/wp-json/">'
        '<link rel="alternate" type="application/rss+xml" href="/feed/">'
        '<link rel="alternate" type="application/atom+xml" href="/feed/atom/">'
        '<link rel="alternate" type="application/rss+xml" href="/broken/">'
    )
    site.paths = {
        "/": Body(page("<p>Bienvenue.</p>", head)),
        "/robots.txt": Body("User-agent: *\nDisallow: /private\nSitemap: /map.xml", "text/plain"),
        "/wp-json/wp/v2/posts": Body(posts(told(site, 9)), "application/json"),
        "/map.xml": Body(sitemap(told(site, 8)), "application/xml"),
        "/feed/": Body(rss(told(site, 3)), "application/rss+xml"),
        "/feed/atom/": Body(atom(told(site, 3)), "application/atom+xml"),
        "/broken/": Body("<rss", "application/rss+xml"),
    }
    return site


def test_a_site_is_added_with_the_ways_that_answer(server: Server, file: Path) -> None:
    site = full_site(server, "plain")
    done = add(file, site.url)
    assert (done.returncode, done.stderr) == (0, "")
    source = Source(
        name="plain.localhost",
        url=site.url,
        language="fr-FR",
        wordpress=f"{site.url}wp-json/",
        sitemaps=(f"{site.url}map.xml",),
        feeds=(f"{site.url}feed/",),
    )
    assert read_sources(file)[1:] == (source,)
    assert file.read_text().startswith(KNOWN)
    ways, _, entry = done.stdout.partition(f"added to {file}:\n")
    assert entry.strip() == file.read_text().removeprefix(KNOWN).strip()
    assert ways.startswith(f"plain.localhost: {site.url} (Gazette)\n")
    assert f"WordPress  {site.url}wp-json/: 9 URLs, newest 2026-03-02\n" in ways
    assert f"sitemap    {site.url}map.xml: 8 URLs, newest 2026-03-02\n" in ways
    assert f"feed       {site.url}feed/atom/: 3 URLs, newest 2026-03-02\n" in ways
    assert f"feed       {site.url}broken/: discovery/unreadable" in ways
    assert f"listing    {site.url}: 0 URLs\n" in ways
    assert site.targets()[:2] == ["/robots.txt", "/"]
    assert len(site.targets()) == len(set(site.targets()))
    assert "colporteur/" in site.asked[0].headers["User-Agent"]


def test_a_dry_run_says_what_it_would_add(server: Server, file: Path) -> None:
    done = add(file, full_site(server, "dry").url, "--dry-run", "--name", "gazette")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"would add to {file}:\n\n[gazette]\n" in done.stdout
    assert file.read_text() == KNOWN


def test_a_site_that_is_there_is_named_and_not_asked(
    scrapy: Scrapy, server: Server, file: Path
) -> None:
    site = server.site("there")
    file.write_text(f'[gazette]\nurl = "{site.url}une/"\n')
    done = scrapy("sources", "add", site.url, "-s", f"SOURCES={file}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f'scrapy sources: {site.url} is known already: source "gazette" in {file} is '
        f"{site.url}une/.\n"
    )
    assert site.asked == []


def unresolved(server: Server) -> str:
    return "http://nowhere.invalid/"


def refusing(server: Server) -> str:
    return "http://127.0.0.1:9/"


def empty(server: Server) -> str:
    site = server.site("empty")
    site.paths["/"] = Body(page("<p>Nothing yet.</p>"))
    return site.url


def missing(server: Server) -> str:
    return server.site("missing").url


def forbidden(server: Server) -> str:
    site = full_site(server, "forbidden")
    site.paths["/robots.txt"] = Body("User-agent: *\nDisallow: /", "text/plain")
    return site.url


def moved(server: Server) -> str:
    site, new = server.site("moved"), server.site("new")
    site.paths["/"] = Redirect(new.url)
    new.paths["/"] = Body(page("<p>Welcome.</p>"))
    return site.url


Place = Callable[[Server], str]
REASONS: dict[Place, str] = {
    unresolved: "fetch/unresolved",
    refusing: "fetch/connection",
    empty: "no article was found from ",
    missing: "http/gone: HTTP 404",
    forbidden: "robots/disallowed: robots.txt",
    moved: "another site; give that address",
}


def name(place: Place) -> str:
    """The name of such a place's source."""
    return str(place.__name__)


@pytest.mark.parametrize("place", [forbidden, moved], ids=["forbidden", "moved"])
def test_what_cannot_be_collected_is_not_added(server: Server, file: Path, place: Place) -> None:
    done = add(file, place(server))
    assert done.returncode == 2
    assert done.stderr.startswith("scrapy sources: nothing was added, as ")
    assert REASONS[place] in done.stderr
    assert done.stderr.count("\n") == 1
    assert file.read_text() == KNOWN


def test_each_reason_for_which_a_site_cannot_be_collected_is_told(
    server: Server, file: Path
) -> None:
    """As `add` tells it, which looks at one site in the same way: here they go side by side."""
    sources = [Source(name(place), place(server), delay=0.01) for place in REASONS]
    sources_file(file, *sources)
    done = run("check", file)
    assert done.returncode == 5
    told = dict(zip(REASONS, done.stderr.splitlines(), strict=True))
    for place, reason in REASONS.items():
        assert told[place].startswith(f'scrapy sources: source "{name(place)}": ')
        assert reason in told[place]


def test_a_signal_ends_it_with_nothing_added(server: Server, file: Path) -> None:
    site = server.site("silent")
    site.paths["/"] = Silent()
    running = subprocess.Popen(
        [*command("add", file, site.url), "-s", "DOWNLOAD_TIMEOUT=2"],
        cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while "/" not in site.targets():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=30)
    assert (running.returncode, output) == (6, "")
    assert errors == "scrapy sources: stopped (shutdown) before all was done.\n"
    assert file.read_text() == KNOWN
