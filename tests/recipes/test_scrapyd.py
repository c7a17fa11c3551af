"""A real Scrapyd on loopback: an egg is deployed, a run is scheduled, and its rows are read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest

from crawler.sources import Source
from tests.conftest import free_port
from tests.crawls import ROOT, collected, sources_file
from tests.markup import rss, stories
from tests.recipes import RECIPES, environment, read
from tests.server import Body, Server

pytestmark = pytest.mark.slow
SECONDS = 120.0


@contextmanager
def scrapyd(folder: Path) -> Iterator[str]:
    """The address of a Scrapyd that was started where the recipe's file is, with other places."""
    port = free_port()
    conf = read("scrapyd/scrapyd.conf").replace("/var/l", f"{folder}/l").replace("6800", str(port))
    (folder / "scrapyd.conf").write_text(re.sub("(?<=poll_interval = ).+", "0.5", conf))
    env = environment() | {"PYTHONPATH": ""}  # nothing of ours but what is in the egg
    with (folder / "scrapyd.out").open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "scrapyd"], cwd=folder, env=env, stdout=out, stderr=out
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def asked(url: str) -> dict[str, Any]:
    """The answer of Scrapyd, once it is up."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            with urlopen(url, timeout=30) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def egg(folder: Path) -> Path:
    """The project as scrapyd-deploy packs it, from what is tracked of it."""
    source = folder / "source"
    for name in ("crawler", "pipelines"):
        shutil.copytree(
            ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE", "scrapy.cfg"):
        shutil.copy(ROOT / name, source)
    pack = "from setuptools import setup; setup()"
    subprocess.run(
        [sys.executable, "-c", pack, "-q", "bdist_egg", "-d", str(folder)],
        cwd=source, check=True, capture_output=True, timeout=SECONDS,
    )  # fmt: skip
    (made,) = folder.glob("*.egg")
    return made


def test_an_egg_is_deployed_a_run_scheduled_and_its_rows_are_read(tmp_path: Path) -> None:
    pytest.importorskip("scrapyd", reason='pip install ".[recipes]"')
    if shutil.which("curl") is None:
        pytest.skip("curl is not here (Debian: curl)")
    for folder in ("lib", "log"):
        (tmp_path / folder).mkdir()
    with Server() as server, scrapyd(tmp_path) as url:
        site = server.site("gazette")
        (story,) = stories(1)
        site.paths["/"] = Body(rss([(urljoin(site.url, story.path), story)]), "application/rss+xml")
        site.paths[story.path] = Body(story.html())
        sources_file(tmp_path / "sources.toml", Source("gazette", site.url))
        asked(f"{url}/daemonstatus.json")
        deployed = subprocess.run(
            ["curl", "--silent", f"{url}/addversion.json", "-F", "project=colporteur",
             "-F", "version=1", "-F", f"egg=@{egg(tmp_path)}"],
            capture_output=True, text=True, check=True, timeout=SECONDS,
        )  # fmt: skip
        assert json.loads(deployed.stdout).get("status") == "ok", deployed.stdout
        scheduled = subprocess.run(
            [str(RECIPES / "scrapyd" / "schedule.sh"), "-d", "setting=ALLOW_PRIVATE_HOSTS=1"],
            env=environment(
                SCRAPYD_URL=url,
                DATA_DIR=tmp_path / "data",
                SOURCES=tmp_path / "sources.toml",
                USER_AGENT_CONTACT="you@example.org",
            ),
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        job = json.loads(scheduled.stdout)["jobid"]
        end = time.monotonic() + SECONDS
        while not (jobs := asked(f"{url}/listjobs.json?project=colporteur"))["finished"]:
            assert time.monotonic() < end, jobs
            time.sleep(0.5)
    log = next((tmp_path / "log").rglob(f"{job}.log")).read_text("utf-8")
    assert collected(tmp_path / "data") == {"gazette": 1}, log
    said = (tmp_path / "scrapyd.out").read_text("utf-8")
    assert "exitstatus" not in said, said  # Scrapyd tells of those that are not 0
