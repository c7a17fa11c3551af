"""The spider of `scrapy replay --reextract`: our own archive, read again over the rows it gave.

A row whose page comes out otherwise gets a version, and the old one goes to `revisions`. What a
page now lacks to be an article takes no row away: what was collected stays.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals

from crawler.errors import Refusal
from crawler.fetch.erasure import erased
from crawler.items import Article
from crawler.run import Run
from crawler.spiders.archive import ArchiveSpider
from crawler.spiders.archived import ArchivedPage, Read
from crawler.spiders.placing import placed
from pipelines.reextraction import Reextraction

if TYPE_CHECKING:
    from pathlib import Path

    from scrapy.crawler import Crawler


class ReextractSpider(ArchiveSpider):
    """`-a files=WARC,WARC`, below the archive of the data folder."""

    name = "reextract"
    _again: Reextraction

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider._again = Reextraction.begin(crawler)
        return spider

    async def start(self) -> AsyncIterator[Article]:
        """The articles of all pages that have a row, and of those that never gave one."""
        run = self.crawler.get_extension(Run)
        assert run is not None, "the extension crawler.run.Run is switched off"
        self._again.snapshot = run.snapshots.latest()
        self.crawler.signals.connect(self._dropped, signal=signals.item_dropped)
        async for article in super().start():
            yield article
        run.said["reextraction"] = self._again.summary.dump()

    def _dropped(self, item: Article) -> None:
        self._again.dropped(item.article_id)

    def _is_done(self, path: Path) -> bool:
        return False  # each extractor reads it anew

    def _end(self, path: Path) -> None:
        self._count("files")

    def _is_told(self, archived: ArchivedPage) -> bool:
        return False

    def _settled(self, archived: ArchivedPage, read: Read) -> Article | None:
        """What has a row is told of nowhere but in its next version; what has none, as ever."""
        page, summary = archived.page, self._again.summary
        if erased(self.run.state.tombstones, page.url):
            return None
        row = self._again.row(archived.file.file or "", page.record_id or "")
        outcome = read.outcome
        if isinstance(outcome, Refusal) or read.missing:
            if row is not None:
                summary.lost += not read.missing
                summary.incomplete += bool(read.missing)
            return None
        due = archived.due
        article = placed(outcome, read.response, archived.source, due, self.run.id, page.date)
        if row is not None:
            return self._again.expect(article, row)
        if self.run.state.journal.story(article.article_id):
            return None  # an older version of a row, or its page under another address
        self.run.state.urls.offer(due, article.source, self.run.id)
        return replace(article, warc_file=archived.file.file, warc_record_id=page.record_id)
