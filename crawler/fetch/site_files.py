"""Asks for files at well-known places, once a day and site however many runs there are.

A site whose `Cache-Control` says less than a day is asked by each run. Failures are not kept.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import refusal_of_error, refusal_of_status
from crawler.fetch.headers import headers
from crawler.fetch.robots_txt import MAX_BYTES
from crawler.state import State
from crawler.state.site_files import SiteFile
from crawler.state.site_files import SiteFiles as KnownFiles

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Set in the meta of these requests: no robots.txt forbids them (RFC 9309, section 2.3; RFC 8615).
IS_SITE_FILE = "is_site_file"

_SHORT_LIVED = re.compile(r"\bno-store\b|\bno-cache\b|\b(?:s-maxage|max-age)\s*=\s*\"?(\d+)")

logger = logging.getLogger(__name__)

Download = Callable[[Request], Awaitable[Response]]


class SiteFiles:
    """The files of the sites of a run."""

    def __init__(
        self, download: Download, known: KnownFiles | None = None, max_age: float = 0
    ) -> None:
        """`known` keeps files for later runs, which use them for `max_age` seconds."""
        self._download = download
        self._known = known
        # Seconds; also for what a run that takes longer was told. 0: each run asks, once.
        self.max_age = max_age
        self._asked: dict[str, tuple[float, asyncio.Future[SiteFile | Refusal]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        async def download(request: Request) -> Response:
            return await crawler.engine.download_async(request)

        state = State.open_in(crawler)
        max_age = crawler.settings.getfloat("SITE_FILE_MAX_AGE")
        return cls(download, state.site_files if state else None, max_age)

    async def get(self, url: str) -> SiteFile | Refusal:
        """A file, that there is none, or why one cannot know; asked for once, however many wait."""
        at, asked = self._asked.get(url, (0.0, None))
        if asked is None or self.is_old(at):
            asked = asyncio.ensure_future(self._get(url))
            self._asked[url] = (time.time(), asked)
        return await asyncio.shield(asked)

    def is_old(self, at: float) -> bool:
        """Whether what was read then, in seconds since the epoch, is to be asked for again."""
        return 0 < self.max_age < time.time() - at

    async def _get(self, url: str) -> SiteFile | Refusal:
        now = datetime.now(UTC)
        since = now - timedelta(seconds=self.max_age)
        if self._known and (known := self._known.get(url, since)):
            return known
        return await self._ask(url, now)

    def _keep(self, url: str, file: SiteFile, response: Response, now: datetime) -> SiteFile:
        said = ", ".join(headers(response, "Cache-Control")).lower()
        ages = [float(age or 0) for age in _SHORT_LIVED.findall(said)]
        if self._known and min(ages, default=self.max_age) >= self.max_age > 0:
            try:
                self._known.keep(url, file.body, now)
            except sqlite3.Error as error:  # the answer holds all the same
                logger.warning("%s cannot be kept for the next run: %s", url, error)
        return file

    async def _ask(self, url: str, now: datetime) -> SiteFile | Refusal:
        request = Request(url, callback=NO_CALLBACK, meta={IS_SITE_FILE: True})
        try:
            response = await self._download(request)
        except Exception as error:  # whatever failed, nothing is known
            return refusal_of_error(error)
        refusal = refusal_of_status(response.status)
        if refusal is None:
            if "dataloss" in response.flags:
                return Refusal(Reason.TRUNCATED, "the connection ended before the file did")
            # One byte more than is read of it tells that there was more.
            file = SiteFile(bytes(response.body[: MAX_BYTES + 1]))
            return self._keep(url, file, response, now)
        # 429 is no word about the file: it says that we are not to ask now.
        if 400 <= response.status < 500 and response.status != 429:
            return self._keep(url, SiteFile(None), response, now)
        return refusal
