"""A number of requests for each source and run: what a site has beyond it is the next run's.

An archive of fifty thousand articles is thus read over some days, newest first, instead of by one
run that others wait for. robots.txt is not counted.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

from scrapy.http import Request

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.meta import source_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class BudgetMiddleware:
    """Sends no more requests for a source than it may have."""

    def __init__(self, most: int) -> None:
        """A source has `most` requests, unless it says another number itself; 0 for no limit."""
        self._most = most
        self._sent: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("REQUESTS_PER_SOURCE"))

    def process_request(self, request: Request) -> None:
        """Raises: FetchRefusedError once a source has had its requests."""
        source = source_of(request)
        if source is None:
            return
        most = self._most if source.requests is None else source.requests
        if 0 < most <= self._sent[source.name]:
            raise FetchRefusedError(
                Refusal(Reason.OVER_BUDGET, f"{most} requests were made; the next run goes on")
            )
        self._sent[source.name] += 1
