"""A run tidies up after itself: small files are joined, old archive files removed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.crawls import crawl, rows
from tests.markup import Story, rss
from tests.pipelines.newsroom import Newsroom, story
from tests.server import Body, Server


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
        site.paths[told.path] = Body(told.html())
        listed = [(f"{site.url.rstrip('/')}{told.path}", told)]
        site.paths["/"] = Body(rss(listed), "application/rss+xml")
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
