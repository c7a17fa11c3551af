"""How much of long bodies is in memory at once, however many of them come at the same time.

Ordinary pages never wait. A body that grows long does while others fill the room: its connection is
not read, and goes on when one of them was read or refused.
"""

from __future__ import annotations

import asyncio
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, Self

from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Bytes. Of a thousand pages 25 are longer; a hundred that are not fit anywhere.
LONG = 1024 * 1024


# Seconds for which a body waits to be unpacked: as long as one may take to come, by default. Then
# it is, room or not: nothing waits for ever for what nobody gives back.
_PATIENCE = 30.0


class Taker(Protocol):
    """Whoever receives a body."""

    def pause(self) -> None:
        """Receive nothing for now."""

    def resume(self) -> None:
        """Go on."""


class Room:
    """Room for `size` bytes of long bodies; one of them may take more, so that it can end."""

    def __init__(self, size: int) -> None:
        """0 is no limit."""
        self._size = size
        self._taken: dict[Taker, int] = {}
        self._waiting: list[Taker] = []
        self._kept = 0
        self._being_read = 0
        self._was_read = asyncio.Event()

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """The one room of a crawler."""
        if crawler not in _rooms:
            # With the one that may end, one and a half of the largest; unpacking one takes another.
            _rooms[crawler] = cls(crawler.settings.getint("DOWNLOAD_MAXSIZE") // 2)
        room = _rooms[crawler]
        assert isinstance(room, cls)
        return room

    def took(self, taker: Taker, count: int) -> None:
        """More of a body came, in bytes."""
        self._taken[taker] = self._taken.get(taker, 0) + count
        if self._taken[taker] > LONG and not self._may_go_on(taker):
            self._waiting.append(taker)
            taker.pause()

    def ended(self, taker: Taker) -> None:
        """No more of a body will come."""
        if self._taken.pop(taker, None) is not None:
            if taker in self._waiting:
                self._waiting.remove(taker)
            self._go_on()

    async def until_free(self) -> None:
        """Wait until no long body is being read: what is packed may unpack to one."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while self._being_read:
                    self._was_read.clear()
                    await self._was_read.wait()

    def keep(self, response: Response) -> None:
        """Count the body of an answer until nobody has it any more."""
        if (size := len(response.body)) > LONG:
            self._kept += size
            weakref.finalize(response, self._forgotten, size)

    def hand_on(self, response: Response) -> None:
        """An answer goes to whoever reads it; until it is forgotten, it is being read."""
        if len(response.body) > LONG:
            self._being_read += 1
            weakref.finalize(response, self._read)

    def _forgotten(self, size: int) -> None:
        self._kept -= size
        self._go_on()

    def _read(self) -> None:
        self._being_read -= 1
        self._was_read.set()

    def _may_go_on(self, taker: Taker) -> bool:
        coming = {one: size for one, size in self._taken.items() if size > LONG}
        if not self._size or self._kept + sum(coming.values()) <= self._size:
            return True
        return not self._kept and taker is next(iter(coming))

    def _go_on(self) -> None:
        for taker in [one for one in self._waiting if self._may_go_on(one)]:
            self._waiting.remove(taker)
            taker.resume()


_rooms: weakref.WeakKeyDictionary[Crawler, Room] = weakref.WeakKeyDictionary()
