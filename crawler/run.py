"""One run over a data folder: opens it, counts what happens to every URL, and commits at the end.

A Scrapy extension, so that `scrapy crawl`, Scrapyd and a script of one's own end the same way. What
it cannot open ends the crawl before the first request, with the error's own exit code.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.statscollectors import StatsCollector
from twisted.python.failure import Failure

from crawler.errors import ColporteurError, DatasetError, ExitCode, Reason, Refusal, StoreError
from crawler.fetch.archive import Archive
from crawler.fetch.erasure import known_as
from crawler.housekeeping import Housekeeping, compared
from crawler.items import Article
from crawler.run_file import publish_records, what_a_run_says, write_run_file
from crawler.state import DataFolder, State
from crawler.state.folder import FolderLock
from crawler.storage.publishing import Publisher
from crawler.storage.raw_pages import raw_pages
from crawler.tally import REFUSED, SOURCE_STATS, counts_by_source, counts_of_records
from crawler.verdict import Verdict
from pipelines.batch_cleaner import BatchCleaner
from pipelines.dataset import Snapshot, Snapshots, commit
from pipelines.dataset.restore import restore
from pipelines.dataset.roll_back import RollBack
from pipelines.dataset.unreadable import set_aside_unreadable
from pipelines.erasure.erase import Erasing
from pipelines.refused import Refused

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

# Sent once a run is over, with `run` and `said`, what its file tells.
run_ended = object()
# A source whose host does not answer, or wants no request for long, is not what it was yesterday.
_HOST_TROUBLE = (Reason.HOST_DOWN, Reason.PUT_OFF)


class Run:
    """A run of a crawler: when it is over, `exit_code` and `verdict` hold. Its file has `said`."""

    def __init__(
        self,
        folder: DataFolder,
        lock: FolderLock,
        state: State,
        snapshots: Snapshots,
        cleaner: BatchCleaner,
        housekeeping: Housekeeping,
        publisher: Publisher | None,
        stats: StatsCollector,
        verdict: Verdict,
        stop: Callable[[], Awaitable[None]],
        tell: Callable[[Run, Mapping[str, Any]], object],
    ) -> None:
        """`stop` ends the crawl, and `tell` is told of it once it is over."""
        self.folder = folder
        self.state = state
        self.snapshots = snapshots
        self.started = datetime.now(UTC)
        self.id = f"{self.started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        self.verdict = verdict
        self.said: dict[str, Any] = {}
        self.snapshot: Snapshot | None = None
        self.exit_code = ExitCode.UNEXPECTED
        self.error: ColporteurError | None = None
        self.archive: Archive | None = None
        self.publisher = publisher
        self._lock = lock
        self._cleaner = cleaner
        self._housekeeping = housekeeping
        self._stats = stats
        self._stop = stop
        self._tell = partial(tell, self)
        self._broken = False
        self._stopping: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the data folder and finish what a run that died left behind.

        Raises: DatasetError, FolderInUseError.
        """
        settings = crawler.settings
        folder = DataFolder.from_settings(settings)
        folder.create()
        lock = FolderLock(folder)
        lock.acquire()
        kept = settings.getint("SNAPSHOTS_KEPT")
        try:
            publisher = Publisher.from_settings(settings)
            if publisher:
                publisher.begin()
            run = cls(
                folder,
                lock,
                State.from_crawler(crawler),
                Snapshots(folder.snapshots, folder.latest, kept),
                BatchCleaner.from_crawler(crawler),
                Housekeeping.from_settings(settings),
                publisher,
                crawler.stats,
                Verdict(settings.getint("UNHEALTHY_MIN_PAGES")),
                lambda: crawler.engine.close_spider_async(reason="dataset_not_writable"),
                lambda run, said: crawler.signals.send_catch_log(run_ended, run=run, said=said),
            )
            run.archive = Archive.begin(crawler, folder.archive, run.id)
            window = compared(crawler.settings, run.started)
            # Before anything else: an erasure that was begun is done.
            pages = raw_pages(settings)
            Erasing(folder, run.state, run.snapshots, pages, known_as).finish(run.started)
            RollBack(run.state, run.snapshots, folder.quarantine, *window).follow(
                run.id, run.started
            )
            run.commit()
            restore(run.state, run.snapshots, folder.postings, *window)
        except BaseException:
            lock.release()
            raise
        crawler.signals.connect(run._item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(run._failed, signal=signals.item_error)
        crawler.signals.connect(run._failed, signal=signals.spider_error)
        crawler.signals.connect(run._spider_closed, signal=signals.spider_closed)
        return run

    def count(self, source: str, thing: str, more: int = 1) -> None:
        """One more of something, for the stats, the run's file and the report."""
        if more:
            self._stats.inc_value(f"{SOURCE_STATS}{source}/{thing}", more)

    def refuse(
        self, source: str, article_id: str | None, refusal: Refusal, at: datetime | None = None
    ) -> None:
        """Keep why a URL gave no row; without an id the URL is not even one to remember.

        `at` is when its page was fetched, if that was not now.
        """
        self.count(source, f"{REFUSED}{refusal.reason}")
        if refusal.reason in _HOST_TROUBLE and source not in self.verdict.problems:
            self.verdict.problem(source, refusal.detail)
        if article_id:
            now = at or datetime.now(UTC)
            with self.state.transaction():
                if refusal.reason.is_of_erasure:
                    self.state.urls.forget(article_id)
                    self.state.tombstones.bury("article", article_id, now)
                    return
                self.state.urls.refused(article_id, refusal, now)
                if refusal.reason.is_of_rights:
                    self.state.rights.refused(article_id, refusal, now)

    def put_off(self, source: str, article_ids: Sequence[str], refusal: Refusal) -> None:
        """Keep why URLs were not even asked for; they stay due."""
        self.count(source, f"{REFUSED}{refusal.reason}", len(article_ids))
        with self.state.transaction():
            self.state.urls.put_off(article_ids, refusal)

    def by_source(self) -> dict[str, dict[str, int]]:
        """The counts of this run (`crawler.tally`)."""
        return counts_by_source(self._stats.get_stats())

    def requests(self) -> int:
        """How many requests this run has made."""
        return int(self._stats.get_value("downloader/request_count", 0))

    def by_record(self) -> dict[str, int]:
        """What became of archived records, in a replay."""
        return counts_of_records(self._stats.get_stats())

    def _item_dropped(self, item: Article, exception: BaseException) -> None:
        refusal = (
            exception.refusal
            if isinstance(exception, Refused)
            else Refusal(Reason.BAD_ROW, str(exception))
        )
        try:
            # Of two addresses, the one that was asked for: the other may well be collected.
            known_as = item.requested_id or item.article_id
            self.refuse(item.source, known_as, refusal, item.date_downloaded)
        except sqlite3.Error as error:  # of a signal's handler Scrapy would only log it
            self.broke(error)

    def broke(self, error: BaseException) -> None:
        """Something failed that should not: its URL stays due, and the run does not end well.

        What cannot be written down need not be fetched: then the run stops.
        """
        self._broken = True
        if isinstance(error, sqlite3.Error | OSError):
            error = self._not_writable(error)
        if isinstance(error, DatasetError) and self.error is None:
            self.error = error
            self._stopping = asyncio.ensure_future(self._stop())

    def _failed(self, failure: Failure) -> None:
        self.broke(failure.value or RuntimeError("no error given"))

    def _spider_closed(self, spider: Spider, reason: str) -> None:
        try:
            self._close_archive()
            self.commit()
            self._judge()
            self._housekeeping.after_commit(self.folder, self.state, self.snapshots, self.id)
            if self.publisher:
                self.said["published"] = asdict(self.publisher.publish_dataset(self.id))
            self.exit_code = self.error.exit_code if self.error else self._exit_code(reason)
        except ColporteurError as error:
            self.ends_with(error)
        finally:
            said = what_a_run_says(self, reason)
            write_run_file(self.folder.runs / f"{self.id}.json", said)
            self.state.close()
            said = publish_records(self, said)
            self._lock.release()
            self._tell(said)

    def ends_with(self, error: ColporteurError) -> None:
        """What ends a run that was all but over."""
        self.error = error
        self.exit_code = error.exit_code
        if isinstance(error, StoreError):
            self._stats.inc_value(error.reason)
            self.said["published"] = {"refused": error.reason}
        logger.error("%s", error)

    def _judge(self) -> None:
        try:
            if self.error is None:  # else what a source did not give is not its fault
                self.verdict.judge(self.by_source())
        except sqlite3.Error as error:
            raise self._not_writable(error) from error

    def _close_archive(self) -> None:
        """Not to be closed is no harm: its records are on the disk, and the next run closes it."""
        try:
            if self.archive is not None:
                self.archive.close()
        except DatasetError as error:
            self.error = self.error or error

    def commit(self) -> None:
        """Write what is staged into a snapshot. Raises: DatasetError."""
        try:
            self._set_aside_unreadable()
            self._cleaner.clean(self.id)
        except (sqlite3.Error, OSError) as error:
            raise self._not_writable(error) from error
        new = commit(self.state.journal, self.snapshots, self.id, datetime.now(UTC))
        self.snapshot = new or self.snapshot

    def _set_aside_unreadable(self) -> None:
        quarantine = self.folder.quarantine
        lost = set_aside_unreadable(self.state, self.snapshots, quarantine, self.id)
        if lost:
            logger.error(
                'staged rows can no longer be read: %d. They are in "%s" now, and their pages are '
                "fetched again. Have the disk looked at.", len(lost), quarantine,
            )  # fmt: skip
            self._stats.inc_value("staged/unreadable", len(lost))

    def _not_writable(self, error: Exception) -> DatasetError:
        return DatasetError(
            f'the state in "{self.folder.path}" cannot be written ({error}); what was collected '
            "so far is kept: make room and run again."
        )

    def _exit_code(self, reason: str) -> ExitCode:
        if reason != "finished":
            return ExitCode.STOPPED
        if self._broken or self._stats.get_value("log_count/CRITICAL"):
            return ExitCode.UNEXPECTED
        return ExitCode.SOURCE_UNHEALTHY if self.verdict.problems else ExitCode.COMMITTED
