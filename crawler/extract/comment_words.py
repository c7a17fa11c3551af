"""Words around a comment in the languages of the large news markets: headings, names, buttons.

A commenter's name comes out of "Posted by Ann on 3 June 2025", "Ann a dit :" or "#2 Kommentar von
Ann"; a date out of the same line; a line of buttons is known as one.
"""

from __future__ import annotations

import re
from datetime import datetime

from crawler.extract.dates import parse_date

# A name is shorter; what is longer is a sentence.
MAX_NAME = 80
# A line that gives a name and a date is shorter.
MAX_LINE = 140


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMENTS = _words(
    """
    comment comments commentaire commentaires kommentar kommentare kommentarer comentario
    comentarios comentário comentários commento commenti reactie reacties komentarz
    komentarze komentarzy kommentit kommentti yorum yorumlar комментарии комментарий
    комментариев коментарі コメント 评论 評論 留言 댓글 تعليقات التعليقات σχόλια komentáře komentář
    hozzászólások comentarii bình_luận ความคิดเห็น leserkommentare responses réactions
    reaktionen reacciones opiniones discussion diskussion discusión discussione thoughts
    réponses antworten reageren
    """
)
# What may stand beside the word in a heading: "3 Comments on …" is cut at the colon or the dash.
_BESIDE = _words(
    """
    reader readers user all your the our latest zum artikel diesem beitrag thema vos les de
    des tous article lecteurs internautes to on this post story der leser dei lettori los
    dos para in alle zu und and et y e responses réactions reactions lezers about thoughts
    über articolo artículo artigo noticia notícia
    """
)
_COMMENTS_AND_BESIDE = _COMMENTS | _BESIDE
# What follows in a heading is the story's title: "3 comments on: …".
_ASIDE = re.compile(r"[:–—„«“\"]")
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
    r"sagte?|schreibt|schrieb|meinte?|kommentierte?|antwortete?|dice|dijo|ha\s+dicho|ha\s+scritto|"
    r"scrive|ha\s+detto|disse|diz|escribió|escreveu|comentou|comentó|zegt|schreef|pisze|"
    r"napisał\(?a?\)?|"
    r"säger|skrev|sier|siger|kirjoitti|пишет|говорит|написал\(?а?\)?|diyor ki|さん)"
)
_LEADING = re.compile(rf"^\s*(?:#?\d{{1,4}}\s*[.):]?\s+)?(?:{_BY}\s*:?\s+)?", re.IGNORECASE)
_AFTER_BY = re.compile(
    rf"(?:^(?:#?\d+\W+)?|[,|·»:–-]\s*|\d\s+){_BY}\s*:?\s+(?P<name>.+)$", re.IGNORECASE
)
_BEFORE_SAYS = re.compile(rf"^(?P<name>.{{1,80}}?)\s*\b{_SAYS}(?:\W|$)", re.IGNORECASE)
_PREPOSITIONS = re.compile(
    r"(?:^|[\s,])(?:on|at|am|um|vom|le|à|el|il|alle|a\s+las|em|às|op|om|den|the|dnia|o)\s*$",
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
_CLOCK = re.compile(
    r"^\W{0,4}(?:(?:at|um|à|alle|ore|a\s+las|às|kl|klo|om|o|godz|-|–|,)\W{0,3}){0,2}"
    r"(\d{1,2})\s?(?:[:h.])\s?(\d\d)(?::\d\d)?\s*(?:([ap])\.?m\b\.?|uhr|h\b)?",
    re.IGNORECASE,
)
_MONTH_FIRST = frozenset({"en", "en-us", "en-ph"})
_BUTTONS = _words(
    """
    reply replies répondre antworten antwort responder rispondi reageer beantwoorden
    odpowiedz svara svar svare vastaa ответить 返信 回复 回覆 답글 yanıtla cevapla report melden
    signaler denunciar segnala zgłoś quote zitieren citer citar cita cite share teilen
    partager compartir condividi like likes gefällt aime gusta piace permalink link edit
    delete löschen bearbeiten supprimer modifier loading more less mehr weniger login
    einloggen connectez-vous vote votes upvote downvote recommend recommended flag
    missbrauch alerter hide collapse expand gostei curtir accedi direktlink copy
    """
)
_BESIDE_BUTTONS = _words(
    """
    j’aime j'aime me mi mir das log in to up down abuse abus diesen auf kommentar this
    comment ce commentaire au message à un responses answer show view inappropriate per pour
    zum follow your a as it full add
    """
)
_EDGES = " \u00a0,;:|·•–—→»«"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NOTICE = re.compile(
    r"^\W*(?:(?:your|this) comment (?:is|was|has been|will be)|(?:dein|ihr|der|dieser) kommentar "
    r"(?:wartet|wird|wurde)|(?:votre|ce) commentaire (?:est|a été|sera)|(?:tu|su|este) comentario "
    r"(?:está|ha sido|será)|il tuo commento|(?:o )?seu comentário|je reactie (?:wacht|"
    r"is))\b.{0,120}$",
    re.IGNORECASE,
)


def is_comments_heading(text: str) -> bool:
    """Whether a short text says that comments follow: "3 Kommentare", "Vos réactions (5)"."""
    if len(text) > MAX_LINE:
        return False
    words = _WORD.findall(_ASIDE.split(text, maxsplit=1)[0].casefold())
    if _COMMENTS.isdisjoint(words):
        return False
    named = sum(word in _COMMENTS for word in words)
    return len(words) <= named + 6 and _COMMENTS_AND_BESIDE.issuperset(words[:4])


def is_button_line(text: str) -> bool:
    """Whether a line is "Reply", "Signaler un abus · 3" or a notice about moderation."""
    words = _WORD.findall(text)
    if len(words) > 8:
        return bool(_NOTICE.match(text)) if len(text) <= MAX_LINE else False
    folded = {word.casefold() for word in words}
    if folded <= _BUTTONS | _BESIDE_BUTTONS and (folded & _BUTTONS or not folded):
        return True
    return bool(_NOTICE.match(text))


def has_date(text: str) -> bool:
    """Whether a short text holds a calendar date."""
    return len(text) <= MAX_LINE and bool(_DIGIT.search(text)) and bool(_DATE.search(text))


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
    match = _DATE.search(text)
    if match is None:
        return text
    before = _WEEKDAY.sub("", _PREPOSITIONS.sub("", text[: match.start()].rstrip(" ,|·•–-(")))
    if _WORD.search(_LEADING.sub("", before)):
        return _PREPOSITIONS.sub("", before)
    rest = text[match.end() :]
    clock = _CLOCK.match(rest)
    return rest[clock.end() :] if clock else rest


def _trimmed(text: str) -> str | None:
    name = re.split(r"\s[·•]\s|\s{3,}", text.strip(_EDGES))[0].strip(_EDGES)
    return name if 0 < len(name) <= MAX_NAME and any(map(str.isalnum, name)) else None
