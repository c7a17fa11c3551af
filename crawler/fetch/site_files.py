"""Asks for files at well-known places, once a day and site however many runs there are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import refusal_of_error, refusal_of_status
from crawler.state import State
from crawler.state.site_files import SiteFile
from crawler.state.site_files import SiteFiles as KnownFiles

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Set in the meta of these requests: no robots.txt forbids them (RFC 9309, section 2.3; RFC 8615).
IS_SITE_FILE = "is_site_file"

Download = Callable[[Request], Awaitable[Response]]


class SiteFiles:
    """The files of the sites of a run."""

    def __init__(
        self, download: Download, known: KnownFiles | None = None, max_age: float = 0
    ) -> None:
        """`known` keeps files for later runs, which use them for `max_age` seconds."""
        self._download = download
        self._known = known
        self._max_age = timedelta(seconds=max_age)
        self._asked: dict[str, asyncio.Future[SiteFile | Refusal]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        async def download(request: Request) -> Response:
            return await crawler.engine.download_async(request)

        state = State.open_in(crawler)
        max_age = crawler.settings.getfloat("SITE_FILE_MAX_AGE")
        return cls(download, state.site_files if state else None, max_age)

    async def get(self, url: str) -> SiteFile | Refusal:
        """A file, that there is none, or why one cannot know; asked for once, however many wait."""
        if url not in self._asked:
            self._asked[url] = asyncio.ensure_future(self._get(url))
        return await asyncio.shield(self._asked[url])

    async def _get(self, url: str) -> SiteFile | Refusal:
        now = datetime.now(UTC)
        if self._known and (known := self._known.get(url, now - self._max_age)):
            return known
        answer = await self._ask(url)
        if self._known and isinstance(answer, SiteFile):
            self._known.keep(url, answer.body, now)
        return answer

    async def _ask(self, url: str) -> SiteFile | Refusal:
        request = Request(url, callback=NO_CALLBACK, meta={IS_SITE_FILE: True})
        try:
            response = await self._download(request)
        except Exception as error:  # whatever failed, nothing is known
            return refusal_of_error(error)
        refusal = refusal_of_status(response.status)
        if refusal is None:
            if "dataloss" in response.flags:
                return Refusal(Reason.TRUNCATED, "the connection ended before the file did")
            return SiteFile(bytes(response.body))
        # 429 is no word about the file: it says that we are not to ask now.
        if 400 <= response.status < 500 and response.status != 429:
            return SiteFile(None)
        return refusal
