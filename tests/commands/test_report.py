"""`scrapy report`: one page, whose numbers are those of the dataset, and which loads nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from parsel import Selector

from tests.conftest import Scrapy
from tests.pipelines.newsroom import Newsroom, story

CHROMIUM = shutil.which("chromium")
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def folder(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data, to write a report into."""
    copy = tmp_path_factory.mktemp("report") / "data"
    shutil.copytree(demo_data, copy, symlinks=True)
    return copy


@pytest.fixture
def page(scrapy: Scrapy, folder: Path) -> Selector:
    done = scrapy("report", "-s", f"DATA_DIR={folder}")
    assert (done.returncode, done.stderr) == (0, "")
    return Selector((folder / "report" / "index.html").read_text("utf-8"))


def asked(folder: Path, query: str, table: str = "articles") -> list[tuple[object, ...]]:
    rows = f"read_parquet('{folder}/latest/{table}/**/*.parquet')"
    return duckdb.connect().execute(query.format(rows)).fetchall()


@pytest.mark.parametrize("table", ["articles", "duplicates", "revisions", "comments"])
def test_the_tables_have_as_many_rows_as_a_query_finds(
    page: Selector, folder: Path, table: str
) -> None:
    ((rows,),) = asked(folder, "SELECT count(*) FROM {}", table)
    assert page.css(f"#count-{table}::text").get() == str(rows)


def numbers(page: Selector, chart: str) -> dict[tuple[str, ...], int]:
    rows = page.css(f'table[data-chart="{chart}"] tbody tr')
    cells = [row.css("td::text").getall() for row in rows]
    return {tuple(names): int(n) for *names, n in cells}


def test_the_charts_numbers_are_those_of_a_query(page: Selector, folder: Path) -> None:
    months = asked(
        folder,
        "SELECT strftime(date_published, '%Y-%m'), source, count(*) FROM {}"
        " WHERE date_published IS NOT NULL GROUP BY ALL",
    )
    assert numbers(page, "Articles over time") == {(m, s): n for m, s, n in months}
    languages = asked(folder, "SELECT language, source, count(*) FROM {} GROUP BY ALL")
    assert numbers(page, "Languages") == {(one, s): n for one, s, n in languages}


def test_the_matrix_tells_who_copies_whom(page: Selector, folder: Path) -> None:
    copies = asked(
        folder,
        "SELECT d.source, a.source, count(*) FROM read_parquet("
        f"'{folder}/latest/duplicates/**/*.parquet') d JOIN {{}} a ON d.duplicate_of = a.article_id"
        " GROUP BY ALL",
    )
    head = page.css("#matrix thead th::text").getall()[1:]
    told = {
        (row.css("th::text").get(), owner): int(n)
        for row in page.css("#matrix tbody tr")
        for owner, n in zip(head, row.css("td::text").getall(), strict=True)
    }
    assert {pair: n for pair, n in told.items() if n} == {(a, b): n for a, b, n in copies}


def test_the_completeness_of_a_field_is_that_of_a_query(page: Selector, folder: Path) -> None:
    column = page.css("#completeness thead th::text").getall().index("authors")
    told = {
        row.css("th::text").get(): row.css("td::text").getall()[column - 1]
        for row in page.css("#completeness tbody tr")
    }
    shares = asked(folder, "SELECT source, avg((len(authors) > 0)::INT) FROM {} GROUP BY source")
    assert told == {source: f"{share:.0%}" for source, share in shares}


def test_nothing_is_loaded_from_anywhere_and_every_chart_has_words(page: Selector) -> None:
    loaded = page.css("[src]::attr(src), link::attr(href), use::attr(href), image::attr(href)")
    assert set(loaded.getall()) <= {"data:,"}
    assert not page.css("script, iframe, object, embed")
    policy = page.css('meta[http-equiv="Content-Security-Policy"]::attr(content)').get()
    assert policy
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"url\(\s*['\"]?(?!#)|@import", " ".join(page.css("style::text").getall()))
    charts = page.css("figure svg")
    assert len(charts) >= 5
    assert all(chart.attrib["role"] == "img" and chart.attrib["aria-label"] for chart in charts)


def test_what_a_page_said_is_shown_as_text(scrapy: Scrapy, tmp_path: Path) -> None:
    with Newsroom(tmp_path / "data") as newsroom:
        newsroom.publish(story("a", headline=f"Titre {HOSTILE}"))
    done = scrapy("report", "-s", f"DATA_DIR={tmp_path / 'data'}")
    assert (done.returncode, done.stderr) == (0, "")
    page = Selector((tmp_path / "data" / "report" / "index.html").read_text("utf-8"))
    assert not page.css("script, img")
    assert page.css("article h3::text").get() == f"Titre {HOSTILE}"


def test_without_a_snapshot_there_is_nothing_to_report(scrapy: Scrapy, tmp_path: Path) -> None:
    done = scrapy("report", "-s", f"DATA_DIR={tmp_path / 'empty'}")
    assert done.returncode == 2
    assert "no snapshot" in done.stderr


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt install chromium brings it")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("page")
def test_a_browser_shows_it_without_a_word_of_complaint_at_any_width(
    folder: Path, tmp_path: Path, width: int
) -> None:
    assert CHROMIUM is not None
    shot = tmp_path / "shot.png"
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr",
         f"--window-size={width},2000", f"--screenshot={shot}",
         (folder / "report" / "index.html").as_uri()],
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr
    assert shot.stat().st_size > 20_000
