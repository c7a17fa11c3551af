from __future__ import annotations

import pytest

from crawler.extract.furniture_words import is_furniture_worded


@pytest.mark.parametrize(
    "line",
    [
        "▶ baca juga: jembatan dibuka lagi",
        "【関連記事】木の橋が再開",
        "читайте также",
        "İlginizi çekebilir: köprü".lower(),
        "ये भी पढ़ें: पुल फिर खुला",
        "ये भी प\u095dें: पुल फिर खुला",
        "广告",
        "- advertisement - scroll to continue -",
        "تبلیغات",
    ],
)
def test_a_line_that_points_elsewhere_is_furniture_in_many_languages(line: str) -> None:
    assert is_furniture_worded(line)


@pytest.mark.parametrize(
    "line",
    [
        "реклама моста обошлась городу в три рубля, и её никто не видел.",
        "広告のない橋が再開した。",
        "baca juga: " + "jembatan kayu dibuka lagi, " * 12,
        "",
        "…",
    ],
)
def test_a_sentence_or_a_paragraph_is_none_for_its_first_word(line: str) -> None:
    assert not is_furniture_worded(line)
