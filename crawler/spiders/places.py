"""Sources are read some at a time, and one whose site lets us wait is not among them.

A limit that counted it would be a queue behind it: sixteen dead sites, and no other was begun.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from crawler.errors import Refusal
from crawler.fetch.downloader import PATIENCE
from crawler.fetch.listings import Answer
from crawler.spiders.finding import Ask
from crawler.state.listings import Validators


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

    def while_waiting(self, ask: Ask) -> Ask:
        """`ask`, for a source that leaves its place to the next when it is not answered soon."""

        async def patiently(url: str, known: Validators) -> Answer | Refusal:
            timer = asyncio.get_running_loop().call_later(self._patience, self._leave)
            try:
                return await ask(url, known)
            finally:
                timer.cancel()

        return patiently

    def _leave(self) -> None:
        if self._taken:
            self._taken = False
            self._places.release()
