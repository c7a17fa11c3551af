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
        ("Ann Lee, Thursday, February 8, 2024", ("Ann Lee",)),
        ("February 8", ()),
        ("Donnerstag", ()),
        ("Ann Lee - The Harbour Desk", ("Ann Lee",)),
        ("Von Hafen-Redakteurin Jörg Maier", ("Jörg Maier",)),
        ("Reporter Ann Lee", ("Ann Lee",)),
        ("ks/dpa; mfr", ("ks/dpa", "mfr")),
        ("Ann Lee/dpa", ("Ann Lee", "dpa")),
        ("Staff and wire services", ("Staff and wire services",)),
        ("Kanal 24", ("Kanal 24",)),
        ("12", ()),
        ("By Ann Lee, Bo Day, and Cy Hall", ("Ann Lee", "Bo Day", "Cy Hall")),
    ],
)
def test_names_are_taken_out_of_bylines(byline: str, expected: tuple[str, ...]) -> None:
    assert clean_names([byline]) == expected


def test_the_publisher_beside_a_person_is_no_author() -> None:
    assert clean_names(["Ann Lee, La Gazette"], "La Gazette") == ("Ann Lee",)
    assert clean_names(["La Gazette"], "La Gazette") == ("La Gazette",)


def test_a_desk_that_signs_with_an_agency_is_one_credit_as_it_stands() -> None:
    assert clean_names(["La Gazette et AFP"], "La Gazette") == ("La Gazette et AFP",)
    assert clean_names(["La Gazette et Ann Lee"], "La Gazette") == ("Ann Lee",)


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


def test_a_person_stated_apart_is_found_by_the_reference() -> None:
    stated = json_ld(
        '{"@graph":[{"@type":"Article","headline":"Le pont","author":{"@id":"#/person/7"}},'
        '{"@type":"Person","@id":"#/person/7","name":"Ann Lee"}]}'
    )
    assert shown("<h1>Pont</h1>", stated) == ("Ann Lee",)


def test_the_site_that_its_own_byline_shows_too_is_the_author() -> None:
    stated = json_ld('{"@type":"NewsArticle","author":{"name":"La Gazette"}}')
    related = '<div class="author">Ann Lee</div>'
    assert shown(f'<h1>Pont</h1><p class="author">La Gazette</p>{related}', stated) == (
        "La Gazette",
    )


def test_a_link_that_leads_to_no_author_is_no_author() -> None:
    signed = '<a href="/author/ann/">Ann Lee</a> et Bo Ek'
    body = f'<h1>Pont</h1><div class="byline">{signed} <a href="/edit/7">Modifier</a></div>'
    assert shown(body) == ("Ann Lee", "Bo Ek")


def test_a_line_break_between_elements_parts_them_and_one_inside_a_text_does_not() -> None:
    assert shown('<h1>Pont</h1><p class="author">Ann\n  Lee\n<i>Brest</i></p>') == (
        "Ann Lee",
        "Brest",
    )


def test_a_headline_or_a_count_beside_the_byline_is_no_name() -> None:
    assert shown('<h1>Pont</h1><p class="author">Le pont : il rouvre</p>') == ()
    assert shown('<h1>Pont</h1><p class="author">12 Likes</p>') == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<div><span>Maëlle Kervadec&nbsp;|</span> <span>03.06.2025 - 08:00</span></div>", True),
        ("<p>Maëlle Kervadec | 2025-06-03</p>", True),
        ("<p>Maëlle Kervadec • <time>3/6/2025</time></p>", True),
        ("<p>Maëlle Kervadec | La Gazette</p>", False),
        ("<p>Gazette | 03.06.2025</p>", False),
        ("<p>le bac et le gué | 03.06.2025</p>", False),
        ("<nav>Maëlle Kervadec | 03.06.2025</nav>", False),
    ],
)
def test_a_name_before_a_date_is_the_author_s_where_nothing_else_names_one(
    line: str, expected: bool
) -> None:
    body = page(f"<h1>Le pont</h1>{line}<p>Le pont de bois a rouvert mardi.</p>")
    found = [names for _, names in read_authors(document(body), structured(body), "") if names]
    assert found == ([("Maëlle Kervadec",)] if expected else [])
    signed = page(f"<h1>Le pont</h1>{line}<p>Le pont est ouvert.</p><p>Par Yann Le Goff</p>")
    assert next(read_authors(document(signed), structured(signed), ""))[1] == ("Yann Le Goff",)
