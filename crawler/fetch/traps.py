"""Leaves traps: pages that are known to lead to none but their like are not asked for."""

from __future__ import annotations

from collections import defaultdict

from scrapy.http import Request

from crawler.discovery.traps import Harvest
from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.meta import PAGE, source_of


class TrapMiddleware:
    """Keeps what each source yields, and asks for no page of a kind that yields nothing."""

    def __init__(self) -> None:
        self._harvests: dict[str, Harvest] = defaultdict(Harvest)

    def harvest(self, source: str) -> Harvest:
        """What the addresses of a source, by its name, yield in this run."""
        return self._harvests[source]

    def process_request(self, request: Request) -> None:
        """Raises: FetchRefusedError."""
        source = source_of(request)
        if source is None or not request.meta.get(PAGE):
            return
        if (why := self._harvests[source.name].barren(request.url)) is not None:
            raise FetchRefusedError(Refusal(Reason.TRAP, why))
