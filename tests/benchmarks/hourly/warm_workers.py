"""Workers that are forked from a warm one: what they run is the crawler's own, once it is loaded.

A worker takes a second of CPU to load its libraries, the same in each run; in a year of hourly runs
that would be two hours. Python's place is taken by a `program` that hands its standard streams and
its arguments to the warm process, and ends when the fork does.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.workers import worker
from tests.benchmarks.site import REPOSITORY

_STAND_IN = """#!{python} -IS
import os, socket, sys
with socket.socket(socket.AF_UNIX) as warm:
    warm.connect({address!r})
    socket.send_fds(warm, [chr(0).join(sys.argv[1:]).encode()], [0, 1, 2])
    os.close(0)
    os.close(1)
    warm.recv(1)
"""
_MODULE = f"-P\0-m\0{worker.__name__}\0"
_MOST = 4096


class WarmWorkers:
    """`program` is to be taken for Python by whoever starts workers."""

    def __init__(self, address: Path, program: Path) -> None:
        self.program = program
        self._address = address

    def used(self) -> list[tuple[float, int]]:
        """Of each worker since the last call: seconds of CPU, and bytes at its peak.

        Waits for those that have not ended.
        """
        with socket.socket(socket.AF_UNIX) as warm:
            warm.connect(str(self._address))
            warm.send(b"?")
            with warm.makefile() as told:
                return [(cpu, peak) for cpu, peak in json.loads(told.read())]


@contextmanager
def warm_workers(folder: Path, function: str, prepare: str) -> Iterator[WarmWorkers]:
    """Workers as `crawler.workers.pool` starts them for this function."""
    address, program = folder / "workers", folder / "python"
    program.write_text(_STAND_IN.format(python=sys.executable, address=str(address)), "utf-8")
    program.chmod(0o755)
    command = [sys.executable, "-P", "-m", __name__, str(address), function, prepare]
    env = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            process.stdout.readline()
            yield WarmWorkers(address, program)
        finally:
            process.terminate()


def _main() -> None:
    address, function, prepare = sys.argv[1:]
    sys.modules["scrapy"] = None  # type: ignore[assignment] # as in a worker
    worker.named(function)
    worker.named(prepare)()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    print("ready", flush=True)
    children: list[int] = []
    while True:
        asking, _ = listening.accept()
        said, streams, _, _ = socket.recv_fds(asking, _MOST, 3)
        if not streams:
            asking.sendall(json.dumps([_used(pid) for pid in children]).encode())
            children.clear()
        elif pid := os.fork():
            children.append(pid)
        else:
            listening.close()
            threading.Thread(target=_end_with, args=(asking,), daemon=True).start()
            _work(said.decode(), streams)
        asking.close()
        for stream in streams:
            os.close(stream)


def _used(pid: int) -> tuple[float, int]:
    _, _, used = os.wait4(pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1_024


def _end_with(stand_in: socket.socket) -> None:
    """A worker ends when it is told to, be it in the middle of a page: who was told is gone."""
    stand_in.recv(1)
    os._exit(0)


def _work(said: str, streams: list[int]) -> None:
    """Never returns; the connection is closed with the process."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.argv = [worker.__name__, *said.removeprefix(_MODULE).split("\0")]
    try:
        worker.main()
    finally:
        os._exit(0)


if __name__ == "__main__":
    _main()
