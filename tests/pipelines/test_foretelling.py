"""The answers that come with a page: those the stages would have given, for the text they have."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Article, Block
from pipelines import language, normalize, quality
from pipelines.fingerprinting import hash_of_text, hashes_of_body
from pipelines.foretelling import Foretelling, warm_up
from pipelines.known import Known, tell
from pipelines.language import LanguagePipeline
from pipelines.normalize import NormalizePipeline
from pipelines.quality import QualityPipeline
from pipelines.validate import ValidatePipeline

CHARS = 1_000
FUNCTIONS: tuple[Known[..., Any], ...] = (
    normalize._normalized, language.detect, quality.measured, hashes_of_body, hash_of_text
)  # fmt: skip
NAMES = {"_normalized", "detect", "measured", "hashes_of_body", "hash_of_text"}
FORETELLING = Foretelling(CHARS, ("FR",))
PARAGRAPHS = (
    "Le pont de la ville ferme lundi &agrave;   midi : les piles sont us\u0301ees, dit la mairie.",
    "Ecrivez a\u0300 pont@ville.example ou appelez le 01 23 45 67 89 avant dimanche soir.",
    "Les bus passent par le quai, et le marche\u0301 reste ouvert pendant les travaux.",
)  # fmt: skip
ARTICLE = Article(
    url="https://journal.example/pont",
    domain="journal.example",
    headline="Le pont  ferme lundi",
    description="Pour six mois.",
    article_body="\n\n".join(PARAGRAPHS),
    blocks=tuple(Block("paragraph", text) for text in PARAGRAPHS),
    in_language="fr_FR",
)


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test told and did not ask is no other test's."""
    yield
    for function in FUNCTIONS:
        function._told.clear()


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The functions that had to work something out."""
    done: list[str] = []

    def watch(function: Known[..., Any]) -> None:
        inner: Callable[..., Any] = function._function

        def counted(*args: Any) -> Any:
            done.append(function._name.partition(":")[2])
            return inner(*args)

        monkeypatch.setattr(function, "_function", counted)

    for function in FUNCTIONS:
        watch(function)
    return done


def settled(article: Article) -> tuple[Article, object, str]:
    """As the stages leave an article, and what the last ones hash."""
    for stage in (
        ValidatePipeline(2_000_000),
        NormalizePipeline(),
        LanguagePipeline(CHARS),
        QualityPipeline(("FR",)),
    ):
        article = stage.process_item(article)
    hashes = hashes_of_body(article.article_body)
    return (
        article,
        hashes,
        hash_of_text(article.headline, article.description, article.article_body),
    )


def test_stages_take_over_what_was_foretold_and_come_to_the_same(worked_out: list[str]) -> None:
    alone = settled(ARTICLE)
    assert set(worked_out) == NAMES
    answers = pickle.loads(pickle.dumps(FORETELLING.answers(ARTICLE)))
    worked_out.clear()
    tell(answers)
    assert settled(ARTICLE) == alone
    assert worked_out == []
    assert alone[0].quality is not None
    assert (alone[0].quality.email_addresses, alone[0].quality.phone_numbers) == (1, 1)


def test_a_text_that_was_changed_on_the_way_is_measured_anew(worked_out: list[str]) -> None:
    shorter = replace(ARTICLE, article_body="\n\n".join(PARAGRAPHS[:2]), blocks=ARTICLE.blocks[:2])
    alone = settled(shorter)
    answers = FORETELLING.answers(ARTICLE)
    worked_out.clear()
    tell(answers)
    assert settled(shorter) == alone
    assert set(worked_out) == NAMES


# All code points, halves of surrogate pairs and NUL among them: validation comes later.
ANY_TEXT = st.text(st.characters())


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_no_text_stops_a_worker_that_foretells(
    headline: str, description: str, body: str, claim: str
) -> None:
    poisoned = replace(
        ARTICLE,
        headline=headline,
        description=description,
        article_body=body,
        blocks=(Block("paragraph", body),),
        in_language=claim,
    )
    assert len(FORETELLING.answers(poisoned)) == len(NAMES)


def test_what_is_no_text_at_all_is_left_to_validation() -> None:
    nonsense: Any = ({"name": "ponts"}, 7)
    assert FORETELLING.answers(replace(ARTICLE, keywords=nonsense)) == []
    assert settled(replace(ARTICLE, keywords=nonsense))[0].keywords == ()


def test_a_text_of_no_language_is_foretold_too() -> None:
    assert FORETELLING.answers(replace(ARTICLE, in_language="nonsense!"))
    assert FORETELLING.answers(replace(ARTICLE, in_language=None, description=None))


def test_a_warm_worker_has_the_languages(worked_out: list[str]) -> None:
    warm_up()
    assert language._profiles.cache_info().currsize == 1
