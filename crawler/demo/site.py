"""What a site of the newspaper is: responses by path, prepared once.

Nothing depends on the moment of the request, so that two crawls see the same site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
JSON = "application/json; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. With `last_modified`, the server also answers conditional requests for it."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    last_modified: datetime | None = None


class Site:
    """One host: its pages by path, and what it answers to every other path."""

    def __init__(self, pages: Mapping[str, Response], missing: Response) -> None:
        self.pages = pages
        self._missing = missing

    def respond(self, path: str, query: Query) -> Response:
        """The page at `path`. A query changes nothing: tracking parameters come and go."""
        return self.pages.get(path, self._missing)
