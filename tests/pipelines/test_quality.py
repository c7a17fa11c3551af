from __future__ import annotations

from crawler.items import Article, Block, Quality
from pipelines.quality import QualityPipeline, measure, word_count


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
    assert measure(article("")) == Quality(0.0, 0.0, 0.0, 0.0)


def test_the_stage_fills_both_columns_and_drops_nothing() -> None:
    measured = QualityPipeline().process_item(article("… … …"))
    assert measured.word_count == 0
    assert measured.quality == Quality(0.0, 0.0, 0.0, 1.0)
