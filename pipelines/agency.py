"""The wire service that a text credits: in its byline, its dateline, or at its end.

Only where a credit stands, and in a credit's form: an article about Reuters is not from Reuters,
and what somebody "told AFP" was not written there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from crawler.items import Article

# The name in the column, and how else papers write it, as it is written: "AP" is one, "ap" none.
# Letters that mean more than one thing where a credit stands (PA, CP, AA, TT) are left out.
AGENCIES: Final[dict[str, tuple[str, ...]]] = {
    "AFP": ("Agence France-Presse", "Agence France Presse", "Agencia France-Presse"),
    "Reuters": ("REUTERS", "Reuters Staff", "Thomson Reuters", "Agence Reuters"),
    "AP": ("Associated Press", "The Associated Press", "Associated Press (AP)", "A.P."),
    "dpa": ("DPA", "dpa-infocom", "dpa-AFX", "dpa-afx", "Deutsche Presse-Agentur"),
    "UPI": ("United Press International",),
    "Bloomberg": ("Bloomberg News",),
    "PA Media": ("Press Association", "The Press Association", "PA news agency"),
    "The Canadian Press": ("Canadian Press", "La Presse Canadienne", "La Presse canadienne"),
    "AAP": ("Australian Associated Press",),
    "ANSA": ("Ansa",),
    "AGI": (),
    "Adnkronos": ("ADNKRONOS",),
    "Askanews": ("askanews",),
    "LaPresse": (),
    "EFE": ("Agencia EFE", "Efe", "Agencias EFE"),
    "Europa Press": ("EUROPA PRESS",),
    "Lusa": ("LUSA", "Agência Lusa"),
    "Agência Brasil": (),
    "Télam": ("Telam",),
    "Notimex": (),
    "Belga": ("BELGA", "Agence Belga"),
    "ANP": (),
    "APA": ("Austria Presse Agentur",),
    "Keystone-SDA": ("Keystone-ATS", "SDA", "sda", "ATS", "ats", "Keystone-SDA-ATS"),
    "AWP": ("awp",),
    "SID": ("sid", "Sport-Informations-Dienst"),
    "KNA": ("Katholische Nachrichten-Agentur",),
    "epd": ("Evangelischer Pressedienst",),
    "NTB": ("ntb",),
    "Ritzau": ("ritzau", "/ritzau/"),
    "STT": (),
    "TT Nyhetsbyrån": (),
    "PAP": (),
    "ČTK": ("CTK",),
    "MTI": (),
    "Agerpres": ("AGERPRES",),
    "Xinhua": ("XINHUA", "Chine nouvelle"),
    "TASS": ("Tass",),
    "Interfax": (),
    "Ukrinform": (),
    "Anadolu": ("Anadolu Agency", "Anadolu Ajansı", "Agence Anadolu"),
    "Kyodo": ("Kyodo News",),
    "Jiji": ("Jiji Press",),
    "Yonhap": ("Yonhap News",),
    "PTI": ("Press Trust of India",),
    "IANS": (),
}

# Blocks at either end in which a credit is looked for: a lede may stand before the dateline, a note
# or a link behind the signature.
_HEAD_BLOCKS: Final = 3
_TAIL_BLOCKS: Final = 4
# Characters of a signature: a paper's name, "with", and one or two agencies.
_SIGNATURE_MAX: Final = 80

_NAMES = {name: agency for agency, others in AGENCIES.items() for name in (agency, *others)}
_NAME = "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True))
_AGENCY = rf"(?<!\w)(?:(?i:the|die|der|l['’])\s?)?(?P<agency>{_NAME})(?!\w)"
# "dpa/lsw", "AFP, Reuters", "AFP et AP".
_OTHERS = r"(?:\s?(?:/|,|;|&|\+|-|et|and|und|y|e)\s?[\w.\-/]{1,20}){0,4}"
_WITH = (
    r"(?i:avec|with|mit|con|com|met|med|from|by|par|von|de|sources?|quellen?|fuente|fonte)\s?:?\s"
)
# The paper that signs with the agency: "Le Monde avec", "Redaktion mit".
_PAPER = r"(?:(?:[^\W\d_a-z][\w.’'-]*|(?i:le|la|les|the|der|die|das))\s){0,5}"
# "LONDON, March 3", "Rives-sur-Seuge, le 1er mars": names, numbers, months, no other words.
_PLACE_AND_DAY = (
    r"(?:(?:[^\W\d_a-z][\w.’'/-]*|\d{1,4}(?:er|\.)?|(?<=\d\s|r\s|\.\s)[^\W\d_]{3,9}\.?|"
    r"de|la|le|del|di|sur|am|upon|en|an|der|den)[,\s]\s?){0,8}"
)
_NO_CREDIT = (
    r"(?!.*(?i:phot|foto|bild|image|video|vidéo|grafi|picture|interview|entretien|gespräch))"
)

_CREDITS_AT_THE_HEAD = (
    # "PARIS (AFP) –", "Madrid, 3 mar (EFE).-", "(ANSA) - ROMA", "LONDON, March 3 (Reuters) - ".
    rf"^{_PLACE_AND_DAY}\({_AGENCY}{_OTHERS}\)\s?\.?\s?[-–—‑:]",
    # "BERLIN, dpa – ".
    rf"^{_PLACE_AND_DAY}(?<=[,/]\s){_AGENCY}\s?[–—]\s",
)
# A block that is nothing else: "— Reuters", "© 2026 AFP", "Le Monde avec AFP", "ks/dpa".
_SIGNATURE = re.compile(
    rf"^{_NO_CREDIT}[^\w©]*(?:©\s?(?:\d{{4}}\s|(?=Agence)))?(?:{_PAPER}{_WITH}|[\w.]{{1,12}}\s?/\s?)?"
    rf"{_AGENCY}{_OTHERS}(?:\s\d{{4}})?[\W_]*$"
)
_CREDITS_IN_A_PARAGRAPH = (
    # The end of the last sentence: "(AFP)", "(Le Monde, avec AFP)", "(dpa/lsw)", "(Quelle: dpa)".
    rf"[(\[]{_NO_CREDIT}\s?(?:[^()\[\]]{{0,30}}\b{_WITH})?{_AGENCY}{_OTHERS}\s?[)\]]\.?$",
    # A sentence that says so.
    rf"{_AGENCY}\s(?:[^.]{{0,40}}\s)?contributed\b[^.]{{0,30}}\bto this\b",
    rf"(?i:with (?:additional )?(?:files|reporting|material|information) (?:from|by))\s{_AGENCY}",
    rf"(?i:mit (?:material|informationen|agenturmaterial) (?:von|der|des))\s{_AGENCY}",
    rf"(?i:avec (?:des )?(?:informations|éléments) de)\s{_AGENCY}",
    rf"(?i:con (?:información|informazioni|informações) (?:de|di))\s{_AGENCY}",
)
_HEAD = tuple(map(re.compile, _CREDITS_AT_THE_HEAD))
_END = tuple(map(re.compile, _CREDITS_IN_A_PARAGRAPH))
_PARTS = re.compile(
    r"\s*(?:/|,|;|\||&|\+|©|[()]|\s[-–—]\s|\b(?:avec|with|mit|con|com|and|et|und|y|e)\b)\s*",
    re.IGNORECASE,
)


def credited_agency(authors: Sequence[str], blocks: Sequence[str]) -> str | None:
    """The agency that a byline, a dateline or a credit at the end names; None if none does.

    Of several the first. `blocks` are the paragraphs of the body.
    """
    for author in authors:
        for part in _PARTS.split(author):
            if part in _NAMES:
                return _NAMES[part]
    for block in blocks[:_HEAD_BLOCKS]:
        for credit in _HEAD:
            if found := credit.match(block):
                return _NAMES[found["agency"]]
    for block in reversed(blocks[-_TAIL_BLOCKS:]):
        if len(block) <= _SIGNATURE_MAX and (found := _SIGNATURE.match(block)):
            return _NAMES[found["agency"]]
        for credit in _END:
            if found := credit.search(block):
                return _NAMES[found["agency"]]
    return None


class AgencyPipeline:
    """Fills in `agency`."""

    def process_item(self, item: Article) -> Article:
        texts = [block.text for block in item.blocks if block.type == "paragraph"]
        agency = credited_agency(item.authors, texts or item.article_body.split("\n\n"))
        return replace(item, agency=agency) if agency else item
