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
from scrapy.http import Request, Response
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface
from scrapy.utils.asyncio import call_later

from crawler.errors import Reason, Refusal
from crawler.fetch.downloader import HostDownloader, host_of
from crawler.fetch.failures import FetchRefusedError, refusal_of_error
from crawler.fetch.headers import header
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
# Seconds in which what is on its way may still arrive when a run stops: most pages take one, and
# who sent the signal may be patient for ten (`docker stop`).
_GRACE = 2.0
# Requests that wait for their turn in a host's download slot, so that it never stands idle.
_AT_THE_READY = 1
# Set in the meta of a request that was put off once: the second time its page is the next run's.
_ASKED_AGAIN = "asked_again"
STOPPED = Refusal(Reason.RUN_STOPPED, "the run stopped before it was answered")
# Sent when the run begins to stop: Scrapy tells only when all that is in hand has ended.
run_stops = object()


class PauseMiddleware:
    """Asks no host that wants a pause or is down; last before the downloader."""

    def __init__(
        self,
        hosts: Hosts,
        downloader: Callable[[], HostDownloader],
        closing: Callable[[], bool],
        go_on: Callable[[], object],
        stops: Callable[[], object],
    ) -> None:
        """`closing` says whether the run has begun to stop; `go_on` looks at the queue anew.

        `stops` is called once, when it has begun to.
        """
        self.hosts = hosts
        self._downloader = downloader
        self._closing = closing
        self._go_on = go_on
        self._stops = stops
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

        def stops() -> None:
            crawler.signals.send_catch_log(run_stops)

        def downloader() -> HostDownloader:
            made = crawler.engine.downloader
            assert isinstance(made, HostDownloader), "DOWNLOADER is another's"
            return made

        made = cls(hosts, downloader, closing, go_on, stops)
        crawler.signals.connect(made.hear, signal=signals.response_downloaded)
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
        host = host_of(request)
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

    def hear(self, request: Request, response: Response) -> None:
        """Take note of how the host is, before the next request leaves its download slot."""
        host = host_of(request)
        if response.status in PAUSES:
            self._put_off(host, response)
        elif response.status >= 500:
            self._failed(host, f"HTTP {response.status}")
        else:
            self.hosts.answered(host)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Ask once more, later, for what a host put off."""
        if response.status in PAUSES and not request.meta.get(_ASKED_AGAIN):
            host = host_of(request)
            if self.hosts.refusal(host) is None and not self._stopped.is_set():
                meta = request.meta | {_ASKED_AGAIN: True}
                return request.replace(meta=meta, dont_filter=True)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Take note of a host that does not answer."""
        refusal = refusal_of_error(exception)
        if refusal.reason in _HOST_FAILURES:
            self._failed(host_of(request), refusal.reason)

    def _put_off(self, host: str, response: Response) -> None:
        said = f"HTTP {response.status}"
        asked = retry_after(header(response, "Retry-After"), header(response, "Date"), time.time())
        self.hosts.put_off(host, asked, said)
        if (refusal := self.hosts.refusal(host)) is not None:
            self._downloader().give_up(host, refusal)
        else:
            seconds = self.hosts.wait(host)
            self._downloader().hold(host, seconds)
            call_later(seconds, self._go_on)

    def _failed(self, host: str, by: str) -> None:
        self.hosts.failed(host, by)
        if (refusal := self.hosts.refusal(host)) is not None:
            self._downloader().give_up(host, refusal)

    async def _until_stopped(self) -> None:
        while not self._closing():
            await asyncio.sleep(_LOOK)
        self._stopped.set()
        self._stops()
        for host in list(self._downloader().slots):
            self._downloader().give_up(host, STOPPED)
        await asyncio.sleep(_GRACE)
        self._downloader().abort(STOPPED)


class _OpenHosts(DownloaderInterface):
    """Shows a queue only the hosts that can take a request now."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._crawler = crawler
        self._pauses = crawler.get_downloader_middleware(PauseMiddleware)

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        """The hosts that wait for no pause and have room, each with what it has in hand.

        The pages of a host that is down wait as long as the run goes on without them, for it may be
        up again; then they are handed out, to be told that it is not.
        """
        hosts = list(possible_slots)
        in_hand = Counter(map(host_of, self.downloader.active))
        goes_on = self._crawler.engine._start is not None or any(
            not self._is_down(host) for host in {*hosts, *in_hand}
        )
        return [
            (in_hand[host], host)
            for host in hosts
            if in_hand[host] < self._concurrency(host) + _AT_THE_READY
            and not (goes_on if self._is_down(host) else self._is_paused(host))
        ]

    def _concurrency(self, host: str) -> int:
        slot = self.downloader.per_slot_settings.get(host, {})
        return int(slot.get("concurrency", self.downloader.domain_concurrency))

    def _is_down(self, host: str) -> bool:
        refusal = self._pauses.hosts.refusal(host) if self._pauses else None
        return refusal is not None and refusal.reason is Reason.HOST_DOWN

    def _is_paused(self, host: str) -> bool:
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
