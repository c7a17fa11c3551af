"""Names out of bylines: people and desks, without "By", roles, dates and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawler.extract.credit_words import EDITOR_LABELS, NO_AUTHORS, WRITER_LABELS
from crawler.extract.dates import DAY_IN_WORDS, MONTHS
from crawler.extract.document import collapse
from crawler.extract.furniture_words import is_furniture_worded
from crawler.extract.scripts import is_wide

_DONE_BY = (
    r"(?:(?:written|posted|published|created|reviewed|edited|authored)(?:\s+on\s.*)?|story|article|"
    r"text|words|report|opinion|analysis|interview|view all posts|all posts)"
)
_BY = re.compile(
    rf"^\W*(?:{_DONE_BY}\s+by|by|par|von|por|di|door|av|af|fra|from|de|"
    r"(?:erstellt|veröffentlicht|publiziert|gepostet|geschrieben|verfasst|"
    r"(?:ein\s+)?(?:(?:gast)?beitrag|artikel)|bericht|text|interview|tipps)\s+von|"
    r"(?:écrit|publié|posté|rédigé|article|texte|propos\s+recueillis)\s+par|"
    r"(?:escrito|publicado|texto|artículo)\s+por|(?:scritto|pubblicato)\s+da|articolo\s+di|"
    r"a\s+cura\s+di|(?:geschreven|gepubliceerd)\s+door|(?:skrevet|skriven|publisert)\s+av|"
    r"(?:authors?|autor(?:in|en|es)?|auteurs?|autore|textes?|text|tekst|by|von|interview|words)"
    r"\s*(?=:))(?::|\s)\s*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:,|;|\||·|•|\n|&(?!\s?Co\b)|、|\s/|/\s)\s*")
# Who wrote with the one named before, in brackets.
_BESIDE = re.compile(
    r"\s*[(\[]\s*(?:with|and|avec|et|mit|und|con|y|com|e|med|og|och|met|en)\s+([^)\]]{0,120})[)\]]",
    re.IGNORECASE,
)
# Who did what, in scripts that say so with a label: "作者：李明 责任编辑：王芳".
_LABELLED = re.compile(r"(?:^|(?<=[\s\]】）)]))([^\W\d_]{1,6})\s?[:：／]\s*|^(文)\s?/\s?")
# What ends a label, and how far into a line it may stand.
_MARKS = re.compile(r"[:：／/]")
MAX_LABEL = 20
# What joins two people, or the two halves of one credit: "Staff and news services", "ks/dpa".
_JOINT = re.compile(r"\s(?:and|et|und|y|e|en|og|och|oraz|with|avec|mit|con)\s|/")
_DASH = re.compile(r"\s[-–—]\s")
_ADDRESS = re.compile(r"\S*(?:https?:|www\.|@)\S*")
_NOT_A_NAME = re.compile(
    r"©|--|^copyright\b|\d{3,}|\d[:.h]\d|^\W*\d+\W*$|\bmin(?:ute)?s? read\b", re.IGNORECASE
)
# The same before the last of several that commas part: "Ann Lee, Bo Day, and Cy Hall".
_LAST_JOINT = re.compile(r"^(?:and|et|und|och|oraz)\s+(?=\S+\s)", re.IGNORECASE)
# A month and a day, as they are left where a byline's date is cut at its comma.
_DAY = re.compile(r"^(?:\d{1,2}\.? )?([^\W\d_]{3,9})\.?(?: \d{1,2}(?:st|nd|rd|th)?)?$")
_ROLE = re.compile(
    r"^(?:(?:senior|chief|staff|deputy|political|associate|contributing|managing|executive|news|"
    r"web|guest|freelance|founder and|co-?founder) )*"
    r"(?:editor|reporter|correspondent|writer|journalist|contributor|columnist|producer|photographer|"
    r"founder|ceo|redakteur(?:in)?|journaliste|rédact(?:eur|rice)|redactor|reporterin)\b.*$",
    re.IGNORECASE,
)
# A role before the name of a person, which has two words or more.
_ROLE_BEFORE = re.compile(
    r"^(?:\S+[- ])?(?i:editor|reporter|correspondent|columnist|journalist(?:in)?|redakteur(?:in)?|"
    r"reporterin|korrespondent(?:in)?|(?:gast)?autor(?:in)?|expert(?:e|in)|journaliste)\s+"
    r"(?!(?:In|At|Of|For|And)\b)(?=[^\W\d_a-z]\S* [^\W\d_a-z])"
)
# The text of a link to someone's page: "More about Ann Lee".
_ABOUT = re.compile(
    r"^(?:(?i:(?:more|all posts|all articles) (?:about|from|by)|mehr (?:über|von)|"
    r"view all posts by|plus sur|más sobre|mais sobre|altro su|meer over)\s+|"
    r"(?:About|Über)\s+)(?=[^\W\d_a-z])"
)
# Letters after a name, and the reporter's title that Korean and Japanese papers put there.
_CREDENTIAL = re.compile(
    r"^(?:RN|BSN|MSN|MD|M\.D\.|DO|PhD|Ph\.D\.?|MPH|MBA|MSc?|MA|BA|JD|CPA|CFP|CFA|LCSW|RDN?|DDS|"
    r"PsyD|NP|DVM|Esq\.?|Jr\.?|Sr\.?|II|III)$"
)
_TITLE_BEHIND = re.compile(r"\s*(?:기자|특파원|記者)$")
# "A paper's reporters Li Ming Wang Fang", each name of two to four characters.
_REPORTER = re.compile(
    r"^\S{0,8}(?:记者|記者|通讯员|通訊員|实习生)\s+(?=[\u3400-\u9fff]{2,4}(?:\s|$))"
)
_PERSON = re.compile(r"[\u3400-\u9fff]{2,4}")
_TITLE_AND_FIELD = re.compile(
    r"(?<=[가-힣]{2})(?:\s[가-힣]+)?\s(?:칼럼니스트|논설위원|편집위원|평론가|교수|작가|에디터|"
    r"(?:선임|전문|객원|인턴)기자)$"
)
# A correspondent's post after the name.
_POST_BEHIND = re.compile(
    r"(?<=\S)\s+(?i:envoyée?s? spécia(?:l|le|ux|les)|(?:special|staff|foreign) correspondents?|"
    r"correspondante?s?|enviad[oa]s? especial(?:es)?|corresponsal(?:es)?|inviat[oi]|"
    r"correspondente|staff (?:writer|reporter)s?)\b.*$"
)
_PARENTHESES = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$")
# Words of a name that are written small.
_PARTICLES = frozenset({
    "von", "van", "der", "den", "de", "del", "della", "di", "da", "do", "dos", "das", "du", "la",
    "le", "the", "el", "al", "bin", "ibn", "ben", "ter", "ten", "zu", "zum", "af", "av",
})  # fmt: skip
# What a part of a byline ends in that is somebody's work, not somebody.
_WORK = frozenset({
    "editor", "editors", "reporter", "correspondent", "writer", "journalist", "contributor",
    "columnist", "director", "manager", "consultant", "specialist", "educator", "educators",
    "staff", "author", "founder", "ceo", "officer", "president", "professor", "lecturer", "coach",
    "expert", "analyst", "strategist", "grader", "engineer", "producer", "photographer",
    "redakteur", "redakteurin", "reporterin", "autor", "autorin", "journaliste", "horticulturalist",
    "physician", "dietitian", "therapist", "attorney", "designer", "marketer",
})  # fmt: skip
_WIDE_WORK = re.compile(
    r"..(?:院长|院長|教授|主任|研究员|研究員|记者|記者|编辑|編輯|主编|總編|评论员|評論員|作家|学者|學者|博士|"
    r"委员|委員|所长|所長|董事长|总裁|会长|秘书长|編集長|교수|기자|연구원|위원)$"
)
# Longer than any name; a byline's sentence is no author.
MAX_NAME = 60
MAX_NAME_WORDS = 6
# More than a hundred authors of one story; what is longer is text in the wrong place.
MAX_CREDITS = 4_000
_LAST_LATIN = "\u024f"
# In Chinese, Japanese and Korean, where a name transcribed from another script has fewer.
MAX_WIDE_NAME = 20


def clean_names(values: Iterable[str], site: str = "") -> tuple[str, ...]:
    """Return the names in bylines, in order, each once; `site` is the publisher's own name."""
    kept: dict[str, str] = {}
    editors: dict[str, str] = {}
    for value in (text[:MAX_CREDITS] for text in values):
        byline = collapse(_ADDRESS.sub(" ", value.replace("\n", " | ")).replace("\xa0", " "))
        if byline and byline.casefold() == site.casefold():
            kept.setdefault(byline.casefold(), byline)
            continue
        dated = DAY_IN_WORDS.sub(" | ", _BESIDE.sub(r", \1", byline))
        for credit in _SEPARATOR.split(_without_by(dated)):
            for label, text in _labelled(credit):
                signed = editors if label in EDITOR_LABELS else kept
                for name in _abreast(text, signed=bool(label)) or _parted(text, site):
                    if 1 < len(name) <= MAX_NAME and not _is_no_name(name):
                        signed.setdefault(name.casefold(), name)
    kept = kept or editors
    if len(kept) > 1:
        kept.pop(site.casefold(), None)
    return _only_people(tuple(kept.values()))


