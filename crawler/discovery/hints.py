"""Dates, languages and titles as listings write them, made plain.

A hint that cannot be read is None: it is never worth losing the link it came with.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape

# W3C's profile of ISO 8601 allows a year or a month alone.
_PARTIAL_DATE = re.compile(r"\d{4}(?:-\d{2})?")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>", re.S)


def iso_date(text: object) -> datetime | None:
    """An ISO 8601 or RFC 3339 date in UTC; without a zone it is taken as UTC."""
    if not isinstance(text, str):
        return None
    text = text.strip()
    if _PARTIAL_DATE.fullmatch(text):
        text += "-01-01"[len(text) - 4 :]
    try:
        date = datetime.fromisoformat(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def language_tag(text: object) -> str | None:
    """A BCP 47 tag such as `fr` or `pt-BR`, also where it is written `pt_BR`."""
    if not isinstance(text, str):
        return None
    text = text.strip().replace("_", "-")
    return text if _LANGUAGE_TAG.fullmatch(text) else None


def plain_text(text: object) -> str | None:
    """A title without markup, entities and runs of white space; None if nothing is left."""
    if not isinstance(text, str):
        return None
    return " ".join(unescape(_TAG.sub("", text)).split()) or None


def json_value(body: bytes) -> object:
    """What the JSON in `body` says; None if it is none, or too deep to read."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value
