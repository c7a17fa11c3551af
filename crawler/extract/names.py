"""Names out of bylines: people and desks, without "By", roles, dates and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.extract.dates import DAY_IN_WORDS, MONTHS
from crawler.extract.document import collapse

_DONE_BY = (
    r"(?:(?:written|posted|published|created|reviewed|edited|authored)(?:\s+on\s.*)?|story|article|"
    r"text|words|report|opinion|analysis|interview|view all posts|all posts)"
)
_BY = re.compile(
    rf"^\W*(?:{_DONE_BY}\s+by|by|par|von|por|di|door|av|af|fra|from|de|"
    r"(?:erstellt|veröffentlicht|geschrieben|verfasst|ein\s+(?:gast)?beitrag|ein\s+artikel)\s+von|"
    r"(?:écrit|publié|rédigé|propos\s+recueillis)\s+par|(?:escrito|publicado)\s+por|scritto\s+da|"
    r"a\s+cura\s+di|"
    r"(?:authors?|autor(?:in|en|es)?|auteurs?|autore|textes?|text|tekst|by|von|interview|words)"
    r"\s*(?=:))(?::|\s)\s*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:,|;|\||·|•|\n|&|\s/|/\s)\s*")
# What joins two people, or the two halves of one credit: "Staff and news services", "ks/dpa".
_JOINT = re.compile(r"\s(?:and|et|und|y|e|en|og|och|oraz|with|avec|mit|con)\s|/")
_DASH = re.compile(r"\s[-–—]\s")
_ADDRESS = re.compile(r"\S*(?:https?:|www\.|@)\S*")
_NOT_A_NAME = re.compile(
    r"©|"
    r"\d{3,}|\d[:.h]\d|^\W*\d+\W*$|^(?:(?:wordpress ?)?admin|administrator|editor|staff|guest|"
    r"user|authors?|unknown|null|none|undefined|anonymous|root|webmaster|follow|updated?|published|share|by|von|par|autor(?:in)?|"
    r"auteur|text|interview|sponsored|beitrag|article|paid|posted|on|in|more|read more|"
    r"facebook|twitter|linkedin|"
    r"(?:publiziert|veröffentlicht|written|posted|published|updated) (?:am|on|by|at)|"
    r"(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:lun|mar|mercre|jeu|vendre|same)di|"
    r"dimanche|lunes|martes|miércoles|jueves|viernes)$|\bmin(?:ute)?s? read\b",
    re.IGNORECASE,
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
# Letters after a name, and the reporter's title that Korean and Japanese papers put there.
_CREDENTIAL = re.compile(
    r"^(?:RN|BSN|MSN|MD|M\.D\.|DO|PhD|Ph\.D\.?|MPH|MBA|MSc?|MA|BA|JD|CPA|CFP|CFA|LCSW|RDN?|DDS|"
    r"PsyD|NP|DVM|Esq\.?|Jr\.?|Sr\.?|II|III)$"
)
_TITLE_BEHIND = re.compile(r"\s*(?:기자|특파원|記者)$")
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
# Longer than any name; a byline's sentence is no author.
MAX_NAME = 60
MAX_NAME_WORDS = 6


def clean_names(values: Iterable[str], site: str = "") -> tuple[str, ...]:
    """Return the names in bylines, in order, each once; `site` is the publisher's own name."""
    kept: dict[str, str] = {}
    for value in values:
        byline = collapse(_ADDRESS.sub(" ", value.replace("\n", " | ")).replace("\xa0", " "))
        for credit in _SEPARATOR.split(_without_by(DAY_IN_WORDS.sub(" | ", byline))):
            for name in _parted(credit, site):
                if 1 < len(name) <= MAX_NAME and not _is_no_name(name):
                    kept.setdefault(name.casefold(), name)
    if len(kept) > 1:
        kept.pop(site.casefold(), None)
    return _only_people(tuple(kept.values()))


def _parted(credit: str, site: str) -> list[str]:
    """The names in one credit; desks and agencies that sign together are one, as they sign.

    So are initials with a slash between them.
    """
    parts = [_trimmed(part) for part in _JOINT.split(_LAST_JOINT.sub("", credit))]
    if len(parts) == 1:
        return parts
    own = [part.casefold() == site.casefold() or bool(_NOT_A_NAME.search(part)) for part in parts]
    if any(own) and all(mine or _is_desk(part) for mine, part in zip(own, parts, strict=True)):
        return [_trimmed(credit)]
    if "/" in credit and all(" " not in part for part in parts):
        return [_trimmed(credit)]
    return parts


def _trimmed(credit: str) -> str:
    name = _PARENTHESES.sub("", _without_by(credit)).strip(" .:-–—|\t✉*∙>»«")
    name = _ROLE_BEFORE.sub("", _TITLE_BEHIND.sub("", name))
    first = _DASH.split(name, maxsplit=1)[0]
    return first if " " in first and looks_like_name(first) else name


def _is_no_name(name: str) -> bool:
    day = _DAY.match(name)
    if day and day[0] != day[1] and day[1].lower() in MONTHS:
        return True
    return any(refuse(name) for refuse in (_NOT_A_NAME.search, _ROLE.match, _CREDENTIAL.match))


def _is_desk(name: str) -> bool:
    """Whether a name is no person's: an agency's letters, or words without capitals."""
    return (name.isupper() and " " not in name) or name.islower()


def _only_people(names: tuple[str, ...]) -> tuple[str, ...]:
    """Without the work of those named beside them, and without parts of a name said in whole."""
    words = [frozenset(name.casefold().split()) for name in names]
    people = tuple(
        name
        for name, own in zip(names, words, strict=True)
        if name.casefold().split()[-1] not in _WORK and not any(own < other for other in words)
    )
    return people or names


def looks_like_name(name: str) -> bool:
    """Whether a text may be someone's name: few words, each with a capital but the particles."""
    if any(char.isdigit() or char in ":»…" for char in name):
        return False
    words = [word for word in (w.strip("'’\"(") for w in name.split()) if word]
    if not 0 < len(words) <= MAX_NAME_WORDS or name[-1] in "?!…:":
        return False
    return len(words) == 1 or all(w in _PARTICLES or not w[0].islower() for w in words)


def opens_with_by(text: str) -> bool:
    """Whether a line begins as bylines do."""
    return bool(_BY.match(text))


def _without_by(text: str) -> str:
    return _BY.sub("", text)
