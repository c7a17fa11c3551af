from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Scrapy
from tests.kills import DEATHS
from tests.pipelines.newsroom import Newsroom, story
from tests.storage.conftest import Bucket, where


@pytest.mark.parametrize(
    "point",
    [
        # Files, papers and manifest are sent in this order, after what is copied.
        "Store.copy:after:1",
        "Store.send:before:3",
        pytest.param("Store.write:before:1", marks=pytest.mark.slow),
        pytest.param("Store.remove_folder:before:1", marks=pytest.mark.slow),
    ],
)
def test_whoever_is_killed_while_sending_leaves_the_last_snapshot_whole(
    point: str, bucket: Bucket, scrapy: Scrapy, tmp_path: Path
) -> None:
    newsroom = Newsroom(tmp_path / "data", kept=1)
    newsroom.publish(story("a"))
    prune = ("snapshots", "prune", *where(bucket, newsroom.folder.path), "-s", "SNAPSHOTS_KEPT=1")
    assert scrapy(*prune).returncode == 0
    before = bucket.rows()
    newsroom.publish(story("b"))
    dying = bucket.env | {"DIE_AT": f"crawler.storage.store:{point}", "PYTHONPATH": DEATHS}
    died = subprocess.run(
        [sys.executable, "-m", "scrapy", *prune],
        cwd=ROOT, env=dying, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr
    after = newsroom.rows("articles") if "remove" in point else before
    assert bucket.rows() == after
    assert scrapy(*prune).returncode == 0
    assert bucket.rows() == newsroom.rows("articles")
    assert {name.split("/")[1] for name in bucket.names("snapshots")} == {"000002"}
