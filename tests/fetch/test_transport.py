"""Connections that cannot be trusted or are none; the answers on them are tests/misbehaviours."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from crawler.sources import Source
from tests.certificates import certificate
from tests.crawls import ENVIRONMENT, Crawl, collected, ended, going, sources_file
from tests.markup import rss, stories
from tests.server import Body, Server, Site

STORIES = 2


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawl, Path, dict[str, Site]]:
    """A run over sites that differ in their certificates; one's is as it should be."""
    folder = tmp_path_factory.mktemp("tls")
    contexts = {
        "trusted": certificate(folder / "trusted.pem", "trusted.localhost"),
        "expired": certificate(folder / "expired.pem", "expired.localhost", (-3, -2)),
        "not-yet": certificate(folder / "not-yet.pem", "not-yet.localhost", (2, 3)),
        "other-host": certificate(folder / "other-host.pem", "elsewhere.localhost"),
        "unknown": certificate(folder / "unknown", "unknown.localhost"),
        "no-tls": None,
    }
    trusted = folder / "all-trusted"
    trusted.write_bytes(b"".join(path.read_bytes() for path in sorted(folder.glob("*.pem"))))
    sources, sites = [], {}
    with ExitStack() as stack:
        for name, context in contexts.items():
            server = stack.enter_context(Server(context))
            sites[name] = site = server.site(name)
            url = site.url.replace("http://", "https://")
            told = stories(STORIES, f"{name}-")
            for story in told:
                site.paths[story.path] = Body(story.html())
            listed = [(url.rstrip("/") + story.path, story) for story in told]
            site.paths["/feed"] = Body(rss(listed), "application/rss+xml")
            sources.append(Source(name, url, feeds=(f"{url}feed",)))
        data = folder / "data"
        words = ("-s", sources_file(folder / "sources.toml", *sources))
        environment = {**ENVIRONMENT, "SSL_CERT_FILE": str(trusted), "SSL_CERT_DIR": str(folder)}
        with going(data, *words, env=environment) as process:
            output, _ = process.communicate(timeout=90)
    return ended(data, process.returncode, output, set()), data, sites


def test_a_site_whose_certificate_is_good_is_read(run: tuple[Crawl, Path, dict[str, Site]]) -> None:
    done, data, _ = run
    assert collected(data) == {"trusted": STORIES}, done.output[-3000:]


@pytest.mark.parametrize("name", ["expired", "not-yet", "other-host", "unknown", "no-tls"])
def test_a_certificate_that_cannot_be_trusted_is_refused(
    run: tuple[Crawl, Path, dict[str, Site]], name: str
) -> None:
    done, _, sites = run
    assert done.counts(name) == {"unread/robots/unreachable": 1}
    assert "fetch/tls" in done.file["problems"][name]
    assert sites[name].targets() == []


def test_it_is_no_accident(run: tuple[Crawl, Path, dict[str, Site]]) -> None:
    done, _, _ = run
    assert done.exit_code == 5
    assert "Traceback" not in done.output
