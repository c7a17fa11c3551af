"""`scrapy demo`: what a person sees in the first minute."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow.dataset as ds

from crawler.demo.server import Newspaper
from pipelines.dataset.manifest import Manifest
from tests.conftest import ROOT, Demo, run_demo


def test_the_second_crawl_adds_no_row_and_no_snapshot(demo: Demo, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(demo.data, data, symlinks=True)
    second = run_demo(data, demo.port)
    assert second.returncode == 0, second.stderr
    assert os.readlink(data / "latest") == os.readlink(demo.data / "latest")
    assert Manifest.load(data / "latest").rows() == Manifest.load(demo.data / "latest").rows()
    assert "nothing new" in second.stdout


def test_it_ends_with_a_table_a_line_a_source_and_the_lines_that_open_the_result(
    demo: Demo,
) -> None:
    shown = demo.said.stdout
    for source in ("le-colporteur", "la-gazette", "world-courier"):
        assert source in shown
    assert "refused because" in shown
    lines = [line for line in shown.splitlines() if " -c " in line]
    assert len(lines) == 3
    for line in lines:
        opened = subprocess.run(line, shell=True, check=False, cwd=ROOT, capture_output=True)
        assert opened.returncode == 0, opened.stderr
    assert "INFO" not in demo.said.stderr


def test_every_story_of_the_newspaper_is_collected_once(demo_data: Path) -> None:
    with Newspaper() as paper:
        stories = list(paper.stories)
    articles = ds.dataset(demo_data / "latest" / "articles").to_table(columns=["headline"])
    copies = ds.dataset(demo_data / "latest" / "duplicates").to_table(columns=["headline"])
    assert articles.num_rows + copies.num_rows == len(stories)
    collected = sorted(articles["headline"].to_pylist() + copies["headline"].to_pylist())
    assert len(collected) == len(stories)


def test_raw_pages_are_kept_unless_somebody_says_no(demo_data: Path) -> None:
    ways = ds.dataset(demo_data / "latest" / "articles").to_table(["warc_file", "warc_record_id"])
    files = set(ways["warc_file"].to_pylist())
    assert all((demo_data / "archive" / file).is_file() for file in files if file)
    kept = b"".join(
        gzip.decompress(file.read_bytes()) for file in (demo_data / "archive").rglob("*.warc.gz")
    )
    found = [own for own in ways["warc_record_id"].to_pylist() if own]
    assert len(found) > 0.9 * ways.num_rows  # some pages want no copy kept
    assert all(own.encode() in kept for own in found)


def test_every_planted_copy_is_found_and_no_false_friend_is_taken_for_one(demo_data: Path) -> None:
    def name(host: str | None, headline: str) -> tuple[str, str]:
        assert host
        return host.removeprefix("m."), " ".join(headline.split())

    with Newspaper() as paper:
        slugs = {name(story.host, story.title): story.slug for story in paper.stories}
        planted = {
            frozenset({story.slug, story.copy_of}): story.copy_kind
            for story in paper.stories
            if story.copy_of
        }
    articles, copies = (
        ds.dataset(demo_data / "latest" / table).to_table().to_pylist()
        for table in ("articles", "duplicates")
    )
    names = {
        row["article_id"]: slugs[name(urlsplit(row["url"]).hostname, row["headline"])]
        for row in (*articles, *copies)
    }
    # The sites are crawled at once: which of two is met first is chance.
    found = {
        frozenset({names[row["article_id"]], names[row["duplicate_of"]]}): row["duplicate_kind"]
        for row in copies
    }
    assert found == planted
    assert len(copies) == len(planted)
    sizes = Counter(row["cluster_size"] for row in (*articles, *copies))
    assert sizes == {1: len(names) - 2 * len(planted), 2: 2 * len(planted)}


def test_every_comment_of_the_newspaper_is_collected_in_its_order(demo_data: Path) -> None:
    said = ds.dataset(demo_data / "latest" / "comments").to_table().to_pylist()
    found: dict[str, list[str]] = {}
    for row in sorted(said, key=lambda row: (row["article_id"], row["position"])):
        found.setdefault(row["article_id"], []).append(" ".join(row["text"].split()))
    with Newspaper() as paper:
        shown = [
            [" ".join(comment.text.split()) for comment in story.comments]
            for story in paper.stories
            if story.comments and not story.host.startswith("la-gazette")  # it shows none
        ]
    assert sorted(found.values()) == sorted(shown)


def test_the_counts_of_the_runs_file_explain_every_url_that_was_found(demo_data: Path) -> None:
    (file,) = (demo_data / "runs").glob("*.json")
    said = json.loads(file.read_text("utf-8"))
    assert said["exit_code"] == 0
    for source, counts in said["sources"].items():
        ends = ("known", "articles", "duplicates", "revised", "unchanged", "twin")
        explained = sum(counts.get(end, 0) for end in ends)
        explained += sum(n for thing, n in counts.items() if thing.startswith("refused/"))
        assert counts["found"] == explained, source


def test_a_port_that_is_taken_is_told_with_the_cure(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run_demo(tmp_path / "data", taken.getsockname()[1])
    assert done.returncode == 2
    assert "-s DEMO_PORT=" in done.stderr
    assert "Traceback" not in done.stderr
