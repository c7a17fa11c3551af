"""Sources watched from run to run: three crawls of one newspaper, and what each of them told."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import duckdb
import pytest

from crawler.errors import ColporteurError
from crawler.fetch.webhook import post
from crawler.health.memory import Memory, Share
from crawler.sources import Source
from crawler.state import State
from crawler.state.source_days import Tally
from tests.crawls import ENVIRONMENT, ROOT, Crawl, crawl, sources_file
from tests.markup import atom, rss, stories
from tests.server import Body, Redirect, Server, Site

FEED, RSS = "feed.xml", "application/rss+xml"
# Appends what it is handed.
KEEPING = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read() + chr(10))"


@dataclass(frozen=True, slots=True)
class Watched:
    """What was asked and told."""

    folder: Path
    sites: dict[str, Site]
    runs: list[Crawl]
    asked: list[set[str]]
    news: list[dict[str, Any]]
    check: str

    @property
    def data(self) -> Path:
        return self.folder / "data"


def publish(site: Site, count: int, without_author: int = 0, corrected: int = 0) -> None:
    """The newest are without an author; the first of these are corrected just now."""
    told = stories(count, topic=f"{site.host.partition('.')[0]}-")
    for number in range(count - without_author, count - without_author + corrected):
        versions = (datetime.now(UTC) - told[number].published).days + 3
        told[number] = replace(told[number], version=versions)
    for story in told:
        html = story.html()
        if story.number > count - without_author:
            html = html.replace('"author": {"@type": "Person", "name": "Jeanne Martin"}', '"a": 1')
        site.paths[story.path] = Body(html)
    listed = [(urljoin(site.url, story.path), story) for story in reversed(told)]
    feed = Body(atom(listed), "application/atom+xml") if corrected else Body(rss(listed), RSS)
    site.paths[f"/{FEED}"] = feed


def age(data: Path, *names: str) -> None:
    """Let sources have been watched for forty days, with ten articles on each."""
    now = datetime.now(UTC)
    with closing(State(data / "state.sqlite")) as state, state.transaction():
        for name in names:
            memory = Memory.read(state.source_days.memory(name))
            memory.first_answer = (now - timedelta(days=40)).timestamp()
            for listing in memory.listings.values():
                listing.answers = 900
            memory.usual |= dict.fromkeys(
                ("filled/authors", "filled/date_published"), Share(0, 400)
            )
            state.source_days.remember(name, memory.written())
            for days_ago in range(40):
                tally = Tally(visits=24, read=10, decided=10, hours=Counter({9: 10}))
                tally.filled.update(authors=10, date_published=10)
                state.source_days.add(name, (now - timedelta(days=days_ago)).date(), tally)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    data, news = folder / "data", folder / "news"
    with Server() as server:
        sites = {name: server.site(name) for name in ("gazette", "moving", "weekly")}
        for name, count in (("gazette", 6), ("moving", 3), ("weekly", 3)):
            publish(sites[name], count)
        sources = [
            Source(name, site.url, feeds=(f"{site.url}{FEED}",)) for name, site in sites.items()
        ]
        sources[2] = Source("weekly", sites["weekly"].url, feeds=sources[2].feeds, every="1d")
        file = sources_file(folder / "sources.toml", *sources)
        told = f'UNHEALTHY_COMMAND={sys.executable} -c "{KEEPING}" {news}'
        words = ("-s", file, "-s", told, "-s", f"METRICS_FILE={folder / 'colporteur.prom'}")
        runs, asked = [], []

        def run(*more: str) -> None:
            for site in sites.values():
                site.forget()
            runs.append(crawl(data, *words, *more))
            asked.append({name for name, site in sites.items() if site.asked})

        run("-s", "LOG_JSON=1")
        age(data, "gazette", "moving")
        publish(sites["gazette"], 10, without_author=4)
        sites["moving"].paths[f"/{FEED}"] = Redirect(f"{server.site('taken-over').url}{FEED}", 301)
        publish(server.site("taken-over"), 3)
        run()
        publish(sites["gazette"], 14, without_author=8, corrected=2)
        run("-a", "source=gazette,weekly")
        check = [sys.executable, "-m", "scrapy", "sources", "check", "gazette", "--sample", "1"]
        settings = ("-s", file, "-s", f"DATA_DIR={data}", "-s", "ALLOW_PRIVATE_HOSTS=1")
        checked = subprocess.run(
            [*check, *settings],
            cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
        lines = news.read_text().splitlines() if news.exists() else []
        yield Watched(
            folder, sites, runs, asked, [json.loads(line) for line in lines],
            checked.stdout + checked.stderr,
        )  # fmt: skip


def test_a_first_run_finds_nothing_wrong_and_takes_all_sources(watched: Watched) -> None:
    first = watched.runs[0]
    assert (first.exit_code, first.file["health"]) == (0, []), first.output[-3000:]
    assert watched.asked[0] == {"gazette", "moving", "weekly"}


def test_a_feed_that_leads_to_another_site_ends_the_run_with_5(watched: Watched) -> None:
    second = watched.runs[1]
    assert second.exit_code == 5, second.output[-3000:]
    (finding,) = second.file["health"]
    feed = f"{watched.sites['moving'].url}{FEED}"
    assert (finding["source"], finding["what"]) == ("moving", f"leads/{feed}")
    assert second.file["problems"] == {"moving": finding["sentence"]}
    assert finding["sentence"].startswith(f"{feed} leads to ")


def test_a_field_that_stops_being_filled_is_told_at_the_second_run(watched: Watched) -> None:
    third = watched.runs[2]
    assert third.exit_code == 5, third.output[-3000:]
    # Two of them were seen again, as they were corrected: they are no more for that.
    assert third.counts("gazette")["revised"] == 2
    assert "authors is empty on 8 of 8 pages since" in third.file["problems"]["gazette"]
    assert third.sentences == [
        f'scrapy crawl: source "gazette": {third.file["problems"]["gazette"]}'
    ]


def test_a_source_that_is_visited_daily_is_left_alone_until_somebody_asks(
    watched: Watched,
) -> None:
    assert watched.asked[1] == {"gazette", "moving"}
    assert list(watched.runs[1].file["not_due"]) == ["weekly"]
    assert watched.asked[2] == {"gazette", "weekly"}


def test_whoever_watches_is_told_of_what_is_new(watched: Watched) -> None:
    assert [list(news["problems"]) for news in watched.news] == [["moving"], ["gazette"]]
    assert [news["run_id"] for news in watched.news] == [
        run.file["run_id"] for run in watched.runs[1:]
    ]


def test_the_metrics_tell_of_the_last_run(watched: Watched) -> None:
    (file,) = watched.folder.glob("colporteur.prom*")
    lines = file.read_text().splitlines()
    assert "colporteur_run_exit_code 5.0" in lines
    assert 'colporteur_source_healthy{source="gazette"} 0.0' in lines
    assert 'colporteur_source_healthy{source="weekly"} 1.0' in lines
    assert 'colporteur_source_urls{outcome="articles",source="gazette"} 4.0' in lines


def test_the_log_is_json_where_that_is_asked_for(watched: Watched) -> None:
    lines = watched.runs[0].output.splitlines()
    told = [json.loads(line) for line in lines]
    assert all({"time", "level", "logger", "message"} <= one.keys() for one in told)
    last = [one for one in told if one["message"].startswith("Progress: ")][-1]
    assert (last["sources"], last["sources_all"], last["pages"], last["articles"]) == (3, 3, 12, 12)


def test_the_log_tells_how_far_a_run_is(watched: Watched) -> None:
    (line,) = [line for line in watched.runs[1].output.splitlines() if "Progress: " in line]
    told = "Progress: 3 of 3 sources, 4 of 4 pages, 4 articles, 3 refused, 0 errors, "
    assert told in line


def test_the_run_files_tell_what_became_of_every_url(watched: Watched) -> None:
    contract = (ROOT / "data" / "README.md").read_text("utf-8")
    coverage = contract.partition("\n## Coverage\n")[2]
    query = coverage.partition("```sql\n")[2].partition("```")[0]
    found = duckdb.sql(query.replace("data/runs", str(watched.data / "runs")))
    assert found is not None
    assert [(source, outcome, urls) for source, _, outcome, _, urls in found.fetchall()] == [
        ("gazette", "row", 14),
        # What the feed that was taken over names is another site's.
        ("moving", "refused", 3),
        ("moving", "row", 3),
        ("weekly", "row", 3),
    ]
    today = datetime.now(UTC).date()
    assert {one["day"] for run in watched.runs for one in run.file["coverage"]} <= {
        f"{today}", f"{today - timedelta(days=1)}",
    }  # fmt: skip


def test_a_check_shows_what_the_source_is_judged_by(watched: Watched) -> None:
    assert "  articles    10.0 a day in 40 days (Mon 10.0" in watched.check
    assert "  filled      description 0%, authors 98%, date_published 100%" in watched.check
    assert "  next visit  " in watched.check
    assert ": visited by each run, as something may be wrong\n" in watched.check
    assert "  unhealthy   since " in watched.check
    assert "14 URLs, 14 are rows" in watched.check


class _Taking(BaseHTTPRequestHandler):
    taken: list[bytes] = []  # noqa: RUF012 # of the one test

    def do_POST(self) -> None:
        self.taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204 if self.path == "/hook" else 302)
        self.send_header("Location", "/hook")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_a_webhook_is_called_once_with_json_and_no_other_scheme() -> None:
    with HTTPServer(("127.0.0.1", 0), _Taking) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        hook = f"http://127.0.0.1:{server.server_port}/hook"
        post(hook, {"problems": {"gazette": "é"}}, 5.0)
        with pytest.raises(ColporteurError, match="it answered 302"):
            post(hook.replace("hook", "moved"), {}, 5.0)
        server.shutdown()
    assert _Taking.taken == ['{"problems": {"gazette": "é"}}'.encode(), b"{}"]
    with pytest.raises(ColporteurError, match="neither http nor https"):
        post("file:///etc/hostname", {}, 5.0)
    with pytest.raises(ColporteurError, match="could not be told"):
        post(hook, {}, 5.0)
