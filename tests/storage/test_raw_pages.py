from __future__ import annotations

from pathlib import Path

from crawler.archive.erasing import RawPages
from crawler.fetch.erasure import known_as
from pipelines.erasure.search import search
from pipelines.erasure.target import Target, Traces
from tests.conftest import Scrapy
from tests.storage.conftest import Published, where


def test_nothing_of_an_erased_page_is_left_in_any_object(
    another: Published, scrapy: Scrapy, tmp_path: Path
) -> None:
    gone, *stay = another.bucket.rows()
    fresh = where(another.bucket, tmp_path / "fresh")
    done = scrapy("erase", *fresh, "--article-id", gone["article_id"])
    assert done.returncode == 0, done.stdout + done.stderr
    ids = [row["article_id"] for row in another.bucket.rows()]
    assert ids == [row["article_id"] for row in stay]
    left = another.bucket.fetch(tmp_path / "left")
    traces = Traces(Target(ids=frozenset({gone["article_id"]})), known_as)
    assert list(search(left, traces, RawPages(left / "archive"))) == []
    assert sorted(left.rglob("*.warc.gz"))
    assert not [path for path in (tmp_path / "fresh" / "archive").rglob("*") if path.is_file()]


def test_the_search_would_have_found_it(another: Published, tmp_path: Path) -> None:
    here = another.bucket.fetch(tmp_path / "here")
    traces = Traces(Target(ids=frozenset({another.bucket.rows()[0]["article_id"]})), known_as)
    kinds = {Path(place.file).suffix for place in search(here, traces, RawPages(here / "archive"))}
    assert {".parquet", ".gz", ".sqlite"} <= kinds
