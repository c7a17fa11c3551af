"""langdetect is the oracle: the same languages, the same probabilities, for whatever text."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from pipelines.ngrams import MAX_CHARS, Profiles

LANGUAGES = sorted(path.name for path in Path(PROFILES_DIRECTORY).glob("[!.]*"))
# Sums of sums, in another order.
ROUNDING = 1e-12


@cache
def oracle() -> DetectorFactory:
    factory = DetectorFactory()
    factory.load_json_profile(
        [Path(PROFILES_DIRECTORY, name).read_text("utf-8") for name in LANGUAGES]
    )
    factory.set_seed(0)
    return factory


@cache
def profiles() -> Profiles:
    return Profiles()


def said_by_langdetect(text: str) -> list[float] | None:
    detector = oracle().create()
    detector.append(text)
    try:
        detector.get_probabilities()
    except LangDetectException:
        return None
    found: list[float] = detector.langprob
    return found


def assert_same(text: str) -> None:
    found, expected = profiles().probabilities(text), said_by_langdetect(text)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.tolist() == pytest.approx(expected, abs=ROUNDING)


def babble(language: str, words: int, seed: int = 0) -> str:
    """Words made of a language's own grams, as often as it has them."""
    told = json.loads(Path(PROFILES_DIRECTORY, language).read_text("utf-8"))
    grams = {gram: count for gram, count in told["freq"].items() if gram.strip()}
    picked = random.Random(seed).choices([*grams], [*grams.values()], k=3 * words)
    return "".join(picked)


def test_the_languages_are_in_the_order_of_langdetect() -> None:
    assert profiles().languages == oracle().langlist


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_told_as_langdetect_tells_it(language: str) -> None:
    for words in (2, 10, 100):
        for seed in range(2):
            assert_same(babble(language, words, seed))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_of_two_languages_is_weighed_as_langdetect_weighs_it(language: str) -> None:
    other = random.Random(language).choice(LANGUAGES)
    assert_same(f"{babble(language, 15)} {babble(other, 15)}")


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=120))
@example("")
@example(" ")
@example("PRESSE ÉCRITE, Presse écrite, PRESSe écritE, 𝐀𝐀")
@example("a  b\n\nc https://journal.example/page écrire à jean.martin@journal.example demain")
@example("Мост (Pont) закроют Monday")
@example("ca\u0301 co\u0309 che\u0323")
def test_any_text_is_read_as_langdetect_reads_it(text: str) -> None:
    assert_same(text)


def test_of_a_long_text_no_more_is_read_than_langdetect_reads() -> None:
    beginning = babble("fr", MAX_CHARS)
    assert_same(beginning + babble("ru", MAX_CHARS))
