"""Sites without end, crawled for real: each is left after some tries, and the others are read."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest

from crawler.sources import Source
from tests.crawls import Crawl, collected, crawl, sources_file
from tests.markup import page, sitemap, stories
from tests.reluctant import publish
from tests.server import HTML, Body, Handler, Resource, Server, Site

MOST = 200
STORIES = 8


class Endless(Site):
    """A site that has a page for every address."""

    def __init__(self, host: str, url: str, answer: Resource) -> None:
        super().__init__(host, url)
        self._answer = answer

    def resource(self, target: str) -> Resource:
        if target in self.paths or target == "/robots.txt" or "well-known" in target:
            return super().resource(target)
        return self._answer


@dataclass(frozen=True, slots=True)
class Calendar:
    """Each page links to ten days and to the next month, for ever."""

    def answer(self, request: Handler) -> None:
        number = int("".join(filter(str.isdigit, request.path)) or 0)
        links = "".join(
            f'<article><h2><a href="/day/{number}-{day}-in-the-life-of-a-town">'
            f"Day {day} in the life of a town</a></h2></article>"
            for day in range(10)
        )
        onward = f'<a rel="next" href="/month/{number + 1}">Next</a>'
        request.send(200, {"Content-Type": HTML}, page(links + onward).encode())


@dataclass(frozen=True, slots=True)
class Maze:
    """Each page links to ten others at addresses that nobody could foresee."""

    def answer(self, request: Handler) -> None:
        chance = random.Random(request.path)
        words = ["harbour", "garden", "winter", "museum", "river", "engine"]
        links = "".join(
            f'<h2><a href="/{chance.choice(words)}-{chance.randrange(10**6)}/'
            f'{"-".join(chance.choices(words, k=5))}-{chance.randrange(10**6)}">'
            f"{' '.join(chance.choices(words, k=5))}</a></h2>"
            for _ in range(10)
        )
        onward = f'<a rel="next" href="/maze/{chance.randrange(10**6)}">Next</a>'
        request.send(200, {"Content-Type": HTML}, page(links + onward).encode())


@dataclass(frozen=True, slots=True)
class Nothing:
    """A page that says nothing."""

    def answer(self, request: Handler) -> None:
        request.send(200, {"Content-Type": HTML}, page("<p>Nothing here.</p>").encode())


def endless(server: Server, name: str, answer: Resource) -> Site:
    made = server.site(name)
    trap = Endless(made.host, made.url, answer)
    server._sites[made.host] = trap
    return trap


def large_sitemap(server: Server, name: str, paths: list[str]) -> Site:
    """A sitemap of so many pages that say nothing."""
    trap = endless(server, name, Nothing())
    (story,) = stories(1)
    urls = [(urljoin(trap.url, path), story) for path in paths]
    trap.paths["/sitemap.xml"] = Body(sitemap(urls).replace("&", "&amp;"), "text/xml")
    trap.paths["/"] = Body(page("<p>Welcome.</p>"))
    return trap


KINDS: dict[str, Callable[[Server, str], Site]] = {
    "calendar": lambda server, name: endless(server, name, Calendar()),
    "maze": lambda server, name: endless(server, name, Maze()),
    "sitemap": lambda server, name: large_sitemap(
        server, name, [f"/item-{n % 97}/{n}.html" for n in range(3_000)]
    ),
    "facets": lambda server, name: large_sitemap(
        server, name, [f"/shop/?color={n}&size={n % 7}" for n in range(3_000)]
    ),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawl, Path, dict[str, Site]]:
    """One run over a trap of each kind and a site that is none."""
    folder = tmp_path_factory.mktemp("traps")
    with Server() as server:
        traps = {kind: make(server, kind) for kind, make in KINDS.items()}
        good = publish(server, "good", STORIES)
        sources = [Source(name, site.url) for name, site in {**traps, "good": good}.items()]
        done = crawl(folder / "data", "-s", sources_file(folder / "sources.toml", *sources))
    return done, folder / "data", traps


@pytest.mark.parametrize("kind", KINDS)
def test_a_trap_is_left(run: tuple[Crawl, Path, dict[str, Site]], kind: str) -> None:
    done, _, traps = run
    asked = traps[kind].asked
    assert 20 < len(asked) <= MOST, len(asked)
    assert done.counts(kind)["refused/guard/trap"] > 0
    assert kind in done.file["problems"]


def test_sites_beside_traps_are_read(run: tuple[Crawl, Path, dict[str, Site]]) -> None:
    done, data, _ = run
    assert collected(data) == {"good": STORIES}
    assert done.exit_code == 5


def test_an_archive_of_any_size_is_no_trap(tmp_path: Path) -> None:
    with Server() as server:
        site = server.site("archive")
        told = stories(120, "old-")
        for start in range(0, 120, 10):
            links = "".join(
                f'<h2><a href="{story.path}">{story.headline}</a></h2>'
                f'<a href="/members/{story.number}-of-the-town-council/">A member of the town</a>'
                for story in told[start : start + 10]
            )
            onward = f'<a rel="next" href="/page/{start // 10 + 2}/">Older</a>'
            path = f"/page/{start // 10 + 1}/" if start else "/"
            site.paths[path] = Body(page(links + onward))
        for story in told:
            site.paths[story.path] = Body(story.html())
        crawl(tmp_path, "-a", f"url={site.url}")
        assert sum(collected(tmp_path).values()) == 120
