"""`scrapy snapshots`: what a person reads, and what a scheduler does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Scrapy
from tests.pipelines.newsroom import Newsroom, story


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    with Newsroom(tmp_path / "data") as newsroom:
        newsroom.publish(story("a"), run_id="first")
        newsroom.publish(story("b"), run_id="second")
        return newsroom


def at(newsroom: Newsroom) -> tuple[str, str]:
    return "-s", f"DATA_DIR={newsroom.folder.path}"


def test_a_line_a_snapshot_tells_when_by_which_run_and_which_is_latest(
    scrapy: Scrapy, newsroom: Newsroom
) -> None:
    done = scrapy("snapshots", "list", *at(newsroom))
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert "first" in first
    assert "articles 1 " in first
    assert "articles 2 " in second
    assert second.endswith("latest")


def test_a_whole_dataset_is_exit_code_0(scrapy: Scrapy, newsroom: Newsroom) -> None:
    done = scrapy("snapshots", "verify", *at(newsroom))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "000001  whole\n000002  whole\n"


def test_all_that_is_broken_is_named_and_ends_with_exit_code_3(
    scrapy: Scrapy, newsroom: Newsroom
) -> None:
    (newsroom.folder.snapshots / "000001" / "manifest.json").write_text("{", "utf-8")
    newsroom.folder.latest.unlink()
    newsroom.folder.latest.symlink_to("snapshots/000009")
    done = scrapy("snapshots", "verify", *at(newsroom))
    assert done.returncode == 3
    broken, whole, manifest, latest = done.stdout.splitlines()
    assert (broken, whole) == ("000001  broken", "000002  whole")
    assert "000001" in manifest
    assert latest == "latest: points at snapshots/000009, which is no snapshot"
    assert done.stderr.startswith("scrapy snapshots: ")
    assert "Traceback" not in done.stderr
