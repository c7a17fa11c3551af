from __future__ import annotations

from crawler.extract.repeats import repeats
from tests.extract.pages import TEXTS


def test_a_paragraph_that_stands_twice_is_told_once() -> None:
    assert repeats([*TEXTS, TEXTS[0].upper()]) == {len(TEXTS)}


def test_a_short_line_may_come_back() -> None:
    assert repeats(["Le pont.", TEXTS[0], "Le pont."]) == set()


def test_a_wall_of_text_that_repeats_the_paragraphs_is_their_copy() -> None:
    assert repeats([" ".join(TEXTS), *TEXTS]) == {0}


def test_a_sentence_pulled_out_of_a_long_paragraph_is_the_copy() -> None:
    long = " ".join(f"{text} Et le bac attend encore, à la hauteur {n}." for n, text in
                    enumerate(TEXTS * 3))  # fmt: skip
    pulled = TEXTS[1]
    assert repeats([long, pulled]) == {1}


def test_two_paragraphs_that_go_on_alike_are_both_told() -> None:
    beginning = "À huit heures, les barrières se lèvent une à une et le premier char passe. "
    long = " ".join(TEXTS)
    assert repeats([beginning + long, long]) == set()
