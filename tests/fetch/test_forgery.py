"""Server-side request forgery: what pages, listings and resolvers say leads to no private address.

The site stands at an address that the person opened; every connection of the run is written down
where Python asks the system for it (PEP 578).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sources import Source
from tests.crawls import ENVIRONMENT, Crawl, crawl, rows, sources_file
from tests.fetch.flipping import ALLOWED, HOST
from tests.fetch.spellings import SPELLINGS
from tests.markup import Story, page, rss, sitemap, sitemap_index, stories
from tests.server import Body, Redirect, Server, Site

CONNECTIONS = Path(__file__).parent / "connections"
# Declared by a careless person: what is in feeds and sitemaps is then asked for.
DECLARED = ("localhost", "127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.0.1")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(address=ALLOWED) as open_server:
        yield open_server


def run(tmp_path: Path, source: Source, *words: str) -> tuple[Crawl, set[str]]:
    """A crawl, and the addresses that it connected to."""
    told = tmp_path / "connections"
    file = sources_file(tmp_path / "sources.toml", source)
    env = {**ENVIRONMENT, "PYTHONPATH": str(CONNECTIONS), "CONNECTIONS": str(told)}
    opened = f"ALLOW_PRIVATE_HOSTS={ALLOWED}/32"
    done = crawl(tmp_path / "data", "-s", file, "-s", opened, *words, env=env)
    return done, set(told.read_text().split())


def forged(server: Server, path: str) -> list[str]:
    """The URL of a path, once for each spelling."""
    return [f"http://{spelling}:{server.port}{path}{i}/" for i, spelling in enumerate(SPELLINGS)]


def _as_sent(url: str) -> str:
    """UTF-8 in a header, as servers send it."""
    return url.encode().decode("latin-1")


def write_site(server: Server) -> tuple[Site, Source]:
    """A site that names private addresses wherever it can."""
    site = server.site()
    kept = stories(len(SPELLINGS))
    canonical = forged(server, "/2026/03/canonical-")
    for story, url in zip(kept, canonical, strict=True):
        head = f'<link rel="canonical" href="{url}"><link rel="next" href="{url}page/2/">'
        site.paths[story.path] = Body(story.html(head))
    moved = stories(len(SPELLINGS), "moved-")
    for story, url in zip(moved, forged(server, "/2026/03/redirected-"), strict=True):
        site.paths[story.path] = Redirect(_as_sent(url))
    for i, url in enumerate(forged(server, "/2026/03/listing-")):
        site.paths[f"/feeds/{i}.xml"] = Redirect(_as_sent(url))
        site.paths[f"/sitemaps/{i}.xml"] = Redirect(_as_sent(url))
    named = [Story(i, topic="named-") for i in range(len(SPELLINGS))]
    urls = forged(server, "/2026/03/named-")
    own = [(site.url[:-1] + story.path, story) for story in (*kept, *moved)]
    elsewhere = list(zip(urls, named, strict=True))
    site.paths["/feed.xml"] = Body(rss([*own, *elsewhere]), "text/xml")
    site.paths["/sitemap.xml"] = Body(sitemap(elsewhere), "text/xml")
    site.paths["/index.xml"] = Body(sitemap_index(forged(server, "/sitemap-")), "text/xml")
    site.paths["/news/"] = Body(
        page("".join(f'<p><a href="{url}">A story</a></p>' for url in urls))
    )
    every = range(len(SPELLINGS))
    return site, Source(
        "gazette",
        site.url,
        feeds=(f"{site.url}feed.xml", *[f"{site.url}feeds/{i}.xml" for i in every]),
        sitemaps=(
            f"{site.url}sitemap.xml",
            f"{site.url}index.xml",
            *[f"{site.url}sitemaps/{i}.xml" for i in every],
        ),
        listings=(f"{site.url}news/",),
        allowed_domains=DECLARED,
    )


def test_there_are_more_than_eighty_spellings_and_each_is_there_once() -> None:
    assert len(SPELLINGS) == len(set(SPELLINGS)) >= 80


def test_no_spelling_is_reached_by_link_redirect_feed_sitemap_or_canonical(
    server: Server, tmp_path: Path
) -> None:
    _, source = write_site(server)
    done, connected = run(tmp_path, source)
    assert connected == {ALLOWED}
    counts = done.counts("gazette")
    assert counts["refused/guard/private-address"] > 0, "what was declared came as far as the guard"
    assert counts["unread/guard/private-address"] > len(SPELLINGS)
    articles = rows(tmp_path / "data")
    assert len(articles) == len(SPELLINGS), "a canonical of another site displaces none"
    assert {article["domain"] for article in articles} == {ALLOWED}


def test_a_host_that_flips_to_a_private_address_is_not_reached_there(
    server: Server, tmp_path: Path
) -> None:
    site = server.site()
    told = stories(12)
    for story in told:
        site.paths[story.path] = Body(story.html(), headers={"Connection": "close"})
    home = f"http://{HOST}:{server.port}/"
    site.paths["/feed.xml"] = Body(
        rss([(home[:-1] + story.path, story) for story in told]), "text/xml"
    )
    source = Source("gazette", home, feeds=(f"{home}feed.xml",), delay=0.01)
    flipping = ("-s", "TWISTED_DNS_RESOLVER=tests.fetch.flipping.FlippingResolver")
    connected: set[str] = set()
    refused = 0
    for _ in range(2):
        done, addresses = run(tmp_path, source, *flipping, "-s", "DNSCACHE_ENABLED=0")
        connected |= addresses
        counts = done.counts("gazette")
        refused += sum(n for key, n in counts.items() if key.endswith("guard/private-address"))
    assert connected == {ALLOWED}
    assert refused > 0
    assert site.targets(), "the address that is allowed was asked"
