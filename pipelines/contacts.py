"""E-mail addresses and phone numbers in a text: where they stand, and the text without them.

Numbers are judged by `phonenumbers`, Google's libphonenumber, which knows which numbers a country
gives out: dates, prices, scores, ISBNs and IP addresses are none of them. It looks only where seven
digits stand close together, so that a text without any costs next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from crawler.errors import ConfigurationError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

EMAIL_MASK: Final = "[email]"
PHONE_MASK: Final = "[phone]"

# The dot-atom of RFC 5322, 3.2.3, without what only machines use, and a host name; also as people
# write it against machines: `name (at) example.org`.
_AT = r"(?:@|\s?[(\[{]\s?(?:at|@|arobase|ät)\s?[)\]}]\s?)"
_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w+-](?:[\w.+%-]{{0,62}}[\w+-])?{_AT}"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.|\s?[(\[{](?:dot|point|punkt|\.)[)\]}]\s?)){1,6}"
    r"[^\W\d_]{2,24}(?![\w-])",
    re.IGNORECASE,
)
# No number of a subscriber is shorter than seven digits, but for those of offices and emergencies.
# What opens it is looked for afterwards: to begin with what may be missing is three times as slow.
_DIGITS = re.compile(r"\d(?:[\W_]{0,4}\d){6,}")
_OPENING = re.compile(r"\+?\(?\Z")
# What the library may see around them: a currency before, a letter behind, an extension.
_BEFORE, _BEHIND = 12, 16
_TOKEN_BEFORE = re.compile(r"\S*\Z")
_URL = re.compile(r"://|www\.")
# Groups of three, as amounts are written, with what is counted: numbers of Spain look the same.
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[\s.,’'\u00a0\u202f]\d{3})+")
_FROM_TO = re.compile(r"(?:1\d|20)\d{2}\s?[-–—/]\s?(?:1\d|20)\d{2}")
_COUNTED = re.compile(
    r"[\s\u00a0\u202f]?(?:[%€$£¥₽₹]|(?:euros?|dollars?|francs?|pesos?|reais|d’|de\b|d'|hab|people|"
    r"personn?|person|mill|mrd|md|eur\b|usd\b|km|kg|tonn|fois|times|votes|voix|vues|views))",
    re.IGNORECASE,
)

# Whose national numbers a text has: of its language, where the site's own domain does not tell.
_REGIONS_OF_LANGUAGE = {
    "ar": ("SA", "EG"), "cs": ("CZ",), "da": ("DK",), "de": ("DE",), "el": ("GR",),
    "en": ("US", "GB"), "es": ("ES", "MX"), "fa": ("IR",), "fi": ("FI",), "fr": ("FR",),
    "he": ("IL",), "hi": ("IN",), "hu": ("HU",), "id": ("ID",), "it": ("IT",), "ja": ("JP",),
    "ko": ("KR",), "nl": ("NL",), "no": ("NO",), "pl": ("PL",), "pt": ("BR", "PT"), "ro": ("RO",),
    "ru": ("RU",), "sv": ("SE",), "th": ("TH",), "tr": ("TR",), "uk": ("UA",), "vi": ("VN",),
    "zh": ("CN", "TW"),
}  # fmt: skip
_REGION_OF_DOMAIN = {"uk": "GB"}

Span = tuple[int, int]


def is_region(code: str) -> bool:
    """Whether numbers of a region (ISO 3166) are known."""
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 # not before the first text

    return code in SUPPORTED_REGIONS


def phone_regions(settings: BaseSettings) -> tuple[str, ...]:
    """`PRIVACY_PHONE_REGIONS`. Raises: ConfigurationError for what is no region."""
    regions = tuple(settings.getlist("PRIVACY_PHONE_REGIONS"))
    for region in regions:
        if not is_region(region):
            raise ConfigurationError(
                f'PRIVACY_PHONE_REGIONS: "{region}" is no region; they are like FR,DE,US'
            )
    return regions


def regions_of(domain: str, language: str, others: Iterable[str] = ()) -> tuple[str, ...]:
    """The regions (ISO 3166) whose national numbers an article's readers would dial.

    `others` come first; numbers that begin with + are found whatever the region.
    """
    ending = domain.rpartition(".")[2].lower()
    own = _REGION_OF_DOMAIN.get(ending, ending.upper())
    spoken = _REGIONS_OF_LANGUAGE.get(language.partition("-")[0], ())
    regions = dict.fromkeys((*others, own, *spoken))
    return tuple(filter(is_region, regions))


def emails(text: str) -> list[Span]:
    """Where e-mail addresses stand."""
    if "@" not in text and not re.search(r"[(\[{]\s?(?:at|arobase|ät)\s?[)\]}]", text, re.I):
        return []
    return [match.span() for match in _EMAIL.finditer(text)]


def phone_numbers(text: str, regions: Iterable[str]) -> list[Span]:
    """Where phone numbers stand: international ones, and those of the regions."""
    from phonenumbers import Leniency, PhoneNumberMatcher  # noqa: PLC0415

    found: set[Span] = set()
    for digits in _DIGITS.finditer(text):
        opening = _OPENING.search(text, max(0, digits.start() - 2), digits.start())
        start = max(0, (opening or digits).start() - _BEFORE)
        window = text[start : digits.end() + _BEHIND]
        for region in regions or (None,):
            for match in PhoneNumberMatcher(window, region, leniency=Leniency.VALID):
                span = (start + match.start, start + match.end)
                if not (_is_in_url(text, span[0]) or _is_amount(text, span)):
                    found.add(span)
    return list(_apart(sorted(found)))


def _is_in_url(text: str, start: int) -> bool:
    token = _TOKEN_BEFORE.search(text, max(0, start - 200), start)
    return bool(token and _URL.search(token[0]))


def _is_amount(text: str, span: Span) -> bool:
    """Whether it is an amount, or from one year (or page) to another."""
    written = text[slice(*span)]
    if _FROM_TO.fullmatch(written):
        return True
    if not _GROUPED.fullmatch(written):
        return False
    return written.endswith("000") or bool(_COUNTED.match(text, span[1]))


def _apart(spans: list[Span]) -> Iterator[Span]:
    """The spans without what overlaps one before it: two regions may read a number differently."""
    end = 0
    for start, until in spans:
        if start >= end:
            yield start, until
        end = max(end, until)


def masked(text: str, regions: Iterable[str]) -> str:
    """The text with a word in place of every address and number."""
    text = _replaced(text, emails(text), EMAIL_MASK)
    return _replaced(text, phone_numbers(text, regions), PHONE_MASK)


def _replaced(text: str, spans: list[Span], by: str) -> str:
    for start, end in reversed(spans):
        text = text[:start] + by + text[end:]
    return text
