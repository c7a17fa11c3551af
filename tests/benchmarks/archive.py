"""What the archive costs a crawl, and what it weighs beside the gzip of the same bodies."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.site import REPOSITORY, Site, served


def archive_cost(pages: int, size: int, pairs: int) -> str:
    """Crawl a local site with the archive on and off, in turn; what came of it, in words."""
    seconds, cpu, weights = [], [], []
    with served(pages, size, None) as site:
        for number in range(pairs):
            # In turn who goes first: a machine that gets busier harms neither.
            order = (True, False) if number % 2 else (False, True)
            cost = {is_on: _crawl(site, is_on=is_on) for is_on in order}
            seconds.append(cost[True][0] / cost[False][0])
            cpu.append(cost[True][1] / cost[False][1])
            weights.append(cost[True][2])
    archived, packed = statistics.median(weights) / pages, site.sent_bytes
    return (
        f"Archive: {archived:.0f} bytes a page ({packed} sent, as gzip), "
        f"{100 * (archived / packed - 1):.1f} % more, listings and requests included.\n"
        f"A crawl with it takes {_spread(seconds)} of the time and {_spread(cpu)} of the CPU "
        f"({pairs} pairs of {pages} pages)."
    )


def _spread(ratios: list[float]) -> str:
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    return f"{100 * middle:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def _crawl(site: Site, *, is_on: bool) -> tuple[float, float, int]:
    """Seconds by the clock and of CPU, and the bytes of the archive."""
    with TemporaryDirectory() as folder:
        data = Path(folder, "data")
        command = [
            sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={site.url}/",
            "-s", "ALLOW_PRIVATE_HOSTS=1", "-s", f"ARCHIVE_ENABLED={int(is_on)}",
            "-s", f"DATA_DIR={data}",
        ]  # fmt: skip
        began = time.perf_counter()
        with Path(folder, "log.txt").open("w") as log:
            run = subprocess.Popen(command, cwd=REPOSITORY, stdout=log, stderr=log)
            _, status, usage = os.wait4(run.pid, 0)
        seconds = time.perf_counter() - began
        run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode:
            raise SystemExit(f"the crawl ended with exit code {run.returncode}")
        weight = sum(file.stat().st_size for file in data.glob("archive/**/*.warc.gz"))
    return seconds, usage.ru_utime + usage.ru_stime, weight
