"""How long a run takes, and how much memory."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tests.crawls import Crawl, ended, going

# By the clock, with two busy cores.
MOST_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Measured:
    """A run, how long it took, and the most memory (bytes) that its process had at once."""

    crawl: Crawl
    seconds: float
    peak: int


def measured(data: Path, *words: str) -> Measured:
    """Run to the end, and watch."""
    peak = [0]
    over = threading.Event()
    started = time.monotonic()
    with going(data, *words) as run:

        def watch() -> None:
            while not over.wait(0.02):
                peak[0] = max(peak[0], most_memory(run.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            output, _ = run.communicate(timeout=MOST_SECONDS)
        finally:
            over.set()
            watcher.join()
    took = time.monotonic() - started
    return Measured(ended(data, run.returncode, output, set()), took, peak[0])


def most_memory(pid: int) -> int:
    """The most that a process ever had resident, in bytes; 0 once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) * 1024 if lines else 0
