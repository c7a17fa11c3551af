"""A number of requests for each source and run: what a site has beyond it is the next run's.

An archive of fifty thousand articles is thus read over some days, newest first, instead of by one
run that others wait for. robots.txt is not counted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.http import Request

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

# The name of the source in the meta of each request that is made for it, redirects included.
SOURCE = "source"


class BudgetMiddleware:
    """Sends no more requests for a source than it may have."""

    def __init__(self, most: int) -> None:
        """A source has `most` requests, unless it says another number itself; 0 for no limit."""
        self._most = most
        self._own: dict[str, int] = {}
        self._sent: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        made = cls(crawler.settings.getint("REQUESTS_PER_SOURCE"))
        crawler.signals.connect(made.open, signal=signals.spider_opened)
        return made

    def open(self, spider: Spider) -> None:
        """Take over what the sources of a spider say of themselves."""
        for source in getattr(spider, "sources", ()):
            if source.requests is not None:
                self._own[source.name] = source.requests

    def process_request(self, request: Request) -> None:
        """Raises: FetchRefusedError once a source has had its requests."""
        source = request.meta.get(SOURCE)
        if source is None:
            return
        most = self._own.get(source, self._most)
        if 0 < most <= self._sent[source]:
            raise FetchRefusedError(
                Refusal(Reason.OVER_BUDGET, f"{most} requests were made; the next run goes on")
            )
        self._sent[source] += 1
