"""How a run ends: whole, stopped, killed, without room or broken; and that the next finishes it."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urljoin

import pytest

from crawler.items import Article
from crawler.sources import Source
from crawler.tally import REFUSED, ROWS
from tests.crawls import (
    ENVIRONMENT,
    ROOT,
    Crawl,
    collected,
    command,
    crawl,
    ended,
    going,
    run_files,
    sources_file,
    state,
    urls,
)
from tests.markup import page, rss, stories
from tests.server import Body, Server, Silent, Site, Status

STORIES = 12
# What Scrapy has taken in hand, it finishes before it stops.
IN_HAND = 3
ROOM = 400_000


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def site(server: Server, request: pytest.FixtureRequest) -> Site:
    """A feed of stories, each of which takes its time, on a site of the test's own."""
    made = server.site(f"site-{abs(hash(request.node.name))}")
    publish(made, STORIES)
    return made


def publish(site: Site, count: int, seconds: float = 0.1) -> None:
    told = stories(count)
    listed = [(urljoin(site.url, story.path), story) for story in reversed(told)]
    site.paths["/"] = Body(rss(listed), "application/rss+xml")
    for story in told:
        site.paths[story.path] = Body(story.html(), seconds=seconds)


def one_at_a_time(site: Site) -> tuple[str, ...]:
    host = json.dumps({site.host: {"delay": 0.001, "concurrency": 1}})
    slot = ("-s", f"DOWNLOAD_SLOTS={host}", "-s", f"CONCURRENT_REQUESTS={IN_HAND}")
    return ("-a", f"url={site.url}", *slot)


def articles_asked(site: Site) -> list[str]:
    return [target for target in site.targets() if target.startswith("/2026/")]


