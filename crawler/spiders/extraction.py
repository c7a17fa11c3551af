"""Reading of pages and listings: off the reactor, in workers that start with the first of them.

A page that would stall or exhaust whoever reads it harms a worker, for as long as it may take.
"""

from __future__ import annotations

import operator
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from scrapy import signals

from crawler.errors import Reason, Refusal
from crawler.items import Article
from crawler.spiders.foretelling import read, warm_up
from crawler.workers.pool import Workers
from pipelines import known
from pipelines.foretelling import Foretelling
from pipelines.known import Answer

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


T = TypeVar("T")


class Aside(Protocol):
    """Calls a function of a module in a worker; what becomes of it there may be a Refusal."""

    def __call__(
        self, function: Callable[..., T | Refusal], *args: object, **kwargs: object
    ) -> Awaitable[T | Refusal]: ...


class Extract(Protocol):
    """`crawler.extract.extract`, to be awaited."""

    def __call__(
        self, body: bytes, url: str, *, encoding: str | None = None
    ) -> Awaitable[Article | Refusal]: ...


def aside(crawler: Crawler) -> Aside:
    """Workers that end with the crawl.

    How many pages wait for them is bounded by Scrapy: while those that came and are not done weigh
    more than SCRAPER_SLOT_MAX_ACTIVE_SIZE, only the requests on their way still come.
    """
    settings = crawler.settings
    workers = workers_of(
        settings.getint("EXTRACT_WORKERS"),
        settings.getfloat("EXTRACT_TIMEOUT"),
        settings.getfloat("EXTRACT_MEMORY_MB"),
    )
    crawler.signals.connect(workers.close, signal=signals.spider_closed)
    return in_workers(workers)


def workers_of(count: int, seconds: float, megabytes: float) -> Workers[..., Any]:
    """Workers in which whatever is called may take so long, and so much."""
    return Workers(
        operator.call,
        prepare=warm_up,
        needs=lambda function, *_, **__: function is read,
        count=count,
        seconds=seconds,
        megabytes=megabytes,
    )


def in_workers(workers: Workers[..., Any]) -> Aside:
    """What is called is called in one of the workers."""

    async def call(
        function: Callable[..., T | Refusal], *args: object, **kwargs: object
    ) -> T | Refusal:
        try:
            return await workers.run(function, *args, **kwargs)
        except MemoryError:
            return Refusal(Reason.WORKER_DIED, "out of memory")

    return call


def extraction(
    aside: Aside, foretelling: Foretelling, tell: Callable[[Sequence[Answer]], object] = known.tell
) -> Extract:
    """Extraction in workers, which also answer what will be asked of an article, and `tell` it.

    By default the stages of this process are told.
    """

    async def extracted(body: bytes, url: str, *, encoding: str | None = None) -> Article | Refusal:
        found = await aside(read, body, url, foretelling, encoding=encoding)
        if isinstance(found, Refusal):
            return found
        article, answers = found
        tell(answers)
        return article

    return extracted
