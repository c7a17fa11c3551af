"""The command against a real WordPress: what is collected is what the database has.

Three sites: one with all of WordPress's ways, one without the REST API, one without sitemaps as
well. Each is crawled three times: whole, with nothing new, and after five new posts.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pytest

from pipelines.normalize import normalize_line, normalize_text
from pipelines.privacy import pseudonym, read_key
from tests.wordpress.posts import Post
from tests.wordpress.site import WordPressSite

pytestmark = pytest.mark.wordpress

ROOT = Path(__file__).parents[2]
LANGUAGE = "fr-FR"  # what every page of the site says in <html lang>
NEW_POSTS = 5

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Crawl:
    """One run of the command, what it asked the site for, and the dataset after it."""

    exit_code: int
    output: str
    requests: list[str]
    snapshot: str
    articles: dict[str, Row]
    comments: dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Story:
    """Three runs over one data folder, with the posts there were before and after the news."""

    posts: list[Post]
    first: Crawl
    second: Crawl
    all_posts: list[Post]
    third: Crawl
    key: bytes


def crawl(site: WordPressSite, data: Path) -> Crawl:
    site.reset_requests()
    command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={site.url}"]
    done = subprocess.run(
        [*command, "-s", "ALLOW_PRIVATE_HOSTS=1", "-s", f"DATA_DIR={data}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )
    assert (data / "latest").is_symlink(), done.stdout[-4000:]
    comments: dict[str, list[Row]] = {}
    for row in sorted(read(data, "comments"), key=itemgetter("position")):
        comments.setdefault(row["article_id"], []).append(row)
    rows = read(data, "articles")
    articles = {row["url"]: row for row in rows}
    assert len(articles) == len(rows)
    return Crawl(
        exit_code=done.returncode,
        output=done.stdout,
        requests=site.requests(),
        snapshot=os.readlink(data / "latest"),
        articles=articles,
        comments=comments,
    )


def read(data: Path, table: str) -> list[Row]:
    files = sorted(map(str, (data / "latest" / table).rglob("*.parquet")))
    rows: list[Row] = pyarrow.dataset.dataset(files).to_table().to_pylist()
    return rows


@pytest.fixture(
    scope="module",
    params=[(True, True), (False, True), (False, False)],
    ids=["all ways", "feeds and sitemaps", "feeds and listing pages"],
)
def story(
    request: pytest.FixtureRequest,
    running_site: WordPressSite,
    tmp_path_factory: pytest.TempPathFactory,
) -> Story:
    site, data = running_site, tmp_path_factory.mktemp("data")
    rest_api, sitemaps = request.param
    site.switch(rest_api=rest_api, sitemaps=sitemaps)
    posts = site.posts()
    first, second = crawl(site, data), crawl(site, data)
    site.add_posts(NEW_POSTS)
    third = crawl(site, data)
    return Story(posts, first, second, site.posts(), third, read_key(data / "privacy.key"))


def test_every_post_is_collected_and_nothing_else(story: Story) -> None:
    assert story.first.exit_code == 0, story.first.output[-4000:]
    assert set(story.first.articles) == {post.url for post in story.posts}


def test_headline_author_and_date_are_the_databases(story: Story) -> None:
    found = {
        url: (row["headline"], row["authors"], row["date_published"])
        for url, row in story.third.articles.items()
    }
    posted = {
        post.url: (normalize_line(post.headline, LANGUAGE), [post.author], post.date)
        for post in story.all_posts
    }
    assert differences(found, posted) == {}


def test_the_body_is_the_authors_text_and_nothing_else(story: Story) -> None:
    found = {
        url: row["article_body"].replace("\n\n", "\n") for url, row in story.third.articles.items()
    }
    posted = {post.url: normalize_text(post.body, LANGUAGE) for post in story.all_posts}
    assert differences(found, posted) == {}


def test_the_comments_are_the_databases_one_by_one(story: Story) -> None:
    """Text, author, date, order and what is answered, of every comment on every post."""
    posted = {
        post.url: [
            (
                comment.order,
                comment.parent,
                normalize_text(comment.text, LANGUAGE),
                pseudonym(normalize_line(comment.author, LANGUAGE), story.key),
                comment.date,
            )
            for comment in post.comments
        ]
        for post in story.all_posts
    }
    assert differences(found_comments(story.third), posted) == {}


def differences(found: Mapping[str, object], posted: Mapping[str, object]) -> dict[str, object]:
    """Return by URL what was found and what was posted, where these are not the same."""
    urls = found.keys() | posted.keys()
    pairs = {url: (found.get(url), posted.get(url)) for url in urls}
    return {url: (one, other) for url, (one, other) in pairs.items() if one != other}


def found_comments(crawled: Crawl) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for url, article in crawled.articles.items():
        rows = crawled.comments.get(article["article_id"], [])
        position_of = {row["comment_id"]: row["position"] for row in rows}
        found[url] = [
            (
                row["position"],
                None if row["parent_id"] is None else position_of[row["parent_id"]],
                row["text"],
                row["author_pseudonym"],
                row["date_created"],
            )
            for row in rows
        ]
    return found


def test_a_run_with_nothing_new_asks_little_and_changes_nothing(story: Story) -> None:
    assert story.second.exit_code == 0, story.second.output[-4000:]
    assert len(story.second.requests) <= 10, story.second.requests
    assert story.second.snapshot == story.first.snapshot
    assert story.second.articles == story.first.articles
    assert story.second.comments == story.first.comments


def test_a_run_after_new_posts_collects_these_and_asks_little(story: Story) -> None:
    assert story.third.exit_code == 0, story.third.output[-4000:]
    assert len(story.third.requests) <= 20, story.third.requests
    new = {post.url for post in story.all_posts} - {post.url for post in story.posts}
    assert len(new) == NEW_POSTS
    assert set(story.third.articles) - set(story.first.articles) == new
    old = {url: row for url, row in story.third.articles.items() if url not in new}
    assert old == story.first.articles
