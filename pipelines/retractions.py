"""Retraction notices: an article that says of itself that it no longer stands.

The label that scholarly and news publishers put before or behind a headline, and the sentence that
opens the text (COPE's retraction guidelines want both). News about a retraction is none: a label
counts only where it is one, a sentence only where it speaks of "this" article.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from crawler.items import Article

# Of the body, where a notice stands: an editor's note of some lines, before the text itself.
NOTICE_CHARS: Final = 400

# Words that label nothing else when a colon or a bracket parts them from the headline.
_LABELS = """
    retracted|retraction|retraction notice|retracted article|article retracted|story retracted|
    article withdrawn|story withdrawn|withdrawn article|article removed|story removed|
    rétractation|article rétracté|article retiré|article dépublié|article supprimé|tribune retirée|
    artikel zurückgezogen|beitrag zurückgezogen|depubliziert|
    retractación|artículo retractado|artículo retirado|artículo eliminado|noticia retirada|
    retratação|artigo retratado|artigo retirado|artigo removido|matéria removida|
    ritrattazione|articolo ritirato|articolo rimosso|articolo ritrattato|
    artikel ingetrokken|ingetrokken artikel|artykuł wycofany|wycofany artykuł|
    статья отозвана|статья удалена|материал удалён|материал удален|撤稿|記事取り消し|記事削除
"""
# These head ordinary news too ("Withdrawn: the offer …"): a label only within brackets.
_IN_BRACKETS = """
    withdrawn|unpublished|rétracté|rétractée|retiré|retirée|dépublié|zurückgezogen|gelöscht|
    retirado|retirada|retractado|retractada|ritirato|ritrattato|removido|ingetrokken|verwijderd|
    tillbakadragen|avpublicerad|trukket tilbage|trukket tilbake|avpublisert|wycofany|отозвано|
    удалено|geri çekildi|撤回|取り消し|削除|已撤稿|已撤回
"""
# By language, what "this article" is called, and what was done with it.
_SENTENCES = (
    r"\bthis (?:article|story|report|column|post|piece|essay|interview|op-ed|news item)"
    r"(?:,[^.]{0,80},)? (?:has been|was|is being) (?:\w+ly )?"
    r"(?:retracted|withdrawn|removed|taken down|unpublished|deleted)",
    r"\bwe (?:have |are |hereby )*(?:retract(?:ed|ing)?|withdr[ae]wn?|unpublished|removed) this "
    r"(?:article|story|report|column|post|piece|essay)",
    r"\bcet(?:te)? (?:article|dépêche|texte|tribune|enquête|billet|publication)(?:,[^.]{0,80},)? "
    r"(?:a été|est) (?:retiré|dépublié|supprimé|rétracté)e?\b",
    r"\bnous (?:avons )?(?:retir(?:é|ons)|dépubli(?:é|ons)|supprim(?:é|ons)) cet(?:te)? "
    r"(?:article|dépêche|texte|tribune|enquête|billet)",
    r"\bdiese[rs]? (?:artikel|beitrag|text|bericht|meldung) (?:wurde|ist)[^.]{0,60} "
    r"(?:zurückgezogen|gelöscht|entfernt|depubliziert|offline genommen)",
    r"\bwir haben diese[ns]? (?:artikel|beitrag|text|bericht)[^.]{0,60} "
    r"(?:zurückgezogen|gelöscht|entfernt|depubliziert)",
    r"\best[ea] (?:artículo|noticia|nota|texto|reportaje) (?:ha sido|fue) "
    r"(?:retirad|retractad|eliminad)[oa]\b",
    r"\best[ea] (?:artigo|notícia|matéria|texto|reportagem) foi "
    r"(?:retirad|removid|retratad|despublicad|excluíd)[oa]\b",
    r"\bquest(?:o |a |['’])(?:articolo|notizia|testo) è stat[oa] "
    r"(?:ritirat|rimoss|cancellat|ritrattat)[oa]\b",
    r"\bdit (?:artikel|bericht|verhaal|stuk) (?:is|werd)(?: [\w-]+){0,6} "
    r"(?:ingetrokken|teruggetrokken|verwijderd|offline gehaald)",
    r"\b(?:den här|denna) (?:artikeln?|texten?|nyheten) har "
    r"(?:dragits tillbaka|avpublicerats|tagits bort)",
    r"\bdenne artikel er (?:blevet )?(?:trukket tilbage|afpubliceret|fjernet)",
    r"\bdenne (?:artikkelen|saken) er (?:blitt )?(?:trukket|avpublisert|fjernet)",
    r"\bten (?:artykuł|tekst) został (?:wycofany|usunięty)",
    r"\b(?:эта статья|этот материал|эта публикация)(?: был[а]?)? (?:отозван|удал[её]н|снят)",
    r"\bbu (?:haber|makale|yazı)(?: \w+){0,2} (?:geri çekil|yayından kaldırıl|kaldırıl)",
    r"(?:この|本)記事(?:は|を)[^。]{0,30}(?:撤回|削除|取り消し)",
    r"本(?:文|稿|篇文章)[^。]{0,4}(?:已|被)(?:撤回|撤稿|撤下|删除|刪除)",
)


def _words(listed: str) -> str:
    return "|".join(word.strip() for word in listed.replace("\n", "").split("|"))


_LABEL = re.compile(
    rf"^\W*(?:{_words(_LABELS)})\s*[:：|–—-]"
    rf"|[\[(【（]\s*(?:{_words(_LABELS)}|{_words(_IN_BRACKETS)})\s*[\])】）]",
    re.IGNORECASE,
)
_NOTICE = re.compile("|".join(_SENTENCES), re.IGNORECASE)


def is_retracted(headline: str, body: str) -> bool:
    """Whether an article says of itself that it was retracted."""
    return bool(_LABEL.search(headline) or _NOTICE.search(body[:NOTICE_CHARS]))


class RetractionPipeline:
    """Has an article's row say that it was retracted."""

    def process_item(self, item: Article) -> Article:
        """The article, `available` unless it says otherwise."""
        retracted = is_retracted(item.headline, item.article_body)
        return replace(item, availability="retracted") if retracted else item
