from __future__ import annotations

import pytest

from crawler.extract.scripts import is_wide, wide_characters


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Le pont", 0),
        ("Le pont 🌉 rouvre ﬁnalement", 0),
        ("สะพานไม้", 0),
        ("الجسر", 0),
        ("木桥 2025", 2),
        ("橋がひらく", 5),
        ("다리 bridge", 2),
        ("", 0),
    ],
)
def test_characters_that_say_as_much_as_two_are_those_of_three_languages(
    text: str, count: int
) -> None:
    assert wide_characters(text) == count
    assert is_wide(text) is bool(count)
