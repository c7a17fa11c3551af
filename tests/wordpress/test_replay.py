"""The real WordPress, crawled with the archive on, and made again from that alone.

Two runs, the second after news: changed posts, a comment, one post that is gone and one that leads
to the home page. What the archive gives is what they gave, row for row, older versions included.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawls import ENVIRONMENT, ROOT
from tests.kills import differences, read
from tests.wordpress.site import WordPressSite
from tests.wordpress.test_versions import rewrite

pytestmark = pytest.mark.wordpress

NEW_POSTS = 3


def run(data: Path, command: str, *words: str) -> str:
    key = ["-s", f"PRIVACY_KEY_FILE={data.parent / 'key'}"]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", command, *words, "-s", f"DATA_DIR={data}", *key],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def crawl(site: WordPressSite, data: Path) -> None:
    settings = ("-s", "ALLOW_PRIVATE_HOSTS=1", "-s", "ARCHIVE_ENABLED=1")
    run(data, "crawl", "articles", "-a", f"url={site.url}", *settings)


def test_a_replay_gives_the_tables_of_the_crawls(site: WordPressSite, tmp_path: Path) -> None:
    crawled, replayed = tmp_path / "crawled", tmp_path / "replayed"
    crawl(site, crawled)
    posts = site.posts()
    site.add_posts(NEW_POSTS)
    rewrite(site, posts[25])
    site.edit_headline(posts[35].url, "Un titre qui en dit plus long")
    site.add_comment(posts[45].url, "Une lectrice", "Merci pour ce texte.")
    site.delete_post(posts[55].url)
    site.trash_post(posts[65].url)
    crawl(site, crawled)
    files = sorted(map(str, (crawled / "archive").rglob("*.warc.gz")))
    assert len(files) == 2
    run(replayed, "replay", *files)
    expected = read(crawled)
    assert len(expected["articles and duplicates"]) == len(posts) + NEW_POSTS
    assert len(expected["revisions"]) == 2
    availability = {row["availability"] for row in expected["articles and duplicates"]}
    assert availability == {"available", "gone", "redirected"}
    assert differences(expected, read(replayed)) == []
