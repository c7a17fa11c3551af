from __future__ import annotations

from urllib.parse import urljoin

import pytest

from tests.markup import rss, stories
from tests.misbehaviours.measure import measured
from tests.server import Body, Server


@pytest.fixture(scope="session")
def quiet_peak(tmp_path_factory: pytest.TempPathFactory) -> int:
    """The most memory (bytes) of a run over as many articles with which nothing is wrong."""
    with Server() as server:
        site = server.site("quiet")
        listed = []
        for story in stories(290, "quiet-"):
            site.paths[story.path] = Body(story.html())
            listed.append((urljoin(site.url, story.path), story))
        site.paths["/"] = Body(rss(listed), "application/rss+xml")
        done = measured(tmp_path_factory.mktemp("quiet"), "-a", f"url={site.url}")
    assert done.crawl.exit_code == 0, done.crawl.output[-3000:]
    assert done.peak > 0
    return done.peak