def _labelled(credit: str) -> Iterator[tuple[str, str]]:
    """The parts of a credit under their labels; what is labelled as no person's is left out.

    In Latin letters a word before a colon may be anything, and only our labels are ones.
    """
    found = _LABELLED.finditer(credit) if _MARKS.search(credit) else ()
    marks = [mark for mark in found if _is_label(_label(mark))]
    if not marks:
        yield "", credit
        return
    if before := credit[: marks[0].start()].strip():
        yield "", before
    ends = [mark.start() for mark in marks[1:]] + [len(credit)]
    for mark, end in zip(marks, ends, strict=True):
        if (label := _label(mark)) in WRITER_LABELS or label in EDITOR_LABELS:
            yield label, credit[mark.end() : end].strip()


def _abreast(text: str, *, signed: bool) -> list[str]:
    """The Chinese names that a label, or the word for a reporter, stands before; else none."""
    people = _REPORTER.sub("", text)
    names = people.split() if signed or people != text else []
    return names if all(map(_PERSON.fullmatch, names)) else []


def _label(mark: re.Match[str]) -> str:
    return (mark[1] or mark[2]).casefold()


def _is_label(word: str) -> bool:
    return word[0] > _LAST_LATIN or word in WRITER_LABELS or word in EDITOR_LABELS


