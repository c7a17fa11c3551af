from __future__ import annotations

import pytest

from crawler.errors import Refusal
from crawler.extract import extract
from crawler.items import Article
from tests.extract.kinds import ARTICLES, OTHERS, Kind


@pytest.mark.parametrize("kind", ARTICLES.values(), ids=ARTICLES)
def test_every_kind_of_article_is_kept(kind: Kind) -> None:
    assert isinstance(extract(kind.html, kind.url), Article)


@pytest.mark.parametrize("kind", OTHERS.values(), ids=OTHERS)
def test_every_other_kind_of_page_is_refused_by_its_name(kind: Kind) -> None:
    found = extract(kind.html, kind.url)
    assert isinstance(found, Refusal)
    assert found.reason == kind.reason, found
