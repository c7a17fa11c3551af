from __future__ import annotations

import re

import pytest

from crawler.extract.headline import headlines
from crawler.extract.site_names import joined
from crawler.extract.titles import strip_site_name
from tests.extract.pages import document, json_ld, page, structured


def headline(body: bytes, site: str = "La Gazette") -> str:
    return next(headlines(document(body), structured(body), site))[1]


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("Le pont rouvre - La Gazette", "La Gazette", "Le pont rouvre"),
        ("Le pont rouvre | Monde | La Gazette", "La Gazette", "Le pont rouvre | Monde"),
        ("Le pont rouvre | La Gazette | Au fil de l’eau", "La Gazette", "Le pont rouvre"),
        ("Le pont rouvre-La Gazette", "La Gazette", "Le pont rouvre"),
        ("La Gazette - Le pont rouvre", "La Gazette", "Le pont rouvre"),
        ("La Gazette : le pont rouvre", "La Gazette", "La Gazette : le pont rouvre"),
        ("Le grand pont de bois rouvre | gazette.example", "", "Le grand pont de bois rouvre"),
        ("Un pont - vraiment en bois - rouvre", "La Gazette", "Un pont - vraiment en bois"),
        ("Pont-levis", "La Gazette", "Pont-levis"),
    ],
)
def test_the_site_s_name_is_taken_off_a_title(title: str, site: str, expected: str) -> None:
    assert strip_site_name(title, {joined(site)} - {""}) == expected


def test_the_h1_that_the_title_confirms_wins_over_the_logo_s_h1() -> None:
    body = page(
        "<h1>La Gazette</h1><h1>Le pont de bois rouvre</h1>", title="Le pont de bois rouvre"
    )
    assert headline(body) == "Le pont de bois rouvre"


def test_a_kicker_inside_the_h1_is_no_part_of_the_headline() -> None:
    body = page(
        "<h1><span>Travaux</span> Le pont de bois rouvre après dix ans</h1>",
        json_ld('{"@type":"NewsArticle","headline":"Le pont de bois rouvre après dix ans"}'),
    )
    assert headline(body) == "Le pont de bois rouvre après dix ans"


def test_without_an_h1_the_meta_title_serves() -> None:
    body = page("<p>Rien</p>", '<meta property="og:title" content="Le pont | La Gazette">')
    assert headline(body) == "Le pont"


def test_a_section_behind_the_headline_goes_with_the_site_s_name() -> None:
    body = page(
        "<p>Rien</p>",
        '<meta property="og:site_name" content="La Gazette">'
        '<meta property="article:section" content="Vallée">'
        '<meta property="og:title" content="Le pont rouvre-Vallée | La Gazette">',
    )
    assert headline(body) == "Le pont rouvre"


def test_a_kicker_that_the_markup_names_is_taken_off_unless_the_publisher_states_it() -> None:
    h1 = '<h1><span class="kicker">Travaux</span> <span>Le pont de bois rouvre</span></h1>'
    assert headline(page(h1, title="La Gazette")) == "Le pont de bois rouvre"
    stated = json_ld('{"@type":"NewsArticle","headline":"Travaux : Le pont de bois rouvre"}')
    assert headline(page(h1, stated)) == "Travaux Le pont de bois rouvre"


def test_words_that_two_elements_glue_together_are_parted_as_the_title_parts_them() -> None:
    body = page(
        "<h1><span>Travaux</span>Le pont rouvre</h1>",
        '<meta property="og:title" content="Travaux / Le pont rouvre">',
    )
    assert headline(body) == "Travaux / Le pont rouvre"


def test_a_heading_that_the_title_repeats_serves_where_the_h1_is_the_site_s_logo() -> None:
    body = page(
        '<div class="site-title"><h1>Chez Maëlle</h1></div><h2>Le pont de bois rouvre</h2>',
        title="Le pont de bois rouvre » Chez Maëlle",
    )
    assert headline(body, "") == "Le pont de bois rouvre"


def test_an_only_h1_is_the_headline_though_the_title_is_another() -> None:
    body = page("<h1>Dix ans sans passerelle</h1>", title="Le guide des ponts")
    assert headline(body) == "Dix ans sans passerelle"


def test_a_lone_label_is_no_headline() -> None:
    body = page("<h1>Le blog</h1>", '<meta property="og:title" content="Le pont de bois rouvre">')
    assert headline(body) == "Le pont de bois rouvre"


