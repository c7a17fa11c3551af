"""A site that was crawled with its raw pages, for tests to erase from, and `scrapy erase`."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import newspaper
from tests.conftest import ROOT, Scrapy
from tests.crawls import ENVIRONMENT, Crawl, crawl
from tests.markup import Story, stories
from tests.server import Body, Server, Site

JEANNE, LEA = "Jeanne Martin", "Léa Bonnefoy"
STORIES = 4


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """A feed of stories, every second one by Léa; more come with `publish`."""
    with Server() as server:
        site = server.site("journal")
        publish(site, stories(STORIES))
        yield site


def publish(site: Site, told: list[Story]) -> None:
    """Put stories on the site, hers too."""
    newspaper.publish(site, told)
    for story in told:
        if story.number % 2:
            site.paths[story.path] = Body(story.html().replace(JEANNE, LEA))


@pytest.fixture(scope="session")
def collected(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a crawl of the site left, which tests only look at."""
    data = tmp_path_factory.mktemp("collected") / "data"
    assert run(data, site).exit_code == 0
    return data


@pytest.fixture
def data(collected: Path, site: Site, tmp_path: Path) -> Path:
    """A copy of what was collected; the site is as it was then."""
    publish(site, stories(STORIES))
    site.forget()
    copy = tmp_path / "data"
    shutil.copytree(collected, copy, symlinks=True)
    return copy


def run(data: Path, site: Site) -> Crawl:
    """A crawl of the site."""
    return crawl(data, "-a", f"url={site.url}", "-s", "ARCHIVE_ENABLED=1")


@pytest.fixture
def erase(scrapy: Scrapy) -> Scrapy:
    """`scrapy erase` on a data folder."""
    return lambda data, *words: scrapy("erase", "-s", f"DATA_DIR={data}", *words)


def erase_apart(
    data: Path, *words: str, env: Mapping[str, str] = ENVIRONMENT
) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "erase", "-s", f"DATA_DIR={data}", *words],
        check=False, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def unpacked(data: Path) -> str:
    """All archive files and their indexes, as text."""
    texts = [gzip.decompress(path.read_bytes()) for path in (data / "archive").rglob("*.gz")]
    texts += [path.read_bytes() for path in (data / "archive").rglob("*.cdxj")]
    return b"".join(texts).decode("utf-8", "replace")
