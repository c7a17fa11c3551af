"""Which raw pages are kept, once it is known what they are and what their publisher wants."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Self

from scrapy.http import Response

from crawler.archive import Exchange, Stored
from crawler.errors import Refusal
from crawler.fetch.archive import Archive, about
from crawler.fetch.erasure import erased
from crawler.fetch.meta import EXCHANGE
from crawler.items import Article, Rights
from crawler.state import State
from crawler.state.tombstones import Tombstones
from pipelines.erasure.names import name_key

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# In the head of a page that gave no article, and of which extraction therefore tells nothing.
_NO_ARCHIVE = re.compile(rb"<meta[^<>]{0,500}\b(?:noarchive|nocache)\b", re.IGNORECASE)


class PageKeeper:
    """Keeps the raw page of an article, or of what may be one to a later extractor.

    Not kept is what its publisher does not want collected or archived, and what tells of somebody
    who was erased: no row will come of it, and nobody would find it in there.
    """

    def __init__(self, archive: Archive | None, tombstones: Tombstones | None) -> None:
        self._archive = archive
        self._tombstones = tombstones

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        state = State.open_in(crawler)
        return cls(Archive.open_in(crawler), state.tombstones if state else None)

    async def keep(
        self,
        response: Response,
        outside: Rights | None,
        outcome: Article | Refusal,
        rendered: bytes | None = None,
    ) -> Stored | None:
        """Keep the page; None if it is not. `outside` is what was said of it elsewhere.

        `rendered` is the page as its scripts made it.

        Raises: DatasetError.
        """
        request = response.request
        exchange: Exchange | None = request.meta.pop(EXCHANGE, None) if request else None
        if self._archive is None or request is None or exchange is None:
            return None
        if not self._may_keep(response, outcome):
            return None
        said = about(request)
        if outside:
            said["rights"] = asdict(outside)
        return await self._archive.keep(exchange, said, rendered)

    def _may_keep(self, response: Response, outcome: Article | Refusal) -> bool:
        if isinstance(outcome, Refusal):
            refused = outcome.reason.is_of_rights or outcome.reason.is_of_erasure
            return not refused and _NO_ARCHIVE.search(response.body) is None
        return "no-archive" not in outcome.rights.decision.split() and not self._is_erased(outcome)

    def _is_erased(self, article: Article) -> bool:
        if self._tombstones is None:
            return False
        names = {*article.authors, *(one.author for one in article.comments if one.author)}
        return any(self._tombstones.covers("author", name_key(name)) for name in names) or any(
            erased(self._tombstones, url) for url in (article.url, article.canonical_url) if url
        )
