"""One run over a site on which everything goes wrong, with healthy articles between."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from crawler.sources import Source
from tests.crawls import collected, rows, sources_file, state, urls
from tests.markup import Story, rss
from tests.misbehaviours.bodies import bodies
from tests.misbehaviours.exchanges import exchanges
from tests.misbehaviours.listings import LISTINGS
from tests.misbehaviours.listings import publish as publish_listings
from tests.misbehaviours.markup import pages
from tests.misbehaviours.measure import Measured, measured
from tests.misbehaviours.wire import COLLECTED, Misbehaviour
from tests.server import Body, Server
from tests.server import Site as Served

LIMIT = 8 * 1024 * 1024
# The circuit breaker is off: on a busy machine the failures may come in a row.
WORDS = (
    "-s",
    "EXTRACT_WORKERS=2",
    "-s",
    f"DOWNLOAD_MAXSIZE={LIMIT}",
    "-s",
    "DOWNLOAD_TIMEOUT=2",
    "-s",
    "BREAKER_FAILURES=9999",
)


def page(name: str) -> bytes:
    """An article with words of its own."""
    return Story(len(name), topic=f"{name} ").html().encode()


def misbehaviours() -> dict[str, Misbehaviour]:
    return exchanges(page) | bodies(page) | pages(page)


@dataclass(frozen=True, slots=True)
class Site:
    """What is listed: each misbehaviour by its URL, and the healthy articles between."""

    odd: dict[str, str]
    healthy: list[str]
    asked: Counter[str]


def publish(site: Served, table: dict[str, Misbehaviour]) -> Site:
    odd, healthy, listed = {}, [], []
    for number, (name, misbehaviour) in enumerate(table.items()):
        path = f"/2026/03/odd-story-{number}/"
        site.paths[path] = misbehaviour.resource
        odd[urljoin(site.url, path)] = name
        listed.append((urljoin(site.url, path), Story(2 * number)))
        story = Story(2 * number + 1, topic="healthy-")
        site.paths[story.path] = Body(story.html())
        healthy.append(urljoin(site.url, story.path))
        listed.append((healthy[-1], story))
    site.paths["/feed"] = Body(rss(listed), "application/rss+xml")
    return Site(odd, healthy, Counter())


@pytest.fixture(scope="module")
def table() -> dict[str, Misbehaviour]:
    return misbehaviours()


@pytest.fixture(scope="module")
def run(
    table: dict[str, Misbehaviour], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Measured, Site, Path]]:
    data = tmp_path_factory.mktemp("odd") / "data"
    with Server() as server:
        served = server.site("odd")
        site = publish(served, table)
        source = Source("odd", served.url, feeds=(f"{served.url}feed",))
        file = sources_file(data.parent / "sources.toml", source, *publish_listings(server))
        done = measured(data, "-s", file, *WORDS)
        site.asked.update(served.targets())
        yield done, site, data


def test_there_are_more_than_a_hundred_misbehaviours(table: dict[str, Misbehaviour]) -> None:
    assert len(table) >= 100


def test_nothing_hangs_and_nothing_crashes(run: tuple[Measured, Site, Path]) -> None:
    done, _, _ = run
    print(f"{done.seconds:.1f} s, {done.peak / 2**20:.0f} MiB")
    # Listings that cannot be read are what a person is told of.
    assert done.crawl.exit_code == 5, done.crawl.output[-3000:]
    unread = {name for name, one in LISTINGS.items() if not one.articles}
    assert set(done.crawl.file["problems"]) == {name.replace(" ", "-") for name in unread}
    assert "Traceback" not in done.crawl.output
    assert done.crawl.file["reason"] == "finished"


def test_every_outcome_has_its_reason(
    run: tuple[Measured, Site, Path], table: dict[str, Misbehaviour]
) -> None:
    _, site, data = run
    known = urls(data)
    said = {
        name: known[url][1] if known[url][0] != "collected" else COLLECTED
        for url, name in site.odd.items()
    }
    assert said == {name: misbehaviour.outcome for name, misbehaviour in table.items()}


def test_every_outcome_is_counted_under_its_reason(
    run: tuple[Measured, Site, Path], table: dict[str, Misbehaviour]
) -> None:
    done, site, _ = run
    counts = done.crawl.counts("odd")
    expected = Counter(one.outcome for one in table.values() if one.outcome != COLLECTED)
    assert {
        key.removeprefix("refused/"): value for key, value in counts.items() if "refused/" in key
    } == expected
    whole = sum(one.outcome == COLLECTED for one in table.values())
    assert counts["articles"] == len(site.healthy) + whole
    assert counts["found"] == len(site.healthy) + len(table)


def test_the_healthy_articles_between_them_are_all_collected(
    run: tuple[Measured, Site, Path],
) -> None:
    _, site, data = run
    assert set(site.healthy) <= {row["url"] for row in rows(data)}


def test_no_text_is_in_the_dataset_that_is_cut_or_garbled(
    run: tuple[Measured, Site, Path],
) -> None:
    _, _, data = run
    for row in rows(data):
        text = json.dumps(row["article_body"], ensure_ascii=False)
        assert len(row["article_body"].split()) > 150, row["url"]
        assert "\ufffd" not in text
        assert "\0" not in row["article_body"]


@pytest.mark.parametrize("name", LISTINGS)
def test_a_broken_listing_is_refused_or_read_as_far_as_it_goes(
    run: tuple[Measured, Site, Path], name: str
) -> None:
    done, _, data = run
    broken, source = LISTINGS[name], name.replace(" ", "-")
    counts = done.crawl.counts(source)
    unread = {key: count for key, count in counts.items() if key.startswith("unread/")}
    assert unread == ({f"unread/{broken.reason}": 1} if broken.reason else {})
    assert collected(data).get(source, 0) == broken.articles
    if broken.reason:  # it will be asked for as if it had never been
        assert state(data, "SELECT * FROM listings WHERE source = ?", source) == []


def test_memory_has_a_bound_whatever_comes(
    run: tuple[Measured, Site, Path], quiet_peak: int
) -> None:
    done, _, _ = run
    assert done.peak < quiet_peak + 3 * LIMIT


def test_what_may_have_failed_in_passing_was_asked_for_once_more(
    run: tuple[Measured, Site, Path], table: dict[str, Misbehaviour]
) -> None:
    _, site, _ = run
    asked = {name: site.asked[urlsplit(url).path] for url, name in site.odd.items()}
    passing = ("integrity/truncated", "integrity/empty", "http/malformed")
    lasting = ("fetch/too-large", "extract/too-large", "integrity/not-html")
    for name, misbehaviour in table.items():
        if misbehaviour.outcome in passing and "redirect" not in name and name not in ("0", "-200"):
            assert asked[name] == 2, name
        if misbehaviour.outcome in lasting:
            assert asked[name] == 1, name
