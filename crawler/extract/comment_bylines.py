"""A commenter's name, and the date, out of the one line that holds both among other words.

"Posted by Ann on 3 June 2025", "Ann a dit :", "#2 Kommentar von Ann", "Ann, vor 2 Stunden", in the
languages of the large news markets.
"""

from __future__ import annotations

import re
from datetime import datetime

from crawler.extract.comment_words import MAX_LINE, WORD, is_button_line, is_comments_heading
from crawler.extract.dates import parse_date

# A name is shorter; what is longer is a sentence.
MAX_NAME = 80

_BY = (
    r"(?:posted|written|submitted|sent|soumis|comment(?:ed)?|geschrieben|verfasst|gepostet|"
    r"eingetragen|"
    r"kommentar|commentaire|message|envoyé|posté|écrit|rédigé|publié|publicado|escrito|enviado|"
    r"inviato|scritto|comentario|commento|geplaatst|reactie|dodany|beitrag)?\s*"
    r"(?:by|von|vom|par|por|di|da|door|przez|av|af|från|fra|od|auteur|author|autor|name|nom)"
)
_SAYS = (
    r"(?:says|said|writes|wrote|commented|replied|a\s+dit|dit|a\s+écrit|écrit|a\s+commenté|"
    r"a\s+répondu|"
    r"sagte?|schreibt|schrieb|meinte?|hat\s+(?:gesagt|geschrieben|kommentiert|geantwortet)|kommentierte?|antwortete?|dice|dijo|ha\s+dicho|ha\s+scritto|"
    r"scrive|ha\s+detto|disse|diz|escribió|escreveu|comentou|comentó|zegt|schreef|pisze|"
    r"napisał\(?a?\)?|"
    r"säger|skrev|sier|siger|kirjoitti|пишет|говорит|написал\(?а?\)?|diyor ki|さん)"
)
_LEADING = re.compile(rf"^\s*(?:#?\d{{1,4}}\s*[.):]?\s+)?(?:{_BY}\s*:?\s+)?", re.IGNORECASE)
_AFTER_BY = re.compile(
    rf"(?:^(?:#?\d+\W+)?|[,|·»:–-]\s*|\d\s+){_BY}\s*:?\s+(?P<name>.+)$", re.IGNORECASE
)
_BEFORE_SAYS = re.compile(rf"^(?P<name>.{{1,80}}?)\s*\b{_SAYS}(?:\W|$)", re.IGNORECASE)
_ENDS_IN_SAYS = re.compile(rf"(?:^|\s){_SAYS}\s*[:：…]*\s*$", re.IGNORECASE)
_PREPOSITIONS = re.compile(
    r"(?:^|[\s,])(?:on|at|am|um|vom|le|à|el|il|alle|a\s+las|em|às|op|om|den|the|dnia|o|datum|date|"
    r"data|fecha|dato)\s*:?\s*$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"[\s,]*\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun|mo|di|mi|do|fr|sa|so|mon|diens|"
    r"donners|frei|sams|sonn|lun|mar|mer|jeu|ven|sam|dim|lunes|martes|miércoles|jueves|viernes|"
    r"sábado|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|mittwoch|sonnabend|"
    r"lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|segunda|terça|quarta|quinta|sexta)"
    r"(?:day|tag)?[.,]?\s*$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?P<iso>(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?)"
    r"|(?<!\d)(?P<a>\d{1,2})(?P<separator>[./-])\s?(?P<b>\d{1,2})(?P=separator)\s?"
    r"(?P<year>(?:19|20)\d\d|\d\d)(?!\d)"
    r"|(?P<cjk>(?:19|20)\d\d\s?[年년./]\s?\d{1,2}\s?[月월./]\s?\d{1,2}\s?[日일]?)"
    r"|(?P<words>(?<!\d)\d{1,2}(?:st|nd|rd|th|er|º|"
    r"\.)?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:del?\s+)?"
    r"(?:19|20)\d\d|\b[^\W\d_]{3,10}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d)",
)
_DIGIT = re.compile(r"\d")
# How long ago, in words: no moment without the page's own, but a sign that a date stands there.
_ONE = r"(?:\d+|an?|one|ein(?:er|em|e)?|une?|uma?|una|een|en|ett?|wenigen|quelques|few)"
_AGO = re.compile(
    rf"(?:\b{_ONE}\s+(?:\w+\s+){{1,2}}"
    r"(?:ago|fa|temu|geleden|siden|sedan|назад|тому|önce|sitten|atrás)\b"
    rf"|(?:vor|hace|há|před)\s+{_ONE}\s+\w+|\bil\s+y\s+a\s+(?:environ\s+)?{_ONE}\s+\w+"
    r"|\d+\s?(?:秒|分|分钟|分鐘|時間|小时|小時|日|天|[ヶか]月|个月|個月|年|시간|분|일)\s?[前전]"
    r"|^\d{1,3}\s?(?:s|m|min|h|hrs?|d|w|wks?|mo|y|yrs?|std|tg|j|sem)\.?)(?=\s*(?:$|[|·•,(\[–—-]))",
    re.IGNORECASE,
)
# A line that says how long ago is hardly longer than that and a name.
_MAX_AGO = 60
# So many words stand around the date of one who signs; a sentence goes on after it.
_MAX_BESIDE_DATE = 12
_GOES_ON = re.compile(r"[.?!]\s+[^\W\d]")
_BADGE = re.compile(
    r"(?<=\S)\s+[(\[]?(?:post author|author|beitragsautor(?:in)?|autor(?:in)?|auteur|admin|"
    r"moderator|op|edited|"
    r"not verified|nicht überprüft|non vérifié|niet gecontroleerd|no verificado|non verificato|"
    r"niezweryfikowany|visitante|visiteur|subscriber|abonné|abonnent(?:in)?)[)\]]?$",
    re.IGNORECASE,
)
# A line of these is about the comment's history, and names nobody, or an editor.
_NOBODY = re.compile(
    r"(?:last )?(?:edited|bearbeitet|modifié|editado|posted|liked|pinned)\b", re.IGNORECASE
)
_AT_TIME = re.compile(
    r"(?<=\S)\s+(?:at|um|à|alle|a las|às|om|o|kl\.?)\s+\d{1,2}\s?[:.h]\s?\d\d.*$", re.IGNORECASE
)
# A day without its year, and the hour: "Ann on Sep 21, 3:29 PM".
_THIS_YEAR = re.compile(
    r"(?:^|\s+)(?:on|am|le|el|il|em|op|den)\s+(?:[^\W\d_]{3,10}\.?\s+\d{1,2}|\d{1,2}\.?\s+"
    r"[^\W\d_]{3,10}\.?),?\s+(?:\w{1,2}\s+)?\d{1,2}\s?[:.h]\s?\d\d(?!\d).*$",
    re.IGNORECASE,
)
_RATING = re.compile(r"(?<=\S)\s+\d{1,2}(?:[.,]\d)?\s?/\s?\d{1,3}$")
_CLOCK = re.compile(
    r"^\W{0,4}(?:(?:at|um|à|alle|ore|a\s+las|às|kl|klo|om|o|godz|-|–|,)\W{0,3}){0,2}"
    r"(\d{1,2})\s?(?:[:h.])\s?(\d\d)(?::\d\d)?\s*(?:([ap])\.?m\b\.?|uhr|h\b)?"
    r"(?:\s?\(?(?-i:[ACEMP][SD]T|AES?T|BST|CES?T|GMT|IST|JST|MES?Z|MSK|UTC)\b\)?)?",
    re.IGNORECASE,
)
_MONTH_FIRST = frozenset({"en", "en-us", "en-ph"})
_EDGES = " \u00a0,;:|·•–—→»«"


