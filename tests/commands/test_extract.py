from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.commands.extract import LineWorkers, extract_all
from crawler.demo.server import Newspaper
from crawler.errors import ConfigurationError
from crawler.extract import warm_up
from crawler.saved_pages import extracted_line, saved_pages
from tests.conftest import Scrapy
from tests.crawls import TRAPS
from tests.extract.pages import URL, page, story
from tests.workers.traps.sitecustomize import DIE, HANG

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of forty pages, gzipped and plain, every eighth of them no article."""
    (tmp_path / "html").mkdir()
    rows = []
    for number in range(40):
        body = page("<p>Rien.</p>") if number % 8 == 7 else story()
        name = f"{number}.html" + (".gz" if number % 2 else "")
        (tmp_path / "html" / name).write_bytes(gzip.compress(body) if number % 2 else body)
        rows.append({"id": f"page/{number}", "url": f"{URL}{number}/", "file": name})
    (tmp_path / "index.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def lines(target: Path, jobs: int = 1, url: str | None = None) -> list[dict[str, Any]]:
    async def collect() -> list[dict[str, Any]]:
        workers = LineWorkers(extracted_line, prepare=warm_up, count=jobs, seconds=60)
        pages = saved_pages(str(target), url)
        return [json.loads(line) async for line in extract_all(workers, pages)]

    return asyncio.run(collect())


def without_time(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in line.items() if key != "cpu_ms"} for line in found]


def test_a_folder_gives_a_line_a_page_in_order_with_any_number_of_jobs(folder: Path) -> None:
    alone, shared = lines(folder), lines(folder, jobs=2)
    assert [line["id"] for line in alone] == [f"page/{number}" for number in range(40)]
    assert without_time(alone) == without_time(shared)
    assert sum(line["article"] is None for line in alone) == 5
    assert alone[0]["article"]["date_published"] == "2025-06-03T08:00:00+02:00"
    assert alone[0]["article"]["blocks"][0]["type"] == "paragraph"
    assert alone[0]["cpu_ms"] > 0


def test_a_refused_page_says_why(folder: Path) -> None:
    refused = lines(folder)[7]
    assert refused["article"] is None
    assert refused["refusal"].startswith("article/")


def test_a_saved_page_takes_its_url_from_itself_or_from_the_option(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(story(head=f'<link rel="canonical" href="{URL}">'))
    assert lines(file)[0]["article"]["url"] == URL
    assert lines(file, url=URL + "b/")[0]["article"]["url"] == URL + "b/"
    file.write_bytes(story())
    with pytest.raises(ConfigurationError, match="does not say its URL; give it by --url"):
        lines(file)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "index.jsonl:2: not a line of JSON"),
        ('{"id": "a"}', "index.jsonl:2: needs the keys id, url and file"),
        ("7", "index.jsonl:2: needs the keys"),
        ('{"id": 1, "url": "u", "file": "f"}', "index.jsonl:2: id, url and file must be strings"),
        ('{"id": "a", "url": "u", "file": "../index.jsonl"}', "index.jsonl:2: there is no file"),
        ('{"id": "a", "url": "u", "file": "gone.html"}', "index.jsonl:2: there is no file"),
    ],
)
def test_a_broken_index_line_is_told_with_its_number(folder: Path, line: str, message: str) -> None:
    first = (folder / "index.jsonl").read_text().splitlines()[0]
    (folder / "index.jsonl").write_text(f"{first}\n{line}\n")
    with pytest.raises(ConfigurationError, match=message):
        saved_pages(str(folder))


def test_a_broken_archive_is_told_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "page.html.gz"
    file.write_bytes(gzip.compress(story())[:50])
    with pytest.raises(ConfigurationError, match=r"page\.html\.gz cannot be read"):
        lines(file, url=URL)


def scrapy_extract(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "extract", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_writes_to_stdout_or_to_a_file(folder: Path) -> None:
    file = folder / "html" / "0.html"
    shown = scrapy_extract(str(file), "--url", URL)
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["article"]["headline"] == "Le pont de bois rouvre après dix ans"
    written = scrapy_extract(str(folder), "-o", str(folder / "out.jsonl"), "--jobs", "2")
    assert (written.returncode, written.stdout) == (0, ""), written.stderr
    assert len((folder / "out.jsonl").read_text().splitlines()) == 40


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["/no/such/place"], "/no/such/place: no such file or folder."),
        ([], "say what to extract"),
        (["ftp://gazette.example/x"], "must start with http:// or https://"),
        ([".", "--jobs", "0"], "--jobs must be at least 1, got 0."),
    ],
)
def test_a_mistake_is_one_sentence_on_stderr_and_exit_code_2(
    scrapy: Scrapy, arguments: list[str], message: str
) -> None:
    ended = scrapy("extract", *arguments)
    assert ended.returncode == 2
    assert message in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_url_is_fetched_and_extracted_and_one_that_fails_says_why() -> None:
    with Newspaper() as paper:
        told = paper.stories[0]
        urls = [paper.story_url(told), "http://127.0.0.1:1/nobody-listens"]
        done = scrapy_extract(*urls, "-s", "ALLOW_PRIVATE_HOSTS=1")
        asked = [path for _, path in paper.requests]
    assert done.returncode == 0, done.stderr
    story_line, refused = map(json.loads, done.stdout.splitlines())
    assert story_line["id"] == urls[0]
    assert story_line["article"]["article_body"].split() == told.body.split()
    assert refused["article"] is None
    assert refused["refusal"].startswith("fetch/connection")
    assert asked[0] == "/robots.txt"


def test_a_private_address_is_not_fetched_unless_it_is_allowed() -> None:
    with Newspaper() as paper:
        done = scrapy_extract(paper.url(paper.hosts[0]))
        assert paper.requests == []
    assert json.loads(done.stdout)["refusal"].startswith("guard/private-address")


def test_a_page_that_hangs_or_kills_its_worker_is_refused_in_its_place(folder: Path) -> None:
    for number, mark in ((3, DIE), (4, HANG)):
        name = f"{number}.html" + (".gz" if number % 2 else "")
        body = story() + mark
        (folder / "html" / name).write_bytes(gzip.compress(body) if number % 2 else body)
    out = folder / "out.jsonl"
    limit = 5
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "extract", str(folder), "-o", str(out), "--jobs", "2",
         "-s", f"EXTRACT_TIMEOUT={limit}"],
        cwd=ROOT, env=TRAPS, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["id"] for line in said] == [f"page/{number}" for number in range(40)]
    assert said[3]["refusal"] == "extract/worker-died: ended by SIGKILL"
    assert said[3]["cpu_ms"] is None
    assert said[4]["refusal"] == f"extract/timeout: not done after {limit} s"
    assert said[4]["cpu_ms"] == limit * 1_000
    assert sum(line["article"] is None for line in said) == 5 + 2
