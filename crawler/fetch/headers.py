"""Headers of an answer as text."""

from __future__ import annotations

from scrapy.http import Response


def header(response: Response, name: str) -> str | None:
    """A header as text, the last one if there are several; None if it is not there."""
    return next(reversed(headers(response, name)), None)


def headers(response: Response, name: str) -> list[str]:
    """All headers of a name, in their order, but for those that say nothing."""
    values = (value.decode("latin-1") for value in response.headers.getlist(name))
    return [value for value in values if value]
