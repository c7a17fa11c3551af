"""The archive spider: the pages of WARC files, through the extraction and pipelines of every run.

Nothing is asked of the network. What a page of ours was allowed when it was fetched is in the
archive beside it; of others' pages their own words hold.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.archive.reader import Page, Passed, WarcReader
from crawler.archive.saved import INDEX, SavedReader, list_of
from crawler.discovery.urls import article_id
from crawler.errors import ConfigurationError, Reason, Refusal
from crawler.fetch.archived_rights import RIGHTS, ArchivedRights
from crawler.fetch.erasure import erased
from crawler.fetch.integrity import unpacked
from crawler.items import Article
from crawler.run import Run
from crawler.sources import Source, host_name, source_from_url
from crawler.spiders.continuing import Telling
from crawler.spiders.extraction import aside, extraction
from crawler.spiders.keeping import PageKeeper
from crawler.spiders.pages import PageReader
from crawler.spiders.placing import placed
from crawler.state.urls import DueUrl

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

# Stats: `replay/WHY`, of records that are no pages; `replay/pages` and `replay/files` of the rest.
REPLAY = "replay/"

Reader = WarcReader | SavedReader


class ArchiveSpider(Spider):
    """`-a files=WARC,LIST`: one run over archives and saved pages; or say `scrapy replay`."""

    name = "archive"

    def __init__(self, files: str | Sequence[str] = (), **kwargs: Any) -> None:
        """Raises: ConfigurationError."""
        super().__init__(**kwargs)
        names = files.split(",") if isinstance(files, str) else files
        self._files = [list_of(Path(name)) or Path(name) for name in names]
        self._pending = self._failures = 0
        missing = next((file for file in self._files if not file.is_file()), None)
        if missing is not None or not self._files:
            said = f'there is no file "{missing}"' if missing else "none was given"
            raise ConfigurationError(
                f"name WARC files to replay, or lists of saved pages (a folder with an {INDEX}); "
                f"{said}."
            )

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("ARCHIVE_ENABLED", False, priority="spider")  # it is archived already
        # Of a source with a few pages in an archive nobody expects that some are articles.
        settings.set("UNHEALTHY_MIN_PAGES", 2**31, priority="spider")

    async def start(self) -> AsyncIterator[Article]:
        """The articles of all files that were not done before, file by file, in their order."""
        run = self.crawler.get_extension(Run)
        assert run is not None, "the extension crawler.run.Run is switched off"
        self.run = run
        call = aside(self.crawler)
        settings = self.settings
        self._limit = settings.getint("DOWNLOAD_MAXSIZE")
        # The workers are kept busy, and no more than that is in memory.
        self._ahead = 2 * settings.getint("EXTRACT_WORKERS")
        for signal in (signals.item_scraped, signals.item_dropped):
            self.crawler.signals.connect(self._settled, signal=signal)
        self.crawler.signals.connect(self._failed, signal=signals.item_error)
        rights = ArchivedRights.from_crawler(self.crawler)
        self._reader = PageReader(extraction(call), rights, PageKeeper(None, None))
        for path in self._files:
            is_list = list_of(path) is not None  # which may name more the next time
            if not is_list and run.state.replays.is_done(path):
                self.logger.info('"%s" was replayed before and is passed over', path)
                self._count("files-done-before")
                continue
            async for article in self._replay(path):
                self._pending += 1
                yield article
            while self._pending:  # what is yielded is not yet staged
                await asyncio.sleep(0.01)
            if self._failures:
                continue  # the next replay goes on with it
            if not is_list:
                run.state.replays.done(path, datetime.now(UTC))
            self._count("files")

    def _settled(self) -> None:
        self._pending -= 1

    def _failed(self) -> None:
        self._failures += 1
        self._settled()

    def _count(self, thing: str) -> None:
        self.crawler.stats.inc_value(f"{REPLAY}{thing}")

    async def _replay(self, path: Path) -> AsyncIterator[Article]:
        warc = (SavedReader if list_of(path) else WarcReader)(path, self._limit)
        waiting: deque[asyncio.Task[Article | None]] = deque()
        records = warc.pages()
        while (found := await asyncio.to_thread(next, records, None)) is not None:
            if isinstance(found, Passed):
                self._count(found.why)
                continue
            self._count("pages")
            waiting.append(asyncio.ensure_future(self._read(found, warc)))
            if len(waiting) > self._ahead and (article := await waiting.popleft()):
                yield article
        while waiting:
            if article := await waiting.popleft():
                yield article

    async def _read(self, page: Page, warc: Reader) -> Article | None:
        """The article of a page; what it is else is remembered as in any run."""
        asked = page.about.get("requested", page.url)
        name = page.about.get("source", host_name(page.url))
        source = replace(source_from_url(asked), name=name)
        due = DueUrl(article_id(asked), asked, page.date, None)
        self.run.count(name, "found")
        self.run.count(name, "fetched")
        if reason := erased(self.run.state.tombstones, page.url):
            self.run.refuse(name, due.article_id, Refusal(reason))
            return None
        self.run.state.urls.offer(due, name, self.run.id)
        response = self._response(page)
        outcome = await self._reader.read(response, source)
        if isinstance(outcome, Article) and outcome.pages.first is not None:
            outcome = Refusal(Reason.LATER_PAGE, outcome.pages.first)
        if isinstance(outcome, Refusal):
            if self.run.state.visits.at(due.article_id) is None:
                self.run.refuse(name, due.article_id, outcome)
            else:
                self.run.count(name, f"refused/{outcome.reason}")
            return None
        article = placed(outcome, response, source, due, self.run.id, page.date)
        article = replace(article, warc_file=warc.file, warc_record_id=page.record_id)
        return await self._told(article, source, warc)

    async def _told(self, article: Article, source: Source, warc: Reader) -> Article:
        """The article with its further pages, as far as the same file has them."""
        telling = Telling.of(article, self.settings.getint("ARTICLE_PAGES_MAX"))
        while (url := telling.next_url) is not None:
            page = await asyncio.to_thread(warc.find, url)
            outcome: Article | Refusal = Refusal(Reason.GONE, "not in the archive")
            if page is not None:
                outcome = await self._reader.read(self._response(page), source)
            telling = telling.told(page.url if page else url, outcome)
        return telling.article

    def _response(self, page: Page) -> Response:
        """The answer as the network would have given it; what cannot be unpacked has no body."""
        headers = Headers()
        for name, value in page.headers:
            headers.appendlist(name, value)
        coded = Response(page.url, page.status, headers, page.body)
        body = unpacked(coded, self._limit)
        if isinstance(body, Refusal):
            self._count(str(body.reason))
            body = b""
        headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=page.url, body=body)
        request = Request(page.url, meta={RIGHTS: (page.about.get("rights"), page.date)})
        return kind(page.url, status=page.status, headers=headers, body=body, request=request)