def has_date(text: str) -> bool:
    """Whether a short text holds a calendar date."""
    return len(text) <= MAX_LINE and bool(_DIGIT.search(text)) and bool(_DATE.search(text))


def has_moment(text: str) -> bool:
    """Whether a short line holds a calendar date, or says how long ago."""
    if has_date(text):
        return True
    text = text.strip()
    return len(text) <= _MAX_AGO and text[-1:] not in ".!?" and _AGO.search(text) is not None


def is_dateline(text: str) -> bool:
    """Whether a line is there for its date, and is no sentence that mentions one."""
    if not has_moment(text):
        return False
    match = _DATE.search(text)
    if match is None:
        return True
    after = text[match.end() :]
    around = text[: match.start()] + after
    return not _GOES_ON.search(after) and len(WORD.findall(around)) <= _MAX_BESIDE_DATE


def is_byline(text: str) -> bool:
    """Whether a line ends where it has said who speaks: "Ann sagt:"."""
    return len(text) <= MAX_NAME and _ENDS_IN_SAYS.search(text) is not None


def date_in(text: str, language: str | None) -> datetime | None:
    """Return the moment that a line names among other words, None where it names none."""
    match = _DATE.search(text) if len(text) <= MAX_LINE else None
    if match is None:
        return None
    clock = _CLOCK.match(text[match.end() :])
    if match["iso"]:
        return parse_date(match["iso"])
    if match["words"]:
        said = match["words"]
        if clock:
            said += f" {clock[1]}:{clock[2]} {clock[3] or ''}{'m' if clock[3] else ''}".rstrip()
        return parse_date(said, language)
    if match["cjk"]:
        year, month, day = re.findall(r"\d+", match["cjk"])
    else:
        year, (month, day) = match["year"], _month_and_day(match, language)
    iso = f"{int(year) + (2000 if len(year) == 2 else 0)}-{int(month):02}-{int(day):02}"
    return parse_date(iso + _iso_clock(clock)) or parse_date(iso)


