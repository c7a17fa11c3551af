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

from tests.benchmarks.crawl import Cost, Harvest, Pair, table
from tests.benchmarks.pages import invented_pages, saved_pages
from tests.benchmarks.site import REPOSITORY

PAGES = 20
PAGE_BYTES = 100_000


@pytest.fixture(scope="module")
def printed() -> str:
    """What one pair of crawls of a small site prints."""
    command = [sys.executable, "-m", "tests.benchmarks.crawl", "--runs=1"]
    return subprocess.run(
        [*command, f"--pages={PAGES}", f"--bytes={PAGE_BYTES}"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout


def figures(printed: str) -> dict[str, list[float]]:
    """The table's rows: plain Scrapy, Colporteur, and the ratio's minimum, median, maximum."""
    rows = re.findall(r"^(\S.*?) {2,}((?:-?[\d.]+ *){5})$", printed, re.MULTILINE)
    return {name: [float(number) for number in numbers.split()] for name, numbers in rows}


def test_the_table_has_a_row_for_speed_cpu_start_and_memory(printed: str) -> None:
    assert list(figures(printed)) == [
        "articles a second",
        "articles a second, once running",
        "CPU ms per article",
        "CPU ms per article, once running",
        "CPU ms of starting",
        "peak memory, MB",
    ]


def test_the_figures_are_those_of_two_crawlers_of_which_one_does_more(printed: str) -> None:
    rows = figures(printed)
    fetching, collecting, *ratio = rows["CPU ms per article"]
    assert 1 < fetching < collecting < 2_000
    assert ratio == [pytest.approx(collecting / fetching, rel=0.01)] * 3
    assert 10 < rows["peak memory, MB"][0] < rows["peak memory, MB"][1] < 2_000
    assert 0.1 < rows["articles a second"][1] < rows["articles a second"][0] < 1_000


def test_every_article_is_collected_and_has_a_size(printed: str) -> None:
    assert f"{PAGES} invented pages of 10" in printed
    assert f"Collected: {PAGES} of {PAGES}; refused: none." in printed
    size = re.search(r"Parquet: (\d+) bytes per article", printed)
    assert size
    assert 500 < int(size[1]) < 100_000


def test_the_ratio_is_of_pairs_not_of_medians() -> None:
    def pair(cpu: float) -> Pair:
        return Pair(Cost(10, 1, 1, 10**8), Cost(110, 2, 1 + cpu, 10**8))

    rows = figures(table([(pair(1), pair(2)), (pair(2), pair(10)), (pair(4), pair(12))], "page"))
    assert rows["CPU ms per page, once running"] == [20, 100, 2, 3, 5]
    assert rows["pages a second, once running"] == [100, 100, 1, 1, 1]
    assert rows["CPU ms of starting"][0] == 800


def test_a_page_that_is_lost_is_not_accounted_for() -> None:
    lost = Harvest(rows=19, parquet_bytes=1, refused=Counter({"http/gone": 1}))
    judged = Harvest(rows=19, parquet_bytes=1, refused=Counter({"article/no-body": 1}))
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
