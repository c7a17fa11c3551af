"""`scrapy deduplicate` on texts that lie in a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Scrapy
from tests.storage.conftest import STORIES, Bucket, Published


def test_a_snapshot_in_the_store_is_told_apart_as_it_is_on_the_disk(
    scrapy: Scrapy, done: Published, tmp_path: Path
) -> None:
    latest = (done.local / "latest").resolve()
    articles = f"{done.bucket.uri}/snapshots/{latest.name}/articles"
    (file,) = (latest / "articles").rglob("*.parquet")
    here = scrapy("deduplicate", file, "-o", tmp_path / "here.jsonl")
    assert here.stdout == f"{STORIES} texts, {STORIES} stories, 0 copies.\n", here.stderr
    for place in (
        f"{articles}/{file.relative_to(latest / 'articles').as_posix()}",
        articles,
        f"{articles}/p_month=*",
    ):
        there = scrapy("deduplicate", place, "-o", tmp_path / "there.jsonl")
        assert (there.returncode, there.stdout) == (0, here.stdout), there.stderr
        assert (tmp_path / "there.jsonl").read_text() == (tmp_path / "here.jsonl").read_text()
    assert {path.name for path in tmp_path.iterdir()} == {"here.jsonl", "there.jsonl"}


def test_a_file_in_the_store_may_stand_beside_one_that_is_here(
    scrapy: Scrapy, done: Published, tmp_path: Path
) -> None:
    (tmp_path / "more.jsonl").write_text('{"id": "a", "text": "Le pont rouvre."}\n')
    articles = f"{done.bucket.uri}/snapshots/000001/articles"
    both = scrapy("deduplicate", tmp_path / "more.jsonl", articles, "-o", tmp_path / "out.jsonl")
    assert both.stdout == f"{STORIES + 1} texts, {STORIES + 1} stories, 0 copies.\n", both.stderr


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("articles", (), '/news/articles" names no file (.parquet).'),
        ("wrong.parquet", ("--engine", "ray"), "mount the store."),
        ("wrong.parquet", (), "/wrong.parquet is no readable Parquet file"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_left(
    name: str, words: tuple[str, ...], said: str, scrapy: Scrapy, bucket: Bucket,
    tmp_path: Path,
) -> None:  # fmt: skip
    with bucket.files.open_output_stream(f"{bucket.name}/news/wrong.parquet") as out:
        out.write(b"<html>")
    done = scrapy("deduplicate", f"{bucket.uri}/{name}", "-o", tmp_path / "out.jsonl", *words)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
