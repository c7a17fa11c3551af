"""A request and what came back, byte for byte, and where its record lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange as it went over the wire, transfer and content codings and all."""

    url: str
    date: datetime
    """When the answer began to be asked for."""
    sent: bytes
    """The request."""
    head: bytes
    """The answer's head, with the empty line; without interim answers (1xx)."""
    body: bytes
    status: int
    media_type: str
    address: str | None = None
    """The IP address that answered."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A row's way to its record: a file below the archive, by its final name, and the id in it."""

    warc_file: str
    warc_record_id: str


# The media type of a page as its scripts made it.
RENDERED = "text/html; charset=utf-8"
# What a run knows of an exchange and no record says: `source`, `requested`, `rights`, ...
About = Mapping[str, object]
