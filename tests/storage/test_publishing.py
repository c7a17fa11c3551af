from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

from crawler.state import DataFolder, State
from tests.conftest import Scrapy
from tests.crawls import rows
from tests.markup import stories
from tests.pipelines.newsroom import Newsroom, story
from tests.server import Site
from tests.storage.conftest import STORIES, Published, S3Server, crawl_into, where


def test_a_run_leaves_in_the_store_what_it_has_on_the_disk(done: Published) -> None:
    assert done.run.exit_code == 0, done.run.output
    assert len(done.bucket.rows()) == STORIES
    for table in ("articles", "duplicates", "revisions", "comments"):
        assert done.bucket.rows(table) == rows(done.local, table)
    (file,) = done.bucket.names("runs")
    assert json.loads(done.bucket.read(file)) == done.run.file
    assert done.run.file["published"]["files"] > STORIES
    assert "state.sqlite" in done.bucket.names()
    assert not [name for name in done.bucket.names() if "key" in name]


def test_the_archive_lies_in_the_store_only_and_has_the_records_of_all_rows(
    done: Published,
) -> None:
    found = done.bucket.rows()
    files = {f"archive/{row['warc_file']}" for row in found}
    assert files <= set(done.bucket.names("archive"))
    text = b"".join(gzip.decompress(done.bucket.read(file)) for file in files)
    assert all(row["warc_record_id"].encode() in text for row in found)
    assert not [path for path in (done.local / "archive").rglob("*") if path.is_file()]


def test_a_new_machine_goes_on_where_the_last_one_ended(
    another: Published, site: Site, tmp_path: Path
) -> None:
    before, fresh = another.bucket.rows(), tmp_path / "fresh"
    site.forget()
    run = crawl_into(another.bucket, fresh, site)
    assert run.exit_code == 0, run.output
    assert [
        target for target in site.targets() if target in {story.path for story in stories(STORIES)}
    ] == []
    assert another.bucket.rows() == before == rows(fresh)
    assert len(another.bucket.names("runs")) == 2
    # What the old one has is not what is there any more.
    old = crawl_into(another.bucket, another.local, site)
    assert old.exit_code == 0, old.output


def test_what_another_machine_published_is_not_overwritten(
    another: Published, scrapy: Scrapy, tmp_path: Path
) -> None:
    other = Newsroom(tmp_path / "other")
    other.publish(story("a"), run_id="other")
    other.state.close()
    before = another.bucket.names()
    done = scrapy("snapshots", "prune", *where(another.bucket, other.folder.path))
    assert done.returncode == 4
    assert "another machine writes there" in done.stderr
    assert another.bucket.names() == before


def test_a_store_that_refuses_costs_nothing_but_an_exit_code(
    s3_server: S3Server, scrapy: Scrapy, site: Site, tmp_path: Path
) -> None:
    bucket, local = replace(s3_server.bucket(), name="not-there-yet"), tmp_path / "data"
    DataFolder(local).create()
    State(DataFolder(local).state).close()  # else there might be something to take over
    run = crawl_into(bucket, local, site)
    assert run.exit_code == 3
    (sentence,) = run.sentences
    assert sentence.startswith('scrapy crawl: "s3://not-there-yet/news" cannot be reached')
    assert run.file["published"] == {"refused": "store/refused"}
    assert len(rows(local)) == STORIES
    s3_server.create("not-there-yet")
    assert scrapy("snapshots", "prune", *where(bucket, local)).returncode == 0
    assert bucket.rows() == rows(local)
    assert bucket.names("archive")
    assert len(bucket.names("runs")) == 1
