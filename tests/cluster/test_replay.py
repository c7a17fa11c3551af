"""`scrapy replay --engine ray` gives the tables of one machine, with a worker killed half-way."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.demo.server import Newspaper
from tests.cluster.conftest import ENVIRONMENT, RayCluster
from tests.conftest import ROOT
from tests.crawls import crawl, state
from tests.kills import Dataset, differences, read

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The newspaper's pages in a dozen files."""
    data = tmp_path_factory.mktemp("replay") / "crawled"
    with Newspaper() as paper:
        sources = data.parent / "sources.toml"
        sources.write_text(paper.sources_toml(), encoding="utf-8")
        archive = ("-s", "ARCHIVE_ENABLED=1", "-s", "ARCHIVE_FILE_SIZE=30000")
        done = crawl(data, "-s", f"SOURCES={sources}", *archive)
    assert done.exit_code == 0, done.output[-3000:]
    files = sorted((data / "archive").rglob("*.warc.gz"))
    assert len(files) > 5
    return files


def arguments(data: Path, archives: list[Path]) -> list[object]:
    key = archives[0].parents[5] / "key"
    return ["replay", "-s", f"DATA_DIR={data}", "-s", f"PRIVACY_KEY_FILE={key}", *archives]


@pytest.fixture(scope="module")
def expected(archives: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    data = tmp_path_factory.mktemp("replay") / "one"
    subprocess.run(
        [sys.executable, "-m", "scrapy", *map(str, arguments(data, archives))],
        cwd=ROOT, env=ENVIRONMENT, check=True, capture_output=True,
    )  # fmt: skip
    found = read(data)
    assert sum(map(len, found.values())) > 50
    return found


def test_a_cluster_of_two_workers_gives_the_tables_of_one_machine(
    ray_cluster: RayCluster, archives: list[Path], expected: Dataset, tmp_path: Path
) -> None:
    replay = [*arguments(tmp_path / "two", archives), "--engine", "ray"]
    running = ray_cluster.scrapy(*replay)
    said, complaint = running.communicate(timeout=300)
    assert running.returncode == 0, complaint
    assert "Archived: " in said
    assert differences(expected, read(tmp_path / "two")) == []


def test_a_worker_that_is_killed_half_way_costs_no_row(
    ray_cluster: RayCluster, archives: list[Path], expected: Dataset, tmp_path: Path
) -> None:
    data = tmp_path / "two"
    running = ray_cluster.scrapy(*arguments(data, archives), "--engine", "ray")
    done = 0
    while not done and running.poll() is None:
        time.sleep(0.05)
        done = (data / "latest").exists() and len(state(data, "SELECT name FROM replayed"))
    assert 0 < done < len(archives) / 2
    ray_cluster.kill(ray_cluster.workers.pop(0))
    _, complaint = running.communicate(timeout=300)
    ray_cluster.workers.append(ray_cluster.add_worker())
    assert running.returncode == 0, complaint
    assert differences(expected, read(data)) == []
