from __future__ import annotations

import pytest

from crawler.extract.headline import headlines, strip_site_name
from tests.extract.pages import document, json_ld, page, structured


def headline(body: bytes, site: str = "La Gazette") -> str:
    return next(headlines(document(body), structured(body), site))[1]


@pytest.mark.parametrize(
    ("title", "site", "expected"),
    [
        ("Le pont rouvre - La Gazette", "La Gazette", "Le pont rouvre"),
        ("Le pont rouvre | Monde | La Gazette", "La Gazette", "Le pont rouvre | Monde"),
        ("La Gazette : le pont rouvre", "La Gazette", "La Gazette : le pont rouvre"),
        ("Le grand pont de bois rouvre | gazette.example", "", "Le grand pont de bois rouvre"),
        ("Un pont - vraiment en bois - rouvre", "La Gazette", "Un pont - vraiment en bois"),
        ("Pont-levis", "La Gazette", "Pont-levis"),
    ],
)
def test_the_site_s_name_is_taken_off_a_title(title: str, site: str, expected: str) -> None:
    assert strip_site_name(title, site) == expected


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
