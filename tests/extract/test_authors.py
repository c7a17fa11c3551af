from __future__ import annotations

import pytest

from crawler.extract.authors import read_authors
from crawler.extract.names import clean_names
from tests.extract.pages import document, json_ld, page, structured


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Par Maëlle Kervadec", ("Maëlle Kervadec",)),
        ("By Ann Lee and Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Von Jörg Maier, Redakteur", ("Jörg Maier",)),
        ("Ann Lee (Brest)", ("Ann Lee",)),
        ("https://a.example/ann", ()),
        ("ann@a.example", ()),
        ("admin", ()),
        ("Ann Lee, 3 June 2025", ("Ann Lee",)),
        ("La rédaction", ("La rédaction",)),
        ("Ann Lee; ann lee", ("Ann Lee",)),
        ("Written by Ann Lee, RN, BSN", ("Ann Lee",)),
        ("Authors: Ann Lee and Bo Ek, Harbour Reporter", ("Ann Lee", "Bo Ek")),
        ("Ein Gastbeitrag von Jörg Maier", ("Jörg Maier",)),
        ("김하늘 기자", ("김하늘",)),
        ("Ann Lee\n7 min read", ("Ann Lee",)),
        ("Sponsored", ()),
    ],
)
def test_names_are_taken_out_of_bylines(byline: str, expected: tuple[str, ...]) -> None:
    assert clean_names([byline]) == expected


def test_the_publisher_beside_a_person_is_no_author() -> None:
    assert clean_names(["Ann Lee, La Gazette"], "La Gazette") == ("Ann Lee",)
    assert clean_names(["La Gazette"], "La Gazette") == ("La Gazette",)


def test_json_ld_is_trusted_before_meta_and_the_byline() -> None:
    body = page(
        '<p class="byline">Par Claude Bohec</p>',
        json_ld('{"@type":"NewsArticle","author":[{"name":"Ann Lee"},{"name":"Bo Ek"}]}')
        + '<meta name="author" content="webmaster">',
    )
    offers = [names for _, names in read_authors(document(body), structured(body), "") if names]
    assert offers == [("Ann Lee", "Bo Ek"), ("Claude Bohec",)]


def test_a_commenter_is_no_author() -> None:
    body = page('<ol id="comments"><li><b class="fn">Gwendal</b> <a rel="author">G</a></li></ol>')
    assert not any(names for _, names in read_authors(document(body), structured(body), ""))


def shown(body: str, head: str = "", site: str = "La Gazette") -> tuple[str, ...]:
    html = page(body, head)
    offers = read_authors(document(html), structured(html), site)
    return next((names for _, names in offers if names), ())


def test_words_of_one_element_do_not_run_into_the_next() -> None:
    byline = (
        '<h1>Pont</h1><div class="byline"><span>Par</span><b>Ann Lee</b><i>7 min read</i></div>'
    )
    assert shown(byline) == ("Ann Lee",)


def test_a_line_that_opens_with_by_is_a_byline_though_no_name_marks_it() -> None:
    assert shown("<h1>Pont</h1><p>Par Claude Bohec</p>") == ("Claude Bohec",)
    assert shown("<h1>Pont</h1><figure><p>Par Claude Bohec</p></figure>") == ()


def test_the_site_as_its_own_author_gives_way_to_a_person_who_is_named() -> None:
    stated = json_ld('{"@type":"NewsArticle","author":{"name":"La Gazette"}}')
    assert shown('<h1>Pont</h1><p class="author">Ann Lee</p>', stated) == ("Ann Lee",)
    assert shown("<h1>Pont</h1>", stated) == ("La Gazette",)


def test_an_account_gives_way_to_the_name_that_readers_see() -> None:
    account = '<meta name="author" content="annlee42b">'
    assert shown('<h1>Pont</h1><p class="author">Ann Lee</p>', account) == ("Ann Lee",)


def test_the_byline_below_the_headline_is_nearer_than_one_above() -> None:
    body = '<p class="author">Bo Ek</p><h1>Pont</h1><p class="author">Ann Lee</p>'
    assert shown(body) == ("Ann Lee",)


def test_an_article_that_is_signed_in_its_own_footer_is_not_by_a_place_in_its_text() -> None:
    footer = '<footer>Par <a href="/author/lena/" rel="author">Léna Cadoret</a></footer>'
    listed = "<ul><li>Par Ploumaël et la côte</li></ul>"
    assert shown(f"<article><h1>Le pont</h1>{listed}{footer}</article>") == ("Léna Cadoret",)


def test_the_footer_of_the_page_signs_nothing() -> None:
    footer = '<footer>Par <a href="/author/lena/" rel="author">Léna Cadoret</a></footer>'
    assert shown(f"<article><h1>Le pont</h1><p>Il rouvre.</p></article>{footer}") == ()
