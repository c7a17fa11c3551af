"""`scrapy crawl articles --shards 2 --engine ray`: the tables of one crawl, whoever is killed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.server import Newspaper
from crawler.state import DataFolder
from pipelines.dataset import Snapshots
from tests.cluster.conftest import RayCluster
from tests.crawls import crawl, state
from tests.kills import Dataset, differences, read

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The options of a crawl of the newspaper, which is being served."""
    with Newspaper() as served:
        folder = tmp_path_factory.mktemp("paper")
        (folder / "sources.toml").write_text(served.sources_toml(), encoding="utf-8")
        key = f"PRIVACY_KEY_FILE={folder / 'key'}"
        yield ["-s", f"SOURCES={folder / 'sources.toml'}", "-s", key, "-s", "ALLOW_PRIVATE_HOSTS=1"]


@pytest.fixture(scope="module")
def expected(paper: list[str], tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    data = tmp_path_factory.mktemp("crawl") / "one"
    assert crawl(data, *paper).exit_code == 0
    return read(data)


def without_records(dataset: Dataset) -> Dataset:
    """As a crawl without an archive leaves it."""
    nowhere = {"warc_file": None, "warc_record_id": None}
    return {
        table: [row | (nowhere if "warc_file" in row else {}) for row in rows]
        for table, rows in dataset.items()
    }


def sharded(data: Path, paper: list[str]) -> list[str]:
    crawling = ["crawl", "articles", "--shards", "2", "--engine", "ray"]
    return [*crawling, *paper, "-s", f"DATA_DIR={data}"]


def test_two_shards_give_the_tables_of_one_crawl_in_one_snapshot_and_the_next_run_nothing_new(
    ray_cluster: RayCluster, paper: list[str], expected: Dataset, tmp_path: Path
) -> None:
    data = tmp_path / "two"
    for _ in range(2):
        running = ray_cluster.scrapy(*sharded(data, paper), "-s", "ARCHIVE_ENABLED=1")
        _, complaint = running.communicate(timeout=300)
        assert running.returncode == 0, complaint
        assert differences(expected, without_records(read(data))) == []
        folder = DataFolder(data)
        assert Snapshots(folder.snapshots, folder.latest, 1).ids() == ["000001"]
    for number in (1, 2):
        assert state(data / "shards" / f"{number}-of-2", "SELECT url FROM urls")
    files = {row["warc_file"] for rows in read(data).values() for row in rows if "warc_file" in row}
    assert all((data / "archive" / str(file)).is_file() for file in files)


def test_a_worker_that_is_killed_half_way_costs_no_row(
    ray_cluster: RayCluster, paper: list[str], expected: Dataset, tmp_path: Path
) -> None:
    data = tmp_path / "two"
    running = ray_cluster.scrapy(*sharded(data, paper), "-s", "ARCHIVE_ENABLED=0")
    shard, collected = data / "shards" / "1-of-2", 0
    while not collected and running.poll() is None:
        time.sleep(0.05)
        if (shard / "state.sqlite").is_file():
            known = state(shard, "SELECT 1 FROM sqlite_master WHERE name = 'urls'")
            query = "SELECT 1 FROM urls WHERE status = 'collected'"
            collected = len(known) and len(state(shard, query))
    assert running.poll() is None
    ray_cluster.kill(ray_cluster.workers.pop(0))
    _, complaint = running.communicate(timeout=300)
    ray_cluster.workers.append(ray_cluster.add_worker())
    assert running.returncode == 0, complaint
    assert differences(expected, read(data)) == []
