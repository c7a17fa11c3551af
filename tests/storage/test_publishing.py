from __future__ import annotations

import gzip
import json
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.items import Comment
from crawler.state import DataFolder, State
from pipelines.privacy import read_key
from tests.conftest import Scrapy
from tests.crawls import rows
from tests.kills import DEATHS
from tests.markup import stories
from tests.newspaper import publish
from tests.pipelines.newsroom import Newsroom, story
from tests.server import Site
from tests.storage.conftest import STORIES, Bucket, Published, S3Server, crawl_into, where


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
    another: Published, site: Site, scrapy: Scrapy, tmp_path: Path
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
    old = scrapy("snapshots", "prune", *where(another.bucket, another.local))
    assert old.returncode == 4
    assert "let one machine publish at a time" in old.stderr


def test_what_another_machine_published_is_not_overwritten(
    another: Published, scrapy: Scrapy, tmp_path: Path
) -> None:
    other = Newsroom(tmp_path / "other")
    other.publish(story("a"), run_id="other")
    other.state.close()
    before = another.bucket.names()
    done = scrapy("snapshots", "prune", *where(another.bucket, other.folder.path))
    assert done.returncode == 4
    assert "let one machine publish at a time" in done.stderr
    assert another.bucket.names() == before


@pytest.mark.slow
def test_a_store_that_is_away_costs_nothing_but_an_exit_code(
    another: Published, site: Site
) -> None:
    """Slow as each of two tries takes the store's own client 6 s to give up."""
    away = crawl_into(another.bucket, another.local, site, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert away.exit_code == 3
    assert away.file["published"] == {"refused": "store/unreachable"}
    back = crawl_into(another.bucket, another.local, site)
    assert back.exit_code == 0
    assert len(another.bucket.names("runs")) == 3


@pytest.mark.slow
def test_a_new_machine_takes_over_from_one_that_was_killed_before_it_sent_its_state(
    another: Published, site: Site, tmp_path: Path
) -> None:
    feed = site.paths["/"]
    publish(site, stories(STORIES, "more"))
    dying = {"DIE_AT": "crawler.run_file:publish_records:before:1", "PYTHONPATH": DEATHS}
    died = crawl_into(another.bucket, another.local, site, **dying)
    assert died.exit_code == -signal.SIGKILL
    assert len(another.bucket.rows()) == 2 * STORIES
    fresh = crawl_into(another.bucket, tmp_path / "fresh", site)
    site.paths["/"] = feed
    assert fresh.exit_code == 0, fresh.output
    ids = [row["article_id"] for row in another.bucket.rows()]
    assert len(ids) == len(set(ids)) == 2 * STORIES
    assert another.bucket.rows("revisions") == []


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


def test_who_only_looks_takes_nothing_over(
    another: Published, scrapy: Scrapy, tmp_path: Path
) -> None:
    before = another.bucket.read("latest.json")
    for local in (another.local, tmp_path / "elsewhere"):
        listed = scrapy("snapshots", "list", *where(another.bucket, local))
        assert listed.returncode == 0, listed.stderr
        assert listed.stdout.startswith("000001 ")
        assert listed.stdout.rstrip().endswith("latest")
    assert not (tmp_path / "elsewhere").exists()
    assert another.bucket.read("latest.json") == before


def test_the_key_of_pseudonyms_is_asked_for_and_never_sent(
    bucket: Bucket, scrapy: Scrapy, tmp_path: Path
) -> None:
    comment = Comment(comment_id="1", text="Bonjour.", position=0, author_pseudonym="c1")
    newsroom = Newsroom(tmp_path / "data")
    newsroom.publish(story("a", comments=(comment,)))
    newsroom.state.close()
    read_key(newsroom.folder.path / "privacy.key")
    prune = ("snapshots", "prune")
    assert scrapy(*prune, *where(bucket, newsroom.folder.path)).returncode == 0
    assert "privacy.key" not in bucket.names()
    fresh = where(bucket, tmp_path / "fresh")
    refused = scrapy(*prune, *fresh)
    assert refused.returncode == 2
    assert "pseudonyms of a key that is not here" in refused.stderr
    shutil.copy(newsroom.folder.path / "privacy.key", tmp_path / "fresh")
    assert scrapy(*prune, *fresh).returncode == 0
