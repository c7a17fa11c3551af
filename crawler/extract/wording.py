"""What a text shows by itself, in numbers: how it ends, what characters it is made of, a year."""

from __future__ import annotations

import re

from crawler.extract.latin import as_latin
from crawler.extract.latin import characters as latin_characters

# So much of a text shows what characters it is made of.
_START = 200
_FULL_STOPS = tuple(".!?…。！？")
_CLOSING = '"”»’)]'
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DIGITS = latin_characters(str.isdigit)
_CAPITALS = latin_characters(str.isupper)
_LETTERS = latin_characters(str.isalpha)


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, quoted or in brackets or not."""
    return text.rstrip().rstrip(_CLOSING).endswith(_FULL_STOPS)


def has_year(text: str) -> bool:
    """Whether a text names a year of ours or of the last century."""
    return ("20" in text or "19" in text) and _YEAR.search(text) is not None


def characters(text: str) -> tuple[float, float, float]:
    """Return the shares of digits, of capitals among letters, and of all that is no letter."""
    text = text[:_START]
    if (data := as_latin(text)) is not None:
        digits = len(data) - len(data.translate(None, _DIGITS))
        capitals = len(data) - len(data.translate(None, _CAPITALS))
        letters = len(data) - len(data.translate(None, _LETTERS))
    else:
        digits = sum(map(str.isdigit, text))
        capitals = sum(map(str.isupper, text))
        letters = sum(map(str.isalpha, text))
    return digits / len(text), capitals / (letters or 1), (len(text) - letters) / len(text)
