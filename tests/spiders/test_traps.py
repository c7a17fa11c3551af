"""Sites without end, crawled for real: each is left after some tries, and the others are read."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest

from crawler.sources import Source
from tests.crawls import collected, crawl, sources_file
from tests.markup import page, rss, sitemap, stories
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


@pytest.mark.parametrize("kind", ["calendar", "maze", "sitemap", "facets"])
def test_a_trap_is_left_and_the_other_sites_are_read(kind: str, tmp_path: Path) -> None:
    with Server() as server:
        if kind == "calendar":
            trap = endless(server, "trap", Calendar())
        elif kind == "maze":
            trap = endless(server, "trap", Maze())
        else:
            trap = endless(server, "trap", Nothing())
            paths = (
                [f"/shop/?color={n}&size={n % 7}" for n in range(3_000)]
                if kind == "facets"
                else [f"/item-{n % 97}/{n}.html" for n in range(3_000)]
            )
            (story,) = stories(1)
            urls = [(urljoin(trap.url, path), story) for path in paths]
            trap.paths["/sitemap.xml"] = Body(sitemap(urls).replace("&", "&amp;"), "text/xml")
            trap.paths["/"] = Body(page("<p>Welcome.</p>"))
        good = server.site("good")
        told = stories(STORIES, "good-")
        listed = [(urljoin(good.url, story.path), story) for story in told]
        good.paths["/"] = Body(rss(listed), "application/rss+xml")
        for story in told:
            good.paths[story.path] = Body(story.html())
        sources = [Source("trap", trap.url), Source("good", good.url)]
        done = crawl(tmp_path / "data", "-s", sources_file(tmp_path / "sources.toml", *sources))
        assert collected(tmp_path / "data") == {"good": STORIES}
        assert 20 < len(trap.asked) <= MOST, len(trap.asked)
        assert done.counts("trap")["refused/guard/trap"] > 0
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
