"""Robots directives for single pages, as `X-Robots-Tag` headers and robots meta tags have them.

The words are Google's and Bing's, with `noai` and `noimageai`, which artists' sites began.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Directives with a value; any other word before a colon is the robot that a header is meant for.
_VALUED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
_WORDS = frozenset({
    "all", "index", "noindex", "follow", "nofollow", "none", "noarchive", "nocache", "nosnippet",
    "noai", "noimageai", "notranslate", "noimageindex", "indexifembedded", "noodp", "noydir",
})  # fmt: skip
# A robot's name, or a star for all of them.
_NAMED = re.compile(r"\s*([\w.*-]+)\s*:\s*")
_EVERYONE = ("*", "robots")
# Dates without a time, which the standard library has no reader for.
_DAYS = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y", "%a, %d %b %Y",
         "%A, %d %b %Y", "%A, %d %B %Y")  # fmt: skip


def directives_for(headers: Sequence[str], product: str) -> tuple[str, ...]:
    """The directives of `X-Robots-Tag` headers that hold for everyone or for us, in lower case.

    `colporteur: noindex` is for us alone; `other: noindex` is not for us.
    """
    return tuple(said for header in headers for said in _of_header(header, product.lower()))


def split(text: str) -> Iterator[str]:
    """The directives of a meta tag's content, in lower case; a date keeps its commas.

    Semicolons part them too, and mere spaces where all that they part are directives.
    """
    parts = [part.strip() for part in re.split("[,;]", text.lower())]
    while parts:
        said = parts.pop(0)
        if "unavailable_after" in said:
            while parts and not _begins(parts[0]):
                said += f", {parts.pop(0)}"
        words = said.split()
        if words and _WORDS.issuperset(words):
            yield from words
        elif said:
            yield said


def _of_header(header: str, product: str) -> Iterator[str]:
    ours = True
    for said in split(header):
        named = _NAMED.match(said)
        whose = named if named and named[1] not in _VALUED else None
        if whose:
            ours = whose[1] in (product, *_EVERYONE)
        directive = said[whose.end() :] if whose else said
        if ours and directive:
            yield directive


def _begins(text: str) -> bool:
    """Whether a text is a directive of its own, not the rest of a date."""
    word, _, _ = text.partition(":")
    return word.strip() in (*_WORDS, *_VALUED) or _NAMED.match(text) is not None


def expiry(directives: Sequence[str]) -> datetime | None:
    """The moment after which a page is not to be shown; None if none is named or readable.

    RFC 822, RFC 850 and ISO 8601 dates are in use; one without a zone is read as UTC.
    """
    for said in directives:
        name, _, value = said.partition(":")
        if name.strip() == "unavailable_after" and (moment := _moment(value.strip())):
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime, *map(_of_form, _DAYS)):
        try:
            return read(text.upper())
        except (ValueError, OverflowError):
            continue
    return None


def _of_form(form: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 # `expiry` sets the zone
