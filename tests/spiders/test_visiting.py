"""What becomes of the stories that we hold when their pages are seen again.

Time is driven by the state: what the plan has put into the future is made due between two runs.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ExitCode
from crawler.sources import Source
from tests.crawls import ENVIRONMENT, Crawl, crawl, rows, sources_file, state, urls
from tests.kills import DEATHS
from tests.markup import Story, page, rss
from tests.server import Body, Redirect, Resource, Server, Site, Status, Truncated, Validated

HTML = "text/html; charset=utf-8"
ABOUT = "<p>The page you are looking for could not be found.</p>"
NOT_FOUND = page(f"<h1>404 Page not found</h1>{ABOUT}").replace("Gazette", "Page not found")

NAMES = (
    "same", "tagged", "widget", "corrected", "missing", "removed", "home", "elsewhere", "soft",
    "broken", "cut", "labelled", "replaced", "moved",
)  # fmt: skip


DEATHS_OF_VISITS = (
    "crawler.state.visits:Visits.made:before:2",
    "crawler.state.visits:Visits.made:after:5",
    "pipelines.dataset.snapshots:Snapshots.point_at:before:1",
    "crawler.state.journal:Journal.finish_commit:before:1",
)
LABELLED = "RETRACTED: The labelled-12th story of the season"
NOTICE = "This article has been removed because its main source could not be verified."


def told(name: str, version: int = 1) -> Story:
    return Story(NAMES.index(name) + 1, version=version, topic=f"{name}-")


def replaced(story: Story) -> str:
    head, _, rest = story.html().partition("</h1>")
    return f"{head}</h1><p>{NOTICE}</p>{rest[rest.index('</article>') :]}"


def with_widget(text: str) -> str:
    widget = "<aside class='sidebar'><h2>Most read</h2><ul><li>Rain again</li></ul></aside>"
    return text.replace("</body>", f"{widget}</body>").replace("<p>The", "<p>\n  The")


def first() -> dict[str, Resource]:
    pages: dict[str, Resource] = {name: Body(told(name).html()) for name in NAMES}
    return pages | {"tagged": Validated(told("tagged").html(), HTML)}


def second(port: int) -> dict[str, Resource]:
    return first() | {
        "widget": Body(with_widget(told("widget").html())),
        "corrected": Body(told("corrected", version=2).html()),
        "missing": Status(404),
        "removed": Status(410),
        "home": Redirect("/"),
        "elsewhere": Redirect(f"http://bought.localhost:{port}/"),
        "soft": Body(NOT_FOUND),
        "broken": Status(500),
        "cut": Truncated(told("cut").html()),
        "moved": Redirect("/2026/03/under-another-name/"),
        "labelled": Body(told("labelled").html().replace(told("labelled").headline, LABELLED)),
        "replaced": Body(replaced(told("replaced"))),
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """What one run did, and the dataset after it."""

    crawl: Crawl
    asked: list[str]
    conditions: dict[str, str | None]
    articles: dict[str, dict[str, Any]]
    revisions: list[dict[str, Any]]
    urls: dict[str, tuple[str, str | None]]

    def row(self, name: str) -> dict[str, Any]:
        return self.articles[told(name).headline]


class Gazette:
    """A site whose pages can be changed, crawled into one data folder."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.data = folder / "data"
        self.words = ("-s", sources_file(folder / "s.toml", Source(name="gazette", url=site.url)))
        listed = [(f"{site.url}{told(name).path[1:]}", told(name)) for name in NAMES]
        link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        site.paths["/"] = Body(page("<p>Welcome.</p>", link))
        site.paths["/feed.xml"] = Validated(rss(listed), "application/rss+xml")

    def run(
        self,
        pages: dict[str, Resource],
        *words: str,
        is_due: bool = True,
        env: Mapping[str, str] = ENVIRONMENT,
    ) -> Seen:
        for name, resource in pages.items():
            self.site.paths[told(name).path] = resource
        self.site.forget()
        if is_due and self.data.exists():
            state(self.data, "UPDATE visits SET next_visit = 1e9")
            state(self.data, "UPDATE urls SET last_tried = 1, next_try = 1 WHERE next_try > 0")
            state(self.data, "UPDATE urls SET last_tried = 1")
        done = crawl(self.data, *self.words, *words, env=env)
        return Seen(
            crawl=done,
            asked=[target for target in self.site.targets() if "/2026/" in target],
            conditions={asked.target: asked.headers["If-None-Match"] for asked in self.site.asked},
            articles={row["headline"]: row for row in rows(self.data)},
            revisions=rows(self.data, "revisions"),
            urls=urls(self.data),
        )


