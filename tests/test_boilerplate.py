"""A site whose pages repeat themselves, crawled: what it repeats is gone, and nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipelines.minhash import content_hash, signature
from tests.crawls import Crawl, crawl, rows, state
from tests.repeating import FURNITURE, Told, furniture_in, newspaper, publish
from tests.server import Server, Site

# One process has the two crawls that all tests look at.
ARTICLES = 200
NEW = 3


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Server() as server:
        yield server.site("gazette")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return newspaper(ARTICLES + NEW)


@pytest.fixture(scope="module")
def first(site: Site, data: Path, told: list[Told]) -> Crawl:
    publish(site, told[:ARTICLES])
    return crawl(data, "-a", f"url={site.url}")


@pytest.fixture(scope="module")
def second(site: Site, data: Path, told: list[Told], first: Crawl) -> Crawl:
    publish(site, told)
    return crawl(data, "-a", f"url={site.url}")


def bodies(data: Path) -> dict[str, str]:
    return {urlsplit(row["url"]).path: row["article_body"] for row in rows(data)}


def test_the_pages_have_six_blocks_of_furniture_each_on_most_of_them(told: list[Told]) -> None:
    planted = Counter(block for article in told for block in furniture_in(article.html))
    assert len(planted) == len(FURNITURE) == 6
    assert min(planted.values()) > ARTICLES / 2


def test_one_run_takes_all_furniture_out_and_no_sentence_of_an_article(
    first: Crawl, data: Path, told: list[Told]
) -> None:
    assert first.exit_code == 0, first.output[-3000:]
    assert bodies(data) == {article.path: article.body for article in told[:ARTICLES]}


def test_hashes_counts_and_blocks_are_those_of_the_text_that_is_written(
    first: Crawl, data: Path
) -> None:
    for row in rows(data):
        assert row["content_hash"] == content_hash(row["article_body"])
        assert row["minhash"] == signature(row["article_body"])
        assert "\n\n".join(block["text"] for block in row["blocks"]) == row["article_body"]
    known = dict(state(data, "SELECT article_id, content_hash FROM stories"))
    assert known == {row["article_id"]: row["content_hash"] for row in rows(data)}


def test_the_run_tells_how_many_blocks_it_took_out_and_which(
    first: Crawl, told: list[Told]
) -> None:
    counts = first.counts("gazette.localhost")
    lines = sum(article.html.count("<p>") + article.html.count("<h") for article in told)
    assert counts["articles"] == ARTICLES
    assert len(FURNITURE) * ARTICLES / 2 < counts["boilerplate/blocks"] < lines
    assert "furniture is taken out of 200 articles" in first.output
    assert "With our pocket edition the news is at hand" in first.output


def test_the_next_run_knows_the_furniture_of_three_new_articles(
    second: Crawl, data: Path, told: list[Told]
) -> None:
    assert second.exit_code == 0, second.output[-3000:]
    assert second.counts("gazette.localhost")["articles"] == NEW
    assert second.counts("gazette.localhost")["boilerplate/blocks"] > NEW
    assert bodies(data) == {article.path: article.body for article in told}


def test_the_state_keeps_hashes_only_and_forgets_what_the_last_articles_lack(
    second: Crawl, data: Path
) -> None:
    (articles,) = state(data, "SELECT articles FROM block_sites")[0]
    assert articles == ARTICLES + NEW
    ((oldest,),) = state(data, "SELECT min(last) FROM blocks")
    assert oldest > articles - 200
    raw = (data / "state.sqlite").read_bytes()
    assert not [words for words in FURNITURE if words.encode() in raw]
