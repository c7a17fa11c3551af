from __future__ import annotations

import pytest

from crawler.extract.wording import characters, ends_sentence, has_year


@pytest.mark.parametrize("text", ["It is open.", "“It is open.”", "Open?)\n", "開いた。"])
def test_a_sentence_ends_with_its_full_stop_whatever_closes_after_it(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["The bridge", "The bridge:", "3.5 km", "“The bridge”", ". a"])
def test_a_label_ends_no_sentence(text: str) -> None:
    assert not ends_sentence(text)


@pytest.mark.parametrize(
    ("text", "has_one"),
    [("In 1998", True), ("by 2026.", True), ("1850", False), ("20, 19", False)],
)
def test_a_year_is_of_this_century_or_the_last(text: str, has_one: bool) -> None:
    assert has_year(text) == has_one


@pytest.mark.parametrize("other", ["", "ж"])
def test_characters_are_counted_alike_in_every_script(other: str) -> None:
    digits, capitals, signs = characters(f"Élan 26 – À{other}")
    length, letters = 11 + len(other), 5 + len(other)
    assert (digits, capitals, signs) == (2 / length, 2 / letters, 6 / length)
