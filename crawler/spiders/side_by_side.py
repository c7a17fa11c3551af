"""The sources of a run, read side by side: one stream of requests, and none of them holds it up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence

from scrapy import Request

from crawler.sources import Source
from crawler.spiders.places import Place

logger = logging.getLogger(__name__)

# Articles that are found and wait for the scheduler: enough to keep it busy, few enough to forget.
_WAITING_MAX = 1_000


class SideBySide:
    """Reads sources, so many at once."""

    def __init__(
        self,
        sources: Sequence[Source],
        read: Callable[[Source, Place], AsyncIterator[Request]],
        at_once: int,
        broke: Callable[[Exception], None],
    ) -> None:
        """`read` gives a source's requests; `broke` is told of what it raises."""
        self._sources = sources
        self._read = read
        self._at_once = at_once
        self._broke = broke
        self._readers: list[asyncio.Task[None]] = []

    async def requests(self) -> AsyncIterator[Request]:
        """The requests of all sources, as they are found."""
        found: asyncio.Queue[Request | None] = asyncio.Queue(_WAITING_MAX)
        places = asyncio.Semaphore(self._at_once)
        self._readers = [
            asyncio.ensure_future(self._read_into(found, source, Place(places)))
            for source in self._sources
        ]
        try:
            for _ in self._readers:
                while (request := await found.get()) is not None:
                    yield request
        finally:
            self.stop()

    def stop(self) -> None:
        """Read no further; what is not read is the next run's."""
        for reader in self._readers:
            reader.cancel()

    async def _read_into(
        self, found: asyncio.Queue[Request | None], source: Source, place: Place
    ) -> None:
        try:
            async with place:
                async for request in self._read(source, place):
                    await found.put(request)
        except Exception as error:  # one source's bug is not the others' end
            logger.exception('source "%s": reading its listings failed', source.name)
            self._broke(error)
        finally:
            await found.put(None)
