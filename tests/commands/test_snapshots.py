"""`scrapy snapshots`: what a person reads, and what a scheduler does."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet as pq
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


def test_prune_removes_the_oldest_beyond_those_that_are_kept(
    scrapy: Scrapy, newsroom: Newsroom
) -> None:
    done = scrapy("snapshots", "prune", "-s", "SNAPSHOTS_KEPT=1", *at(newsroom))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "000001  removed\nkept: 1 snapshots\n"
    assert newsroom.snapshots.ids() == ["000002"]


def test_compact_joins_small_files_and_says_what_it_saved(
    scrapy: Scrapy, newsroom: Newsroom
) -> None:
    done = scrapy("snapshots", "compact", *at(newsroom))
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"000003  5 files became 4, [\d,]+ bytes [\d,]+\n", done.stdout)
    again = scrapy("snapshots", "compact", *at(newsroom))
    assert again.stdout == "nothing to join: no partition has two small files\n"


def test_none_is_kept_is_a_bad_setting(scrapy: Scrapy, newsroom: Newsroom) -> None:
    done = scrapy("snapshots", "prune", "-s", "SNAPSHOTS_KEPT=0", *at(newsroom))
    assert done.returncode == 2
    assert "SNAPSHOTS_KEPT" in done.stderr
    assert len(newsroom.snapshots.ids()) == 2


def test_diff_counts_what_changed_and_writes_it(
    scrapy: Scrapy, newsroom: Newsroom, tmp_path: Path
) -> None:
    changes = tmp_path / "changes.parquet"
    done = scrapy("snapshots", "diff", "1", "latest", "-o", str(changes), *at(newsroom))
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert said[:2] == ["000001 -> 000002", "articles  added 1  changed 0  removed 0"]
    (row,) = pq.read_table(changes).to_pylist()
    assert (row["change"], row["table_name"], row["article_id"]) == ("added", "articles", "b")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["diff", "9"], 'no snapshot "9"; there are: 000001, 000002'),
        (["diff", "1", "-o", "changes.csv"], "end in .parquet"),
    ],
)
def test_what_cannot_be_meant_is_exit_code_2(
    scrapy: Scrapy, newsroom: Newsroom, words: list[str], said: str
) -> None:
    done = scrapy("snapshots", words[0], *words[1:], *at(newsroom))
    assert done.returncode == 2
    assert said in done.stderr
