"""Long bodies from many hosts at once: memory has a bound, and each gets its outcome."""

from __future__ import annotations

import gzip
import os
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin

from crawler import settings
from crawler.sources import Source
from tests.crawls import sources_file
from tests.markup import Story, rss
from tests.misbehaviours.bodies import coded, gzip_bomb
from tests.misbehaviours.measure import measured
from tests.misbehaviours.wire import COLLECTED, Flooding, Misbehaviour, head
from tests.server import Body, Server

HOSTS = 5
LIMIT = settings.DOWNLOAD_MAXSIZE


def long_bodies(story: Story) -> list[Misbehaviour]:
    """Almost as much as is taken, and more; packed and as it is."""
    padding = b"</article><!--" + b"ab cd " * (15_000_000 // 6) + b"-->"
    page = story.html().encode().replace(b"</article>", padding)
    noise = b"</article><!--" + os.urandom(2_000_000).hex().encode() + b"-->"
    noisy = story.html().encode().replace(b"</article>", noise)
    return [
        Misbehaviour(Flooding(head(), b"<p>again</p>"), "fetch/too-large"),
        Misbehaviour(coded(gzip_bomb(), "gzip"), "fetch/too-large"),
        Misbehaviour(Body(page), COLLECTED),
        Misbehaviour(coded(gzip.compress(page, 1), "gzip"), COLLECTED),
        Misbehaviour(coded(gzip.compress(noisy, 1), "gzip"), COLLECTED),  # long when packed, too
    ]


def test_long_bodies_of_many_hosts_do_not_add_up(tmp_path: Path, quiet_peak: int) -> None:
    sources = []
    expected: Counter[str] = Counter()
    bodies = long_bodies(Story(1, topic="long-"))
    with Server() as server:
        for number in range(HOSTS):
            site = server.site(f"host-{number}")
            listed = []
            for place, body in enumerate(bodies[number % 5 :] + bodies[: number % 5]):
                path = f"/2026/03/long-story-{number}-{place}/"
                site.paths[path] = body.resource
                expected[body.outcome] += 1
                listed.append((urljoin(site.url, path), Story(place)))
            site.paths["/feed"] = Body(rss(listed), "application/rss+xml")
            sources.append(Source(site.host, site.url, feeds=(f"{site.url}feed",)))
        file = sources_file(tmp_path / "sources.toml", *sources)
        done = measured(tmp_path / "data", "-s", file)
    assert done.crawl.exit_code == 0, done.crawl.output[-3000:]
    counts: Counter[str] = Counter()
    for source in sources:
        counts.update(done.crawl.counts(source.name))
    # They all tell the same story: one is the article, the others are its duplicates.
    assert counts["articles"] + counts["duplicates"] == expected[COLLECTED]
    assert counts["refused/fetch/too-large"] == expected["fetch/too-large"]
    assert done.peak < quiet_peak + 3 * LIMIT
