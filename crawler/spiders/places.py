"""Sources are read some at a time, and one whose site lets us wait is not among them.

A limit that counted it would be a queue behind it: sixteen dead sites, and no other was begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from crawler.fetch.downloader import PATIENCE

P = ParamSpec("P")
T = TypeVar("T")


class Place:
    """The place of one source, taken as a context manager; left early while an answer is slow."""

    def __init__(self, places: asyncio.Semaphore, patience: float = PATIENCE) -> None:
        """`places` is what all sources share; `patience` is in seconds."""
        self._places = places
        self._patience = patience
        self._taken = False

    async def __aenter__(self) -> Self:
        await self._places.acquire()
        self._taken = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    def while_waiting(self, wait: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        """`wait`, for a source that leaves its place to the next when it is not answered soon."""

        async def patiently(*args: P.args, **kwargs: P.kwargs) -> T:
            timer = asyncio.get_running_loop().call_later(self._patience, self._leave)
            try:
                return await wait(*args, **kwargs)
            finally:
                timer.cancel()

        return patiently

    def _leave(self) -> None:
        if self._taken:
            self._taken = False
            self._places.release()
