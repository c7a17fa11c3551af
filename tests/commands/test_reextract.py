"""`scrapy replay --reextract`: a crawl by an older extractor, read again by today's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands.erase.conftest import erase_apart
from tests.crawls import ENVIRONMENT, ROOT, crawl, rows, run_files
from tests.fetch.test_archive import records
from tests.markup import stories
from tests.newspaper import newspaper

OLDER = {**ENVIRONMENT, "PYTHONPATH": str(ROOT / "tests" / "commands" / "older")}
STORIES = 4
JEANNE = "Jeanne Martin"


@dataclass(frozen=True, slots=True)
class Reextracted:
    """The site was crawled by the older extractor, and read again twice by today's."""

    data: Path
    before: list[dict[str, Any]]
    once: subprocess.CompletedProcess[str]
    after: list[dict[str, Any]]
    twice: subprocess.CompletedProcess[str]
    snapshots: list[str]

    def said(self, number: int) -> dict[str, Any]:
        """Of a run, what its file says of it: of the crawl first."""
        said: dict[str, Any] = json.loads(run_files(self.data)[number].read_text("utf-8"))
        return said


def reextract(
    data: Path, *words: str, env: Mapping[str, str] = ENVIRONMENT
) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "scrapy", "replay", "--reextract", "-s", f"DATA_DIR={data}"]
    return subprocess.run(
        [*line, *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=90, check=False
    )


def by_url(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["url"]: row for row in found}


@pytest.fixture(scope="module")
def reextracted(tmp_path_factory: pytest.TempPathFactory) -> Reextracted:
    data = tmp_path_factory.mktemp("reextracted") / "data"
    with newspaper(stories(STORIES)) as site:
        done = crawl(
            data, "-a", f"url={site.url}", "-s", "ARCHIVE_ENABLED=1",
            env={**OLDER, "EXTRACTION": "older"},
        )  # fmt: skip
        assert done.exit_code == 0, done.output[-3000:]
    snapshots, before = [(data / "latest").readlink().name], rows(data)
    once = reextract(data)
    after = rows(data)
    snapshots.append((data / "latest").readlink().name)
    twice = reextract(data)
    snapshots.append((data / "latest").readlink().name)
    return Reextracted(data, before, once, after, twice, snapshots)


def test_what_comes_out_otherwise_is_a_version_and_the_old_one_a_revision(
    reextracted: Reextracted,
) -> None:
    assert reextracted.once.returncode == 0, reextracted.once.stderr[-3000:]
    assert reextracted.snapshots[:2] == ["000001", "000002"]
    was = [row for row in reextracted.before if not row["authors"]]
    assert len(was) == 2
    now = by_url(reextracted.after)
    for row in was:
        new = now[row["url"]]
        assert (new["authors"], new["revision"], new["revision_count"]) == ([JEANNE], 2, 2)
        assert new["extractor"] != row["extractor"] == "colporteur/0.0.1 ArticlePage"
        changed = {name for name in row if row[name] != new[name]}
        of_a_version = {"run_id", "extractor", "revision", "revision_count", "field_sources"}
        assert changed - of_a_version == {"authors"}
    revisions = by_url(rows(reextracted.data, "revisions"))
    assert revisions.keys() == {row["url"] for row in was}
    for row in was:
        old = revisions[row["url"]]
        assert {name: old[name] for name in row} == row
        assert old["changed_fields"] == ["authors"]


def test_what_comes_out_as_it_was_stays_as_it_is(reextracted: Reextracted) -> None:
    was = [row for row in reextracted.before if row["authors"]]
    assert len(was) == 2
    now = by_url(reextracted.after)
    assert [now[row["url"]] for row in was] == was


def test_every_version_still_finds_its_record(reextracted: Reextracted) -> None:
    kept = {one.headers["WARC-Record-ID"]: one.url for one in records(reextracted.data)}
    for row in [*reextracted.after, *rows(reextracted.data, "revisions")]:
        assert kept[row["warc_record_id"]] == row["url"]


def test_the_summary_says_how_many_which_fields_which_sources_and_shows_examples(
    reextracted: Reextracted,
) -> None:
    lines = reextracted.once.stdout.splitlines()
    assert "Read again: 4 rows, 2 came out otherwise, 2 as before." in lines
    assert "Fields: authors 2." in lines
    assert "Sources: journal.localhost 2." in lines
    assert sum(line.startswith("authors, http") for line in lines) == 2
    assert any(line.split("|")[-1].strip() == f'["{JEANNE}"]' for line in lines)
    said = reextracted.said(1)["reextraction"]
    assert (said["rows"], said["changed"], said["fields"]) == (4, 2, {"authors": 2})
    assert {example["now"] for example in said["examples"]} == {f'["{JEANNE}"]'}
    (counts,) = reextracted.said(1)["sources"].values()
    assert (counts["revised"], counts["unchanged"]) == (2, 2)


def test_a_second_time_changes_nothing(reextracted: Reextracted) -> None:
    assert reextracted.twice.returncode == 0
    assert "Read again: 4 rows, 0 came out otherwise, 4 as before." in reextracted.twice.stdout
    assert reextracted.snapshots[2] == "000002"


def test_a_row_stays_though_its_page_is_no_article_any_more_and_an_erasure_reaches_examples(
    reextracted: Reextracted, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(reextracted.data, data, symlinks=True)
    done = reextract(data, env={**OLDER, "EXTRACTION": "stricter"})
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Their rows stay: 2 that are no articles any more" in done.stdout
    assert rows(data) == reextracted.after
    gone = next(row for row in reextracted.after if row["revision"] == 2)
    assert erase_apart(data, "--url", gone["url"]).returncode == 0
    told = [file.read_text("utf-8") for file in run_files(data)]
    assert not any(gone["url"] in text for text in told)
    assert sum(text.count(f'"[\\"{JEANNE}\\"]"') for text in told) == 1  # of the other one


def test_without_an_archive_there_is_nothing_to_read_again(tmp_path: Path) -> None:
    done = reextract(tmp_path)
    assert done.returncode == 2
    assert "has no files to read again" in done.stderr
