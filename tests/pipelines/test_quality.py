from __future__ import annotations

import os
from dataclasses import fields, replace

import pytest
from langdetect.detector_factory import PROFILES_DIRECTORY

from crawler.items import Article, Block, Quality
from pipelines.minhash import tokens
from pipelines.quality import QualityPipeline, measure, word_count
from pipelines.stop_words import STOP_WORDS


def article(body: str, *blocks: str) -> Article:
    return Article(
        url="https://journal.example/pont",
        headline="Le pont ferme",
        article_body=body,
        blocks=tuple(Block("paragraph", text) for text in blocks),
    )


def test_words_are_counted_without_punctuation() -> None:
    assert word_count("Le pont, « l’ancien », ferme : 6 mois !") == 7


def test_words_of_scripts_without_spaces_are_counted_by_character() -> None:
    assert word_count("東京で地震") == 5


def test_a_number_is_a_word_without_a_letter() -> None:
    measured = measure(article("Le pont ferme 6 mois en 2026 pour travaux"))
    assert measured.alphabetic_words == round(7 / 9, 4)
    assert measured.mean_word_length == round((2 + 4 + 5 + 1 + 4 + 2 + 4 + 4 + 7) / 9, 4)


def test_a_block_that_stood_before_is_a_repetition() -> None:
    body = article("x", "Suivez-nous", "Le pont ferme.", "Suivez-nous", " Suivez-nous\n")
    assert measure(body).duplicate_blocks == 0.5


def test_an_ellipsis_is_seen_behind_brackets_and_quotes() -> None:
    body = article("x", "La suite…", "La suite [...]", "« La suite…\u00a0»", "Fin.")
    assert measure(body).ellipsis_blocks == 0.75


def test_a_body_without_blocks_is_measured_by_its_paragraphs() -> None:
    assert measure(article("Une ligne…\n\nUne autre.")).ellipsis_blocks == 0.5


def test_a_text_without_words_measures_zero() -> None:
    nothing = measure(article(""))
    shares = {f.name: getattr(nothing, f.name) for f in fields(Quality)}
    assert {value for name, value in shares.items() if not name.startswith(("has_", "lang"))} == {
        0, None,
    }  # fmt: skip
    assert (nothing.has_lorem_ipsum, nothing.language_agrees) == (False, None)


def test_the_stage_fills_both_columns_and_drops_nothing() -> None:
    measured = QualityPipeline().process_item(article("… … …"))
    assert measured.word_count == 0
    assert measured.quality
    assert measured.quality.ellipsis_blocks == 1.0


def test_symbols_are_hashes_and_ellipses_for_each_word() -> None:
    assert measure(article("#pont #rivière… et puis... rien")).symbol_words == 4 / 5


def test_bullets_are_list_items_and_blocks_that_begin_with_one() -> None:
    listed = replace(
        article("x", "• un", "- deux", "trois"),
        blocks=(Block("list_item", "un"), Block("paragraph", "• deux"), Block("paragraph", "Oui")),
    )
    assert measure(listed).bullet_blocks == round(2 / 3, 4)
    assert measure(article("• un\n\ndeux")).bullet_blocks == 0.5


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "The bridge and the river have to be crossed with care.", 6),
        ("fr", "Le pont de la ville et les quais", 5),
        ("zh-Hans", "桥在河上，是新的。", 3),
        ("tlh", "bIQtIQ", None),
    ],
)
def test_different_stop_words_of_the_language_are_counted(
    language: str, text: str, count: int | None
) -> None:
    assert measure(replace(article(text), language=language)).stop_words == count


def test_every_language_that_is_detected_has_its_eight_stop_words() -> None:
    detected = {name.partition("-")[0] for name in os.listdir(PROFILES_DIRECTORY) if name[0] != "_"}
    assert {name for name in detected if name.isalpha()} == set(STOP_WORDS)
    assert {len(words) for words in STOP_WORDS.values()} == {8}
    for language, words in STOP_WORDS.items():
        for word in words:
            assert tokens(word) == [word], (language, word)


def test_sentences_and_lines_that_end_like_one_are_seen_behind_quotes() -> None:
    measured = measure(article("« Le pont ferme. » Vrai ?\nOui\n\n橋は閉じる。\nPrix : 3.50 euros"))
    assert measured.sentences == 3
    assert measured.terminal_lines == 0.5
    assert measured.short_lines == 1.0


def test_lines_and_blocks_that_stand_twice_are_counted_with_their_characters() -> None:
    body = "Suivez-nous\nLe pont ferme lundi.\nSuivez-nous"
    measured = measure(article(body, "Un.", "Un.", "Deux."))
    assert measured.duplicate_lines == round(1 / 3, 4)
    assert measured.duplicate_line_chars == round(11 / (11 + 20 + 11), 4)
    assert measured.duplicate_block_chars == round(3 / 11, 4)


def test_what_no_article_has_is_flagged() -> None:
    measured = measure(article("Lorem ipsum dolor. Enable JavaScript: function() {"))
    assert (measured.has_lorem_ipsum, measured.has_javascript, measured.has_curly_bracket) == (
        True, True, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("claimed", "detected", "agrees"),
    [
        ("fr-CA", "fr", True), ("en", "fr", False), ("nb-NO", "no", True),
        ("zh-TW", "zh-Hans", True),
        ("sr", "hr", True), (None, "fr", None), ("fr", "und", None),
    ],
)  # fmt: skip
def test_the_language_that_was_detected_agrees_with_the_pages_own_claim(
    claimed: str | None, detected: str, agrees: bool | None
) -> None:
    said = replace(article("x"), in_language=claimed, language=detected)
    assert measure(said).language_agrees is agrees


def test_contacts_in_a_text_are_counted() -> None:
    text = "Mairie : 04 12 34 56 78 ou +49 171 1234567, mairie@ville.example, le 12.10.2026."
    measured = measure(replace(article(text), domain="journal.fr"))
    assert (measured.phone_numbers, measured.email_addresses) == (2, 1)