@dataclass(frozen=True, slots=True)
class Runs:
    """At first; at once again; when all is due and much has changed; again; when all is back."""

    first: Seen
    at_once: Seen
    changed: Seen
    again: Seen
    back: Seen


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    with Server() as server:
        gazette = Gazette(server.site("gazette"), tmp_path_factory.mktemp("visits"))
        server.site("bought").paths["/"] = Body(page("<p>Buy watches.</p>"))
        later = second(server.port)
        gazette.site.paths["/2026/03/under-another-name/"] = Body(told("moved").html())
        yield Runs(
            gazette.run(first()),
            gazette.run(later, is_due=False),
            gazette.run(later),
            gazette.run(later),
            gazette.run(first() | {"corrected": later["corrected"]}),
        )


def test_what_was_published_long_ago_is_not_seen_again_by_plan(runs: Runs) -> None:
    assert runs.first.crawl.exit_code == 0, runs.first.crawl.output[-3000:]
    assert len(runs.first.articles) == len(NAMES)
    assert runs.at_once.asked == []


def test_all_that_is_due_is_seen_again_once_and_only_what_has_changed_is_a_version(
    runs: Runs,
) -> None:
    asked = [target for target in runs.changed.asked if "another-name" not in target]
    assert set(asked) == {told(name).path for name in NAMES}
    counts = runs.changed.crawl.counts("gazette")
    assert counts == {
        "found": len(NAMES),
        "fetched": len(NAMES) - 2,  # not what was cut, nor what leads away
        "revised": 3,
        "unchanged": 3,
        "gone": 3,
        "redirected": 2,
        "duplicates": 1,  # what has moved is there under its new address
        "refused/http/server-error": 1,
        "refused/integrity/truncated": 1,
    }
    versions = {"corrected", "labelled", "replaced"}
    assert {row["headline"] for row in runs.changed.revisions} == {
        told(name).headline for name in versions
    }


def test_a_page_that_says_304_is_unchanged(runs: Runs) -> None:
    tagged, same = told("tagged").path, told("same").path
    assert runs.changed.conditions[tagged] is not None
    assert runs.changed.conditions[same] is None
    assert runs.changed.row("tagged") == runs.first.row("tagged")


@pytest.mark.parametrize("name", ["same", "widget", "broken", "cut"])
def test_a_page_without_other_words_or_without_an_answer_leaves_its_row_as_it_was(
    runs: Runs, name: str
) -> None:
    assert runs.changed.row(name) == runs.back.row(name) == runs.first.row(name)


@pytest.mark.parametrize(
    ("name", "availability", "status"),
    [
        ("missing", "gone", 404),
        ("removed", "gone", 410),
        ("soft", "gone", 200),
        ("home", "redirected", 200),
        ("elsewhere", "redirected", 302),
        ("moved", "redirected", 200),
    ],
)
def test_a_page_that_is_no_longer_there_is_a_state_of_its_row_with_a_date(
    runs: Runs, name: str, availability: str, status: int
) -> None:
    before, after, back = (run.row(name) for run in (runs.first, runs.changed, runs.back))
    assert (before["availability"], before["date_availability"]) == ("available", None)
    assert (after["availability"], after["http_status"]) == (availability, status)
    assert after["date_availability"] > before["date_downloaded"]
    assert (back["availability"], back["http_status"]) == ("available", 200)
    assert back["date_availability"] > after["date_availability"]
    # What has moved is there a second time.
    of_the_page = {"availability", "date_availability", "http_status", "cluster_size"}
    assert {key: value for key, value in after.items() if key not in of_the_page} == {
        key: value for key, value in before.items() if key not in of_the_page
    }


