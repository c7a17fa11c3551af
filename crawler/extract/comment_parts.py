"""One comment of a page, read part by part, each once and only where it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from crawler.extract.comment_bylines import has_moment
from crawler.extract.comment_markup import Markup
from crawler.extract.comment_signature import read_author, read_date, read_upvotes
from crawler.extract.comment_text import read_text


@dataclass(frozen=True)
class Item(Markup):
    """A comment's markup, with its parts; `language` (BCP 47) is for dates in words."""

    language: str | None = None

    @cached_property
    def text(self) -> str:
        """The comment's words, empty where it says nothing."""
        return read_text(self)

    @cached_property
    def _lines(self) -> Sequence[str]:
        return self.short_lines(set(self.text.split("\n\n")))

    @cached_property
    def author(self) -> str | None:
        """The commenter's name as the page shows it."""
        return read_author(self, lambda: self._lines)

    @cached_property
    def date(self) -> datetime | None:
        """When it was written."""
        return read_date(self, lambda: self._lines, self.language)

    @property
    def is_dated(self) -> bool:
        """Whether a date stands beside the words, were it only "2 days ago"."""
        return self.date is not None or any(map(has_moment, self._lines))

    @cached_property
    def upvotes(self) -> int | None:
        """The readers who liked it, where the page counts them."""
        return read_upvotes(self)
