from __future__ import annotations

import pytest

from crawler.extract.authors import read_authors
from tests.extract.pages import document, json_ld, page, structured


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


def test_two_people_who_sign_with_an_agency_are_no_tags() -> None:
    byline = "<address>Von <span>Ida Brandt und Jörg Maier, dpa</span></address>"
    assert shown(f"<h1>Pont</h1>{byline}") == ("Ida Brandt", "Jörg Maier", "dpa")


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
        ("<p>03.06.2025 - Maëlle Kervadec</p>", True),
        ("<p>2025-06-03 | Maëlle Kervadec</p>", True),
        ("<p>03.06.2025 - Gazette</p>", False),
        ("<p>03.06.2025 - le pont de bois</p>", False),
        ("<p>Maëlle Kervadec | La Gazette</p>", False),
        ("<p>Gazette | 03.06.2025</p>", False),
        ("<p>le bac et le gué | 03.06.2025</p>", False),
        ("<nav>Maëlle Kervadec | 03.06.2025</nav>", False),
    ],
)
def test_a_name_beside_a_date_is_the_author_s_where_nothing_else_names_one(
    line: str, expected: bool
) -> None:
    body = page(f"<h1>Le pont</h1>{line}<p>Le pont de bois a rouvert mardi.</p>")
    found = [names for _, names in read_authors(document(body), structured(body), "") if names]
    assert found == ([("Maëlle Kervadec",)] if expected else [])
    signed = page(f"<h1>Le pont</h1>{line}<p>Le pont est ouvert.</p><p>Par Yann Le Goff</p>")
    assert next(read_authors(document(signed), structured(signed), ""))[1] == ("Yann Le Goff",)


@pytest.mark.parametrize(
    "line",
    [
        "<div><strong>Par</strong> <span>Maëlle Kervadec</span></div>",
        "<div><span>Par </span><p>Maëlle Kervadec</p></div>",
        '<div><span class="author">Par</span><b>Maëlle Kervadec</b></div>',
    ],
)
def test_a_name_in_an_element_of_its_own_beside_the_by_is_the_author_s(line: str) -> None:
    assert shown(f"<h1>Le pont</h1>{line}<p>Le pont de bois a rouvert.</p>") == ("Maëlle Kervadec",)


def test_the_name_within_a_byline_is_told_from_the_badge_beside_it() -> None:
    byline = (
        '<h1>Pont</h1><div class="author-txt"><p class="author-name">Ann Lee</p>'
        '<span class="date">3 juin 2025</span><span class="badge">Plume d’or</span></div>'
    )
    assert shown(byline) == ("Ann Lee",)


def test_a_button_beside_the_byline_is_no_author() -> None:
    byline = '<h1>Pont</h1><div class="author">Ann Lee<br><button>Abonnez-vous</button></div>'
    assert shown(byline) == ("Ann Lee",)


def test_what_a_site_keeps_for_its_readers_is_no_author_page() -> None:
    for address in ("/member/login/", "/members/index", "/members/update.php"):
        assert shown(f'<h1>Pont</h1><a href="{address}">Espace Lecteurs</a>') == ()
    assert shown('<h1>Pont</h1><a href="/members/ann-lee">Ann Lee</a>') == ("Ann Lee",)


def test_whom_the_story_is_about_is_not_who_wrote_it() -> None:
    body = '<h1>Lena Cad ouvre le pont</h1><a href="/person/lena-cad/">Lena Cad</a>'
    html = page(body, title="Lena Cad ouvre le pont")
    assert not any(names for _, names in read_authors(document(html), structured(html), ""))
    assert shown('<h1>Pont</h1><a href="/person/lena-cad/">Lena Cad</a>') == ("Lena Cad",)


def test_whose_an_advertisement_is_has_written_nothing() -> None:
    advertised = '<a href="https://ads.example/?from=gazette"><span>by Clickworld</span></a>'
    assert shown(f"<h1>Pont</h1>{advertised}") == ()


def test_the_names_of_cards_are_authors_where_the_card_is_one() -> None:
    assert shown('<h1>Pont</h1><p class="vcard"><b class="fn">Ann Lee</b></p>') == ("Ann Lee",)
    story = '<li class="right fn"><h4>Une autre histoire</h4></li>'
    assert shown(f"<h1>Pont</h1><ul>{story}</ul>") == ()


def test_code_names_no_author() -> None:
    assert shown("<h1>Pont</h1><pre><span>from</span> pont <span>import</span> bois</pre>") == ()


def test_the_makers_of_the_software_are_no_authors() -> None:
    head = (
        '<meta name="generator" content="Planche! X3">'
        '<meta name="author" content="Planche! Team and Bois UI">'
    )
    assert shown("<h1>Pont</h1>", head) == ()


def test_a_catalogue_puts_the_last_name_first() -> None:
    head = '<meta name="DC.Creator" content="Lee, A."><meta name="DC.Creator" content="Ek, Bo van">'
    assert shown("<h1>Pont</h1>", head) == ("A. Lee", "Bo van Ek")


def test_the_publishers_company_gives_way_to_the_people_of_the_byline() -> None:
    head = '<meta name="author" content="Éditions La Gazette">'
    assert shown('<h1>Pont</h1><p class="author">Ann Lee</p>', head) == ("Ann Lee",)
    assert shown("<h1>Pont</h1>", head) == ("Éditions La Gazette",)


def test_the_site_that_its_titles_end_in_gives_way_to_the_labelled_author() -> None:
    head = '<meta name="author" content="木桥时报网">'
    html = page(
        "<h2>木桥重新开放</h2><span>作者：李明</span>", head, title="木桥重新开放_木桥时报网"
    )
    offers = read_authors(document(html), structured(html), "")
    assert next(names for _, names in offers if names) == ("李明",)


def test_the_site_that_signs_with_a_person_is_no_second_author() -> None:
    stated = json_ld('{"@type":"NewsArticle","author":[{"name":"Ann Lee"},{"name":"GAZETTE"}]}')
    assert shown("<h1>Pont</h1>", stated, "") == ("Ann Lee",)


def test_a_site_whose_name_has_an_ampersand_is_one_name() -> None:
    head = '<meta name="author" content="Pont &amp; i">'
    assert shown("<h1>Pont</h1>", head, "Pont & i") == ("Pont & i",)


def test_the_series_that_a_story_is_from_has_not_written_it() -> None:
    assert shown('<h1>Pont</h1><p>From <a href="/series/x/">Bo &amp; Ek</a></p>') == ()
    assert shown('<h1>Pont</h1><p>From <a href="/author/bo/">Bo Ek</a></p>') == ("Bo Ek",)


def test_a_first_name_gives_way_to_the_whole_name_that_the_page_shows() -> None:
    stated = json_ld('{"@type":"NewsArticle","author":{"name":"Ann"}}')
    assert shown('<h1>Pont</h1><p class="author">Ann Lee</p>', stated) == ("Ann Lee",)
    assert shown('<h1>Pont</h1><p class="author">Bo Ek</p>', stated) == ("Ann",)
    assert shown("<h1>Pont</h1>", stated) == ("Ann",)
