"""How soon a run ends that is told to, whatever it waits for, and that nothing is lost by it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawls import ENVIRONMENT, ROOT, Crawl, collected, command, crawl, ended, urls
from tests.reluctant import Drip, PutsOff, publish
from tests.server import Server, Site

# What is on its way has two seconds; the rest is a busy machine's. A page is waited for for thirty.
SOON = 10


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


def stopped(
    site: Site, data: Path, waits_for: str, *words: str, send: signal.Signals | None, times: int = 1
) -> tuple[Crawl, float]:
    """A run that ends, by signals once a path was asked for; and the seconds that it took."""
    with subprocess.Popen(
        command(data, "-a", f"url={site.url}", *words),
        cwd=ROOT, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as run:  # fmt: skip
        try:
            deadline = time.monotonic() + 30
            while not any(target.startswith(waits_for) for target in site.targets()):
                assert time.monotonic() < deadline, site.targets()
                time.sleep(0.02)
            since = time.monotonic()
            for _ in range(times if send is not None else 0):
                time.sleep(0.3)
                since = time.monotonic()
                os.killpg(run.pid, send or 0)  # as a terminal does: to the workers, too
            output, _ = run.communicate(timeout=60)
            took = time.monotonic() - since
        finally:
            run.kill()
    return ended(data, run.returncode, output, set()), took


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_told_to_stop_does_not_wait_for_a_page_that_drips(
    server: Server, tmp_path: Path, how: signal.Signals
) -> None:
    site = publish(server, f"dripping-{how.name}".lower(), 4)
    whole = dict(site.paths)
    for path in list(site.paths):
        if path != "/" and not path.endswith("4/"):
            site.paths[path] = Drip("x" * 1000)
    path = next(path for path in whole if path.endswith("3/"))
    done, took = stopped(site, tmp_path, path, send=how)
    assert done.exit_code == 6, done.output[-3000:]
    assert "Traceback" not in done.output
    assert took < SOON
    statuses = sorted(status for status, _ in urls(tmp_path).values())
    assert statuses == ["collected", "due", "due", "due"]
    assert sum(collected(tmp_path).values()) == 1
    assert not [thing for thing in done.counts(site.host) if thing.startswith("refused")]
    site.paths |= whole
    assert crawl(tmp_path, "-a", f"url={site.url}").exit_code == 0
    assert sum(collected(tmp_path).values()) == 4


def test_a_second_ctrl_c_loses_nothing_either(server: Server, tmp_path: Path) -> None:
    site = publish(server, "twice", 4)
    whole = dict(site.paths)
    path = next(path for path in whole if path.endswith("1/"))
    site.paths[path] = Drip("x" * 1000)
    done, took = stopped(site, tmp_path, path, send=signal.SIGINT, times=2)
    assert (done.exit_code, "Traceback" in done.output) == (1, False), done.output[-3000:]
    assert took < SOON
    site.paths |= whole
    site.forget()
    assert crawl(tmp_path, "-a", f"url={site.url}").exit_code == 0
    assert sum(collected(tmp_path).values()) == 4


def test_a_run_that_is_told_to_stop_does_not_wait_for_a_robots_txt(
    server: Server, tmp_path: Path
) -> None:
    site = publish(server, "robots")
    site.paths["/robots.txt"] = Drip("x" * 1000)
    done, took = stopped(site, tmp_path, "/robots.txt", send=signal.SIGTERM)
    assert (done.exit_code, "Traceback" in done.output) == (6, False), done.output[-3000:]
    assert took < SOON


@pytest.mark.parametrize("waits_for", ["listing", "pause"])
def test_a_limit_of_time_holds_whatever_is_waited_for(
    server: Server, tmp_path: Path, waits_for: str
) -> None:
    site = publish(server, f"limited-{waits_for}")
    site.paths["/"] = Drip("x" * 1000) if waits_for == "listing" else PutsOff("", "40", times=9)
    done, took = stopped(site, tmp_path, "/", "--max-minutes", "0.02", send=None)
    assert (done.exit_code, "Traceback" in done.output) == (6, False), done.output[-3000:]
    assert took < SOON
    assert done.file["problems"] == {}


def test_a_limit_of_requests_holds_at_once_though_others_wait_for_their_turn(
    server: Server, tmp_path: Path
) -> None:
    site = publish(server, "counted", 20)
    words = ("-s", "DOWNLOAD_DELAY=0.5", "-s", "DOWNLOAD_DELAY_JITTER=0", "--max-requests", "5")
    done = crawl(tmp_path, "-a", f"url={site.url}", *words)
    assert done.exit_code == 6
    assert len(site.asked) == 5
    known = sorted(status for status, _ in urls(tmp_path).values())
    assert known.count("collected") == sum(target.startswith("/2026") for target in site.targets())
    assert len(known) == 20


def test_a_run_that_is_told_to_stop_does_not_wait_for_what_waits_for_its_turn(
    server: Server, tmp_path: Path
) -> None:
    site = publish(server, "turns", 30)
    words = ("-s", "DOWNLOAD_DELAY=1.5", "-s", "DOWNLOAD_DELAY_JITTER=0")
    done, took = stopped(site, tmp_path, "/2026/", *words, send=signal.SIGTERM)
    assert (done.exit_code, "Traceback" in done.output) == (6, False), done.output[-3000:]
    assert took < SOON
    assert sum(target.startswith("/2026/") for target in site.targets()) == 1
    assert not [thing for thing in done.counts(site.host) if "refused" in thing]
    statuses = [status for status, _ in urls(tmp_path).values()]
    assert (statuses.count("collected"), statuses.count("due")) == (1, 29)
