"""The site that most crawls here are of: a feed of stories, and a page for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urljoin

from tests.markup import Story, rss
from tests.server import Body, Server, Site


def publish(site: Site, told: Sequence[Story], seconds: float = 0.0) -> None:
    """Put stories on a site: its front page lists these, in their order, and no others.

    Each page takes so many seconds to answer.
    """
    listed = [(urljoin(site.url, story.path), story) for story in told]
    site.paths["/"] = Body(rss(listed), "application/rss+xml")
    for story in told:
        site.paths[story.path] = Body(story.html(), seconds=seconds)


@contextmanager
def newspaper(told: Sequence[Story], seconds: float = 0.0) -> Iterator[Site]:
    """`journal.localhost` with these stories, on a server of its own."""
    with Server() as server:
        site = server.site("journal")
        publish(site, told, seconds)
        yield site
