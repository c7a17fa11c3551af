from __future__ import annotations

import random

import numpy as np
import pytest

from pipelines.minhash import PERMUTATIONS, signature
from pipelines.resemblance import (
    VOCABULARY_BYTES,
    Comparison,
    Fingerprints,
    compare,
    fingerprint,
)

_CHANCE = random.Random(5)
# Sentences of twelve words out of 600: two of them share words, but no five in a row.
_WORDS = ["".join(_CHANCE.choices("abcdefghilmnoprstuv", k=6)) for _ in range(600)]
SENTENCES = [" ".join(_CHANCE.choices(_WORDS, k=12)) + "." for _ in range(200)]
STORY = SENTENCES[:25]


def text(*parts: list[str]) -> str:
    return "\n\n".join(" ".join(part) for part in parts)


def edited(words: list[str], share: float) -> str:
    chance = random.Random(7)
    return " ".join("autrement" if chance.random() < share else word for word in words)


def judged(one: str, other: str) -> Comparison:
    return compare(Fingerprints.of([fingerprint(one)]), Fingerprints.of([fingerprint(other)]))


def test_a_fingerprint_is_the_minhash_of_the_dataset_and_a_map_of_the_words() -> None:
    prints = fingerprint(text(STORY))
    assert prints.signature == signature(text(STORY))
    assert len(prints.vocabulary) == VOCABULARY_BYTES
    # The values are kept in the state: another map would be compared with them in vain.
    bits = np.unpackbits(np.frombuffer(fingerprint("Le pont rouvre").vocabulary, np.uint8))
    assert np.flatnonzero(bits).tolist() == [302, 1015, 1096]


@pytest.mark.parametrize(
    "other",
    [
        text(["Rives, 3 mars."], STORY, SENTENCES[100:102]),
        text(STORY[12:], STORY[:12]),
        edited(text(STORY).split(), 0.08),
        text(STORY[:20], SENTENCES[100:103]),
    ],
    ids=["lines around it", "paragraphs moved", "8 % of the words changed", "an update"],
)
def test_a_text_told_again_with_changes_is_the_same_and_near(other: str) -> None:
    found = judged(text(STORY), other)
    assert found.is_same.all()
    assert not found.is_contained.any()
    assert 0.4 < found.similarity[0] < 1


@pytest.mark.parametrize("kept", [9, 12])
def test_a_cut_is_the_same_and_contained_and_the_direction_is_known(kept: int) -> None:
    found = judged(text(STORY[:kept]), text(STORY))
    assert (found.is_same & found.is_contained & found.is_cut).all()
    assert found.similarity[0] == pytest.approx(kept / 25, abs=0.1)
    back = judged(text(STORY), text(STORY[:kept]))
    assert (back.is_same & back.is_contained & ~back.is_cut).all()


@pytest.mark.parametrize(
    "other",
    [
        text(SENTENCES[100:125]),
        text(STORY[:11], SENTENCES[100:114]),
        text(STORY[:8], SENTENCES[100:104]),
        edited(text(STORY).split(), 0.25),
    ],
    ids=["nothing in common", "a long quotation", "half a cut", "a quarter of the words changed"],
)
def test_what_only_shares_passages_or_a_template_is_another_story(other: str) -> None:
    assert not judged(text(STORY), other).is_same.any()


def test_texts_without_words_resemble_nothing_not_even_themselves() -> None:
    found = judged("…", "…")
    assert not found.is_same.any()
    assert found.similarity[0] == 0
    assert not judged("…", text(STORY)).is_same.any()


def test_one_text_is_compared_with_many() -> None:
    others = [text(SENTENCES[100:125]), text(STORY), text(STORY[:9])]
    found = compare(
        Fingerprints.of([fingerprint(text(STORY))]),
        Fingerprints.of([fingerprint(other) for other in others]),
    )
    assert found.is_same.tolist() == [False, True, True]
    assert found.is_contained.tolist() == [False, False, True]
    assert (found.similarity * PERMUTATIONS)[1] == PERMUTATIONS
