from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.http import Request
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure

from crawler.errors import Reason
from crawler.fetch.addresses import EVERYWHERE
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.guards import GuardedResolver, GuardMiddleware
from crawler.sources import Source
from tests.crawls import crawl, sources_file
from tests.server import Server

# Spellings of this machine and of networks that are not the public one.
SPELLINGS = {
    "dotted": "127.0.0.1",
    "name": "localhost",
    "capitals": "LOCALHOST",
    "rooted": "localhost.",
    "below": "gazette.localhost",
    "short": "127.1",
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "octal": "0177.0.0.1",
    "zero": "0",
    "ipv6": "[::1]",
    "mapped": "[::ffff:127.0.0.1]",
    "link-local": "[fe80::1]",
    "private": "10.0.0.1",
    "shared": "100.64.0.1",
    "metadata": "169.254.169.254",
}


def resolver(*, allow_private: bool) -> GuardedResolver:
    from twisted.internet import reactor

    made = GuardedResolver(reactor, cache_size=0, timeout=1)
    made.opened = EVERYWHERE if allow_private else ()
    return made


def answer(found: Deferred[str]) -> str | type[BaseException]:
    """What a name that needs no thread resolves to, or the kind of error."""
    answers: list[str | type[BaseException]] = []

    def failed(failure: Failure) -> None:
        answers.append(failure.type or Exception)

    found.addCallbacks(answers.append, failed)
    return answers[0]


@pytest.mark.parametrize("name", ["localhost", "localhost.", "gazette.localhost", "a.b.localhost"])
def test_names_below_localhost_are_this_machine_without_asking_anyone(name: str) -> None:
    found = resolver(allow_private=True).getHostByName(name)
    assert answer(found) == "127.0.0.1"


@pytest.mark.parametrize("name", ["localhost", "gazette.localhost", "::1", "fe80::1", "fd00::1"])
def test_a_private_address_is_not_found(name: str) -> None:
    found = resolver(allow_private=False).getHostByName(name)
    assert answer(found) is DNSLookupError


def test_a_public_ipv6_address_is_itself() -> None:
    found = resolver(allow_private=False).getHostByName("2606:4700::1111")
    assert answer(found) == "2606:4700::1111"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/", "data:,x", "s3://b/k"])
def test_only_http_and_https_are_asked(url: str) -> None:
    with pytest.raises(FetchRefusedError) as refused:
        GuardMiddleware().process_request(Request(url))
    assert refused.value.refusal.reason is Reason.SCHEME


@pytest.mark.parametrize("url", ["http://a.example/", "HTTPS://a.example/"])
def test_http_and_https_pass(url: str) -> None:
    GuardMiddleware().process_request(Request(url))


def test_a_private_address_is_refused_by_its_spelling_before_anyone_is_asked() -> None:
    with pytest.raises(FetchRefusedError) as refused:
        GuardMiddleware().process_request(Request("http://0x7f.1/"))
    assert refused.value.refusal.reason is Reason.PRIVATE_ADDRESS
    GuardMiddleware(EVERYWHERE).process_request(Request("http://0x7f.1/"))


def test_no_spelling_of_a_private_address_is_reached(tmp_path: Path) -> None:
    with Server() as server:
        sources = [
            Source(name=name, url=f"http://{host}:{server.port}/{name}/")
            for name, host in SPELLINGS.items()
        ]
        file = sources_file(tmp_path / "sources.toml", *sources)
        done = crawl(tmp_path / "data", "-s", file, "-s", "ALLOW_PRIVATE_HOSTS=0")
        asked = server.site().targets()
    assert asked == []
    assert done.exit_code == 5
    assert len(done.sentences) == len(SPELLINGS)
    told = {name: done.file["problems"].get(name, "nothing") for name in SPELLINGS}
    assert not {
        name: problem for name, problem in told.items() if "guard/private-address" not in problem
    }
    assert all("ALLOW_PRIVATE_HOSTS" in problem for problem in told.values())
