from __future__ import annotations

import pytest

from crawler.extract.descriptions import descriptions, only_repeats, without_label
from tests.extract.pages import page, structured

HEADLINE = "Le pont de bois rouvre après dix ans"
WIDE = "木桥十年之后重新开放"


def told(text: str, headline: str = HEADLINE, head: str = "", site: str = "La Gazette") -> str:
    html = page("", f'<meta name="description" content="{text}">{head}')
    offers = descriptions(structured(html), headline, site)
    return next((value for _, value in offers if value), "")


@pytest.mark.parametrize(
    "text",
    [
        HEADLINE,
        f"{HEADLINE} | La Gazette",
        f"{HEADLINE} - Ponts - La Gazette",
        "Le pont de bois rouvre",
        "Rouvre après dix ans : le pont de bois",
        "La Gazette",
    ],
)
def test_the_headline_and_the_site_over_again_are_no_description(text: str) -> None:
    assert told(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        WIDE,
        f"{WIDE},木桥,重新开放,木桥市",
        f"{WIDE} 木桥,市政府,驴",
        f"{WIDE}-新闻频道-木桥网",
        "木桥十年之后",
    ],
)
def test_nor_are_they_in_a_script_without_spaces(text: str) -> None:
    assert told(text, WIDE) == ""


def test_the_keywords_over_again_are_no_description() -> None:
    keywords = '<meta name="keywords" content="木桥网,专题,木桥新闻">'
    assert told("木桥网,专题,木桥新闻", WIDE, keywords) == ""


def test_what_follows_a_repeated_headline_is_the_description() -> None:
    lede = "Dix ans après la crue, les ânes y passent de nouveau."
    assert told(f"{HEADLINE} : {lede}") == lede
    assert told(f"{HEADLINE} {lede}") == f"{HEADLINE} {lede}"
    wide = "洪水十年之后，驴子和邮递员又可以从新的木桥上经过了。"
    assert told(f"{WIDE} ---{wide}", WIDE) == wide


def test_a_sentence_that_begins_with_the_words_of_the_headline_is_left_whole() -> None:
    assert told("Pont rouvert au public et aux ânes.", "Pont") == (
        "Pont rouvert au public et aux ânes."
    )
    assert told("木桥（新）在洪水之后重新开放，驴子又可以通过了。", "木桥").startswith("木桥")


def test_an_invitation_to_read_the_headline_on_the_site_is_left_out() -> None:
    lede = "Les ânes y passent de nouveau."
    assert told(f"Lisez « {HEADLINE} » sur La Gazette. {lede}") == lede


def test_the_next_source_serves_where_one_repeats_the_headline() -> None:
    other = '<meta name="twitter:description" content="Les ânes y passent de nouveau.">'
    assert told(HEADLINE, head=other) == "Les ânes y passent de nouveau."


def test_a_value_that_a_quotation_mark_cuts_is_none() -> None:
    html = page("", '<meta name="description" content="Le maire : "Les ânes" passent">')
    assert "description" not in structured(html).meta
    html = page("", "<meta name='description' content='Le maire : \"Les ânes\" passent'>")
    assert structured(html).meta["description"] == ('Le maire : "Les ânes" passent',)


@pytest.mark.parametrize(
    ("lede", "expected"),
    [
        ("Description de l’épisode:\nLes ânes passent.", "Les ânes passent."),
        ("摘要：驴子又可以通过了。", "驴子又可以通过了。"),
        ("Résumé : Les ânes passent.", "Les ânes passent."),
        ("Le maire: Les ânes passent.", "Le maire: Les ânes passent."),
    ],
)
def test_the_label_of_a_lede_is_no_part_of_it(lede: str, expected: str) -> None:
    assert without_label(lede) == expected


def test_only_words_of_the_headline_repeat_it() -> None:
    assert only_repeats("Le pont rouvre", HEADLINE)
    assert not only_repeats("Le pont ferme", HEADLINE)
