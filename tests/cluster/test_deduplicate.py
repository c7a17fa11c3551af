"""`scrapy deduplicate --engine ray` gives what one machine gives, with a worker killed half-way."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cluster.conftest import ENVIRONMENT, RayCluster
from tests.conftest import ROOT

pytestmark = pytest.mark.cluster

TEXTS = 20_000
ROW_GROUP = 2_000


@pytest.fixture(scope="module")
def signatures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of fingerprints alone: one in three is another's, with up to a third of it changed."""
    chance = np.random.default_rng(7)
    prints = chance.integers(0, 2**32, (TEXTS, 128), np.uint32)
    is_copy = chance.random((TEXTS, 1)) < 1 / 3
    is_changed = chance.random(prints.shape) < chance.uniform(0, 0.35, (TEXTS, 1))
    of = prints[chance.integers(0, TEXTS, TEXTS)]
    prints = np.where(is_copy & ~is_changed, of, prints)
    table = pa.table(
        {
            "article_id": [f"{number:032x}" for number in range(TEXTS)],
            "minhash": [one.astype("<u4").tobytes() for one in prints],
            "content_hash": [f"{number // 2:032x}" for number in range(TEXTS)],
        }
    )
    path = tmp_path_factory.mktemp("signatures") / "prints.parquet"
    pq.write_table(table, path, row_group_size=ROW_GROUP)
    return path


@pytest.fixture(scope="module")
def expected(signatures: Path) -> pa.Table:
    out = signatures.with_name("one.parquet")
    subprocess.run(
        [sys.executable, "-m", "scrapy", "deduplicate", str(signatures), "-o", str(out)],
        cwd=ROOT, env=ENVIRONMENT, check=True, capture_output=True,
    )  # fmt: skip
    found = pq.read_table(out)
    assert found["duplicate_of"].null_count < TEXTS * 0.7
    return found


def test_a_cluster_of_two_workers_gives_the_rows_of_one_machine(
    ray_cluster: RayCluster, signatures: Path, expected: pa.Table, tmp_path: Path
) -> None:
    out = tmp_path / "two.parquet"
    running = ray_cluster.scrapy("deduplicate", signatures, "-o", out, "--engine", "ray")
    said, complaint = running.communicate(timeout=300)
    assert running.returncode == 0, complaint
    assert f"{TEXTS} texts, " in said
    assert pq.read_table(out).equals(expected)
    assert list(tmp_path.iterdir()) == [out]


def test_a_worker_that_is_killed_half_way_costs_no_row(
    ray_cluster: RayCluster, signatures: Path, expected: pa.Table, tmp_path: Path
) -> None:
    out = tmp_path / "two.parquet"
    running = ray_cluster.scrapy("deduplicate", signatures, "-o", out, "--engine", "ray")
    half_way = tmp_path / "two.parquet.work" / "candidates-8"
    while not half_way.exists() and running.poll() is None:
        time.sleep(0.01)
    ray_cluster.kill(ray_cluster.workers.pop())
    said, complaint = running.communicate(timeout=300)
    ray_cluster.workers.append(ray_cluster.add_worker())
    assert running.returncode == 0, complaint
    assert f"{TEXTS} texts, " in said
    assert pq.read_table(out).equals(expected)


def test_an_id_of_two_texts_and_a_wrong_row_are_told_in_one_sentence(
    ray_cluster: RayCluster, tmp_path: Path
) -> None:
    twice, wrong = tmp_path / "twice.jsonl", tmp_path / "wrong.jsonl"
    twice.write_text('{"id": "a", "text": "Le pont."}\n' * 2)
    wrong.write_text('{"id": "a", "text": 7}\n')
    for file, message in (
        (twice, "the id 'a' is that of several texts; give every text its own."),
        (wrong, f'{wrong}, line 1: "text" must be a string.'),
    ):
        out = tmp_path / "out.jsonl"
        running = ray_cluster.scrapy("deduplicate", file, "-o", out, "--engine", "ray")
        _, complaint = running.communicate(timeout=300)
        assert running.returncode == 2
        assert complaint == f"scrapy deduplicate: {message}\n"
        assert not out.exists()