def _month_and_day(match: re.Match[str], language: str | None) -> tuple[str, str]:
    """Dots are day first everywhere; slashes and dashes as the language has it."""
    first, second = match["a"], match["b"]
    month_first = match["separator"] != "." and (language or "").lower() in _MONTH_FIRST
    if int(second) > 12 or (month_first and int(first) <= 12):
        return first, second
    return second, first


def _iso_clock(clock: re.Match[str] | None) -> str:
    if clock is None:
        return ""
    hour = (
        int(clock[1]) % 12 + (12 if clock[3].lower() == "p" else 0) if clock[3] else int(clock[1])
    )
    return f"T{hour:02}:{clock[2]}"


def name_in(text: str, *, bare: bool = True) -> str | None:
    """Return the commenter that a line names, without "says", "von" or the date beside it.

    Where `bare` is False, only a line that says so ("by …", "… wrote") names anybody.
    """
    text = text.strip()
    if not text or len(text) > MAX_LINE or is_comments_heading(text):
        return None
    if _NOBODY.match(text) and not _AFTER_BY.match(text):
        return None
    if said := _BEFORE_SAYS.match(text):
        return _trimmed(_LEADING.sub("", _before_date(said["name"])))
    if by := _AFTER_BY.search(text):
        return _trimmed(_before_date(by["name"]))
    return _trimmed(_LEADING.sub("", _before_date(text))) if bare else None


def name_beside(text: str) -> str | None:
    """Return the name that stands beside a date which was taken out: "Ann, am" → Ann."""
    name = name_in(_PREPOSITIONS.sub("", text.strip()))
    return None if name is None or is_button_line(name) else name


def _before_date(text: str) -> str:
    match = _DATE.search(text) or (_AGO.search(text) if len(text) <= _MAX_AGO else None)
    if match is None:
        return text
    before = _WEEKDAY.sub("", _PREPOSITIONS.sub("", text[: match.start()].rstrip(" ,|·•–-(")))
    if WORD.search(_LEADING.sub("", before)):
        return _PREPOSITIONS.sub("", before)
    rest = text[match.end() :]
    clock = _CLOCK.match(rest)
    return rest[clock.end() :] if clock else rest


def _trimmed(text: str) -> str | None:
    name = re.split(r"\s[·•]\s|\s{3,}", text.strip(_EDGES))[0].strip(_EDGES)
    name = _AT_TIME.sub("", _THIS_YEAR.sub("", name))
    name = _RATING.sub("", _BADGE.sub("", name)).strip(_EDGES)
    if _NOBODY.fullmatch(name):
        return None
    return name if 0 < len(name) <= MAX_NAME and any(map(str.isalnum, name)) else None