def test_a_retraction_notice_is_a_version_that_says_so(runs: Runs) -> None:
    labelled = runs.changed.articles[LABELLED]
    notice = runs.changed.row("replaced")
    for row in (labelled, notice):
        assert (row["availability"], row["revision"]) == ("retracted", 2)
        assert row["date_availability"] == row["date_downloaded"]
    assert notice["article_body"] == NOTICE
    back = runs.back.row("replaced")
    assert (back["availability"], back["revision"]) == ("available", 3)
    was = {row["article_id"]: row for row in runs.changed.revisions}[notice["article_id"]]
    assert was["changed_fields"] == ["article_body", "availability"]
    assert was["article_body"] == runs.first.row("replaced")["article_body"]


def test_a_second_look_at_what_has_not_changed_changes_nothing(runs: Runs) -> None:
    assert runs.again.crawl.file["snapshot"] is None
    assert runs.again.articles == runs.changed.articles


def test_a_visit_waits_until_what_is_new_was_fetched(tmp_path: Path) -> None:
    with Server() as server:
        gazette = Gazette(server.site("gazette"), tmp_path)
        gazette.run(first())
        new = replace(told("same"), number=99, topic="new-")
        gazette.site.paths[new.path] = Body(new.html())
        gazette.site.paths["/feed.xml"] = Body(
            rss([(f"{gazette.site.url}{new.path[1:]}", new)]), "application/rss+xml"
        )
        second = gazette.run(first(), "-s", "REQUESTS_PER_SOURCE=4")
        assert second.asked == [new.path, told("moved").path], "the newest of each"
        assert second.crawl.counts("gazette")["refused/host/over-budget"] == len(NAMES) - 1
        third = gazette.run(first(), is_due=False)
        assert set(third.asked) == {told(name).path for name in NAMES if name != "moved"}


@pytest.mark.slow
def test_visits_that_are_killed_on_their_way_to_the_dataset_end_as_if_they_had_not_been(
    tmp_path: Path, runs: Runs
) -> None:
    def told_by(seen: Seen) -> set[tuple[str, str, int]]:
        rows = seen.articles.values()
        return {(row["headline"], row["availability"], row["revision"]) for row in rows}

    with Server() as server:
        gazette = Gazette(server.site("gazette"), tmp_path)
        server.site("bought").paths["/"] = Body(page("<p>Buy watches.</p>"))
        gazette.site.paths["/2026/03/under-another-name/"] = Body(told("moved").html())
        gazette.run(first())
        for point in DEATHS_OF_VISITS:
            environment = {**ENVIRONMENT, "PYTHONPATH": DEATHS, "DIE_AT": point}
            killed = gazette.run(second(server.port), env=environment)
            assert killed.crawl.exit_code == -signal.SIGKILL, point
        finished = gazette.run(second(server.port))
    assert told_by(finished) == told_by(runs.changed)
    assert sorted(row["headline"] for row in finished.revisions) == sorted(
        row["headline"] for row in runs.changed.revisions
    )


def test_a_plan_that_cannot_be_read_is_told_in_one_sentence(tmp_path: Path) -> None:
    with Server() as server:
        site = server.site("gazette")
        done = crawl(tmp_path, "-a", f"url={site.url}", "-s", "REVISIT_AFTER=soon")
        assert done.exit_code == ExitCode.BAD_CONFIGURATION
        assert done.sentences[0].startswith('scrapy crawl: REVISIT_AFTER: "soon" is no duration')
        assert site.targets() == []
