"""A crawl that is killed while it archives: no row points to a record that is not there."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from tests.crawls import ENVIRONMENT, ROOT, crawl, going, rows
from tests.kills import DEATHS
from tests.markup import stories
from tests.newspaper import newspaper

STORIES = 6
# Two of six stories are staged then: however far the archive is by then, each run has rows.
BETWEEN_THE_ROWS = "pipelines.stage:StagePipeline.process_item:after:2"


def ids(file: Path) -> set[str]:
    with file.open("rb") as opened:
        return {
            record.rec_headers.get_header("WARC-Record-ID")
            for record in ArchiveIterator(opened, check_digests="raise")
        }


def test_after_a_kill_in_the_middle_of_a_record_every_row_still_finds_its_own(
    tmp_path: Path,
) -> None:
    with newspaper(stories(STORIES)) as site:
        words = ("-a", f"url={site.url}", "-s", "ARCHIVE_ENABLED=1")
        environment = {**ENVIRONMENT, "PYTHONPATH": DEATHS, "DIE_AT": BETWEEN_THE_ROWS}
        with going(tmp_path, *words, env=environment) as run:
            output, _ = run.communicate(timeout=90)
        assert run.returncode == -signal.SIGKILL, output[-3000:]
        (left,) = (tmp_path / "archive").rglob("*.open")
        whole = left.read_bytes()
        left.write_bytes(whole + whole[: len(whole) // 3][:-11])  # and the next was half written
        after = crawl(tmp_path, *words)
    assert after.exit_code == 0, after.output[-3000:]
    files = sorted((tmp_path / "archive").rglob("*.warc.gz"))
    assert len(files) == 2
    assert not list((tmp_path / "archive").rglob("*.open"))
    there = {file.relative_to(tmp_path / "archive").as_posix(): ids(file) for file in files}
    found = rows(tmp_path)
    assert len(found) == STORIES
    assert {row["warc_file"] for row in found} == set(there)  # of both runs
    assert all(row["warc_record_id"] in there[row["warc_file"]] for row in found)
    check = [sys.executable, "-m", "warcio.cli", "check", *map(str, files)]
    assert subprocess.run(check, cwd=ROOT, check=False).returncode == 0
