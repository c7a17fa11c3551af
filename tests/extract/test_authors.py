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
