"""`scrapy replay` of an archive that others made, and one that is killed on the way."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.pages import Page
from tests.cc_news import QUIRKS, answer, member, write_cc_news
from tests.crawls import ENVIRONMENT, ROOT, rows, run_files, state
from tests.kills import DEATHS, differences, read
from tests.markup import Story, stories

SITE = "https://news.example.com"
KILLS = 8
TOLD = stories(len(QUIRKS))
FRENCH = """<html lang="fr"><head><title>Le pont est ouvert</title><meta property="og:type"
content="article"></head><body><article><h1>Le pont est ouvert</h1>{}</article></body></html>"""
SENTENCES = (
    "Le maire de la petite ville a coupé le ruban samedi matin devant une foule de curieux.",
    "Les travaux ont duré deux ans et coûté plus cher que prévu, selon le conseil municipal.",
    "Les riverains espèrent maintenant que la circulation sera plus calme dans leur quartier.",
)


def replay(
    data: Path, *words: str | Path, env: dict[str, str] = ENVIRONMENT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(data, *words), cwd=ROOT, env=env, capture_output=True, text=True, timeout=90,
        check=False,
    )  # fmt: skip


def command(data: Path, *words: str | Path) -> list[str]:
    line = [sys.executable, "-m", "scrapy", "replay", "-s", f"DATA_DIR={data}", "--jobs", "1"]
    return [*line, "-s", f"PRIVACY_KEY_FILE={data.parent / 'key'}", *map(str, words)]


def later(number: int, story: Story | None, block: bytes | None = None) -> bytes:
    """A record from the next day on."""
    url = SITE + (story.path if story else f"/{number}/")
    body = story.html().encode() if story else b""
    return member("response", block or answer(body, "plain"), 400_000 + 4 * number, url)


@dataclass(frozen=True, slots=True)
class Replayed:
    file: Path
    data: Path
    output: str
    seconds: float

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = run_file(self.data)["archived"]
        return found

    def row(self, story: Story) -> dict[str, Any]:
        (found,) = (row for row in rows(self.data) if row["url"] == SITE + story.path)
        return found


def run_file(data: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(run_files(data)[-1].read_text("utf-8"))
    return said


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """Seven pages; then of the next day a new version, one that is gone, and what is no page."""
    folder = tmp_path_factory.mktemp("others")
    file = folder / "CC-NEWS-20261120060000-00000.warc.gz"
    write_cc_news(file, [Page(story.path, story.html().encode()) for story in TOLD], SITE)
    french = FRENCH.format("".join(f"<p>{' '.join(SENTENCES)}</p>" for _ in range(3)))
    with file.open("ab") as more:
        more.write(later(1, Story(1, version=2)))
        more.write(later(2, TOLD[1], b"HTTP/1.1 404 Not Found\r\n\r\nno"))
        more.write(later(3, TOLD[2], b"HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n"))
        more.write(later(4, TOLD[3], b"HTTP/1.1 304 Not Modified\r\n\r\n"))
        more.write(later(5, None, answer(french.encode(), "plain")))
        more.write(member("response", b"192.0.2.1", 9, "dns:news.example.com"))
        more.write(member("response", answer(b"<p>", "plain"), 9, "http://[broken/"))
    began = time.monotonic()
    done = replay(folder / "data", file)
    assert done.returncode == 0, done.stderr[-3000:]
    return Replayed(file, folder / "data", done.stdout, time.monotonic() - began)


def test_every_page_is_a_row_however_it_was_stored(replayed: Replayed) -> None:
    urls = {row["url"] for row in rows(replayed.data)}
    assert urls == {SITE + story.path for story in TOLD} | {f"{SITE}/5/"}


def test_a_row_says_whose_page_it_is_when_it_came_and_where_it_lies(replayed: Replayed) -> None:
    row = replayed.row(TOLD[4])
    assert row["source"] == "news.example.com"
    assert row["date_downloaded"] == datetime(2026, 11, 20, 6, 0, 4, tzinfo=UTC)
    assert row["warc_file"] == replayed.file.name
    assert row["warc_record_id"] == "<urn:uuid:00000000-0000-0000-0000-000000000012>"


def test_nothing_is_claimed_of_a_robots_txt_that_nobody_here_has_read(replayed: Replayed) -> None:
    rights = [row["rights"] for row in rows(replayed.data)]
    assert {said["robots_txt"] for said in rights} == {"unknown"}


def test_a_later_record_is_a_new_version_and_one_of_404_says_that_it_is_gone(
    replayed: Replayed,
) -> None:
    assert replayed.row(TOLD[0])["revision"] == 2
    (before,) = rows(replayed.data, "revisions")
    assert before["url"] == SITE + TOLD[0].path
    gone = replayed.row(TOLD[1])
    assert gone["availability"] == "gone"
    assert gone["date_availability"] == datetime(2026, 11, 21, 9, 46, 42, tzinfo=UTC)


def test_what_is_no_page_is_counted_in_the_runs_file_and_told(replayed: Replayed) -> None:
    assert replayed.counts() == {
        "files": 1, "pages": 10, "redirect": 1, "not-modified": 1, "not-http": 1, "bad-url": 1,
    }  # fmt: skip
    assert "Archived: 1 bad-url, 1 files, " in replayed.output


def test_a_replay_that_was_killed_goes_on_where_it_was(replayed: Replayed, tmp_path: Path) -> None:
    data = replayed.data.parent / "killed"
    dying = {**ENVIRONMENT, "PYTHONPATH": DEATHS}
    dying["DIE_AT"] = "crawler.state.urls:Urls.collected:before:8"  # of the new version
    assert replay(data, replayed.file, env=dying).returncode == -signal.SIGKILL
    done = {url for (url,) in state(data, "SELECT url FROM urls WHERE status = 'collected'")}
    assert done == {SITE + story.path for story in TOLD}
    after = replay(data, replayed.file)
    assert after.returncode == 0, after.stderr[-3000:]
    assert run_file(data)["archived"]["told-before"] == len(TOLD)
    assert differences(read(replayed.data), read(data)) == []


@pytest.mark.slow
def test_replays_killed_at_any_moment_end_with_the_same_tables(replayed: Replayed) -> None:
    for number in range(KILLS):
        data = replayed.data.parent / f"killed-{number}"
        for _ in range(2):
            with subprocess.Popen(
                command(data, replayed.file),
                cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            ) as run:  # fmt: skip
                with suppress(subprocess.TimeoutExpired):
                    run.wait(random.uniform(replayed.seconds / 3, replayed.seconds))
                run.kill()
        after = replay(data, replayed.file)
        assert after.returncode == 0, after.stderr[-3000:]
        assert differences(read(replayed.data), read(data)) == [], data


def test_a_replay_that_is_told_to_stop_commits_what_it_has(
    replayed: Replayed, tmp_path: Path
) -> None:
    long, data = tmp_path / "long.warc.gz", tmp_path / "data"
    pages = (Page(f"/2026/{n}/", Story(n).html().encode()) for n in range(1, 2_001))
    write_cc_news(long, pages, SITE)
    with subprocess.Popen(
        command(data, long, "-L", "DEBUG"),
        cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        assert run.stderr is not None
        output = next(line for line in run.stderr if "Collected " in line)
        run.send_signal(signal.SIGTERM)
        output += run.stderr.read()
    assert run.returncode == 6, output[-3000:]
    assert 0 < len(rows(data)) < 2_000
    assert state(data, "SELECT * FROM replayed") == []


def test_only_what_is_wanted_is_taken_and_the_rest_another_day(
    replayed: Replayed, tmp_path: Path
) -> None:
    data = replayed.data.parent / "wanted"
    some = replay(data, replayed.file, "--language", "fr", "--since", "2026-11-21")
    assert some.returncode == 0, some.stderr[-3000:]
    assert [row["language"] for row in rows(data)] == ["fr"]
    assert run_file(data)["archived"]["not-selected"] == len(TOLD) + 1
    rest = replay(data, replayed.file, "--until", "2026-11-20", "--domain", "example.com")
    assert rest.returncode == 0, rest.stderr[-3000:]
    assert len(rows(data)) == 1 + len(TOLD) - 1  # of one the later version was met first


@pytest.mark.parametrize(
    "words", [("--jobs", "0"), ("--since", "soon"), ("--domain", "a/b"), ("--language", "f")]
)
def test_a_wrong_option_is_told(replayed: Replayed, tmp_path: Path, words: tuple[str, str]) -> None:
    done = replay(tmp_path / "data", replayed.file, *words)
    assert done.returncode == 2, done.stderr[-2000:]
    assert words[1] in done.stderr
