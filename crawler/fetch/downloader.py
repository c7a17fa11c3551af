"""Scrapy's downloader, in which no host takes the place of another and nothing outlives the run.

Scrapy counts what merely waits among the requests that run, and gives no way to let go of a request
before it is answered: one byte a second was enough to stop every other host, and the end of a run.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from scrapy.core.downloader import Downloader, Slot
from scrapy.http import Request, Response
from scrapy.utils.asyncio import CallLaterResult, call_later
from scrapy.utils.httpobj import urlparse_cached

from crawler.errors import Refusal
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.meta import ASSET
from crawler.fetch.politeness import LEAST_DELAY

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

# Seconds after which a request no longer counts for `CONCURRENT_REQUESTS`: it waits for its host,
# which keeps it from no more than its own next one. So the limit is one of haste, and hundreds of
# dead hosts do not fill it. In hand is at most what all hosts together may have.
PATIENCE = 0.5


# Behind the name of a host: the slot of what its pages ask for.
_ASSETS = " assets"


@dataclass(frozen=True, slots=True)
class _Transfer:
    answer: Deferred[Response]
    task: asyncio.Task[None] | None


def host_of(request: Request) -> str:
    """The host that a request is for."""
    return urlparse_cached(request).hostname or ""


class HostDownloader(Downloader):
    """Requests on their way, by their hosts (`DOWNLOADER`)."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._begun: dict[Request, float] = {}
        self._transfers: dict[Request, _Transfer] = {}
        self._look_again: CallLaterResult | None = None
        self._asset_delay = max(crawler.settings.getfloat("ASSET_DELAY"), LEAST_DELAY)

    def fetch(self, request: Request, spider: Spider | None = None) -> Deferred[Response | Request]:
        """As Scrapy's own, with the time at which a request was taken in hand."""
        self._begun[request] = monotonic()
        fetched: Deferred[Response | Request] = super().fetch(request)
        return fetched.addBoth(self._ended, request)

    def _ended(self, result: Response | Request, request: Request) -> Response | Request:
        del self._begun[request]
        return result

    def get_slot_key(self, request: Request) -> str:
        """The host, and nothing else: Scrapy would let a redirect take its first host's turn.

        What a page asks for while it is rendered has its own pace there, unless the host asked for
        a slower one.
        """
        host = host_of(request)
        if not request.meta.get(ASSET) or self._is_slow(host):
            return host
        key = f"{host}{_ASSETS}"
        self.per_slot_settings.setdefault(key, {"delay": self._asset_delay, "jitter": 0.0})
        return key

    def _is_slow(self, host: str) -> bool:
        asked = self.per_slot_settings.get(host, {}).get("delay", self._delay)
        return bool(asked > max(self._delay, self._asset_delay))

    def needs_backout(self) -> bool:
        """Whether as many requests as may be were begun just now and are not yet answered."""
        now = monotonic()
        begun = [at for at in self._begun.values() if at > now - PATIENCE]
        if not 0 < self.total_concurrency <= len(begun):
            return False
        if self._look_again is None:  # no answer may come that makes the engine look
            self._look_again = call_later(min(begun) + PATIENCE - now, self._go_on)
        return True

    def _go_on(self) -> None:
        self._look_again = None
        if self.crawler.engine is not None and (run := self.crawler.engine._slot) is not None:
            run.nextcall.schedule()

    def close(self) -> None:
        """Stop all timers."""
        if self._look_again is not None:
            self._look_again.cancel()
        super().close()

    def hold(self, host: str, seconds: float) -> None:
        """Let what waits for a host wait on: a download slot with a timer sends nothing."""
        if (slot := self.slots.get(host)) is not None:
            if slot.latercall is not None:
                slot.latercall.cancel()
            slot.latercall = call_later(seconds, self._latercall, slot)

    def give_up(self, host: str, refusal: Refusal) -> None:
        """Send nothing of what waits for a host; each request fails with the refusal."""
        slot = self.slots.get(host)
        while slot is not None and slot.queue:
            _, answer = slot.queue.popleft()
            if not answer.called:  # who asked may wait no longer
                answer.errback(FetchRefusedError(refusal))

    def abort(self, refusal: Refusal) -> None:
        """Let go of all that is on its way; each request fails with the refusal."""
        for transfer in list(self._transfers.values()):
            if not transfer.answer.called:
                transfer.answer.errback(FetchRefusedError(refusal))
            if transfer.task is not None:
                transfer.task.cancel()

    async def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> None:
        """As Scrapy's own, for a request that may have been let go of meanwhile."""
        self._transfers[request] = _Transfer(queue_dfd, asyncio.current_task())
        try:
            response = await self._download(slot, request)
        except Exception as error:
            if not queue_dfd.called:
                queue_dfd.errback(error)
        else:
            if not queue_dfd.called:
                queue_dfd.callback(response)
        finally:
            del self._transfers[request]
