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


def test_what_stands_between_the_site_s_names_is_of_the_article() -> None:
    head = '<meta name="keywords" content="La Gazette, mélèze, crue, La Gazette, actualité">'
    assert keywords(head) == ("mélèze", "crue")


def test_entries_that_end_alike_say_where_a_story_is_sent() -> None:
    routes = [f"{place} Valley Wire" for place in ("North", "South", "East", "West")]
    listed = ", ".join(f'"{entry}"' for entry in ["Bridges", *routes, "Old Town Hall"])
    stated = json_ld(f'{{"@type":"NewsArticle","keywords":[{listed}]}}')
    assert keywords(stated) == ("Bridges", "Old Town Hall")


def test_what_a_meta_tag_and_the_page_both_list_goes_before_json_ld() -> None:
    head = json_ld('{"@type":"NewsArticle","keywords":"Brest, Bohec, octobre"}') + (
        '<meta property="article:tag" content="mélèze"><meta property="article:tag" content="crue">'
    )
    assert keywords(head) == ("Brest", "Bohec", "octobre")
    links = '<a href="/tag/meleze">mélèze</a> <a href="/tag/crue">crue</a>'
    assert keywords(head, f"<h1>Pont</h1><div>{links}</div>") == ("mélèze", "crue")


def test_a_menu_with_some_tags_among_its_links_is_no_list_of_tags() -> None:
    menu = (
        '<ul><li><a href="/tag/crue">Crue</a></li><li><a href="/tag/bois">Bois</a></li>'
        '<li><a href="/podcasts">Podcasts</a></li><li><a href="/jeux">Jeux</a></li></ul>'
    )
    assert keywords("", f"<h1>Pont</h1>{menu}") == ()


def test_a_city_s_news_is_no_keyword() -> None:
    assert keywords('<meta name="news_keywords" content="Brest news, mélèze, fake News">') == (
        "mélèze", "fake News",
    )  # fmt: skip


def test_a_button_and_an_arrow_among_the_tags_are_no_keywords() -> None:
    button = '<a class="tag" href="#" onclick="alert()">Suivre ces sujets</a>'
    tags = f'<a class="tag" href="/x">mélèze »</a> <a class="tag" href="/y">crue</a> {button}'
    assert keywords("", f"<h1>Pont</h1><div>{tags}</div>") == ("mélèze", "crue")


def test_links_to_stories_are_no_tags_whatever_their_list_is_called() -> None:
    listed = (
        '<li><a href="/id/44038453/">La crue</a></li><li><a href="/id/44038454/">Le gué</a></li>'
    )
    assert keywords("", f'<h1>Pont</h1><ul class="tag-list">{listed}</ul>') == ()


def teaser(tag: str) -> str:
    return (
        f'<section class="teaser"><h3>Une histoire</h3><div class="meta">'
        f'<div class="tags"><a href="/tag/{tag}">{tag}</a> <a href="/tag/x-{tag}">x-{tag}</a></div>'
        "</div></section>"
    )


def test_the_tags_that_each_teaser_shows_are_of_other_stories() -> None:
    teasers = "".join(map(teaser, ("vélo", "gare", "halle")))
    stated = '<meta name="keywords" content="mélèze, crue">'
    assert keywords(stated, f"<h1>Pont</h1>{teasers}") == ("mélèze", "crue")
    own = '<div class="tags"><a href="/tag/bois">bois</a> <a href="/tag/pont">pont</a></div>'
    assert keywords(stated, f"<h1>Pont</h1>{own}{teasers}") == ("bois", "pont")


def test_where_whole_stories_follow_each_other_the_first_one_s_tags_are_its_own() -> None:
    def whole(tag: str, heading: str) -> str:
        return f"<article><h1>{heading}</h1>{teaser(tag)}</article>"

    body = whole("bois", "Pont") + whole("vélo", "Gare") + whole("halle", "Place")
    assert keywords("", body) == ("bois", "x-bois")


def test_the_authors_are_no_keywords_of_the_meta_tag() -> None:
    head = '<meta name="keywords" content="2025, Ann Lee and Bo Ek, crue">'
    html = page("", head)
    authors = ("Ann Lee", "Bo Ek")
    offers = keyword_lists(document(html, URL), structured(html, URL), "", authors)
    assert next(found for _, found in offers if found) == ("2025", "crue")


def test_a_list_in_chinese_may_be_parted_by_spaces_only() -> None:
    assert keywords('<meta name="keywords" content="木桥 洪水 驴子">') == ("木桥", "洪水", "驴子")
    assert keywords('<meta name="keywords" content="나무 다리">') == ("나무 다리",)
    assert keywords('<meta name="keywords" content="pont de bois">') == ("pont de bois",)
