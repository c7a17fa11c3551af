"""Keeps raw exchanges in the archive (`ARCHIVE_ENABLED`), in the one thread that writes it.

All that is asked for is kept as it comes, but for pages: of these one knows only when they are read
whether their publisher lets the raw page be kept (`noarchive`), or somebody had its author erased.
What names the address of an erased article is not kept either, be it a feed.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.http import Request, Response

from crawler import user_agent
from crawler.archive import Exchange, Stored, WarcWriter, recover
from crawler.archive.exchange import About
from crawler.errors import DatasetError
from crawler.fetch.directives import directives_for, split
from crawler.fetch.erasure import names_erased
from crawler.fetch.headers import headers
from crawler.fetch.meta import EXCHANGE, PAGE, source_of
from crawler.fetch.site_files import IS_SITE_FILE
from crawler.state import State
from crawler.state.tombstones import Tombstones

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

# What a publisher says who does not want the raw page to be kept.
_NO_ARCHIVE = frozenset({"noarchive", "nocache"})

_of_crawler: weakref.WeakKeyDictionary[Crawler, Archive] = weakref.WeakKeyDictionary()


class Archive:
    """The archive of one run."""

    def __init__(self, writer: WarcWriter, folder: Path, tombstones: Tombstones | None) -> None:
        """`folder` is for the error's sentence."""
        self._tombstones = tombstones
        self._writer = writer
        self._folder = folder
        # One thread: records do not mix, and neither packing nor the disk holds up the crawl.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="archive")

    @classmethod
    def begin(cls, crawler: Crawler, folder: Path, run_id: str) -> Archive | None:
        """The archive of a run; None if it keeps none. What died runs left open is closed.

        Raises: DatasetError.
        """
        settings = crawler.settings
        try:
            recover(folder)
        except OSError as error:
            raise _not_writable(folder, error) from error
        if not settings.getbool("ARCHIVE_ENABLED"):
            return None
        size = settings.getint("ARCHIVE_FILE_SIZE")
        state = State.open_in(crawler)
        writer = WarcWriter(folder, run_id, _info(settings), size)
        archive = cls(writer, folder, state.tombstones if state else None)
        _of_crawler[crawler] = archive
        return archive

    @staticmethod
    def open_in(crawler: Crawler) -> Archive | None:
        """The archive that a crawler has open; None for one that keeps nothing."""
        return _of_crawler.get(crawler)

    async def keep(
        self, exchange: Exchange, about: About | None = None, rendered: bytes | None = None
    ) -> Stored | None:
        """Keep an exchange, on the disk; None for one that names what was erased.

        `rendered` is the page as its scripts made it.

        Raises: DatasetError; then nothing has changed.
        """
        is_page = bool(about and about.get("is_page"))
        ways = [exchange, *([replace(exchange, body=rendered)] if rendered else [])]
        if self._tombstones and any(
            names_erased(self._tombstones, one, is_page=is_page) for one in ways
        ):
            return None
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._thread, self._writer.write, exchange, about, rendered
            )
        except OSError as error:
            raise _not_writable(self._folder, error) from error

    def close(self) -> None:
        """Close and index the last file. Raises: DatasetError; the next run closes it then."""
        self._thread.shutdown()
        try:
            self._writer.close()
        except OSError as error:
            raise _not_writable(self._folder, error) from error


class ArchiveMiddleware:
    """Next to the network: keeps what came before anything is made of it."""

    def __init__(self, archive: Archive | None, product: str) -> None:
        """`product` is our name in `X-Robots-Tag`."""
        self._archive = archive
        self._product = product

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveMiddleware:
        return cls(Archive.open_in(crawler), crawler.settings["ROBOTSTXT_USER_AGENT"])

    async def process_response(self, request: Request, response: Response) -> Response:
        """Raises: DatasetError."""
        if self._archive is None or (request.meta.get(PAGE) and 200 <= response.status < 300):
            return response  # a page is for who reads it
        exchange = request.meta.pop(EXCHANGE, None)
        if exchange is not None and not self._is_closed(response):
            await self._archive.keep(exchange, about(request))
        return response

    def _is_closed(self, response: Response) -> bool:
        """Whether the answer's head says that it is not to be kept."""
        said = directives_for(headers(response, "X-Robots-Tag"), self._product)
        return not _NO_ARCHIVE.isdisjoint(split(", ".join(said)))


def about(request: Request) -> dict[str, object]:
    """What no record says of an exchange: whose it is, and what was asked for before redirects."""
    if request.meta.get(IS_SITE_FILE):
        return {"is_page": False}
    source = source_of(request)
    if source is None:
        return {}
    asked: list[str] = request.meta.get("redirect_urls", [])
    return {
        "source": source.name,
        "is_page": bool(request.meta.get(PAGE)),
        "requested": asked[0] if asked else request.url,
    }


def _not_writable(folder: Path, error: OSError) -> DatasetError:
    return DatasetError(
        f'the archive "{folder}" cannot be written ({error.strerror}); what was collected so far '
        "is kept: make room and run again, or go on without it, with -s ARCHIVE_ENABLED=0."
    )


def _info(settings: BaseSettings) -> dict[str, str]:
    agent = user_agent(settings["USER_AGENT_CONTACT"])
    obeyed = settings.getbool("ROBOTSTXT_OBEY")
    return {
        "software": agent.partition(" ")[0],
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "operator": settings["USER_AGENT_CONTACT"],
        "http-header-user-agent": agent,
        "robots": "obey (RFC 9309)" if obeyed else "ignore",
        "rights-policy": settings["RIGHTS_POLICY"],
    }
