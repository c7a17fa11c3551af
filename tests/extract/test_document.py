from __future__ import annotations

import time

from crawler.errors import Reason, Refusal
from crawler.extract.document import parse, text_of
from crawler.markup import MAX_ATTRIBUTES
from tests.extract.pages import document, page


def test_deeply_nested_pages_are_refused_and_not_cut() -> None:
    body = b"<p>before</p>" + b"<div>" * 2_100 + b"<p>after</p>"
    assert parse(body, "https://a.example/") == Refusal(Reason.TOO_LARGE_TO_READ, "nested too deep")


def test_a_tag_with_forty_thousand_attributes_is_refused_at_once() -> None:
    attributes = " ".join(f'a{number}="x"' for number in range(40_000))
    started = time.process_time()
    refused = parse(f"<p {attributes}>text</p>".encode(), "https://a.example/")
    assert isinstance(refused, Refusal)
    assert str(MAX_ATTRIBUTES) in refused.detail
    assert time.process_time() - started < 1


def test_bytes_that_hold_nothing_are_refused() -> None:
    assert isinstance(parse(b"", "https://a.example/"), Refusal)


def test_links_are_based_on_the_base_element() -> None:
    found = document(page("", '<base href="/dossier/">'), "https://a.example/x/")
    assert found.absolute("photo.jpg") == "https://a.example/dossier/photo.jpg"
    assert found.absolute("javascript:alert(1)") is None
    assert found.absolute("http://[") is None


def test_french_spaces_survive_and_others_are_folded() -> None:
    found = document(page("<p>« Oui »\n\t  dit-elle\u202f!</p>".replace("« ", "«\xa0")))
    assert text_of(next(found.root.iter("p"))) == "«\xa0Oui » dit-elle\u202f!"


def test_control_characters_and_what_is_no_character_are_left_out_and_nothing_else() -> None:
    found = document(page("<p>a\x00b\x0bc\x7fd\ufffee\uffff f\tg 𝄞 ｡ ﻿é</p>"))
    assert text_of(next(found.root.iter("p"))) == "abcde f g 𝄞 ｡ ﻿é"


def test_a_page_has_all_its_elements_in_page_order_and_by_their_tags() -> None:
    found = document(page("<h2>A</h2><!-- c --><p>b <b>c</b></p><h2>D</h2>"))
    assert [one.tag for one in found.elements][-4:] == ["h2", "p", "b", "h2"]
    assert found.elements[0] is found.root
    assert [one.text for one in found.all("h2")] == ["A", "D"]
    assert not found.all("h3")
