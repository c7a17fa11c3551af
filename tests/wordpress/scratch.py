"""A temporary folder and the servers that live in it.

Both end with the process that opened them, whether it closes them, fails or is killed with -9.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

# `cat` returns when the other end of the pipe is closed, however that came about. Group 0 is this
# shell's own: it and the servers that were started into it, nothing else. The servers are asked
# first, since they write while rm works; the last act takes what is left, the shell included.
_KEEPER = """
trap '' TERM INT HUP
cat > /dev/null
kill -TERM 0
for attempt in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" 2> /dev/null && break; sleep 0.2; done
kill -KILL 0
"""

START_TIMEOUT = 30.0  # seconds; on a busy machine MariaDB once took 4


class Scratch:
    """A folder with servers, as a context manager."""

    folder: Path

    def __init__(self) -> None:
        self._servers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        # Short names: a unix socket's path may have 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="wp-"))
        self._keeper = subprocess.Popen(
            ["sh", "-c", _KEEPER, "sh", str(self.folder)],
            stdin=subprocess.PIPE,
            process_group=0,
        )
        return self

    def start(self, command: list[str], cwd: Path, is_up: Callable[[], bool]) -> None:
        """Start a server and wait until it is up. What it prints goes to `servers.log`.

        Raises:
            RuntimeError: It ended, or was not up in time; with the end of the log.
        """
        with (self.folder / "servers.log").open("ab") as log:
            server = subprocess.Popen(
                command,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=self._keeper.pid,
            )
        self._servers.append(server)
        deadline = time.monotonic() + START_TIMEOUT
        while not is_up():
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{self.log()[-2000:]}")
            time.sleep(0.02)

    def log(self) -> str:
        """Return what the servers have printed."""
        return (self.folder / "servers.log").read_text(errors="replace")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._keeper.stdin
        self._keeper.stdin.close()
        for process in (self._keeper, *self._servers):
            process.wait()
