"""A disk that is full, for real: a small file system of the test's own, which gets room again."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from urllib.parse import urljoin

import pytest
from scrapy.crawler import Crawler

from crawler.errors import Reason, Refusal
from crawler.items import Article
from crawler.state import DataFolder, State
from pipelines.dataset import Snapshots, verify, verify_link
from pipelines.refused import Refused
from tests.crawls import ENVIRONMENT, ROOT, collected, command, crawl, state, urls
from tests.markup import rss, stories
from tests.server import Body, Server, Site

STORIES = 24
# Four runs, in a mount namespace that ends with the shell. The first has room, the second none but
# $FREE, the third again: it is of the first source, and finishes what the second left of the other.
SCRIPT = """
mount -t tmpfs -o size=64m tmpfs "$DISK"
run() {{ name=$1; shift; "$@" > "$OUT/$name.txt" 2>&1; echo $? > "$OUT/$name.code"
  cp -a "$DISK/data" "$OUT/$name"; }}
run first {one}
free=$(df -k --output=avail "$DISK" | tail -1)
dd if=/dev/zero of="$DISK/filler" bs=1k count=$((free - FREE)) 2> /dev/null
run full {other}
rm "$DISK/filler"
run next {one}
run last {other}
"""
NAMESPACE = ["unshare", "--user", "--map-root-user", "--mount"]


def can_mount() -> bool:
    """Whether this system lets a user have mounts of their own."""
    try:
        mount = [*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/tmp"]
        return not subprocess.run(mount, check=False, capture_output=True).returncode
    except OSError:
        return False


def publish(site: Site, words: str) -> None:
    told = stories(STORIES)
    listed = [(urljoin(site.url, story.path), story) for story in told]
    site.paths["/"] = Body(rss(listed), "application/rss+xml")
    site.paths |= {
        story.path: Body(story.html().replace("</p>", f" {words}</p>")) for story in told
    }


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    with Server() as server:
        one, other = server.site("one"), server.site("other")
        publish(one, "Ici on en parle.")
        publish(other, "Ailleurs on en parle aussi.")
        yield one, other


@pytest.mark.skipif(not can_mount(), reason="the system gives users no mounts of their own")
@pytest.mark.parametrize(
    "kilobytes",
    [
        300,  # enough for the first articles
        *(
            pytest.param(size, marks=pytest.mark.slow)
            for size in (0, 4, 40, 150, 600, 1_000, 1_400)
        ),
    ],
)
def test_a_full_disk_ends_the_run_with_what_to_do_and_the_next_with_room_goes_on(
    sites: tuple[Site, Site], tmp_path: Path, kilobytes: int
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    one, other = (shlex.join(command(disk / "data", "-a", f"url={site.url}")) for site in sites)
    subprocess.run(
        [*NAMESPACE, "sh", "-c", SCRIPT.format(one=one, other=other)],
        env={**ENVIRONMENT, "FREE": str(kilobytes), "DISK": str(disk), "OUT": str(tmp_path)},
        cwd=ROOT, check=True, timeout=120,
    )  # fmt: skip
    said = {name: (tmp_path / f"{name}.txt").read_text() for name in ("full", "next", "last")}
    codes = {name: int((tmp_path / f"{name}.code").read_text()) for name in ("first", *said)}
    assert codes == {"first": 0, "full": 3, "next": 0, "last": 0}, said
    (sentence,) = [line for line in said["full"].splitlines() if line.startswith("scrapy crawl: ")]
    assert str(disk) in sentence
    assert "Traceback" not in sentence
    before, both = (Counter({site.host: STORIES for site in sites[:n]}) for n in (1, 2))
    assert whole(tmp_path / "first") == before
    assert whole(tmp_path / "full") in (before, both)
    # What was collected of the other source is committed, though nobody asked for it this time.
    kept = whole(tmp_path / "next")
    assert kept[sites[0].host] == STORIES
    assert state(tmp_path / "next", "SELECT count(*) FROM staged") == [(0,)]
    query = "SELECT count(*) FROM urls WHERE source = ? AND status = 'collected'"
    assert state(tmp_path / "next", query, sites[1].host) == [(kept[sites[1].host],)]
    assert whole(tmp_path / "last") == both


class FullState:
    """A stage that lets no page through, and a disk without room for the reason why."""

    def __init__(self, state: State) -> None:
        self._db = state._db

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(State.from_crawler(crawler))

    def process_item(self, item: Article) -> Article:
        self._db.execute("PRAGMA max_page_count=1")  # SQLite takes it for "no more than there are"
        raise Refused(Refusal(Reason.NO_BODY, "said at length. " * 100_000))


def test_a_refusal_that_cannot_be_written_down_ends_the_run_and_loses_no_url(
    sites: tuple[Site, Site], tmp_path: Path
) -> None:
    stages = json.dumps({f"{__name__}.{FullState.__name__}": 50})
    full = crawl(tmp_path, "-a", f"url={sites[0].url}", "-s", f"ITEM_PIPELINES={stages}")
    assert full.exit_code == 3, full.output[-3000:]
    sentence = full.sentences[-1]
    assert "database or disk is full" in sentence
    assert str(tmp_path) in sentence
    assert {status for status, _ in urls(tmp_path).values()} == {"due"}
    assert len(urls(tmp_path)) == STORIES


def whole(data: Path) -> Counter[str]:
    """The articles of each source in a dataset that has nothing wrong."""
    folder = DataFolder(data)
    snapshots = Snapshots(folder.snapshots, folder.latest, 7)
    assert [said for _, wrong in verify(snapshots) for said in wrong] == []
    assert list(verify_link(snapshots)) == []
    return collected(data)
