from __future__ import annotations

from crawler.extract.keywords import keyword_lists
from tests.extract.pages import document, json_ld, page, structured

URL = "https://gazette.example/vallee/pont-bois-rouvre-apres-dix-ans"


def keywords(head: str, body: str = "", site: str = "La Gazette") -> tuple[str, ...]:
    html = page(body, head)
    offers = keyword_lists(document(html, URL), structured(html, URL), site)
    return next((found for _, found in offers if found), ())


def test_the_headline_cut_into_words_is_no_list_of_keywords() -> None:
    cut = json_ld('{"@type":"NewsArticle","keywords":"pont, bois, rouvre, dix, ans"}')
    assert keywords(cut + '<meta name="keywords" content="mélèze, crue">') == ("mélèze", "crue")


def test_where_a_list_comes_to_the_site_s_name_the_words_for_every_page_begin() -> None:
    assert keywords('<meta name="keywords" content="mélèze, crue, La Gazette, sport">') == (
        "mélèze", "crue",
    )  # fmt: skip


def test_a_list_that_opens_with_the_site_s_name_comes_last() -> None:
    head = '<meta name="keywords" content="La Gazette, actualité, sport">'
    assert keywords(head) == ("actualité", "sport")
    tags = '<h1>Pont</h1><ul class="tags"><li><a href="/x">mélèze</a></li></ul>'
    assert keywords(head, tags) == ("mélèze",)


def test_the_tags_below_the_headline_serve_and_not_the_menu_or_links_in_prose() -> None:
    body = (
        '<ul><li><a href="/tag/sport">Sport</a></li></ul><h1>Pont</h1>'
        '<p>On a pris du <a href="/tag/bois">bois</a> du pays, plus lent à poser que le fer.</p>'
        '<div><a href="/tag/meleze">Mélèze</a> <a href="/tag/crue">Crue</a></div>'
    )
    assert keywords("", body) == ("Mélèze", "Crue")


def test_ids_and_system_words_are_no_keywords() -> None:
    stated = json_ld('{"@type":"NewsArticle","keywords":["pont","100312362","page_type","p"]}')
    assert keywords(stated) == ("pont",)


def test_where_entries_say_what_they_are_only_subjects_count() -> None:
    stated = json_ld('{"@type":"NewsArticle","keywords":["Day: Friday","Medium","Subject: Ponts"]}')
    assert keywords(stated) == ("Ponts",)
