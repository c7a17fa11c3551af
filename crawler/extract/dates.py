"""Dates as publishers write them, machine-made or in words, to aware datetimes.

The page's own offset is kept; no zone means UTC; a date that is impossible, too old for the web
or in the future is None, never a guess.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

# The web's first pages; what claims to be older is a template's default (1970-01-01 and kin).
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Clocks differ and zones are left out: up to this much ahead of now is still "now".
CLOCK_SKEW = timedelta(hours=26)

_OFFSET = re.compile(r"(?<=\d)\s*([+-]\d\d):?(\d\d)$")
_ISO = re.compile(r"^\d{4}-?\d\d-?\d\d")
_RFC_2822 = re.compile(r"^(?:[A-Za-z]{3},\s*)?\d{1,2}\s[A-Za-z]{3}\s\d{4}\s\d\d:\d\d")
_FRACTION = re.compile(r"(\.\d{6})\d+")
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)")
# With the section between: /2010/POLITICS/08/13/.
_PARTED_IN_URL = re.compile(
    r"/((?:19|20)\d\d)/[A-Za-z][\w.-]{1,30}/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?=/)"
)
# In a file's name, as public offices' systems set it: /t20250603_693227.shtml.
_FILE_IN_URL = re.compile(r"/[a-z]?(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[_-]\d+\.[a-z]+$")
# In one run of digits, between slashes or before the hour: /20250603/, /A2025060314320005196.
_RUN_IN_URL = re.compile(
    r"(?:/|(?<!\d)(?=\d{12}))(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
    r"(?:/|(?:[01]\d|2[0-3])[0-5]\d\d*$)"
)
_EPOCH = re.compile(r"^1\d{9}(\d{3})?$")
MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "jan january janvier janv januar jänner enero ene gennaio gen janeiro januari "
            "stycznia ledna ocak",
            "feb february février févr fév fevrier februar febrero febbraio fevereiro fev februari "
            "lutego února şubat",
            "mar march mars märz mär marzo março maart mrt marts marca března",
            "apr april avril avr abril abr aprile kwietnia dubna nisan",
            "may mai mayo maggio mag maio mei maj maja května mayıs",
            "jun june juin juni junio giugno giu junho czerwca června haziran",
            "jul july juillet juil juli julio luglio lug julho lipca července temmuz",
            "aug august août aout agosto ago augustus augusti sierpnia srpna ağustos",
            "sep sept september septembre septiembre settembre set setembro września září eylül",
            "oct october octobre oktober okt octubre ottobre ott outubro out "
            "października října ekim",
            "nov november novembre noviembre novembro listopada listopadu kasım",
            "dec december décembre déc decembre dezember dez diciembre dic dicembre dezembro "
            "grudnia prosince aralık desember",
        ),
        start=1,
    )
    for month in names.split()
}
_DAY_MONTH_YEAR = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?([^\W\d_]{3,12})\.?,?\s+(?:del?\s+)?(\d{4})"
)
_MONTH_DAY_YEAR = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
# A day as a line of text holds it.
DAY_IN_WORDS = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+"
    r"(?:de\s+|del\s+)?(?:19|20)\d\d"
    r"|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d"
    r"|(?:19|20)\d\d\s[A-Z][a-z]{2,8}\.?\s\d{1,2}\b"
    r"|\b\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:(?:19|20)\d\d|\d\d(?=\s*(?:\||$|\s\d\d:\d\d)))"
    r"|(?:19|20)\d\d[./-]\s?\d{1,2}[./-]\s?\d{1,2}"
    r"|(?:19|20)\d\d\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일])"
)
_WIDE_DAY = re.compile(r"((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_YEAR_MONTH_DAY = re.compile(r"((?:19|20)\d\d)\s([^\W\d_]{3,12})\.?\s(\d{1,2})\b")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s?(?::|h|\.)\s?(\d\d)(?::\d\d)?\s*([ap])?\.?m?\b", re.IGNORECASE
)
_FIGURES = re.compile(
    r"(?<!\d)(?:((?:19|20)\d\d)[./-]\s?(\d{1,2})[./-]\s?(\d{1,2})"
    r"|(\d{1,2})([./-])\s?(\d{1,2})[./-]\s?((?:19|20)\d\d|\d\d))(?!\d)"
)
# Where a date in figures begins with the month.
_MONTH_FIRST = frozenset({"en", "en-us", "fil", "en-ph"})
# Where one of three pairs of figures begins with the year.
_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu"})
_HAS_YEAR = re.compile(r"(?:19|20)\d\d")
# Longer than any date in words; what is longer is a sentence.
_MAX_LENGTH = 80


def parse_date(text: str | None, language: str | None = None) -> datetime | None:
    """Return the moment a date string names; `language` (BCP 47) helps with dates in words."""
    text = (text or "").strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    for reading in (_iso, _rfc_2822, _epoch):
        if (moment := reading(text)) is not None:
            return _plausible(moment)
    for moment in (_wide(text), _common_words(text), _in_figures(text, language or "")):
        if moment is not None:
            return _plausible(moment)
    if language and _HAS_YEAR.search(text):
        return _plausible(_in_words(text, language.partition("-")[0].lower()))
    return None


def date_in_url(url: str) -> datetime | None:
    """Return the day that a URL path such as /2024/05/31/ or /20240531/ names, at midnight UTC."""
    try:
        path = urlsplit(url).path
        if match := (
            _IN_URL.search(url)
            or _RUN_IN_URL.search(path)
            or _PARTED_IN_URL.search(path)
            or _FILE_IN_URL.search(path)
        ):
            year, month, day = map(int, match.groups())
            return _plausible(datetime(year, month, day, tzinfo=UTC))
    except ValueError:  # no URL, or no day
        return None
    return None


def _iso(text: str) -> datetime | None:
    """ISO 8601 and what is nearly it (a space before the offset, seven digits of a second)."""
    if not _ISO.match(text):
        return None
    text = _FRACTION.sub(r"\1", _OFFSET.sub(r"\1:\2", text.replace("UTC", "+00:00")))
    text = re.sub(r"\s+(?=[+-]\d\d:|Z$)", "", text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc_2822(text: str) -> datetime | None:
    if not _RFC_2822.match(text):  # the standard library reads much more, and some of it wrongly
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.match(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _common_words(text: str) -> datetime | None:
    """A day in words of the big European languages; dateparser does the rest at 100 × the cost."""
    if match := _DAY_MONTH_YEAR.search(text):
        day, month, year = match.groups()
    elif match := _MONTH_DAY_YEAR.search(text):
        month, day, year = match.groups()
    elif match := _YEAR_MONTH_DAY.search(text):
        year, month, day = match.groups()
    else:
        return None
    number = MONTHS.get(month.lower())
    if number is None:
        return None
    hour, minute = _clock(text, match.end())
    try:
        return datetime(int(year), number, int(day), hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def _wide(text: str) -> datetime | None:
    """A day in Chinese, Japanese or Korean: figures, each before the word for what it counts."""
    match = _WIDE_DAY.search(text)
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    try:
        return datetime(year, month, day, *_clock(text, match.end()), tzinfo=UTC)
    except ValueError:
        return None


def _in_figures(text: str, language: str) -> datetime | None:
    """A day in figures, in the order of the language: 3/6/2025 is June in Paris, March in Ohio."""
    match = _FIGURES.search(text)
    if match is None:
        return None
    if match[1]:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif len(match[7]) == 2 and language.partition("-")[0].lower() in _YEAR_FIRST:
        year, month, day = int(match[4]), int(match[6]), int(match[7])
    else:
        day, month, year = int(match[4]), int(match[6]), int(match[7])
        american = language.lower() in _MONTH_FIRST and match[5] != "."
        if (american and day <= 12) or month > 12:
            day, month = month, day
    hour, minute = _clock(text, match.end())
    try:
        return datetime(year + 2000 if year < 100 else year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def _clock(text: str, start: int) -> tuple[int, int]:
    """The time of day written after a date, midnight where there is none."""
    clock = _CLOCK.search(text, start)
    if clock is None:
        return 0, 0
    hour, minute, half = int(clock[1]), int(clock[2]), (clock[3] or "").lower()
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    return hour, minute


@lru_cache(maxsize=1024)
def _in_words(text: str, language: str) -> datetime | None:
    import dateparser  # noqa: PLC0415  # half a second to import, and few pages need it

    settings = {
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": _order(language),
        "PARSERS": ["absolute-time"],
    }  # the relative ones cost a second to load
    try:
        moment = dateparser.parse(text, languages=[language], settings=settings)
    except (ValueError, OverflowError, RecursionError):  # an unknown language, an absurd year
        return None
    return moment if isinstance(moment, datetime) else None


def _order(language: str) -> str:
    return {"en": "MDY", "zh": "YMD", "ja": "YMD", "ko": "YMD", "hu": "YMD"}.get(language, "DMY")


def _plausible(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    try:
        aware = moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)
        return aware if EARLIEST <= aware <= datetime.now(UTC) + CLOCK_SKEW else None
    except OverflowError:
        return None
