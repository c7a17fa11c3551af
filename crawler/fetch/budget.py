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
from crawler.fetch.meta import PAGE, source_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.sources import Source


class BudgetMiddleware:
    """Sends no more requests for a source than it may have."""

    def __init__(self, most: int) -> None:
        """A source has `most` requests, unless it says another number itself; 0 for no limit."""
        self._most = most
        self._sent: Counter[str] = Counter()
        self._promised: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("REQUESTS_PER_SOURCE"))

    def promise(self, source: Source) -> bool:
        """Whether a source has a request left for one more page, which is then kept for it.

        Roughly: some pages that were promised are never asked for. Who counts exactly is below.
        """
        left = self._left(source)
        if left is not None and left <= self._promised[source.name]:
            return False
        self._promised[source.name] += 1
        return True

    def refusal(self, source: Source) -> Refusal:
        """What becomes of what a source has beyond that."""
        made = f"{self._most_of(source)} requests were made; the next run goes on"
        return Refusal(Reason.OVER_BUDGET, made)

    def process_request(self, request: Request) -> None:
        """Raises: FetchRefusedError once a source has had its requests."""
        source = source_of(request)
        if source is None:
            return
        if request.meta.get(PAGE):
            self._promised[source.name] = max(0, self._promised[source.name] - 1)
        left = self._left(source)
        if left is not None and left <= 0:
            raise FetchRefusedError(self.refusal(source))
        self._sent[source.name] += 1

    def _left(self, source: Source) -> int | None:
        """How many more requests a source may send; None for any number."""
        most = self._most_of(source)
        return most - self._sent[source.name] if most > 0 else None

    def _most_of(self, source: Source) -> int:
        return self._most if source.requests is None else source.requests
