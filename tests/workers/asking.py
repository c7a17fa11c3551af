"""One question to a pool of workers, and what becomes of the processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from crawler.workers.pool import Workers


def workers(function: Callable[..., Any], seconds: float = 30, **more: Any) -> Workers[..., Any]:
    return Workers(function, **({"count": 1, "seconds": seconds} | more))


def within(pool: Workers[..., Any], task: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine, then close the pool."""

    async def run() -> Any:
        try:
            return await task()
        finally:
            await pool.close()

    return asyncio.run(run())


def call(function: Callable[..., Any], *args: Any, **more: Any) -> Any:
    """The answer of one call in one worker."""
    pool = workers(function, **more)
    return within(pool, lambda: pool.run(*args))


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
