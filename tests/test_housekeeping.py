"""A run tidies up after itself, and goes on from whatever snapshot `latest` was put back to."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.crawls import ENVIRONMENT, ROOT, crawl, rows
from tests.markup import Story, atom, stories
from tests.pipelines.newsroom import Newsroom, story
from tests.server import Body, Server, Site


def publish(site: Site, told: list[Story]) -> None:
    """Stories and the feed that lists them."""
    for one in told:
        site.paths[one.path] = Body(one.html())
    listed = [(f"{site.url.rstrip('/')}{one.path}", one) for one in told]
    site.paths["/"] = Body(atom(listed), "application/atom+xml")


def test_after_its_commit_a_run_joins_small_files_and_clears_the_archive(tmp_path: Path) -> None:
    told = Story(1)
    with Newsroom(tmp_path) as newsroom:
        for name in ("a", "b"):
            newsroom.publish(story(name, date_published=told.published))
    old = newsroom.folder.archive / "2026" / "01" / "02" / "20260102T080000Z-00aa-00000.warc.gz"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"long ago")
    with Server() as server:
        site = server.site("journal")
        publish(site, [told])
        done = crawl(
            tmp_path, "-a", f"url={site.url}", "-s", "COMPACT_MIN_FILES=3",
            "-s", "ARCHIVE_ENABLED=1", "-s", "ARCHIVE_KEPT_DAYS=1",
        )  # fmt: skip
    assert done.exit_code == 0, done.output[-3000:]
    assert done.file["snapshot"] == "000003"
    assert newsroom.folder.latest.resolve().name == "000004"
    assert len(list((newsroom.folder.latest / "articles").rglob("*.parquet"))) == 1
    assert len(rows(tmp_path)) == 3
    (kept,) = newsroom.folder.archive.rglob("*.warc.gz")
    assert f"/{datetime.now(UTC):%Y}/" in str(kept)
    assert not old.exists()


def test_after_a_roll_back_a_run_collects_again_what_came_since_and_once(tmp_path: Path) -> None:
    def told() -> list[tuple[str, int, str]]:
        found = [(row["url"], row["revision"], row["article_body"]) for row in rows(tmp_path)]
        return sorted(found)

    first = stories(3)
    with Server() as server:
        site = server.site("journal")
        words = ("-a", f"url={site.url}")
        publish(site, first)
        assert crawl(tmp_path, *words).exit_code == 0
        publish(site, [replace(first[0], version=2), *first[1:], Story(9)])
        assert crawl(tmp_path, *words).exit_code == 0
        left = told()
        assert [revision for _, revision, _ in left] == [2, 1, 1, 1]
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "snapshots", "rollback", "1",
             "-s", f"DATA_DIR={tmp_path}"],
            cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.startswith("latest is 000001; ")
        assert len(told()) == 3
        third = crawl(tmp_path, *words)
        assert third.exit_code == 0, third.output[-3000:]
        assert third.file["snapshot"] == "000003"
    assert told() == left
