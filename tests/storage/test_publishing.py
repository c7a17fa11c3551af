from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from tests.crawls import Crawl, crawl, rows
from tests.markup import rss, stories
from tests.server import Body, Server, Site
from tests.storage.conftest import Bucket, S3Server

STORIES = 4


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A feed of stories."""
    with Server() as server:
        site = server.site("journal")
        told = stories(STORIES)
        listed = [(f"{site.url.rstrip('/')}{story.path}", story) for story in told]
        site.paths["/"] = Body(rss(listed), "application/rss+xml")
        for story in told:
            site.paths[story.path] = Body(story.html())
        yield site


def published(bucket: Bucket, table: str = "articles") -> list[dict[str, Any]]:
    """The rows that a reader finds."""
    place = f"{bucket.name}/news/{json.loads(bucket.read('latest.json'))['path']}/{table}"
    dataset = ds.dataset(place, format="parquet", partitioning="hive", filesystem=bucket.files)
    found: list[dict[str, Any]] = dataset.to_table().to_pylist()
    return found


def crawl_into(bucket: Bucket, local: Path, site: Site, *words: str, **env: str) -> Crawl:
    """A run that publishes."""
    settings = (f"DATA_DIR={bucket.uri}", f"LOCAL_DIR={local}", "ARCHIVE_ENABLED=1")
    options = (word for setting in settings for word in ("-s", setting))
    return crawl(local, *options, "-a", f"url={site.url}", *words, env=bucket.env | env)


@dataclass(frozen=True, slots=True)
class Published:
    """A run that went well."""

    bucket: Bucket
    local: Path
    run: Crawl


@pytest.fixture(scope="module")
def done(s3_server: S3Server, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """One for all tests that only look."""
    bucket, local = s3_server.bucket(), tmp_path_factory.mktemp("published") / "data"
    return Published(bucket, local, crawl_into(bucket, local, site))


def test_a_run_leaves_in_the_store_what_it_has_on_the_disk(done: Published) -> None:
    assert done.run.exit_code == 0, done.run.output
    assert len(published(done.bucket)) == STORIES
    for table in ("articles", "duplicates", "revisions", "comments"):
        assert published(done.bucket, table) == rows(done.local, table)
    (file,) = done.bucket.names("runs")
    assert json.loads(done.bucket.read(file)) == done.run.file
    assert done.run.file["published"]["files"] > STORIES
    assert "state.sqlite" in done.bucket.names()
    assert not [name for name in done.bucket.names() if "key" in name]


def test_the_archive_lies_in_the_store_only_and_has_the_records_of_all_rows(
    done: Published,
) -> None:
    found = published(done.bucket)
    files = {f"archive/{row['warc_file']}" for row in found}
    assert files <= set(done.bucket.names("archive"))
    text = b"".join(gzip.decompress(done.bucket.read(file)) for file in files)
    assert all(row["warc_record_id"].encode() in text for row in found)
    assert not [path for path in (done.local / "archive").rglob("*") if path.is_file()]
