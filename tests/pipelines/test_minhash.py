from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.minhash import (
    EMPTY_SIGNATURE,
    SHINGLE_WORDS,
    SIGNATURE_BYTES,
    content_hash,
    jaccard,
    signature,
    tokens,
    tokens_of_body,
)

PASSAGE = (
    "Le pont de l’Île ferme lundi pour six mois. La mairie promet une navette gratuite, "
    "mais les commerçants du quai demandent davantage : ils craignent un été sans clients."
)


def made_text(words: int, seed: int) -> list[str]:
    numbers = random.Random(seed)
    return [f"mot{numbers.randrange(5_000)}" for _ in range(words)]


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}


def test_words_are_alike_however_they_are_typed() -> None:
    assert tokens("L’ÉTÉ « arrive » !") == tokens('l\'e\u0301te\u0301 "arrive"!')
    assert tokens("L’été arrive") == ["l", "été", "arrive"]


def test_the_words_of_a_body_are_found_once_for_all_who_ask() -> None:
    body = "Le vent se lève, il faut tenter de vivre."
    assert tokens_of_body(body) == tokens(body)
    assert tokens_of_body(body) is tokens_of_body(body)


def test_a_ligature_a_full_width_letter_and_a_soft_hyphen_make_no_other_word() -> None:
    assert tokens("\ufb01n ＡＢＣ exam\u00adple") == ["fin", "abc", "example"]


def test_scripts_without_spaces_are_taken_character_by_character() -> None:
    assert tokens("東京で地震") == ["東", "京", "で", "地", "震"]
    assert tokens("ภาษา") == ["ภ", "า", "ษ", "า"]
    assert tokens("ก็ดี") == ["ก็", "ดี"]
    assert tokens("𠮷野家") == ["𠮷", "野", "家"]


def test_korean_and_hindi_words_stay_whole() -> None:
    assert tokens("서울에서 지진") == ["서울에서", "지진"]
    assert tokens("हिन्दी में \u0959बर") == ["हिन्दी", "में", "ख\u093cबर"]


def test_an_underscore_and_an_emoji_are_no_words() -> None:
    assert tokens("_souligné_ 🎉 —") == ["souligné"]


def test_equal_words_are_one_content_whatever_the_typography() -> None:
    assert content_hash("Un été, sans clients.") == content_hash("UN ÉTÉ\u00a0sans  clients")
    assert content_hash("un été sans clients") != content_hash("un été sans client")
    assert content_hash("ab c") != content_hash("a bc")


def test_texts_without_a_word_are_told_apart_all_the_same() -> None:
    assert content_hash("🎉🎉") != content_hash("😢")


def test_the_fingerprints_of_a_text_never_change() -> None:
    """The dataset keeps them: a change here makes every stored fingerprint worthless."""
    assert content_hash(PASSAGE) == "20283234cd417f498348b8a43dd58e20"
    assert struct.unpack("<128I", signature(PASSAGE))[:4] == (
        859849579,
        424065207,
        8319805,
        13948353,
    )
    assert content_hash(signature(PASSAGE).hex()) == "f662eb987615a4257a2da5cc5a751a26"
    assert struct.unpack("<128I", signature("deux mots"))[:2] == (560009183, 830494757)


@given(st.text())
def test_every_text_has_fingerprints_of_the_one_size(text: str) -> None:
    assert len(signature(text)) == SIGNATURE_BYTES
    assert len(content_hash(text)) == 32


@given(st.text())
def test_a_text_with_words_resembles_itself_wholly_and_one_without_nothing(text: str) -> None:
    assert jaccard(signature(text), signature(text)) == (1.0 if tokens(text) else 0.0)


def test_an_empty_text_resembles_nothing() -> None:
    assert signature("") == signature("… !") == EMPTY_SIGNATURE
    assert jaccard(EMPTY_SIGNATURE, signature(PASSAGE)) == 0.0


def test_a_text_shorter_than_a_shingle_is_one_shingle() -> None:
    assert jaccard(signature("Pont fermé"), signature("pont fermé !")) == 1.0
    assert jaccard(signature("Pont fermé"), signature("fermé pont")) == 0.0


@pytest.mark.parametrize("kept", [0, 100, 250, 400, 500, 600])
def test_the_estimate_is_the_share_of_common_shingles(kept: int) -> None:
    """Over 30 pairs the mean error stays below four standard errors (.044 / √30 each)."""
    errors = []
    for seed in range(30):
        words = made_text(600, seed)
        other = words[:kept] + made_text(600 - kept, seed + 1_000)
        true = len(shingles(words) & shingles(other)) / len(shingles(words) | shingles(other))
        estimated = jaccard(signature(" ".join(words)), signature(" ".join(other)))
        assert abs(estimated - true) < 0.2
        errors.append(estimated - true)
    assert abs(sum(errors) / len(errors)) < 4 * 0.0442 / 30**0.5


def test_a_long_text_is_signed_in_slices_as_if_whole() -> None:
    """The least of the slices: each half's signature bounds the whole one's from above."""
    words = made_text(5_000, 7)
    whole = struct.unpack("<128I", signature(" ".join(words)))
    first = struct.unpack("<128I", signature(" ".join(words[:2_504])))
    second = struct.unpack("<128I", signature(" ".join(words[2_500:])))
    assert whole == tuple(map(min, first, second))


def test_what_is_no_signature_is_not_compared() -> None:
    with pytest.raises(ValueError, match="512 bytes"):
        jaccard(b"", signature(PASSAGE))
