"""Texts in Latin-1 as bytes, where one look-up in a table does for all their characters.

Most texts are, but for some marks of punctuation; what asks each character instead takes several
times as long.
"""

from __future__ import annotations

from collections.abc import Callable

# Beyond Latin-1, in texts that are otherwise within. None is a letter, a digit or a word's part.
_PUNCTUATION = "’‘“”„–—…•\u202f"


def as_latin(text: str) -> bytes | None:
    """Return a text in Latin-1, of the same length, with spaces for some marks; None if it is none.

    The marks are quotes, dashes and the like that Latin-1 lacks.
    """
    if not text.isascii():
        for mark in _PUNCTUATION:
            text = text.replace(mark, " ")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return None


def characters(are: Callable[[str], bool]) -> bytes:
    """Return the characters of Latin-1 that are so, to be deleted from a text and counted by that.

    Shape: for `bytes.translate(None, …)`.
    """
    return bytes(byte for byte in range(256) if are(chr(byte)))
