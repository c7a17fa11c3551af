from __future__ import annotations

import pytest

from crawler.extract.blocks import read_pieces
from crawler.extract.body import choose_body
from crawler.extract.evidence import Evidence, gather
from crawler.extract.metadata import read_metadata
from crawler.extract.signs import AGAINST, FOR
from crawler.extract.structured import read_structured
from crawler.extract.survey import fold
from crawler.extract.traits import Known
from tests.extract.pages import PROSE, URL, document, json_ld, page

SIGNS = {sign.name: sign for sign in FOR + AGAINST}
DATED = "<p>Publié le 3 juin 2025 par Ann</p>"


def evidence(html: bytes, url: str = URL) -> Evidence:
    parsed = document(html, url)
    pieces = read_pieces(parsed.root)
    structured = read_structured(parsed)
    metadata = read_metadata(parsed, structured)
    body = choose_body(pieces, Known(headline=fold(metadata.headline or "")))
    return gather(parsed, structured, metadata, pieces, body)


def shows(name: str, html: bytes, url: str = URL) -> float:
    return float(SIGNS[name].measure(evidence(html, url)))


@pytest.mark.parametrize("date", ["3 juin 2025", "June 3, 2025", "2025-06-03", "03.06.2025"])
def test_a_date_by_the_headline_is_seen_in_any_language(date: str) -> None:
    html = page(f"<h1>Le pont rouvre</h1><p>{date}</p>{PROSE}")
    assert evidence(html).telling.has_dated_headline


def test_a_date_far_from_the_headline_is_not_the_articles() -> None:
    html = page(f"<h1>Le pont</h1>{PROSE * 4}{DATED}")
    assert not evidence(html).telling.has_dated_headline
    assert evidence(html).telling.dates == 1


def test_prose_in_one_place_is_together_and_prose_in_boxes_is_not() -> None:
    boxes = "".join(f"<div><div>{part}</p></div></div>" for part in PROSE.split("</p>") if part)
    together = evidence(page(f"<h1>Le pont</h1><article>{PROSE}</article>")).telling.together
    apart = evidence(page(f"<h1>Le pont</h1><main>{boxes}</main>")).telling.together
    assert together > 0.9
    assert 0 < apart < 0.5


def test_headings_that_invite_are_told_from_those_that_say_what_follows() -> None:
    inviting = page(
        f"<h1>Pont</h1><h2>Why choose us</h2>{PROSE}<h2>Our bridges</h2>{PROSE}", title="Pont"
    )
    telling = page(f"<h1>Pont</h1><h2>Le bois</h2>{PROSE}<h2>Le poids</h2>{PROSE}", title="Pont")
    assert evidence(inviting).telling.inviting == 1
    assert evidence(telling).telling.inviting == 0


def test_links_below_the_page_are_a_sections_own() -> None:
    links = "".join(f'<a href="/ponts/{n}">Pont {n}</a>' for n in range(9))
    at_section, elsewhere = (
        evidence(page(f"<h1>Ponts</h1>{PROSE}{links}"), f"https://gazette.example{path}")
        for path in ("/ponts/", "/gués/")
    )
    assert at_section.furnishing.below == 9
    assert elsewhere.furnishing.below == 0


def test_a_link_that_is_no_url_breaks_nothing() -> None:
    html = page(f'<h1>Ponts</h1>{PROSE}<a href="http://[/ponts/1">Pont</a>')
    assert evidence(html, "https://gazette.example/ponts/").furnishing.below == 0


def test_a_second_page_speaks_against_a_listing_only() -> None:
    following = '<link rel="next" href="/page/2">'
    assert shows("next page", page(PROSE, following)) == 1
    news = json_ld('{"@type":"NewsArticle"}')
    assert shows("next page", page(PROSE, following + news)) == 0


def test_a_page_that_types_its_site_and_no_article_says_that_it_is_none() -> None:
    site, news = '{"@type":"WebSite"}', '{"@type":"NewsArticle"}'
    assert shows("typed, not as article", page(PROSE, json_ld(site))) == 1
    assert shows("typed, not as article", page(PROSE, json_ld(f"[{site},{news}]"))) == 0
    assert shows("typed, not as article", page(PROSE)) == 0


def test_a_review_of_the_firm_is_no_article_markup() -> None:
    scope = '<div itemscope itemtype="https://schema.org/{}">' + PROSE + "</div>"
    assert shows("article markup", page(scope.format("Review"))) == 0
    assert shows("article markup", page(scope.format("NewsArticle"))) == 1


def test_classes_of_a_shop_are_a_share_of_all() -> None:
    shelf = '<div class="product-card"><span class="price">4</span></div>' * 40
    plain = '<div class="row"><span class="cell">4</span></div>' * 40
    assert shows("shop names", page(shelf + PROSE)) == 1
    assert shows("shop names", page(plain + PROSE)) == 0
    assert shows("article class", page(f'<div class="article__body">{PROSE}</div>')) == 1
    assert shows("article class", page(f'<div class="body">{PROSE}</div>')) == 0


def test_who_asks_for_a_phone_number_has_something_to_sell() -> None:
    assert shows("asks for a phone number", page(PROSE + '<input type="tel">')) == 1
    assert shows("asks for a phone number", page(PROSE + '<input type="email">')) == 0


def test_a_text_that_tells_of_others_is_told_from_one_that_addresses() -> None:
    told = "<p>He had lost his donkey, and she had found it before they came home to their dog.</p>"
    said = "<p>You bring your donkey, and we bring our rope until you are on your side of it.</p>"
    assert shows("tells of others", page(f"<h1>Pont</h1>{told * 9}")) == 1
    assert shows("tells of others", page(f"<h1>Pont</h1>{said * 9}")) == 0
