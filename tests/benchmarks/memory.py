"""Whether a run's memory grows with the pages it has read: it must not.

A local site of small articles is crawled into an empty data folder while the resident memory of the
crawl and of the workers it started is looked at. What counts is the growth between two marks; the
commit at the end reads the rows as a stream, and has a line of its own.

On two cores that were busy with other things: 255.7 MB after 5,014 pages, 281.4 after 20,000, the
commit begun (10 % more), 315.6 at its peak; a worker 107.0 and 108.3 MB.
"""

from __future__ import annotations

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.site import REPOSITORY, served

PAGES = 20_000
MARK = 5_000
# Small, so that many are read a second: what is kept of a page does not depend on its furniture.
PAGE_BYTES = 12_000
# By how much the memory at the end may be more than at the mark (issue: within 20 %).
GROWTH_MAX = 0.20
LOOK_EVERY = 2.0
TOLD_EVERY = 1_000
LOG_LINES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Look:
    """Memory in bytes when `pages` were collected: of the crawl, and of its largest worker."""

    pages: int
    crawl: int
    worker: int


@dataclass(frozen=True, slots=True)
class Growth:
    """What two marks of one crawl say; the peak is the crawl's, its commit included."""

    mark: Look
    last: Look
    peak: int

    @property
    def of_crawl(self) -> float:
        return self.last.crawl / self.mark.crawl - 1

    @property
    def of_worker(self) -> float:
        return self.last.worker / self.mark.worker - 1


def measure(pages: int, mark: int, size: int) -> Growth:
    """Crawl `pages` pages, looking on. Raises SystemExit if the crawl does not end well."""
    with served(pages, size, None) as site, TemporaryDirectory() as folder:
        data, log = Path(folder, "data"), Path(folder, "log.txt")
        command = [
            sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={site.url}/",
            "-s", "ALLOW_PRIVATE_HOSTS=1", "-s", "REQUESTS_PER_SOURCE=0", "-s", f"DATA_DIR={data}",
        ]  # fmt: skip
        with log.open("w") as said, subprocess.Popen(command, cwd=REPOSITORY, stderr=said) as crawl:
            try:
                looks, peak = _watch(crawl, data)
            finally:
                crawl.send_signal(signal.SIGTERM)
        if crawl.returncode or _collected(data) < pages:
            end = "\n".join(log.read_text("utf-8").splitlines()[-LOG_LINES_SHOWN:])
            raise SystemExit(f"{end}\nthe crawl ended with exit code {crawl.returncode}")
    at_mark = next(look for look in looks if look.pages >= mark)
    return Growth(at_mark, looks[-1], peak)


def _watch(crawl: subprocess.Popen[bytes], data: Path) -> tuple[list[Look], int]:
    """Look at a crawl until it ends; what was seen while it collected, and its peak."""
    looks: list[Look] = []
    peak = 0
    while crawl.poll() is None:
        memory = memory_of(crawl.pid)
        peak = memory.get("VmHWM", peak)
        pages = _collected(data)
        worker = max((memory_of(pid).get("VmRSS", 0) for pid in children_of(crawl.pid)), default=0)
        if pages and worker and "VmRSS" in memory:
            if not looks or pages // TOLD_EVERY > looks[-1].pages // TOLD_EVERY:
                print(f"{pages} pages: {memory['VmRSS'] / 1e6:.1f} MB", file=sys.stderr)
            looks.append(Look(pages, memory["VmRSS"], worker))
        time.sleep(LOOK_EVERY)
    return looks, peak


def _collected(data: Path) -> int:
    """How many articles the state has; reading it holds up no run."""
    try:
        with closing(sqlite3.connect(f"file:{data}/state.sqlite?mode=ro", uri=True)) as state:
            return int(state.execute("SELECT count(*) FROM stories").fetchone()[0])
    except sqlite3.Error:  # it is not there yet
        return 0


def memory_of(pid: int) -> dict[str, int]:
    """What Linux says of a process's memory, in bytes; nothing once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return {}
    sizes = (line.partition(":") for line in lines if line.endswith(" kB"))
    return {name: int(size.split()[0]) * 1_024 for name, _, size in sizes}


def looked_on(run: subprocess.Popen[Any], every: float) -> tuple[float, int]:
    """See a process to its end: seconds of CPU and, at its peak, the bytes of all its family.

    Its `returncode` is set; it is looked at so often, in seconds.
    """
    peak = 0
    while (ended := os.wait4(run.pid, os.WNOHANG))[0] == 0:
        family = (run.pid, *children_of(run.pid))
        peak = max(peak, sum(memory_of(pid).get("VmRSS", 0) for pid in family))
        time.sleep(every)
    run.returncode = os.waitstatus_to_exitcode(ended[1])
    return ended[2].ru_utime + ended[2].ru_stime, peak


def children_of(pid: int) -> Iterator[int]:
    """The processes that a process has started, if it is still there."""
    try:
        yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    except OSError:
        return


def main() -> None:
    """Measure, and say whether the memory stayed flat."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.memory",
        description=__doc__,
        epilog="Takes a quarter of an hour as it is, on two cores of a small server.",
    )
    parser.add_argument("--pages", type=int, default=PAGES, help=f"how many ({PAGES})")
    parser.add_argument("--mark", type=int, default=MARK, help=f"first look ({MARK})")
    parser.add_argument("--bytes", type=int, default=PAGE_BYTES, help=f"of a page ({PAGE_BYTES})")
    options = parser.parse_args()
    if not 0 < options.mark < options.pages:
        parser.error("the mark lies between no page and all of them")
    growth = measure(options.pages, options.mark, options.bytes)
    marks = [f"after {look.pages}" for look in (growth.mark, growth.last)]
    print("{:8} {:>14} {:>14}".format("MB", *marks))
    for name, before, after, more in (
        ("crawl", growth.mark.crawl, growth.last.crawl, growth.of_crawl),
        ("worker", growth.mark.worker, growth.last.worker, growth.of_worker),
    ):
        print(f"{name:8} {before / 1e6:14.1f} {after / 1e6:14.1f} {more:+8.1%}")
    print(f"peak of the crawl, with its commit: {growth.peak / 1e6:.1f} MB")
    if max(growth.of_crawl, growth.of_worker) > GROWTH_MAX:
        raise SystemExit(f"more than {GROWTH_MAX:.0%}: something is kept of every page")


if __name__ == "__main__":
    main()