def test_a_kicker_over_a_heading_goes_where_the_publisher_leaves_it_out() -> None:
    stated = '<meta property="og:title" content="Le pont de bois rouvre">'
    body = "<h2><small>Travaux à Brest</small> - Le pont de bois rouvre</h2>"
    title = "Travaux à Brest - Le pont de bois rouvre"
    assert headline(page(body, stated, title=title)) == "Le pont de bois rouvre"


def test_a_kicker_apart_from_the_h1_is_kept_where_json_ld_and_meta_both_state_it() -> None:
    whole = "Après la crue: Le pont de bois rouvre"
    meta = f'<meta property="og:title" content="{whole}">'
    stated = json_ld(f'{{"@type":"NewsArticle","headline":"{whole}"}}')
    h1 = "<h1>Le pont de bois rouvre</h1>"
    assert headline(page(h1, stated + meta, title="La Gazette")) == whole
    assert headline(page(h1, meta, title="La Gazette")) == "Le pont de bois rouvre"


def test_the_heading_that_meta_repeats_serves_where_the_h1_is_a_breadcrumb() -> None:
    crumb = '<h1 class="breadcrumb-last">Le guide des ponts</h1>'
    stated = '<meta property="og:title" content="Dix ans sans passerelle">'
    body = page(f"{crumb}<h2>Dix ans sans passerelle</h2>", stated, title="Le guide des ponts")
    assert headline(body) == "Dix ans sans passerelle"


def test_a_section_behind_a_hyphen_goes_where_hyphens_join_no_words() -> None:
    names = {joined("바다일보")}
    assert strip_site_name("나무다리 다시 열렸다-사회ㅣ바다일보", names) == "나무다리 다시 열렸다"
    assert strip_site_name("Le porte-avions | La Gazette", {joined("La Gazette")}) == (
        "Le porte-avions"
    )


def test_a_section_s_h1_gives_way_to_the_heading_that_says_the_whole_title() -> None:
    body = "<h1>Ponts et chaussées</h1><h2>Les ânes passent avant les camions</h2>"
    title = "Les ânes passent avant les camions"
    assert headline(page(body, title=title)) == title
    close = "<h1>Pourquoi les ânes passent</h1><h3>Les ânes passent avant les camions</h3>"
    assert headline(page(close, title=title)) == "Pourquoi les ânes passent"


def test_an_h1_that_is_a_link_to_a_page_above_the_story_is_that_page_s() -> None:
    body = '<h1><a href="/2025/06/">Le carnet des ponts</a></h1><h2>Les ânes passent</h2>'
    title = "Le carnet des ponts » Archives » Les ânes passent"
    assert headline(page(body, title=title)) == "Les ânes passent"
    own = '<h1><a href="/2025/06/le-pont-de-bois-rouvre-apres-dix-ans/">Les ânes passent</a></h1>'
    assert headline(page(own, title=title)) == "Les ânes passent"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("木桥重新开放十年之后_木桥频道_木桥", "木桥重新开放十年之后"),
        ("木桥重新开放十年之后-木桥网", "木桥重新开放十年之后"),
        ("木桥重新开放十年之后--木桥学会官网", "木桥重新开放十年之后"),
        ("木桥重新开放（十年之后） - 木桥市人民政府门户网站", "木桥重新开放（十年之后）"),
        ("棱镜|木桥重新开放十年之后，费用比预期低", "棱镜|木桥重新开放十年之后，费用比预期低"),
        ("木桥-石桥谈判十年之后破裂", "木桥-石桥谈判十年之后破裂"),
    ],
)
def test_a_chinese_title_is_rid_of_what_its_separators_say_is_the_site(
    title: str, expected: str
) -> None:
    assert strip_site_name(title) == expected


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("木桥重新开放 木桥区办事处", '<span class="t"><b>木桥重新开放</b></span>'),
        ("木桥重新开放-WBN 木桥技术", "<h4>木桥重新开放</h4>"),
        ("Les ânes passent - Le carnet du pont", "<div>Les ânes passent</div>"),
    ],
)
def test_the_headline_that_the_page_shows_tells_what_of_its_title_is_the_site(
    title: str, shown: str
) -> None:
    html = page(f"<div><p>{title}</p>{shown}</div>", title=title)
    assert headline(html) == re.sub("<[^>]+>", "", shown)


def test_the_site_s_name_in_a_heading_is_no_headline_however_many_signs_it_has() -> None:
    stated = '<meta property="og:title" content="큰 나무의 태풍 대비 전략">'
    html = page("<h2>나무다리일보</h2>", stated, title="큰 나무의 태풍 대비 전략 - 나무다리일보")
    assert headline(html) == "큰 나무의 태풍 대비 전략"
