from __future__ import annotations

import pytest

from pipelines.retractions import NOTICE_CHARS, RetractionPipeline, is_retracted
from tests.pipelines.newsroom import story

TEXT = "The ferry leaves at nine, said the captain, and nobody was hurt."


@pytest.mark.parametrize(
    "headline",
    [
        "RETRACTED: Ferries make people taller",
        "Retraction: our report on ferries",
        "Ferries make people taller [Retracted]",
        "[WITHDRAWN] Ferries make people taller",
        "Article retiré – Les bacs font grandir",
        "[Dépublié] Les bacs font grandir",
        "(Zurückgezogen) Fähren machen groß",
        "Artículo retirado: los transbordadores",
        "[RITIRATO] I traghetti fanno crescere",
        "Artigo removido: as balsas",
        "【撤回】フェリーで身長が伸びる",
    ],
)
def test_a_label_before_or_behind_a_headline_is_a_retraction(headline: str) -> None:
    assert is_retracted(headline, TEXT)


@pytest.mark.parametrize(
    "notice",
    [
        "Editor's note: This story has been retracted because a source made it up.",
        "This article, first published on 3 May, has been removed at the author's request.",
        "We have withdrawn this article while we look into it.",
        "Cet article a été dépublié le 3 mai, faute de sources.",
        "Nous avons retiré cette tribune à la demande de son auteur.",
        "Dieser Beitrag wurde nach Hinweisen der Leser zurückgezogen.",
        "Este artículo ha sido retirado por no cumplir nuestras normas.",
        "Esta reportagem foi removida por conter erros.",
        "Quest'articolo è stato rimosso su richiesta dell'autore.",
        "Questa notizia è stata ritirata.",
        "Dit artikel is na overleg met de redactie ingetrokken.",
        "Den här artikeln har avpublicerats.",
        "Denne artikel er trukket tilbage.",
        "Denne saken er trukket.",
        "Ten artykuł został wycofany.",
        "Эта статья была удалена редакцией.",
        "Bu haber yayından kaldırılmıştır.",
        "この記事は、事実関係に誤りがあったため削除しました。",
        "本文已撤回。",
    ],
)
def test_a_sentence_of_this_article_at_its_beginning_is_a_retraction(notice: str) -> None:
    assert is_retracted("Ferries make people taller", f"{notice}\n\n{TEXT}")


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("Lancet retracts study on ferries", "The journal has retracted the article, it said."),
        ("Withdrawn: the offer that nobody wanted", TEXT),
        ("Zurückgezogen: Kandidat gibt auf", TEXT),
        ("Une étude retirée après vingt ans", "L'article a été retiré par la revue."),
        ("Correction: ferry times", "This article has been corrected: the ferry leaves at nine."),
        ("Troops withdrawn from the island", "This week the last of them left."),
        ("Article 5 is removed from the treaty", "The article has been removed from the text."),
        ("Retraction of the landing gear failed", TEXT),
        ("A page", f"{TEXT * (NOTICE_CHARS // len(TEXT) + 1)} This article has been removed."),
    ],
)
def test_news_of_a_retraction_and_words_further_down_are_none(headline: str, body: str) -> None:
    assert not is_retracted(headline, body)


def test_the_row_says_so() -> None:
    stage = RetractionPipeline()
    assert stage.process_item(story("a")).availability == "available"
    retracted = stage.process_item(story("a", headline="RETRACTED: Titre de a"))
    assert retracted.availability == "retracted"
