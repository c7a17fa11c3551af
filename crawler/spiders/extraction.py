"""Extraction for spiders: off the reactor, in workers that start with the first page."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Protocol

from scrapy import signals

from crawler.errors import Refusal
from crawler.extract import extract, warm_up
from crawler.items import Article
from crawler.workers.pool import Workers

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Extract(Protocol):
    """`crawler.extract.extract`, to be awaited."""

    def __call__(
        self, body: bytes, url: str, *, encoding: str | None = None
    ) -> Awaitable[Article | Refusal]: ...


def extraction(crawler: Crawler) -> Extract:
    """Extraction in workers that end with the crawl.

    How many pages wait for them is bounded by Scrapy: while those that came and are not done weigh
    more than SCRAPER_SLOT_MAX_ACTIVE_SIZE, only the requests on their way still come.
    """
    settings = crawler.settings
    workers = Workers(
        extract,
        prepare=warm_up,
        count=settings.getint("EXTRACT_WORKERS"),
        seconds=settings.getfloat("EXTRACT_TIMEOUT"),
        megabytes=settings.getfloat("EXTRACT_MEMORY_MB"),
    )
    crawler.signals.connect(workers.close, signal=signals.spider_closed)
    return workers.run
