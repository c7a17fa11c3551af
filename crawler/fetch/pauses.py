"""Keeps the pauses that hosts ask for, and lets none of them hold up another.

A host's requests wait in the scheduler's queue while it has enough of them in hand; what already
waits in Scrapy's download slot is held back or given up when the host asks for a pause, fails too
often, or the run stops.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.core.downloader import Downloader
from scrapy.http import Request, Response
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface
from scrapy.utils.asyncio import call_later

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError, refusal_of_error
from crawler.fetch.hosts import Hosts, Limits, retry_after
from crawler.state import State

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Who asks for a pause: the site for everyone (503), or for us (429; RFC 6585, section 4).
PAUSES = (429, 503)
# Failures that may hold for every page of a host.
_HOST_FAILURES = frozenset(
    {Reason.UNRESOLVED, Reason.CONNECTION, Reason.TIMEOUT, Reason.TLS, Reason.NETWORK}
)
# Seconds between two looks whether the run is about to stop: Scrapy 2.19 tells nobody before all
# that it has in hand is done.
_LOOK = 0.1
# Requests that wait for their turn in a host's download slot, so that it never stands idle.
_AT_THE_READY = 1
# Set in the meta of a request that was put off once: the second time its page is the next run's.
_ASKED_AGAIN = "asked_again"
STOPPED = Refusal(Reason.RUN_STOPPED, "the run stopped before it was asked for")


class PauseMiddleware:
    """Asks no host that wants a pause or is down; last before the downloader."""

    def __init__(
        self,
        hosts: Hosts,
        downloader: Callable[[], Downloader],
        closing: Callable[[], bool],
        go_on: Callable[[], object],
    ) -> None:
        """`closing` says whether the run has begun to stop; `go_on` looks at the queue anew."""
        self.hosts = hosts
        self._downloader = downloader
        self._closing = closing
        self._go_on = go_on
        self._stopped = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        limits = Limits.from_settings(crawler.settings)
        state = State.open_in(crawler)
        if state is None:
            hosts = Hosts(limits)
        else:
            hosts = Hosts(limits, state.hosts.waiting(datetime.now(UTC)), state.hosts.put_off)

        def closing() -> bool:
            return crawler.engine._slot is not None and crawler.engine._slot.closing is not None

        def go_on() -> None:
            if crawler.engine._slot is not None and not closing():
                crawler.engine._slot.nextcall.schedule()

        made = cls(hosts, lambda: crawler.engine.downloader, closing, go_on)
        crawler.signals.connect(made.watch, signal=signals.spider_opened)
        crawler.signals.connect(made.end, signal=signals.spider_closed)
        return made

    def watch(self) -> None:
        """Look from now on whether the run stops."""
        self._watch = asyncio.ensure_future(self._until_stopped())

    def end(self) -> None:
        """Look no longer."""
        if self._watch is not None:
            self._watch.cancel()

    async def process_request(self, request: Request) -> None:
        """Wait for a short pause to end. Raises: FetchRefusedError for what is not to be asked."""
        host = self._downloader().get_slot_key(request)
        while True:
            if self._stopped.is_set():
                raise FetchRefusedError(STOPPED)
            if (refusal := self.hosts.refusal(host)) is not None:
                raise FetchRefusedError(refusal)
            if not (seconds := self.hosts.wait(host)):
                self.hosts.asked(host)
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), seconds)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Take note of how the host is; ask once more, later, for what it put off."""
        host = self._downloader().get_slot_key(request)
        if response.status in PAUSES:
            self._put_off(host, response)
            if not request.meta.get(_ASKED_AGAIN) and self.hosts.refusal(host) is None:
                meta = request.meta | {_ASKED_AGAIN: True}
                return request.replace(meta=meta, dont_filter=True)
        elif response.status >= 500:
            self._failed(host, f"HTTP {response.status}")
        else:
            self.hosts.answered(host)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Take note of a host that does not answer."""
        refusal = refusal_of_error(exception)
        if refusal.reason in _HOST_FAILURES:
            self._failed(self._downloader().get_slot_key(request), refusal.reason)

    def _put_off(self, host: str, response: Response) -> None:
        asked = response.headers.get("Retry-After")
        said = f"HTTP {response.status}"
        value = asked.decode("latin-1") if asked else None
        self.hosts.put_off(host, retry_after(value, time.time()), said)
        if (refusal := self.hosts.refusal(host)) is not None:
            self._give_up(host, refusal)
        else:
            self._hold(host, self.hosts.wait(host))

    def _failed(self, host: str, by: str) -> None:
        self.hosts.failed(host, by)
        if (refusal := self.hosts.refusal(host)) is not None:
            self._give_up(host, refusal)

    def _hold(self, host: str, seconds: float) -> None:
        """Let what waits for a host wait on: a download slot with a timer sends nothing."""
        downloader = self._downloader()
        if (slot := downloader.slots.get(host)) is not None:
            if slot.latercall is not None:
                slot.latercall.cancel()
            slot.latercall = call_later(seconds, downloader._latercall, slot)
        call_later(seconds, self._go_on)

    def _give_up(self, host: str, refusal: Refusal) -> None:
        """Send nothing of what waits in a download slot."""
        slot = self._downloader().slots.get(host)
        while slot is not None and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(FetchRefusedError(refusal))

    async def _until_stopped(self) -> None:
        while not self._closing():
            await asyncio.sleep(_LOOK)
        self._stopped.set()
        for host in list(self._downloader().slots):
            self._give_up(host, STOPPED)


class _OpenHosts(DownloaderInterface):
    """Shows a queue only the hosts that can take a request now."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pauses = crawler.get_downloader_middleware(PauseMiddleware)

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        """The hosts that wait for no pause and have room, each with what it has in hand."""
        downloader = self.downloader
        in_hand = Counter(map(downloader.get_slot_key, downloader.active))
        return [
            (in_hand[host], host)
            for host in possible_slots
            if in_hand[host] < self._concurrency(host) + _AT_THE_READY and not self._waits(host)
        ]

    def _concurrency(self, host: str) -> int:
        slot = self.downloader.per_slot_settings.get(host, {})
        return int(slot.get("concurrency", self.downloader.domain_concurrency))

    def _waits(self, host: str) -> bool:
        """Whether it will be asked, but later. What it will not be asked is to be told so now."""
        if self._pauses is None or not self._pauses.hosts.wait(host):
            return False
        return self._pauses.hosts.refusal(host) is None


class HostQueue(DownloaderAwarePriorityQueue):
    """The scheduler's queue: a host that is slow or wants a pause takes no other one's place.

    Scrapy's own hands out requests of one host until the whole downloader is full of them.
    """

    def __init__(self, crawler: Crawler, *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        self._downloader_interface = _OpenHosts(crawler)
