"""What becomes of the pages of one site on which everything goes wrong that can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import pytest

from crawler.sources import Source
from crawler.tally import REFUSED, ROWS
from tests.crawls import Crawl, crawl, rows, sources_file, state, urls
from tests.markup import Story, page, rss, stories
from tests.server import (
    Body,
    Endless,
    Redirect,
    Reset,
    Resource,
    Server,
    Silent,
    Site,
    Status,
    Truncated,
)

GOOD = stories(4, "good-")
SECTION = page(
    "".join(f'<p><a href="/2026/03/{n}/">The {n}th story of the season</a></p>' for n in range(40))
)
# What lies at /2026/03/NAME/, and why it is no row.
ODD: dict[str, tuple[Resource, str]] = {
    "missing": (Status(404), "http/gone"),
    "removed": (Status(410), "http/gone"),
    "members": (Status(403), "http/forbidden"),
    "legal": (Status(451), "http/forbidden"),
    "teapot": (Status(418), "http/client-error"),
    "broken": (Status(500), "http/server-error"),
    "resting": (Status(503), "http/server-error"),
    "busy": (Status(429), "http/too-many-requests"),
    "silent": (Silent(), "fetch/timeout"),
    "reset": (Reset(), "fetch/network"),
    "cut": (Truncated(GOOD[0].html()), "integrity/truncated"),
    "endless": (Endless(), "fetch/too-large"),
    "film": (Body(b"\0" * 100, "video/mp4"), "integrity/not-html"),
    "data": (Body("{}", "application/json; charset=utf-8"), "integrity/not-html"),
    "round": (Redirect("/2026/03/round/"), "http/redirect-loop"),
    "secret": (Body(GOOD[0].html()), "robots/disallowed"),
    "hidden": (Redirect("/2026/03/secret/"), "robots/disallowed"),
    "section": (Body(SECTION), "article/listing-page"),
    "empty": (Body(""), "integrity/empty"),
}
# What lies in the moment, and is asked for again later.
PASSING = {
    "fetch/timeout",
    "fetch/network",
    "http/server-error",
    "http/too-many-requests",
    "integrity/truncated",
    "integrity/empty",
}


@dataclass(frozen=True, slots=True)
class Runs:
    """Two runs over the site; between them, all that had to wait an hour has waited."""

    first: Crawl
    asked: Counter[str]
    states: dict[str, tuple[str, str | None]]
    table: dict[str, dict[str, object]]
    site: Site
    away: Site
    second: Crawl
    asked_again: Counter[str]


def offer(site: Site, away: Site, wire: Site) -> None:
    at = site.url.rstrip("/")
    listed = [(at + story.path, story) for story in GOOD]
    for story in GOOD:
        site.paths[story.path] = Body(story.html())
    twin = "?utm_source=feed&utm_medium=rss#comments"
    listed += [(url + twin, story) for url, story in listed]
    for name, (resource, _) in ODD.items():
        site.paths[f"/2026/03/{name}/"] = resource
        listed.append((f"{at}/2026/03/{name}/", GOOD[0]))
    site.paths["/robots.txt"] = Body("User-agent: *\nDisallow: /2026/03/secret/\n", "text/plain")
    # The same article at two addresses: one names the other as its canonical address.
    canonical = f'<link rel="canonical" href="{at}{GOOD[0].path}">'
    site.paths["/2026/03/alias-of-the-first-story/"] = Body(GOOD[0].html(canonical))
    # The same words under an address of their own.
    site.paths["/2026/03/copy-of-the-second-story/"] = Body(GOOD[1].html())
    site.paths["/2026/03/moved/"] = Redirect(Story(7, topic="new-").path, 301)
    site.paths[Story(7, topic="new-").path] = Body(Story(7, topic="new-").html())
    site.paths["/2026/03/away/"] = Redirect(f"{away.url}story")
    away.paths["/story"] = Body(Story(8).html())
    wire.paths["/wire-story-of-the-day"] = Body(Story(9, topic="wire-").html())
    paths = ("alias-of-the-first-story", "copy-of-the-second-story", "moved", "away")
    listed += [(f"{at}/2026/03/{name}/", GOOD[0]) for name in paths]
    listed += [(f"{away.url}other", GOOD[0]), (f"{wire.url}wire-story-of-the-day", GOOD[0])]
    site.paths["/feed"] = Body(rss(listed), "application/rss+xml")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("odd")
    data = folder / "data"
    with Server() as server:
        site, away, wire = server.site("odd"), server.site("away"), server.site("wire")
        offer(site, away, wire)
        source = Source(
            name="odd",
            url=site.url,
            feeds=(urljoin(site.url, "/feed"),),
            allowed_domains=("wire.localhost",),
            concurrency=16,
        )
        words = ["-s", sources_file(folder / "sources.toml", source), "-s", "DOWNLOAD_TIMEOUT=1"]
        words += [
            "-s",
            "DOWNLOAD_MAXSIZE=200000",
            "-s",
            "DOWNLOAD_DELAY=0",
            "-s",
            "BACKOFF_FIRST=0.2",
        ]
        first = crawl(data, *words)
        asked, states = Counter(site.targets()), urls(data)
        table = {str(row["url"]): row for row in rows(data) + rows(data, "duplicates")}
        site.forget()
        state(data, "UPDATE urls SET next_try = 0 WHERE next_try IS NOT NULL")
        second = crawl(data, *words)
        yield Runs(
            first, asked, states, table, site, away, second, asked_again=Counter(site.targets())
        )


def state_of(runs: Runs, name: str) -> tuple[str, str | None]:
    return runs.states[f"{runs.site.url}2026/03/{name}/"]


@pytest.mark.parametrize(("name", "reason"), [(name, reason) for name, (_, reason) in ODD.items()])
def test_a_page_that_gives_no_row_is_remembered_under_its_reason(
    runs: Runs, name: str, reason: str
) -> None:
    assert state_of(runs, name) == ("due" if reason in PASSING else "refused", reason)


def test_the_run_goes_on_to_its_end(runs: Runs) -> None:
    assert runs.first.exit_code == 0, runs.first.output[-3000:]
    assert "Traceback" not in runs.first.output


def test_every_reason_is_counted_under_its_name(runs: Runs) -> None:
    expected = Counter(reason for _, reason in ODD.values())
    expected += Counter({"http/redirected-away": 1, "guard/off-site": 1})
    counts = runs.first.counts("odd")
    refused = {
        thing.removeprefix(REFUSED): number
        for thing, number in counts.items()
        if thing.startswith(REFUSED)
    }
    assert refused == dict(expected)


def test_the_counts_explain_every_url_that_was_found(runs: Runs) -> None:
    for run in (runs.first, runs.second):
        counts = run.counts("odd")
        refused = sum(n for thing, n in counts.items() if thing.startswith(REFUSED))
        ends = sum(counts.get(thing, 0) for thing in ("known", *ROWS))
        assert counts["found"] == refused + ends


def test_addresses_that_differ_only_in_tracking_are_fetched_once(runs: Runs) -> None:
    assert [runs.asked[story.path] for story in GOOD] == [1] * len(GOOD)
    assert not [target for target in runs.asked if "utm_" in target]


def test_a_page_that_names_another_as_canonical_is_its_twin(runs: Runs) -> None:
    assert runs.first.counts("odd")["twin"] == 1
    assert state_of(runs, "alias-of-the-first-story") == ("collected", None)


def test_the_same_words_at_another_address_are_a_duplicate(runs: Runs) -> None:
    assert runs.first.counts("odd")["duplicates"] == 1
    kinds = [row["duplicate_kind"] for row in runs.table.values() if row.get("duplicate_of")]
    assert kinds == ["exact"]


def test_a_redirect_within_the_site_is_followed(runs: Runs) -> None:
    assert urljoin(runs.site.url, Story(7, topic="new-").path) in runs.table
    assert state_of(runs, "moved") == ("collected", None)


def test_a_redirect_to_another_site_is_refused(runs: Runs) -> None:
    assert state_of(runs, "away") == ("refused", "http/redirected-away")


def test_a_link_to_another_site_is_not_asked_for_unless_the_source_allows_it(runs: Runs) -> None:
    assert "/other" not in runs.away.targets()
    assert [url for url in runs.table if "wire.localhost" in url]


def test_what_robots_txt_forbids_is_never_asked_for_not_even_by_a_redirect(runs: Runs) -> None:
    assert runs.asked["/2026/03/hidden/"] == 1
    assert runs.asked["/2026/03/secret/"] == 0


def test_a_later_run_asks_again_for_what_failed_in_passing_and_for_nothing_else(runs: Runs) -> None:
    again = {target for target in runs.asked_again if target.startswith("/2026/")}
    passing = {f"/2026/03/{name}/" for name, (_, reason) in ODD.items() if reason in PASSING}
    assert again == passing


def test_a_page_that_is_put_off_is_asked_for_once_more_after_the_pause(runs: Runs) -> None:
    assert runs.asked["/2026/03/resting/"] == runs.asked["/2026/03/busy/"] == 2


def test_what_may_be_a_hiccup_is_asked_for_twice_in_a_run(runs: Runs) -> None:
    for name in ("broken", "silent", "reset", "cut"):
        # Twisted itself tries once more where a connection that was kept open turns out closed.
        assert 2 <= runs.asked[f"/2026/03/{name}/"] <= 4
