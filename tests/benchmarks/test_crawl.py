"""The crawl benchmark on a few pages: it measures what it says, and counts every page."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.benchmarks.crawl import Pair, ratios, table
from tests.benchmarks.crawlers import Cost, Harvest
from tests.benchmarks.pages import invented_pages, saved_pages
from tests.benchmarks.site import REPOSITORY

PAGES = 20
PAGE_BYTES = 100_000


@pytest.fixture(scope="module")
def printed() -> str:
    """What one round of crawls of a small site prints."""
    command = [sys.executable, "-m", "tests.benchmarks.crawl", "--runs=1"]
    done = subprocess.run(
        [*command, f"--pages={PAGES}", f"--bytes={PAGE_BYTES}"],
        cwd=REPOSITORY,
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def figures(printed: str) -> dict[str, dict[str, float]]:
    """The table: of each crawler its columns; the first of two of one name is the whole crawl's."""
    rows = re.findall(r"^(\S.*?) {2,}((?:-?[\d.]+ *){7})$", printed, re.MULTILINE)
    names = ("speed", "", "cpu", "", "start", "peak", "bytes")
    return {
        name: dict(zip(names, map(float, numbers.split()), strict=True)) for name, numbers in rows
    }


def test_each_crawler_has_its_speed_cpu_start_memory_and_bytes(printed: str) -> None:
    rows = figures(printed)
    plain, ours, on_two = (
        rows[name] for name in ("plain Scrapy", "Colporteur", "Colporteur, two cores")
    )
    assert 1 < plain["cpu"] < ours["cpu"] < 2_000
    assert 10 < plain["peak"] < ours["peak"] < on_two["peak"] < 2_000
    assert 0.1 < ours["speed"] < plain["speed"] < 1_000
    assert plain["bytes"] == 0
    assert 500 < ours["bytes"] < PAGE_BYTES


def test_every_article_is_collected(printed: str) -> None:
    assert f"{PAGES} invented pages of 10" in printed
    assert f"Collected: {PAGES} of {PAGES}; refused: none." in printed


def test_the_ratios_are_of_crawls_of_one_round_not_of_medians() -> None:
    def pair(cpu: float) -> Pair:
        return Pair(Cost(10, 1, 1, 10**8), Cost(110, 2, 1 + cpu, 10**8))

    rounds = [
        {"plain Scrapy": pair(a), "Colporteur": pair(b), "Colporteur, two cores": pair(b)}
        for a, b in ((1, 2), (2, 10), (4, 12))
    ]
    assert "CPU of Colporteur / plain Scrapy" in (said := ratios(rounds))
    assert said.splitlines()[1].endswith("3.00 (2.00 to 5.00)")
    assert said.splitlines()[-1].endswith("1.00 (1.00 to 1.00)")
    assert table(rounds).splitlines()[2].split()[3:6] == ["100.0", "100.0", "0.0"]


def test_a_page_that_is_lost_is_not_accounted_for() -> None:
    lost = Harvest(rows=19, bytes_written=1, refused=Counter({"http/gone": 1}))
    judged = Harvest(
        rows=18, bytes_written=1, refused=Counter({"article/no-body": 1, "rights/noindex": 1})
    )
    assert not lost.accounts_for(PAGES, all_articles=False)
    assert judged.accounts_for(PAGES, all_articles=False)
    assert not judged.accounts_for(PAGES, all_articles=True)


def test_invented_pages_are_the_same_each_time_and_weigh_what_is_asked() -> None:
    pages = list(invented_pages(3, PAGE_BYTES))
    assert pages == list(invented_pages(3, PAGE_BYTES))
    assert len({page.path for page in pages}) == len({page.body for page in pages}) == 3
    assert all(0.95 < len(page.body) / PAGE_BYTES < 1.1 for page in pages)


def test_saved_pages_are_articles_one_for_a_path_spread_over_the_folder(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    entries = [
        {"url": f"https://one.example/{number}/ ", "file": f"{number}.html.gz"}
        for number in range(8)
    ]
    entries += [
        {"url": "https://two.example/1", "file": "twin.html.gz", "headline": "a\u2028b"},
        {"url": "https://two.example/", "file": "home.html.gz"},
        {"url": "https://two.example/shop", "file": "shop.html.gz", "page_type": "product"},
    ]
    for entry in entries:
        (tmp_path / "html" / entry["file"]).write_bytes(gzip.compress(entry["file"].encode()))
    (tmp_path / "index.jsonl").write_text(
        "\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries), "utf-8"
    )
    assert [page.path for page in saved_pages(tmp_path, 4)] == ["/0/", "/2/", "/4/", "/6/"]
    assert [page.body for page in saved_pages(tmp_path, 99)] == [
        f"{number}.html.gz".encode() for number in range(8)
    ]
