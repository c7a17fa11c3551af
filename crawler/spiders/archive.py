"""The archive spider: the pages of WARC files, through the extraction and pipelines of every run.

Nothing is asked of the network. What a page of ours was allowed when it was fetched is in the
archive beside it; of others' pages their own words hold. Workers read many pages at a time; what
comes of them is settled one by one, in the order of the files, so that the tables are the same with
any number of workers. What the state knows as it was then, or later, is passed over: a run that
died goes on, and an older page never takes the place of a newer one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Spider, signals

from crawler.archive.reader import Passed
from crawler.archive.saved import INDEX, list_of
from crawler.errors import ConfigurationError, DatasetError, Refusal
from crawler.fetch.erasure import erased
from crawler.items import Article
from crawler.run import Run
from crawler.spiders.archived import ArchivedPage, ArchivedPages, Open, Read
from crawler.spiders.placing import placed
from crawler.spiders.selecting import Selection
from crawler.spiders.stopping import end_with_the_last_item
from crawler.spiders.visiting import Visitor
from crawler.state.urls import DueUrl
from crawler.storage.supply import Supply
from crawler.tally import RECORD_STATS

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

# Pages for each worker, so that none waits while what came of others is settled. With one worker a
# page is read when the last one is settled: one job takes one core.
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is settled next: a page that is being read, or else the end of a file."""

    path: Path
    archived: ArchivedPage | None = None
    reading: asyncio.Task[Read] | None = None


class ArchiveSpider(Spider):
    """`-a files=WARC,LIST`: one run over archives and saved pages; or say `scrapy replay`."""

    name = "archive"

    def __init__(
        self,
        files: str | Sequence[str] = (),
        selection: Selection | None = None,
        archived: Open = ArchivedPages.from_crawler,
        supply: Supply | None = None,
        **kwargs: Any,
    ) -> None:
        """`archived` reads the files: here, or on other machines; `supply` has what lies in stores.

        Raises: ConfigurationError.
        """
        super().__init__(**kwargs)
        self._supply = Supply(Path("incoming")) if supply is None else supply
        names = files.split(",") if isinstance(files, str) else files
        self._files = [list_of(Path(name)) or Path(name) for name in names]
        self._selection = selection or Selection()
        self._archived = archived
        self._failures = 0
        self._away: DatasetError | None = None
        missing = next(
            (file for file in self._files if not file.is_file() and file not in self._supply), None
        )
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
        """The articles of all files that were not done before, in their order."""
        run = self.crawler.get_extension(Run)
        assert run is not None, "the extension crawler.run.Run is switched off"
        self.run = run
        self._visitor = Visitor.from_crawler(self.crawler, run)
        self._supply.clear()
        self._pages = self._archived(self.crawler, self._selection)
        end_with_the_last_item(self.crawler)
        self._key = " ".join(filter(None, (str(self._selection), *self._languages())))
        staged = asyncio.Event()
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            self.crawler.signals.connect(staged.set, signal=signal, weak=False)
        self.crawler.signals.connect(self._failed, signal=signals.item_error)
        async for article in self._articles():
            staged.clear()
            yield article
            await staged.wait()  # what comes next may be a later version of it

    def _languages(self) -> list[str]:
        return sorted(self.settings.getlist("LANGUAGES"))

    def _failed(self) -> None:
        self._failures += 1

    def _count(self, thing: str) -> None:
        self.crawler.stats.inc_value(f"{RECORD_STATS}{thing}")

    async def _articles(self) -> AsyncIterator[Article]:
        workers = self.settings.getint("EXTRACT_WORKERS")
        ahead = _AHEAD * workers if workers > 1 else 0
        waiting: deque[_Turn] = deque()
        try:
            async for turn in self._turns():
                waiting.append(turn)
                if len(waiting) > ahead and (article := await self._settle(waiting.popleft())):
                    yield article
            while waiting:
                if article := await self._settle(waiting.popleft()):
                    yield article
            if self._away:
                self.run.broke(self._away)
        finally:  # also when the run is stopped
            for turn in waiting:
                if turn.reading:
                    turn.reading.cancel()

    async def _turns(self) -> AsyncIterator[_Turn]:
        """All pages that are to be read, each begun, and the ends of the files."""
        for path, records in self._pages.of(self._undone()):
            while (found := await self._next(records)) is not None:
                if isinstance(found, Passed):
                    self._count(found.why)
                elif not self._is_told(found):
                    yield _Turn(path, found, asyncio.ensure_future(self._pages.read(found)))
            if self._away:
                return
            yield _Turn(path)

    async def _next(self, records: Iterator[Passed | ArchivedPage]) -> Passed | ArchivedPage | None:
        try:
            return await asyncio.to_thread(next, records, None)
        except DatasetError as error:  # a file's store is away
            self._away = error
            return None

    def _undone(self) -> Iterator[Path]:
        for path in self._files:
            if self._is_done(path):
                self.logger.info('"%s" was replayed before and is passed over', path)
                self._count("files-done-before")
            else:
                yield path

    def _is_done(self, path: Path) -> bool:
        """Whether nothing of a file is left to do; a list may name more the next time."""
        if list_of(path) is not None:
            return False
        return self.run.state.replays.is_done(path.name, self._supply.bytes(path), self._key)

    def _is_told(self, archived: ArchivedPage) -> bool:
        due = archived.due
        is_told = self.run.state.urls.is_told(due.article_id, archived.page.date)
        if is_told:
            self._count("told-before")
        return is_told

    async def _settle(self, turn: _Turn) -> Article | None:
        """The article of a page; what it is else is remembered as in any run."""
        if turn.archived is None or turn.reading is None:
            self._end(turn.path)
            self._supply.drop(turn.path)
            return None
        read = await turn.reading
        if self._is_told(turn.archived):  # by another record, while this was read
            return None
        self._count("pages")
        for thing in ("found", "fetched"):
            self.run.count(turn.archived.source.name, thing)
        return self._settled(turn.archived, read)

    def _settled(self, archived: ArchivedPage, read: Read) -> Article | None:
        page, source, due = archived.page, archived.source, archived.due
        if reason := erased(self.run.state.tombstones, page.url):
            self.run.refuse(source.name, due.article_id, Refusal(reason))
            return None
        self.run.state.urls.offer(due, source.name, self.run.id)
        if self._visitor.settled(read.response, source, due, page.date):
            return None
        if isinstance(read.outcome, Refusal):
            self._visitor.refuse(read.response, source, due, read.outcome, page.date)
            return None
        self._let_go_of_before(due)
        article = placed(read.outcome, read.response, source, due, self.run.id, page.date)
        self._visitor.read(read.response, article, due, page.date)
        return replace(article, warc_file=archived.file.file, warc_record_id=page.record_id)

    def _let_go_of_before(self, due: DueUrl) -> None:
        """Commit what an address gave earlier in this run: one commit has one version of it."""
        visit = self.run.state.visits.at(due.article_id)
        if visit is not None and self.run.state.journal.is_staged(visit.article_id):
            self.run.commit()

    def _end(self, path: Path) -> None:
        """A file was read to its end; with an error in it, it is the next replay's again.

        What a crawl wrote is committed as that did; and of a long replay each file is there.
        """
        self.run.commit()
        if not self._failures:
            if list_of(path) is None:
                self.run.state.replays.done(path, datetime.now(UTC), self._key)
            self._count("files")
        self._failures = 0
