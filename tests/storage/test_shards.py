"""`scrapy crawl articles --shards N` where DATA_DIR is a URI: the whole is published, once."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from crawler.items import Comment
from crawler.sources import Source
from pipelines.privacy import read_key
from tests.conftest import Scrapy
from tests.crawls import Crawl, crawl, rows, sources_file, state
from tests.markup import stories
from tests.newspaper import publish
from tests.pipelines.newsroom import Newsroom, story
from tests.server import Server, Site
from tests.storage.conftest import Bucket, where

PAPERS = ("express", "gazette", "herald", "journal")
STORIES = 3
SHARDS = ("--shards", "2", "--engine", "ray")


@pytest.fixture(scope="module")
def papers() -> Iterator[list[Site]]:
    """Sites enough for both shards to have some."""
    with Server() as server:
        sites = [server.site(name) for name in PAPERS]
        for name, site in zip(PAPERS, sites, strict=True):
            publish(site, stories(STORIES, f"{name}-"))
        yield sites


def asked(papers: list[Site]) -> Counter[str]:
    """How often each story was asked for since the last time."""
    found = Counter(f"{site.host}{path}" for site in papers for path in site.targets())
    for site in papers:
        site.forget()
    return Counter({name: times for name, times in found.items() if "story" in name})


def crawl_in_shards(bucket: Bucket, local: Path, papers: list[Site]) -> Crawl:
    file = local.with_name("sources.toml")
    sources = [Source(name, site.url) for name, site in zip(PAPERS, papers, strict=True)]
    words = (*where(bucket, local), *SHARDS, "-s", sources_file(file, *sources))
    return crawl(local, *words, "-s", "ARCHIVE_ENABLED=1", env=bucket.env)


@pytest.mark.cluster
@pytest.mark.skipif(not find_spec("ray"), reason='needs the extra "cluster"')
def test_the_merge_of_all_shards_is_published_and_so_are_their_archives(
    bucket: Bucket, papers: list[Site], scrapy: Scrapy, tmp_path: Path
) -> None:
    asked(papers)
    first = crawl_in_shards(bucket, tmp_path / "first", papers)
    assert first.exit_code == 0, first.output[-3000:]
    told = bucket.rows()
    assert Counter(row["source"] for row in told) == dict.fromkeys(PAPERS, STORIES)
    assert told == rows(tmp_path / "first")
    assert {f"archive/{row['warc_file']}" for row in told} <= set(bucket.names("archive"))
    assert not [name for name in bucket.names() if "shard" in name]
    for number in (1, 2):
        assert state(tmp_path / "first" / "shards" / f"{number}-of-2", "SELECT url FROM urls")
    assert set(asked(papers).values()) == {1}
    gone = told[0]["url"]
    assert scrapy("erase", *where(bucket, tmp_path / "first"), "--url", gone).returncode == 0
    # Another machine has the dataset, and not what the shards remember: nothing comes twice, and
    # nothing that was erased is even asked for.
    fresh = crawl_in_shards(bucket, tmp_path / "fresh", papers)
    assert fresh.exit_code == 0, fresh.output[-3000:]
    left = [row["url"] for row in bucket.rows()]
    assert sorted(left) == sorted({row["url"] for row in told} - {gone})
    assert bucket.rows("revisions") == bucket.rows("duplicates") == []
    again = asked(papers)
    assert len(again) == len(left)
    assert not [name for name in again if gone.endswith(name.partition("/")[2])]
    raw = (bucket.read(name) for name in bucket.names("archive") if name.endswith(".gz"))
    assert not [one for one in raw if gone.encode() in gzip.decompress(one)]
    # The first finds out before it has crawled for hours.
    late = crawl_in_shards(bucket, tmp_path / "first", papers)
    assert late.exit_code == 4
    assert "let one machine publish at a time" in late.output
    assert not [site for site in papers if site.targets()]


def publish_one(bucket: Bucket, local: Path, scrapy: Scrapy, *comments: Comment) -> None:
    """An article, and its comments, of a data folder with a key."""
    newsroom = Newsroom(local)
    newsroom.publish(story("a", comments=comments))
    newsroom.state.close()
    read_key(local / "privacy.key")
    assert scrapy("snapshots", "prune", *where(bucket, local)).returncode == 0


def test_who_may_not_publish_is_told_before_a_shard_is_crawled(
    bucket: Bucket, scrapy: Scrapy, tmp_path: Path
) -> None:
    publish_one(bucket, tmp_path / "first", scrapy)
    local = tmp_path / "second"
    second = Newsroom(local)
    second.publish(story("b"), run_id="second")
    second.state.close()
    refused = crawl(local, *where(bucket, local), *SHARDS, env=bucket.env)
    assert refused.exit_code == 4, refused.output
    assert "let one machine publish at a time" in refused.output
    assert not (local / "shards").exists()


def test_who_takes_over_is_asked_for_the_key_of_the_pseudonyms_before_one_is_made(
    bucket: Bucket, scrapy: Scrapy, tmp_path: Path
) -> None:
    comment = Comment(comment_id="1", text="Bonjour.", position=0, author_pseudonym="c1")
    publish_one(bucket, tmp_path / "first", scrapy, comment)
    local = tmp_path / "fresh"
    refused = crawl(local, *where(bucket, local), *SHARDS, env=bucket.env)
    assert refused.exit_code == 2, refused.output
    assert "pseudonyms of a key that is not here" in refused.output
    assert not (local / "privacy.key").exists()
    assert not (local / "shards").exists()
