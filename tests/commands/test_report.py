"""`scrapy report`: its numbers are the dataset's, hostile words stay words, nothing is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from tests.conftest import Scrapy
from tests.pipelines.newsroom import Newsroom, story, words

pytest.importorskip("vl_convert")
pytest.importorskip("jinja2")
duckdb = pytest.importorskip("duckdb")

HOSTILE = "<script>alert(1)</script><img src=//evil.example/x>"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two sources, one of which has copies of the other's, and a headline that is an attack."""
    path = tmp_path_factory.mktemp("report") / "data"
    with Newsroom(path) as newsroom:
        newsroom.publish(story("a", headline=HOSTILE), story("b", authors=("Anne Roy",)))
        newsroom.publish(story("c", words("a"), source=HOSTILE), story("d", source=HOSTILE))
    yield path


@pytest.fixture(scope="module")
def page(data: Path) -> str:
    from pipelines.dataset import Snapshots
    from pipelines.report.dataset import figures_of
    from pipelines.report.page import write_report
    from pipelines.report.runs import runs_in

    snapshot = Snapshots(data / "snapshots", data / "latest", 7).latest()
    assert snapshot
    path = data / "report" / "index.html"
    runs = runs_in(data / "runs")
    write_report(path, snapshot, figures_of(snapshot), runs, datetime(2026, 11, 24, tzinfo=UTC))
    return path.read_text("utf-8")


def test_its_numbers_are_those_of_a_query(page: str, data: Path) -> None:
    def ask(query: str) -> list[tuple[object, ...]]:
        for table in ("articles", "duplicates"):
            query = query.replace(f" {table}", f" '{data}/latest/{table}/**/*.parquet'")
        found: list[tuple[object, ...]] = duckdb.sql(query).fetchall()
        return found

    tree = html.document_fromstring(page)
    rows = tree.xpath('//table[@id="by-source"]/tbody/tr')
    told = sorted((r.xpath("string(th)"), int(r.xpath("string(td[1])"))) for r in rows)
    assert told == sorted(ask("SELECT source, count(*) FROM articles GROUP BY 1"))
    cells = tree.xpath('//table[@id="matrix"]//td/text()')
    [(copies,)] = ask("SELECT count(*) FROM duplicates")
    assert sum(map(int, cells)) == copies == 1
    shares = tree.xpath('//table[@id="completeness"]/tbody/tr/td[2]/text()')
    query = "SELECT avg((len(authors) > 0)::INT) FROM articles GROUP BY source"
    assert sorted(shares) == sorted(f"{share:.0%}" for (share,) in ask(query))


def test_hostile_words_stay_words_and_nothing_is_loaded(page: str) -> None:
    tree = html.document_fromstring(page)
    assert HOSTILE in tree.xpath("//article/h3/text()")
    assert tree.xpath("//script | //img | //iframe | //object | //@onload | //@onclick") == []
    loaded = tree.xpath("//@src | //*[not(self::a)]/@href | //@*[local-name() = 'xlink:href']")
    assert [url for url in loaded if not url.startswith(("data:", "#"))] == []
    styles = " ".join(tree.xpath("//style/text() | //@style"))
    assert re.findall(r"@import|url\((?!['\"]?#)", styles) == []
    assert "default-src 'none'" in page


def test_a_folder_without_a_snapshot_is_told_in_a_sentence(scrapy: Scrapy, tmp_path: Path) -> None:
    done = scrapy("report", "-s", f"DATA_DIR={tmp_path}")
    assert done.returncode == 2
    assert done.stderr.startswith(f'scrapy report: there is no snapshot in "{tmp_path}"')
