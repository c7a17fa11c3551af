"""What the complete listings of a site name no more, or name again, is seen at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urljoin

from crawler.sources import Source
from tests.crawls import crawl, rows, sources_file
from tests.markup import Story, news_sitemap, page, posts, sitemap, sitemap_index, stories
from tests.server import Body, Computed, Resource, Server, Site, Status, Validated
from tests.spiders.ways import API_REL, link

ALL = stories(4)


def api(site: Site, told: Sequence[Story], comments: dict[int, Story]) -> Resource:
    """WordPress' posts with `X-WP-Total`, and its comments."""

    def answer(query: str) -> Resource:
        asked = parse_qs(query)
        after = asked.get("modified_after", ["2000"])[0]
        named = [story for story in told if story.modified.isoformat() > after]
        headers = {"X-WP-Total": str(len(named)), "X-WP-TotalPages": "1"}
        listed = [(urljoin(site.url, story.path), story) for story in named]
        return Body(posts(listed), "application/json", headers=headers)

    site.paths["/wp-json/wp/v2/comments"] = Body(
        json.dumps(
            [
                {"id": number, "link": f"{urljoin(site.url, story.path)}#comment-{number}"}
                for number, story in sorted(comments.items(), reverse=True)
            ]
        ),
        "application/json",
    )
    return Computed(answer)


class Paper:
    """Two sites, one with sitemaps and one with an API, crawled into one data folder."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.blog, self.maps = server.site("blog"), server.site("maps")
        sources = [Source(name=site.host, url=site.url) for site in (self.blog, self.maps)]
        self.data = folder / "data"
        self.words = ("-s", sources_file(folder / "sources.toml", *sources))
        self.blog.paths["/"] = Body(page("", link("application/json", "/wp-json/", API_REL)))
        self.maps.paths["/"] = Body(page("<p>Welcome.</p>"))
        self.maps.paths["/robots.txt"] = Body("Sitemap: /index.xml", "text/plain")
        index = sitemap_index([f"{self.maps.url}{name}.xml" for name in ("new", "old", "news")])
        self.maps.paths["/index.xml"] = Body(index, "application/xml")

    def run(
        self, told: Sequence[Story], comments: dict[int, Story], *, is_there: bool = True
    ) -> tuple[set[str], set[str]]:
        """The stories that each site was asked for; those that are not told are not there."""
        self.blog.paths["/wp-json/wp/v2/posts"] = api(self.blog, told, comments)
        listed = [(urljoin(self.maps.url, story.path), story) for story in told]
        halves = {"old": listed[: len(listed) // 2], "new": listed[len(listed) // 2 :]}
        for name, half in halves.items():
            self.maps.paths[f"/{name}.xml"] = Validated(sitemap(half))
        self.maps.paths["/news.xml"] = Validated(news_sitemap(listed[-1:]))
        for site in (self.blog, self.maps):
            for story in ALL:
                own = replace(story, topic=site.host)
                body = own.html().replace(own.headline, story.headline)
                is_shown = is_there or story in told
                site.paths[story.path] = Body(body) if is_shown else Status(404)
            site.forget()
        done = crawl(self.data, *self.words)
        assert done.exit_code == 0, done.output[-3000:]
        blog, maps = (
            {target for target in site.targets() if "/2026/" in target}
            for site in (self.blog, self.maps)
        )
        return blog, maps

    def availability(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in rows(self.data):
            found.setdefault(row["availability"], set()).add(row["headline"])
        return found


def test_what_is_named_no_more_or_again_or_was_commented_on_is_seen_at_once(
    tmp_path: Path,
) -> None:
    every = {story.path for story in ALL}
    gone = ALL[1]
    fewer = [story for story in ALL if story != gone]
    with Server() as server:
        paper = Paper(server, tmp_path)
        assert paper.run(ALL, {7: ALL[0]}) == (every, every)
        # One of four; a sitemap's half moves to the other, the news sitemap's one stays.
        assert paper.run(fewer, {7: ALL[0]}, is_there=False) == ({gone.path}, {gone.path})
        others = {story.headline for story in fewer}
        assert paper.availability() == {"gone": {gone.headline}, "available": others}
        commented = {7: ALL[0], 9: ALL[0], 11: ALL[3]}
        assert paper.run(fewer, commented, is_there=False) == ({ALL[0].path, ALL[3].path}, set())
        # The API has not changed this post, so only the sitemap and the number of posts tell.
        assert paper.run(ALL, commented) == ({gone.path}, {gone.path})
        assert paper.availability() == {"available": {story.headline for story in ALL}}
        assert paper.run(ALL, commented) == (set(), set())