def _parted(credit: str, site: str) -> list[str]:
    """The names in one credit; desks and agencies that sign together are one, as they sign.

    So are initials with a slash between them.
    """
    parts = [_trimmed(part) for part in _JOINT.split(_LAST_JOINT.sub("", credit))]
    if len(parts) == 1:
        return parts
    own = [part.casefold() == site.casefold() or _is_nobody(part) for part in parts]
    if any(own) and all(mine or _is_desk(part) for mine, part in zip(own, parts, strict=True)):
        return [_trimmed(credit)]
    if "/" in credit and all(" " not in part for part in parts):
        return [_trimmed(credit)]
    return parts


def _trimmed(credit: str) -> str:
    name = _PARENTHESES.sub("", _without_by(credit)).strip(" .:-–—|\t✉*∙>»«")
    name = _ABOUT.sub("", name)
    name = _ROLE_BEFORE.sub("", _TITLE_BEHIND.sub("", _TITLE_AND_FIELD.sub("", name)))
    name = _POST_BEHIND.sub("", name)
    first = _DASH.split(name, maxsplit=1)[0]
    return first if " " in first and looks_like_name(first) else name


def _is_no_name(name: str) -> bool:
    day = _DAY.match(name)
    if day and day[0] != day[1] and day[1].lower() in MONTHS:
        return True
    return _is_nobody(name) or bool(_ROLE.match(name) or _CREDENTIAL.match(name))


def _is_nobody(name: str) -> bool:
    lower = name.casefold()
    return lower in NO_AUTHORS or is_furniture_worded(lower) or bool(_NOT_A_NAME.search(name))


def _is_desk(name: str) -> bool:
    """Whether a name is no person's: an agency's letters, or words without capitals."""
    return (name.isupper() and " " not in name) or name.islower()


def _only_people(names: tuple[str, ...]) -> tuple[str, ...]:
    """Without the work of those named beside them, and without parts of a name said in whole."""
    words = [frozenset(name.casefold().split()) for name in names]
    people = tuple(
        name
        for name, own in zip(names, words, strict=True)
        if not (name.casefold().split()[-1] in _WORK or _WIDE_WORK.search(name))
        and not any(own < other for other in words)
    )
    return people or names


def looks_like_name(name: str) -> bool:
    """Whether a text may be someone's name: few words, each with a capital but the particles."""
    if any(char.isdigit() or char in ":»…：，。！？《" for char in name):
        return False
    if is_wide(name) and ("-" in name or len(name) > MAX_WIDE_NAME):
        return False
    words = [word for word in (w.strip("'’\"(") for w in name.split()) if word]
    if not 0 < len(words) <= MAX_NAME_WORDS or name[-1] in "?!…:":
        return False
    return len(words) == 1 or all(w in _PARTICLES or not w[0].islower() for w in words)


def is_person(name: str) -> bool:
    """Whether a name is written as people's are: two words, or in a script without spaces."""
    return " " in name or is_wide(name)


def opens_with_by(text: str) -> bool:
    """Whether a line begins as bylines do."""
    if _BY.match(text):
        return True
    label = _LABELLED.match(text) if _MARKS.search(text, 0, MAX_LABEL) else None
    return label is not None and _label(label) in WRITER_LABELS


def is_by_alone(text: str) -> bool:
    """Whether a text is the "By" of a byline, and nothing else."""
    return not _without_by(f"{text} ")


def _without_by(text: str) -> str:
    return _BY.sub("", text)
