"""What an archived page is: whose, asked for by which address, its article or why there is none.

Nothing is asked of the network and nothing written, so that many are read at the same time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.archive.reader import Page, Passed, WarcReader
from crawler.archive.saved import SavedReader, list_of
from crawler.discovery.urls import article_id
from crawler.errors import ConfigurationError, Reason, Refusal
from crawler.fetch.archived_answers import answer_of
from crawler.fetch.archived_rights import ArchivedRights
from crawler.items import Article
from crawler.sources import Source, host_name, source_from_url
from crawler.spiders.continuing import Telling
from crawler.spiders.extraction import aside, extraction
from crawler.spiders.keeping import PageKeeper
from crawler.spiders.pages import PageReader
from crawler.spiders.selecting import Selection
from crawler.state.urls import DueUrl
from pipelines.foretelling import Foretelling

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

Reader = WarcReader | SavedReader


def reader_of(path: Path, limit: int) -> Reader:
    """Reads a file's pages, of at most `limit` bytes: those of an archive, or of a list."""
    return (SavedReader if list_of(path) else WarcReader)(path, limit)


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page of an archive, as the page of a source that was asked for by an address."""

    file: Reader
    page: Page
    source: Source
    due: DueUrl

    @classmethod
    def of(cls, file: Reader, page: Page) -> Self:
        """Raises: ValueError, ConfigurationError for an address that is none."""
        asked = page.about.get("requested", page.url)
        site = source_from_url(urljoin(asked, "/"))
        name = page.about.get("source", host_name(page.url))
        # Whether a page was its source's own was judged when it was fetched, rights only of those.
        hosts = (urlsplit(page.url).hostname or "",) if page.about.get("rights") else ()
        due = DueUrl(article_id(asked), asked, page.date, None)
        return cls(file, page, replace(site, name=name, allowed_domains=hosts), due)


@dataclass(frozen=True, slots=True)
class Read:
    """The answer, what was read in it, and why a further page is missing."""

    response: Response
    outcome: Article | Refusal
    missing: Refusal | None = None


class Archived(Protocol):
    """Archives as the spider reads them."""

    def of(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Iterator[Passed | ArchivedPage]]]:
        """What each file holds, in its order, file by file."""

    async def read(self, archived: ArchivedPage) -> Read:
        """What there is in a page."""


# Of a crawl, and of what is wanted.
Open = Callable[["Crawler", Selection], Archived]


class ArchivedPages:
    """Reads pages of archives, as a crawl reads those of the web."""

    def __init__(self, reader: PageReader, selection: Selection, limit: int, most: int) -> None:
        """A page has at most `limit` bytes, an article at most `most` pages."""
        self._reader = reader
        self._selection = selection
        self._limit = limit
        self._most = most

    @classmethod
    def from_crawler(cls, crawler: Crawler, selection: Selection) -> Self:
        """Raises: ConfigurationError."""
        settings = crawler.settings
        rights = ArchivedRights.from_crawler(crawler)
        extract = extraction(aside(crawler), Foretelling.from_settings(settings))
        reader = PageReader(extract, rights, PageKeeper(None, None))
        limit, most = settings.getint("DOWNLOAD_MAXSIZE"), settings.getint("ARTICLE_PAGES_MAX")
        return cls(reader, selection, limit, most)

    def of(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Iterator[Passed | ArchivedPage]]]:
        """What each file holds, in its order, file by file."""
        for path in paths:
            yield path, self.records(path)

    def records(self, path: Path) -> Iterator[Passed | ArchivedPage]:
        """What a file holds; pages that are not wanted are passed. Raises: OSError."""
        reader = reader_of(path, self._limit)
        for found in reader.pages():
            yield found if isinstance(found, Passed) else self._wanted(reader, found)

    def _wanted(self, reader: Reader, page: Page) -> Passed | ArchivedPage:
        if not self._selection.takes(page):
            return Passed("not-selected")
        try:
            return ArchivedPage.of(reader, page)
        except (ValueError, ConfigurationError):
            return Passed("bad-url")

    async def read(self, archived: ArchivedPage) -> Read:
        """Its article, with the further pages as far as the same file has them."""
        response, outcome = await self._read(archived.page, archived.source)
        if isinstance(outcome, Refusal):
            return Read(response, outcome)
        if outcome.pages.first is not None:
            return Read(response, Refusal(Reason.LATER_PAGE, outcome.pages.first))
        telling = Telling.of(outcome, self._most)
        while (url := telling.next_url) is not None:
            page = await asyncio.to_thread(archived.file.find, url)
            more: Article | Refusal = Refusal(Reason.GONE, "not in the archive")
            if page is not None:
                more = (await self._read(page, archived.source))[1]
            telling = telling.told(page.url if page else url, more)
        return Read(response, telling.article, telling.missing)

    async def _read(self, page: Page, source: Source) -> tuple[Response, Article | Refusal]:
        response = answer_of(page, self._limit)
        if isinstance(response, Refusal):
            return Response(page.url, page.status), response
        return response, await self._reader.read(response, source, page.rendered)
