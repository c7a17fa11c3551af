"""The crontab's line, run as cron runs it: with the crontab's variables and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from crawler.sources import Source
from crawler.state.folder import DataFolder, FolderLock
from tests.crawls import ROOT, collected, sources_file
from tests.markup import rss, stories
from tests.recipes import environment, program, read
from tests.server import Body, Server

CRONTAB = read("cron/crontab")
(LINE,) = re.findall(r"^7 \* \* \* \* colporteur (.+)$", CRONTAB, re.M)
VARIABLES = dict(re.findall(r"^([A-Z_]+)=(.*)$", CRONTAB, re.M))


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a feed with one story."""
    with Server() as server:
        made = server.site("gazette")
        (story,) = stories(1)
        made.paths["/"] = Body(rss([(urljoin(made.url, story.path), story)]), "application/rss+xml")
        made.paths[story.path] = Body(story.html())
        yield made.url


def as_cron(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Run the line of the crontab."""
    programs = folder / "bin"
    program(programs, f'exec {sys.executable} -m scrapy "$@"')
    places = environment(
        COLPORTEUR_BIN=programs,
        DATA_DIR=folder / "data",
        SOURCES=folder / "sources.toml",
        LOG_FILE=folder / "colporteur.log",
    )
    sources_file(folder / "sources.toml", Source("gazette", url))
    line = LINE.replace("/opt/colporteur", str(ROOT)) + " -s ALLOW_PRIVATE_HOSTS=1"
    return subprocess.run(
        [VARIABLES["SHELL"], "-c", line],
        cwd="/", env={**places, **VARIABLES}, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


def test_a_run_that_goes_well_says_nothing_nor_does_one_that_finds_another_at_it(
    site: str, tmp_path: Path
) -> None:
    done = as_cron(tmp_path, site)
    log = (tmp_path / "colporteur.log").read_text("utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), log[-3000:]
    assert collected(tmp_path / "data") == {"gazette": 1}
    assert "Spider closed (finished)" in log
    with FolderLock(DataFolder(tmp_path / "data")):
        second = as_cron(tmp_path, site)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert log in (tmp_path / "colporteur.log").read_text("utf-8"), "the log is added to"


def test_a_source_that_is_unhealthy_is_mailed(tmp_path: Path) -> None:
    done = as_cron(tmp_path, "http://gazette.localhost:1/")
    assert done.returncode == 5, done
    assert "exit code 5" in done.stdout
    assert 'source "gazette": ' in done.stdout
    assert str(tmp_path / "colporteur.log") in done.stdout
