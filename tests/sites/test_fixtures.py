"""The saved pages in fixtures/PAGE_CLASS/CASE give the articles written down beside them.

The folders are web-poet's, and its pytest plugin compares each field by itself; here the same pages
go through `extract`, by their URL. A new case needs no code.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import time_machine
from web_poet import HttpResponse
from web_poet.serialization import SerializedDataFileStorage, deserialize
from web_poet.testing import Fixture

from crawler.extract import extract
from crawler.extract.page import ArticlePage
from crawler.extract.site_rules import page_class
from crawler.items import Article
from tests.sites.adapter import ExtractedAdapter

FIXTURES = [
    Fixture(path.parent) for path in sorted(Path(__file__).parent.glob("fixtures/*/*/meta.json"))
]
CASES = pytest.mark.parametrize(
    "fixture", FIXTURES, ids=[f"{f.path.parent.name}/{f.test_name}" for f in FIXTURES]
)


def response_of(fixture: Fixture) -> HttpResponse:
    storage = SerializedDataFileStorage(fixture.input_path)
    page = deserialize(ArticlePage, storage.read())
    assert isinstance(page, ArticlePage)
    return page.response


def read(fixture: Fixture, url: str | None = None) -> Article:
    response = response_of(fixture)
    with time_machine.travel(fixture.get_meta()["frozen_time"]):
        article = extract(
            bytes(response.body),
            url or str(response.url),
            encoding=response.headers.declared_encoding(),
        )
    assert isinstance(article, Article), article
    return article


@CASES
def test_a_saved_page_gives_the_article_written_down_for_it(fixture: Fixture) -> None:
    assert ExtractedAdapter(read(fixture)).asdict() == fixture.get_expected_output()


@CASES
def test_the_page_is_read_by_the_rule_of_its_site(fixture: Fixture) -> None:
    rule = page_class(str(response_of(fixture).url))
    assert f"{rule.__module__}.{rule.__name__}" == fixture.path.parent.name


@CASES
def test_the_general_page_reads_the_same_text_under_an_unknown_host(fixture: Fixture) -> None:
    expected = fixture.get_expected_output()
    article = read(fixture, "https://journal.example/2025/un-article-comme-un-autre/")
    assert article.extractor.endswith(" ArticlePage")
    assert article.headline == expected["headline"]
    assert article.description == expected["description"]
    assert article.article_body == expected["article_body"]
    assert ExtractedAdapter(article).asdict()["comments"] == expected["comments"]


def test_every_site_rule_has_a_fixture_folder() -> None:
    modules = {
        path.stem
        for path in (Path(__file__).parents[2] / "crawler" / "sites").glob("*.py")
        if path.stem != "__init__"
    }
    assert modules == {fixture.path.parent.name.split(".")[2] for fixture in FIXTURES}


def test_the_expected_bodies_hold_nothing_of_what_stands_around_them() -> None:
    for fixture in FIXTURES:
        body = json.loads(fixture.output_path.read_bytes())["article_body"]
        for furniture in ("📍", "meilleur prix", "commentaire", "Passer au contenu", "avis"):
            assert furniture not in body
