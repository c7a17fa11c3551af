"""What a replay costs beside reading the same file, and beside others' handling of its records.

A file like Common Crawl's CC-NEWS is written, and read by warcio and fastwarc alone, by trafilatura
and news-please where they are installed, and by `scrapy replay` with one job and with two. Then a
local site is crawled with the archive on and off, in turn: what the archive weighs, and costs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from tests.benchmarks.archive import archive_cost
from tests.benchmarks.memory import looked_on
from tests.benchmarks.pages import invented_pages
from tests.benchmarks.replay_peer import NOT_INSTALLED, READERS
from tests.benchmarks.site import REPOSITORY
from tests.cc_news import write_cc_news

PEER = Path(__file__).with_name("replay_peer.py")
MEGABYTES = 20
PAGE_BYTES = 120_000
# What is read by the slow ones; reading alone takes the whole file.
PEER_PAGES = 200
LOOK_EVERY = 0.25
# All readers can read these: news-please takes no coding off.
QUIRKS = ("renamed",)
# Nobody leaves the machine: a proxy where nobody listens.
OFFLINE = {f"{name}_proxy": "http://127.0.0.1:9" for name in ("http", "https")}


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading some pages cost; the peak is that of all its processes together, in bytes."""

    pages: int
    seconds: float
    cpu_seconds: float
    peak: int | None = None

    def line(self, name: str) -> str:
        """A row of the table."""
        peak = f"{self.peak / 1e6:9.0f}" if self.peak else f"{'':9}"
        return (
            f"{name:24} {self.pages:7} {self.pages / self.seconds:12.1f} "
            f"{1_000 * self.cpu_seconds / self.pages:12.2f} {peak}"
        )

    def without(self, start: Self) -> Self:
        """What the pages cost, without what it costs to start."""
        pages, seconds = self.pages - start.pages, self.seconds - start.seconds
        return type(self)(pages, seconds, self.cpu_seconds - start.cpu_seconds, self.peak)


def write_file(path: Path, megabytes: float, size: int) -> int:
    """Write pages until the file weighs so much; how many there are."""
    sample = path.with_name("sample")
    write_cc_news(sample, invented_pages(50, size), quirks=QUIRKS)
    pages = max(60, int(megabytes * 1e6 / (sample.stat().st_size / 50)))
    write_cc_news(path, invented_pages(pages, size), quirks=QUIRKS)
    return pages


def read_by(name: str, pythons: Sequence[str], file: Path, pages: int) -> Reading | None:
    """What it costs another; None where it is in none of the environments."""
    for python in pythons:
        done = subprocess.run(
            [python, str(PEER), name, str(file), str(pages)],
            env=os.environ | OFFLINE, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            return Reading(**json.loads(done.stdout.splitlines()[-1]))
        if done.returncode != NOT_INSTALLED:
            raise SystemExit(f"{name}: {done.stderr[-2_000:]}")
    return None


def replay(file: Path, pages: int, jobs: int, folder: Path) -> Reading:
    """Replay a file into an empty folder, looking on. Raises SystemExit if it does not end well."""
    data, log = folder / f"{file.name}-{jobs}", folder / "log.txt"
    command = [
        sys.executable, "-m", "scrapy", "replay", "-s", f"DATA_DIR={data}", f"--jobs={jobs}",
        str(file),
    ]  # fmt: skip
    began = time.perf_counter()
    with log.open("w") as said:
        run = subprocess.Popen(command, cwd=REPOSITORY, stdout=said, stderr=said)
        used, peak = looked_on(run, LOOK_EVERY)
    seconds = time.perf_counter() - began
    (told,) = (data / "runs").glob("*.json")
    read = json.loads(told.read_text("utf-8"))["archived"].get("pages", 0)
    if run.returncode or read != pages:
        raise SystemExit(f"{log.read_text()[-2_000:]}\nreplayed {read} of {pages} pages")
    return Reading(pages, seconds, used, peak)


def compare(file: Path, pages: int, few: Path, options: argparse.Namespace) -> dict[str, Reading]:
    """The table's rows, printed as they come."""
    rows: dict[str, Reading] = {}
    print(f"{'':24} {'pages':>7} {'pages/s':>12} {'CPU ms/page':>12} {'peak MB':>9}")
    pythons = [sys.executable, *options.peers]
    for name in READERS:
        most = 0 if name in ("warcio", "fastwarc") else options.peer_pages
        reading = read_by(name, pythons, file, most)
        if reading is None:
            print(f"{name:24} not installed here", flush=True)
            continue
        rows[name] = reading
        print(reading.line(name), flush=True)
    for jobs in options.jobs:
        start = replay(few, FEW, jobs, file.parent)
        name = f"scrapy replay --jobs {jobs}"
        rows[name] = replay(file, pages, jobs, file.parent).without(start)
        print(rows[name].line(name), flush=True)
    return rows


FEW = 10


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.replay", description=__doc__)
    parser.add_argument(
        "--megabytes", type=float, default=MEGABYTES, help=f"of the file ({MEGABYTES})"
    )
    parser.add_argument("--bytes", type=int, default=PAGE_BYTES, help=f"of a page ({PAGE_BYTES})")
    parser.add_argument(
        "--peers", action="append", default=[], metavar="PYTHON",
        help="an interpreter that has fastwarc, trafilatura or news-please; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--peer-pages", type=int, default=PEER_PAGES, help=f"that extractors read ({PEER_PAGES})"
    )
    parser.add_argument("--jobs", type=int, action="append", help="of the replays (1 and 2)")
    parser.add_argument("--pairs", type=int, default=3, help="of crawls, archive on and off (3)")
    parser.add_argument("--pages", type=int, default=200, help="that are crawled (200)")
    options = parser.parse_args()
    options.jobs = options.jobs or [1, 2]
    return options


def main() -> None:
    """Measure, and print the table."""
    options = _options()
    with TemporaryDirectory() as folder:
        file, few = Path(folder, "CC-NEWS-1.warc.gz"), Path(folder, "CC-NEWS-0.warc.gz")
        pages = write_file(file, options.megabytes, options.bytes)
        write_cc_news(few, invented_pages(FEW, options.bytes), quirks=QUIRKS)
        load = os.getloadavg()[0]
        print(
            f"{file.stat().st_size / 1e6:.0f} MB, {pages} invented pages of "
            f"{options.bytes / 1e3:.0f} kB; {os.cpu_count()} cores, load {load:.1f} before\n"
        )
        rows = compare(file, pages, few, options)
        one, two = (rows.get(f"scrapy replay --jobs {jobs}") for jobs in (1, 2))
        if one and two:
            ratio = two.pages / two.seconds / (one.pages / one.seconds)
            print(f"\ntwo jobs against one: {ratio:.2f} x as many pages a second")
    if options.pairs:
        print(f"\n{archive_cost(options.pages, options.bytes, options.pairs)}")


if __name__ == "__main__":
    main()
