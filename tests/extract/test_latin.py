from __future__ import annotations

import re
import sys
import unicodedata

import pytest

from crawler.extract.latin import as_latin, characters
from crawler.extract.survey import fold


@pytest.mark.parametrize("text", ["", "Le pont", "Élan à Nîmes", "“It’s open” – at last…"])
def test_a_text_in_latin_letters_is_as_many_bytes(text: str) -> None:
    data = as_latin(text)
    assert data is not None
    assert len(data) == len(text)


@pytest.mark.parametrize("text", ["Łódź", "橋が開いた", "мост", "a\u0301"])
def test_another_script_is_none(text: str) -> None:
    assert as_latin(text) is None


def test_the_marks_that_become_spaces_are_no_part_of_a_word() -> None:
    replaced = [
        sign
        for sign in map(chr, range(256, sys.maxunicode + 1))
        if as_latin(sign) is not None  # a lone surrogate is none either
    ]
    assert "’" in replaced
    assert not any(re.search(r"\w", unicodedata.normalize("NFKC", sign)) for sign in replaced)


def test_characters_of_a_kind_are_counted_by_deleting_them() -> None:
    assert b"L'an 2026, \xe0 N\xeemes".translate(None, characters(str.isalpha)) == b"' 2026,  "


def test_every_character_folds_as_unicode_says() -> None:
    """The quick way gives what the definition gives, wherever a character stands."""
    for sign in map(chr, range(0x3000)):
        text = f"Ab{sign}C d"
        said = unicodedata.normalize("NFKC", text).casefold()
        assert fold(text) == " ".join(re.findall(r"\w+", said)), hex(ord(sign))
