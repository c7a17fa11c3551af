"""Calls a function in worker processes, each call within a time limit and a memory limit.

A call that takes too long, and one whose worker dies, give a `Refusal`; the other calls do not
notice. Workers start when a call finds none that is free, never before.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar
from weakref import WeakSet

from crawler.errors import ColporteurError, Reason, Refusal
from crawler.workers import worker as child
from crawler.workers.worker import LENGTH, name_of

P = ParamSpec("P")
T = TypeVar("T")

# Loading what extraction needs takes one second of CPU, more on a busy machine.
_START_SECONDS = 120.0
# Where every core has a worker already, another is worth its start, half a second of CPU and 100
# MB, only while those there are get stuck: the longest of a thousand saved pages took .3 seconds.
_PATIENCE_SECONDS = 2.0
# What asyncio buffers of an answer: a long article's in one piece.
_BUFFER_BYTES = 1_048_576
_PROTOCOL = pickle.HIGHEST_PROTOCOL
# Where this package is found, so that a worker finds it wherever it is started.
_ROOT = Path(__file__).parents[2]


class Workers(Generic[P, T]):
    """Up to `count` processes that call `function`, of which each call may take `seconds`.

    A pipe of its own to each, and no thread or lock that they share: whatever one of them dies of,
    and wherever in a page it does, the others go on. `prepare` is called once in each before its
    first call that `needs` it, so that no page pays for what is loaded on first use, and nothing
    else for what only pages use.
    """

    def __init__(
        self,
        function: Callable[P, T],
        *,
        prepare: Callable[[], object] | None = None,
        needs: Callable[P, bool] | None = None,
        count: int,
        seconds: float,
        megabytes: float = 0,
    ) -> None:
        """`function` and `prepare` are of a module; without `megabytes` memory has no limit.

        Without `needs` every call needs what there is to prepare.
        """
        self.seconds = seconds
        self._needs = needs or (lambda *_, **__: prepare is not None)
        self._command = (
            name_of(function),
            name_of(prepare) if prepare else "",
            str(seconds),
            str(megabytes),
        )
        self._free = asyncio.Semaphore(count)
        self._idle: list[Process] = []
        self._busy: set[Process] = set()
        self._begun = 0
        self._cores = _cores()
        self._freed = asyncio.Event()
        self._unprepared: WeakSet[Process] = WeakSet()

    async def run(self, *args: P.args, **kwargs: P.kwargs) -> T | Refusal:
        """Call the function in a worker that is free; wait for one if none is.

        Raises what the function raises, and ColporteurError if no worker can be started.
        """
        async with self._free:
            worker = await self._worker()
            self._busy.add(worker)
            answer = None
            try:
                if worker in self._unprepared and self._needs(*args, **kwargs):
                    await _prepare(worker)
                    self._unprepared.discard(worker)
                async with asyncio.timeout(self.seconds):
                    answer = await _ask(worker, args, kwargs)
            except TimeoutError:
                return Refusal(Reason.EXTRACT_TIMEOUT, f"not done after {self.seconds:g} s")
            except (asyncio.IncompleteReadError, ConnectionError):
                return Refusal(Reason.WORKER_DIED, await _end(worker))
            finally:  # also when cancelled: whoever has not answered is in the middle of a page
                self._busy.discard(worker)
                if answer is None:
                    await _end(worker)
                    self._begun -= 1
                else:
                    self._idle.append(worker)
                self._freed.set()
        returned, value = pickle.loads(answer)  # noqa: S301 # from a process that we started
        if not returned:
            raise value
        found: T = value
        return found

    async def close(self) -> None:
        """End the workers; a page that one of them is in the middle of is refused."""
        workers = [*self._idle, *self._busy]
        self._idle.clear()
        for worker in workers:
            await _end(worker)

    async def _worker(self) -> Process:
        """The worker that was busy last; a new one if none is free, and none will soon be."""
        while True:
            while self._idle:
                worker = self._idle.pop()
                if not _output(worker).at_eof():
                    return worker
                await _end(worker)
                self._begun -= 1
            if self._begun < self._cores or not await self._comes_free():
                return await self._new()

    async def _comes_free(self) -> bool:
        """Wait for a worker to be done with its page; whether one was in time."""
        self._freed.clear()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._freed.wait()
        except TimeoutError:
            return False
        return True

    async def _new(self) -> Process:
        self._begun += 1
        try:
            worker = await _start(self._command)
        except BaseException:
            self._begun -= 1
            raise
        self._unprepared.add(worker)
        return worker


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


async def _start(command: tuple[str, ...]) -> Process:
    """Start a worker, and wait until it is ready. Raises: ColporteurError."""
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", child.__name__, *command,
        stdin=PIPE, stdout=PIPE, limit=_BUFFER_BYTES,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,  # Ctrl-C is for the pool, which tells its workers
    )  # fmt: skip
    _widen(worker)
    await _ready(worker)
    return worker


def _widen(worker: Process) -> None:
    """Let a page lie in the pipe whole: of the 64 kB that Linux gives it, each piece wakes us."""
    if worker.stdin is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        pipe = worker.stdin.transport.get_extra_info("pipe")
        with suppress(OSError):  # so much for one user, and no more
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _BUFFER_BYTES)


async def _prepare(worker: Process) -> None:
    """Let a worker load what its first page would. Raises: ColporteurError."""
    assert worker.stdin is not None
    with suppress(ConnectionError):  # it has ended: what it ended of is told below
        worker.stdin.write(LENGTH.pack(0))
        await worker.stdin.drain()
    await _ready(worker)


async def _ready(worker: Process) -> None:
    """Wait until a worker says that it is ready. Raises: ColporteurError."""
    ready = False
    try:
        async with asyncio.timeout(_START_SECONDS):
            await _answer(worker)
        ready = True
    except TimeoutError:
        raise ColporteurError(f"a worker was not ready after {_START_SECONDS:g} s.") from None
    except asyncio.IncompleteReadError:
        ended = await _end(worker)
        raise ColporteurError(f"a worker could not start ({ended}); it said why above.") from None
    finally:
        if not ready:
            await _end(worker)


async def _ask(worker: Process, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """Send a request in its parts: its pickle, and the long bytes in it, which are not copied."""
    apart: list[pickle.PickleBuffer] = []
    outside = tuple(_uncopied(arg) for arg in args)
    request = pickle.dumps((outside, kwargs), _PROTOCOL, buffer_callback=apart.append)
    parts = [memoryview(request), *(buffer.raw() for buffer in apart)]
    assert worker.stdin is not None
    lengths = LENGTH.pack(len(parts))
    for part in parts:
        # In one piece with its length: each piece by itself would wake the worker.
        worker.stdin.writelines([lengths + LENGTH.pack(len(part)), part[:_BUFFER_BYTES]])
        lengths = b""
        await worker.stdin.drain()
        for start in range(_BUFFER_BYTES, len(part), _BUFFER_BYTES):  # or asyncio would copy it all
            worker.stdin.write(part[start : start + _BUFFER_BYTES])
            await worker.stdin.drain()
    return await _answer(worker)


def _uncopied(arg: Any) -> Any:
    is_long = isinstance(arg, bytes) and len(arg) > _BUFFER_BYTES
    return pickle.PickleBuffer(arg) if is_long else arg


async def _answer(worker: Process) -> bytes:
    output = _output(worker)
    (size,) = LENGTH.unpack(await output.readexactly(LENGTH.size))
    return await output.readexactly(size)


def _output(worker: Process) -> asyncio.StreamReader:
    assert worker.stdout is not None
    return worker.stdout


async def _end(worker: Process) -> str:
    """End a process, now, if it has not yet; see it gone, and say how it went."""
    if worker.returncode is None:
        # Not `worker.kill()`: where the process is just ending by itself, that takes its exit code
        # away from asyncio, which then warns that it knows none.
        with suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
    code = await worker.wait()
    return f"exit code {code}" if code >= 0 else f"ended by {signal.Signals(-code).name}"
