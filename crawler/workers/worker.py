"""One worker process: calls one function for each request on its standard input, until that ends.

It starts as `python -m crawler.workers.worker` and loads that function's modules, and no others of
ours. Requests and answers are pickles, each after its length; a request without parts asks to get
prepared, for as long as that takes.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO

LENGTH = struct.Struct("!Q")
# web-poet's itemadapter loads Scrapy and Twisted where it can, for a class it may meet: half a
# second of CPU and 30 MB for each worker. No page is read with them.
_NOT_LOADED = "scrapy"
# Whoever asks settles what all workers read, and has the network to listen to: where cores are few,
# they wait for nobody longer than for that.
_YIELDS = 5
# A core has a worker: NumPy's own threads, a tenth of a second of CPU to start, would share it.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
# The pool ends a page that is over its time. Should the pool itself be gone, the kernel does.
_GRACE_SECONDS = 3.0


def main() -> None:
    """Read what to do from the command line, get ready, say so, and work."""
    function, prepare, seconds, megabytes = sys.argv[1:]
    # Whoever stops a run tells the pool, which lets this page end; Ctrl-C does not come here.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.nice(_YIELDS)
    os.environ |= _ONE_THREAD
    if float(megabytes):
        most = int(float(megabytes) * 1_000_000)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    requests, answers = _own_pipes()
    sys.modules[_NOT_LOADED] = None  # type: ignore[assignment] # Python's own way to say "is not"
    call = named(function)
    _send(answers, b"")
    while (request := _request(requests)) is not None:
        if not request:
            named(prepare)()
            gc.freeze()  # what is loaded now stays: no collection has to look through it again
            _send(answers, b"")
            continue
        signal.setitimer(signal.ITIMER_REAL, float(seconds) + _GRACE_SECONDS)
        answer = _answer(call, request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answers, answer)


def name_of(function: Callable[..., object]) -> str:
    """What `named` finds a function of a module by."""
    return f"{function.__module__}:{function.__qualname__}"


def named(name: str) -> Callable[..., Any]:
    """The function of that name, its module loaded."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the pool, out of reach of any code that prints or reads."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def _answer(call: Callable[..., Any], request: list[bytes]) -> bytes:
    """The pickle of `(True, what the function returned)` or `(False, what it raised)`."""
    pickled, *apart = request
    args, kwargs = pickle.loads(pickled, buffers=apart)  # noqa: S301 # from who started this process
    try:
        answer = (True, call(*args, **kwargs))
    except Exception as error:
        answer = (False, error)
    return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)


def _request(pipe: BinaryIO) -> list[bytes] | None:
    """The parts of the next request; None at the end, be it in the middle of one."""
    try:
        return [_received(pipe, _length(pipe)) for _ in range(_length(pipe))]
    except EOFError:
        return None


def _length(pipe: BinaryIO) -> int:
    (size,) = LENGTH.unpack(_received(pipe, LENGTH.size))
    return int(size)


def _received(pipe: BinaryIO, size: int) -> bytes:
    received = pipe.read(size)
    if len(received) < size:
        raise EOFError
    return received


def _send(pipe: BinaryIO, answer: bytes) -> None:
    pipe.write(LENGTH.pack(len(answer)) + answer)  # in one piece: each wakes who waits for it
    pipe.flush()


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # the pool is gone, and with it who would read this
        os._exit(1)
