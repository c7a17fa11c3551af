from __future__ import annotations

import pytest

from tests.extract.pages import URL, json_ld, page, structured


@pytest.mark.parametrize(
    "text",
    [
        '{"@type":"NewsArticle","headline":"Le pont"}',
        '[{"@type":"WebSite"},{"@type":"NewsArticle","headline":"Le pont"}]',
        '{"@graph":[{"@type":"Person"},{"@type":["Article","NewsArticle"],"headline":"Le pont"}]}',
        '{"@type":"WebPage","mainEntity":{"@type":"BlogPosting","headline":"Le pont"}}',
        '{"@type":"NewsArticle","headline":"Le pont",}',
        '{"@type":"NewsArticle","headline":"Le\tpont"};',
        '<!-- {"@type":"NewsArticle","headline":"Le pont"} -->',
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Le pont&quot;}",
        '{"@type":"http://schema.org/NewsArticle","headline":"Le pont"}',
    ],
)
def test_the_article_is_found_in_json_ld_as_publishers_write_it(text: str) -> None:
    found = structured(page("", json_ld(text)))
    assert found.article["headline"].split() == ["Le", "pont"]


def test_json_ld_beyond_repair_is_left_out() -> None:
    found = structured(
        page("", json_ld('{"@type": "NewsArticle", "headline') + json_ld("[" * 9999))
    )
    assert found.article == {}


def test_of_several_articles_the_one_with_the_page_s_url_is_taken() -> None:
    other = '{"@type":"NewsArticle","headline":"Autre","author":"A","datePublished":"2025-01-01"}'
    this = f'{{"@type":"NewsArticle","headline":"Le pont","mainEntityOfPage":"{URL}"}}'
    assert structured(page("", json_ld(other) + json_ld(this))).article["headline"] == "Le pont"


def test_meta_tags_are_read_by_property_and_by_name_whatever_their_case() -> None:
    head = '<meta property="OG:Title" content="Un &amp;amp; deux"><meta name="author" content="">'
    found = structured(page("", head))
    assert found.first_meta("author", "og:title") == "Un & deux"


def test_microdata_belongs_to_the_article_and_prefers_attributes() -> None:
    found = structured(
        page(
            '<span itemprop="headline">Dehors</span>'
            '<div itemscope itemtype="https://schema.org/NewsArticle">'
            '<b itemprop="name headline">Dedans</b>'
            '<time itemprop="datePublished" datetime="2025-06-03">mardi</time></div>'
        )
    )
    assert found.itemprop("headline") == "Dedans"
    assert found.itemprop("datePublished") == "2025-06-03"