def wait_until_asked(site: Site, articles: int, run: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 30
    while len(articles_asked(site)) < articles:
        assert run.poll() is None, run.communicate()[0][-3000:]
        assert time.monotonic() < deadline, f"only {site.targets()} were asked for"
        time.sleep(0.02)


def wait_until_collected(data: Path, articles: int, run: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 30
    while sum(status == "collected" for status, _ in urls(data).values()) < articles:
        assert run.poll() is None, run.communicate()[0][-3000:]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def finish(run: subprocess.Popen[str], data: Path, before: set[Path]) -> Crawl:
    output, _ = run.communicate(timeout=60)
    return ended(data, run.returncode, output, before)


def waiting(data: Path) -> int:
    return sum(status == "due" for status, _ in urls(data).values())


def test_a_state_that_was_lost_is_read_in_again_and_no_row_is_written_twice(
    site: Site, tmp_path: Path
) -> None:
    publish(site, STORIES, seconds=0)
    assert crawl(tmp_path, "-a", f"url={site.url}").exit_code == 0
    latest = (tmp_path / "latest").readlink()
    for path in tmp_path.glob("state.sqlite*"):
        path.unlink()
    again = crawl(tmp_path, "-a", f"url={site.url}")
    assert again.exit_code == 0, again.output[-3000:]
    assert again.counts(site.host)["unchanged"] == STORIES
    assert (tmp_path / "latest").readlink() == latest
    assert "it is read in again" in again.output


def test_a_run_killed_while_articles_wait_is_finished_by_the_next(
    site: Site, tmp_path: Path
) -> None:
    with going(tmp_path, *one_at_a_time(site)) as run:
        wait_until_asked(site, 1, run)
        wait_until_collected(tmp_path, 2, run)
        run.kill()
        run.communicate(timeout=30)
    assert run_files(tmp_path) == []
    done = {url for url, (status, _) in urls(tmp_path).items() if status == "collected"}
    assert 0 < len(done) < STORIES
    site.forget()
    after = crawl(tmp_path, *one_at_a_time(site))
    assert after.exit_code == 0, after.output[-3000:]
    assert sum(collected(tmp_path).values()) == STORIES
    asked_again = {urljoin(site.url, target) for target in articles_asked(site)}
    assert len(articles_asked(site)) == STORIES - len(done)
    assert not asked_again & done


def test_a_run_that_is_told_to_stop_commits_what_it_has(site: Site, tmp_path: Path) -> None:
    with going(tmp_path, *one_at_a_time(site)) as run:
        wait_until_asked(site, 4, run)
        run.send_signal(signal.SIGTERM)
        stopped = finish(run, tmp_path, set())
    assert stopped.exit_code == 6, stopped.output[-3000:]
    assert "Traceback" not in stopped.output
    rows = sum(collected(tmp_path).values())
    assert 3 <= rows < STORIES
    assert stopped.file["exit_code"] == 6
    assert stopped.file["snapshot"] == "000001"
    assert waiting(tmp_path) == STORIES - rows


def test_what_was_found_by_a_run_that_stopped_is_collected_or_waits(
    site: Site, tmp_path: Path
) -> None:
    stopped = crawl(tmp_path, *one_at_a_time(site), "--max-requests", "6")
    assert stopped.exit_code == 6, stopped.output[-3000:]
    (counts,) = stopped.file["sources"].values()
    refused = sum(number for thing, number in counts.items() if thing.startswith(REFUSED))
    assert counts["found"] == STORIES
    assert waiting(tmp_path) > 0
    assert counts["found"] == refused + sum(counts.get(row, 0) for row in ROWS) + waiting(tmp_path)
    assert sum(collected(tmp_path).values()) == counts["articles"]
    after = crawl(tmp_path, *one_at_a_time(site))
    assert after.exit_code == 0
    assert sum(collected(tmp_path).values()) == STORIES


def test_a_limit_of_time_stops_a_run_and_commits(site: Site, tmp_path: Path) -> None:
    publish(site, 60, seconds=0.2)
    stopped = crawl(tmp_path, *one_at_a_time(site), "--max-minutes", "0.1")
    assert stopped.exit_code == 6, stopped.output[-3000:]
    assert 0 < sum(collected(tmp_path).values()) < 60


def test_a_run_that_is_told_to_stop_twice_leaves_its_rows_to_the_next(
    site: Site, tmp_path: Path
) -> None:
    site.paths["/2026/03/story-number-1/"] = Silent()  # the oldest: the last one asked for
    with going(tmp_path, *one_at_a_time(site)) as run:
        wait_until_asked(site, STORIES, run)
        wait_until_collected(tmp_path, STORIES - 1, run)
        run.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        run.send_signal(signal.SIGTERM)
        stopped = finish(run, tmp_path, set())
    assert stopped.exit_code == 1, stopped.output[-3000:]
    assert "Traceback" not in stopped.output
    (sentence,) = stopped.sentences
    assert "second signal" in sentence
    site.paths["/2026/03/story-number-1/"] = Status(410)
    site.forget()
    after = crawl(tmp_path, *one_at_a_time(site))
    assert after.exit_code == 0, after.output[-3000:]
    assert sum(collected(tmp_path).values()) == STORIES - 1
    assert articles_asked(site) == ["/2026/03/story-number-1/"]


def test_a_second_run_on_the_same_folder_is_refused_at_once(site: Site, tmp_path: Path) -> None:
    publish(site, STORIES, seconds=1.0)
    with going(tmp_path, *one_at_a_time(site)) as run:
        wait_until_asked(site, 1, run)
        second = crawl(tmp_path, *one_at_a_time(site))
        assert run.poll() is None, "the first run ended before the second was told"
        assert second.exit_code == 4
        (sentence,) = second.sentences
        assert f"process {run.pid}" in sentence
        assert str(tmp_path) in sentence
        assert "Traceback" not in second.output
        run.send_signal(signal.SIGTERM)
        assert finish(run, tmp_path, set()).exit_code == 6


def test_a_disk_without_room_ends_the_run_with_what_to_do(site: Site, tmp_path: Path) -> None:
    publish(site, 2 * STORIES, seconds=0.3)  # so that a worker is there before all are fetched
    # Enough for the state's tables, not for all the articles.
    room = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (ROOM, ROOM))
    full = subprocess.run(
        command(tmp_path, *one_at_a_time(site)),
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=room,
    )
    ended_so = ended(tmp_path, full.returncode, full.stderr, set())
    assert full.returncode == 3, full.stderr[-3000:]
    assert len(articles_asked(site)) < 2 * STORIES, "pages were asked for that could not be kept"
    (sentence,) = ended_so.sentences
    assert str(tmp_path) in sentence
    after = crawl(tmp_path, *one_at_a_time(site))
    assert after.exit_code == 0, after.output[-3000:]
    assert sum(collected(tmp_path).values()) == 2 * STORIES


class BrokenStage:
    """A pipeline with a bug."""

    def process_item(self, item: Article) -> Article:
        raise ZeroDivisionError(item.url)


def test_a_stage_that_breaks_is_an_unexpected_error_and_loses_no_url(
    site: Site, tmp_path: Path
) -> None:
    stages = json.dumps({f"{__name__}.{BrokenStage.__name__}": 50})
    broken = crawl(tmp_path, "-a", f"url={site.url}", "-s", f"ITEM_PIPELINES={stages}")
    assert broken.exit_code == 1
    (sentence,) = broken.sentences
    assert "the log" in sentence
    assert "ZeroDivisionError" in broken.output
    assert broken.file["exit_code"] == 1
    assert waiting(tmp_path) == STORIES
    after = crawl(tmp_path, "-a", f"url={site.url}")
    assert after.exit_code == 0
    assert sum(collected(tmp_path).values()) == STORIES


def test_a_source_of_which_no_page_is_an_article_is_unhealthy(
    server: Server, tmp_path: Path
) -> None:
    closed, gone = server.site("closed"), server.site("gone")
    for site, instead in ((closed, Body(page("<p>Come back soon.</p>"))), (gone, Status(404))):
        publish(site, STORIES)
        site.paths |= {story.path: instead for story in stories(STORIES)}
    sources = (Source("closed", closed.url), Source("gone", gone.url))
    done = crawl(tmp_path / "data", "-s", sources_file(tmp_path / "sources.toml", *sources))
    assert done.exit_code == 5
    assert len(done.sentences) == 2
    told = f"none of {STORIES} pages became an article, mostly for"
    assert done.file["problems"]["closed"].startswith(f"{told} article/")
    assert done.file["problems"]["gone"] == f"{told} http/gone"
    assert not (tmp_path / "data" / "latest").exists()


def test_the_runs_file_tells_what_the_run_did(site: Site, tmp_path: Path) -> None:
    done = crawl(tmp_path, "-a", f"url={site.url}")
    (path,) = run_files(tmp_path)
    assert path.stem == done.file["run_id"]
    assert done.file["started"] <= done.file["ended"]
    said = {name: done.file[name] for name in ("reason", "exit_code", "error", "snapshot")}
    assert said == {"reason": "finished", "exit_code": 0, "error": None, "snapshot": "000001"}
    assert done.file["requests"] == len(site.asked)
    assert done.file["problems"] == {}
    assert list(done.file["sources"]) == [site.host]
    assert state(tmp_path, "SELECT count(*) FROM staged") == [(0,)]
