"""The real WordPress, crawled with the archive on, and made again from that alone.

Three runs: whole, after news, a changed post and one that is gone. What the archive gives is what
they gave, row for row, older versions included.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawls import ENVIRONMENT, ROOT
from tests.kills import differences, read
from tests.wordpress.site import WordPressSite

pytestmark = [pytest.mark.wordpress, pytest.mark.xdist_group("wordpress")]

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
    settings = ("-s", "ALLOW_PRIVATE_HOSTS=1", "-s", "ARCHIVE_ENABLED=1", "-s", "REVISIT_AFTER=1s")
    run(data, "crawl", "articles", "-a", f"url={site.url}", *settings)


def test_a_replay_gives_the_tables_of_the_crawls(site: WordPressSite, tmp_path: Path) -> None:
    crawled, replayed = tmp_path / "crawled", tmp_path / "replayed"
    crawl(site, crawled)
    posts = site.posts()
    site.add_posts(NEW_POSTS)
    site.edit_post(posts[5].url, "<p>Le conseil municipal a changé d’avis mardi soir.</p>" * 3)
    site.delete_post(posts[7].url)
    crawl(site, crawled)
    files = sorted(map(str, (crawled / "archive").rglob("*.warc.gz")))
    assert len(files) == 2
    run(replayed, "replay", *files)
    expected = read(crawled)
    assert len(expected["articles and duplicates"]) == len(posts) + NEW_POSTS
    assert len(expected["revisions"]) == 1
    assert any(row["availability"] == "gone" for row in expected["articles and duplicates"])
    assert differences(expected, read(replayed)) == []
