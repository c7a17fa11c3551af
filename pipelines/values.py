"""What one value of a page may be: each function gives it sound, or empty and says what was wrong.

Values come from the open web by way of JSON that promises nothing: any type may stand anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import MAXYEAR, UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from operator import is_
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from pipelines.normalize import normalize_line

# No newspaper put online reaches further back; what does is a default of some software.
FIRST_YEAR: Final = 1800
# Clocks are wrong and zones are mistaken by a day at most; further ahead is an announced event.
MAX_DATE_AHEAD: Final = timedelta(days=2)
# Servers refuse longer request lines (8 kB by default in Apache and nginx).
MAX_URL_CHARS: Final = 8_000
# A name, section, keyword or date as the page writes it; longer ones are sentences by mistake.
MAX_NAME_CHARS: Final = 300
# Enough for any list of authors or keywords that a person wrote.
MAX_NAMES: Final = 200
MAX_COUNT: Final = 2**31 - 1  # what the schema's int32 holds

_T = TypeVar("_T")


class Flaw(StrEnum):
    """What was wrong with a value that was repaired, cut or emptied. Counted by field."""

    NUL = "nul"
    SURROGATE = "surrogate"
    WRONG_TYPE = "wrong-type"
    TOO_LONG = "too-long"
    TOO_MANY = "too-many"
    BLANK = "blank"
    NO_URL = "no-url"
    UNREADABLE = "unreadable"
    NO_ZONE = "no-zone"
    TOO_EARLY = "too-early"
    AHEAD = "ahead"
    OUT_OF_RANGE = "out-of-range"
    NO_LANGUAGE = "no-language"
    TWICE = "twice"
    NO_PARENT = "no-parent"


Tell = Callable[[Flaw], None]


def repair(value: Any, tell: Tell) -> Any:
    """The value with every string in it repaired, and tuples for lists; itself if it is sound."""
    if value is None:
        return None
    if isinstance(value, str):
        return _repair_string(value, tell)
    if isinstance(value, list | tuple):
        sound = tuple(repair(element, tell) for element in value)
        return value if isinstance(value, tuple) and all(map(is_, sound, value)) else sound
    if names := _fields_of(type(value)):  # type: ignore[arg-type] # mypy: a class is not hashable
        changes = {}
        for name in names:
            before = getattr(value, name)
            if (after := repair(before, tell)) is not before:
                changes[name] = after
        return replace(value, **changes) if changes else value
    if isinstance(value, Mapping):
        return {repair(key, tell): repair(element, tell) for key, element in value.items()}
    return value


@cache
def _fields_of(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none of any other."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _repair_string(text: str, tell: Tell) -> str:
    """Without NUL, which many readers take for an end, and without half a surrogate pair.

    Both halves, which careless JSON leaves, become the character they stand for.
    """
    if "\0" in text:
        tell(Flaw.NUL)
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        tell(Flaw.SURROGATE)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def is_blank(value: object) -> bool:
    """Whether nothing of its beginning would be left once normalised, or it is no text at all."""
    if not isinstance(value, str):
        return True
    begins = value.strip()[:MAX_NAME_CHARS]
    if begins[:1].isascii() and begins[:1].isalnum():
        return False
    return not normalize_line(begins, None)


def prose(value: object, most: int, tell: Tell) -> str | None:
    """A text, cut where it is too long to be what it should be."""
    text = _text(value, tell)
    if text is not None and len(text) > most:
        tell(Flaw.TOO_LONG)
        return text[:most]
    return text


def name(value: object, tell: Tell) -> str | None:
    """A short text, or nothing: half of a long one would be wrong, not short."""
    text = _text(value, tell)
    if text is not None and len(text) > MAX_NAME_CHARS:
        tell(Flaw.TOO_LONG)
        return None
    return text


def _text(value: object, tell: Tell) -> str | None:
    """The text without the white space around it; None if it is none, or nothing that shows."""
    if value is None:
        return None
    if not isinstance(value, str):
        tell(Flaw.WRONG_TYPE)
        return None
    if is_blank(value):
        if value:
            tell(Flaw.BLANK)
        return None
    return value.strip()


def is_web_url(value: object) -> bool:
    """Whether it is an absolute http(s) URL that a server would take."""
    if not isinstance(value, str) or len(value) > MAX_URL_CHARS or value.split() != [value]:
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def url(value: object, tell: Tell) -> str | None:
    """An absolute http(s) URL."""
    if isinstance(value, str) and is_web_url(value):
        return value
    if value is not None:
        tell(Flaw.NO_URL)
    return None


def date(value: object, downloaded: datetime | None, tell: Tell) -> datetime | None:
    """A date that can be true, in UTC. One without a zone is no moment, so it is none."""
    if value is None:
        return None
    flaw = _flaw_of_date(value, downloaded)
    if flaw is not None or not isinstance(value, datetime):
        tell(flaw or Flaw.WRONG_TYPE)
        return None
    return value.astimezone(UTC)


def _flaw_of_date(value: object, downloaded: datetime | None) -> Flaw | None:
    if not isinstance(value, datetime):
        return Flaw.WRONG_TYPE
    if value.utcoffset() is None:
        return Flaw.NO_ZONE
    if value.year < FIRST_YEAR:
        return Flaw.TOO_EARLY
    if value.year >= MAXYEAR or (downloaded and value > downloaded + MAX_DATE_AHEAD):
        return Flaw.AHEAD
    return None


def count(value: object, tell: Tell, most: int = MAX_COUNT) -> int | None:
    """A whole number from 0 to `most`."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        tell(Flaw.WRONG_TYPE)
        return None
    if not 0 <= value <= most:
        tell(Flaw.OUT_OF_RANGE)
        return None
    return value


def truth(value: object, tell: Tell) -> bool | None:
    """Yes or no, and nothing that merely looks like it."""
    if value is not None and not isinstance(value, bool):
        tell(Flaw.WRONG_TYPE)
        return None
    return value


def elements(value: object, kind: type[_T], tell: Tell) -> tuple[_T, ...]:
    """What is of this kind in a list; a single one counts as a list of one."""
    if value is None:
        return ()
    listed = value if isinstance(value, tuple) else (value,)
    found = tuple(element for element in listed if isinstance(element, kind))
    if len(found) < len(listed):
        tell(Flaw.WRONG_TYPE)
    return found


def names(value: object, tell: Tell) -> tuple[str, ...]:
    """The short texts of a list."""
    found = tuple(filter(None, (name(element, tell) for element in elements(value, str, tell))))
    if len(found) > MAX_NAMES:
        tell(Flaw.TOO_MANY)
    return found[:MAX_NAMES]
