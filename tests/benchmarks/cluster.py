"""What a cluster of two workers on this machine costs beside one process: time, and memory.

    python -m tests.benchmarks.cluster [--texts N] [--files N]

`scrapy deduplicate` takes made-up signatures: unrelated ones share a row in two hundred, as news
does, and one in three is another's with up to a third of it changed. `scrapy replay` takes files
like Common Crawl's. Both must give the same rows. Memory is the peak of what the processes of a
machine have together, shared pages counted once (PSS).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.benchmarks.pages import invented_pages
from tests.cc_news import write_cc_news
from tests.cluster.conftest import ENVIRONMENT, RayCluster, descendants
from tests.conftest import ROOT
from tests.kills import differences, read

TEXTS = 1_000_000
PART = 50_000
# The chance that an unrelated text has a row of what they all share: squared, one in two hundred.
SHARED = 0.07
FILES, PAGES, PAGE_BYTES = 8, 100, 60_000
LOOK_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, and the peaks of each machine in bytes."""

    seconds: float
    peaks: Mapping[str, float]

    def line(self, name: str) -> str:
        """A row of the table."""
        peaks = ", ".join(f"{machine} {peak / 1e6:,.0f} MB" for machine, peak in self.peaks.items())
        return f"{name:32} {self.seconds:7.0f} s   {peaks}"


def write_signatures(path: Path, texts: int) -> None:
    """Fingerprints alone, a row group for every so many."""
    chance = np.random.default_rng(7)
    common = chance.integers(0, 2**32, (1, 128), np.uint32)
    schema = pa.schema(
        [("article_id", pa.string()), ("minhash", pa.binary()), ("content_hash", pa.string())]
    )
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, texts, PART):
            count = min(PART, texts - first)
            prints = chance.integers(0, 2**32, (count, 128), np.uint32)
            prints = np.where(chance.random(prints.shape) < SHARED, common, prints)
            is_copy = chance.random((count, 1)) < 1 / 3
            is_changed = chance.random(prints.shape) < chance.uniform(0, 0.35, (count, 1))
            of = prints[chance.integers(0, count, count)]
            prints = np.where(is_copy & ~is_changed, of, prints).astype("<u4")
            ids = [f"{number:032x}" for number in range(first, first + count)]
            writer.write_table(pa.table([ids, [one.tobytes() for one in prints], ids], schema))


def write_archives(folder: Path, files: int) -> list[Path]:
    """Files like Common Crawl's, each of a site of its own."""
    found = []
    for number in range(files):
        found.append(folder / f"CC-NEWS-{number}.warc.gz")
        site = f"https://news{number}.example.com"
        write_cc_news(found[-1], invented_pages(PAGES, PAGE_BYTES), site)
    return found


def watched(running: subprocess.Popen[str], machines: Mapping[str, int]) -> Cost:
    """Look on until a command ends. Raises SystemExit if it does not end well."""
    began, peaks = time.perf_counter(), dict.fromkeys(machines, 0.0)
    while running.poll() is None:
        for machine, process in machines.items():
            peaks[machine] = max(peaks[machine], _memory(process))
        time.sleep(LOOK_EVERY)
    seconds = time.perf_counter() - began
    if running.returncode:
        raise SystemExit(f"{running.args!r}: exit code {running.returncode}")
    return Cost(seconds, peaks)


def _memory(process: int) -> float:
    try:
        return sum(map(_own_memory, descendants(process)))
    except OSError:  # one has just ended
        return 0


def _own_memory(process: int) -> float:
    said = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    (line,) = (line for line in said.splitlines() if line.startswith("Pss:"))
    return float(line.split()[1]) * 1_024


def alone(*words: object) -> Cost:
    """A command on this machine."""
    line = [sys.executable, "-m", "scrapy", *map(str, words)]
    with subprocess.Popen(
        line, cwd=ROOT, env=ENVIRONMENT, text=True, stdout=sys.stderr, stderr=subprocess.DEVNULL
    ) as running:
        return watched(running, {"one process and its children": running.pid})


def spread(cluster: RayCluster, *words: object) -> Cost:
    """The same command on a cluster."""
    machines = {f"worker {n}": one.pid for n, one in enumerate(cluster.workers, 1)}
    with subprocess.Popen(
        [sys.executable, "-m", "scrapy", *map(str, words), "--engine", "ray"],
        cwd=ROOT, env=ENVIRONMENT | {"RAY_ADDRESS": cluster.address}, text=True,
        stdout=sys.stderr, stderr=subprocess.DEVNULL,
    ) as running:  # fmt: skip
        return watched(running, {"command": running.pid, **machines})


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cluster", description=__doc__)
    parser.add_argument("--texts", type=int, default=TEXTS, help=f"signatures ({TEXTS})")
    parser.add_argument("--files", type=int, default=FILES, help=f"archives ({FILES})")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    cluster = RayCluster()
    try:
        with TemporaryDirectory() as folder:
            if options.texts:
                deduplicate(cluster, Path(folder), options.texts)
            if options.files:
                replay(cluster, Path(folder), options.files)
    finally:
        cluster.close()


def deduplicate(cluster: RayCluster, folder: Path, texts: int) -> None:
    """Both ways of telling made-up signatures apart."""
    write_signatures(folder / "prints.parquet", texts)
    one, two = folder / "one.parquet", folder / "two.parquet"

    def words(out: Path) -> tuple[object, ...]:
        return "deduplicate", folder / "prints.parquet", "-o", out

    name = f"deduplicate, {texts:,} texts"
    _tell(name, lambda: alone(*words(one)), lambda: spread(cluster, *words(two)))
    print("same rows:", pq.read_table(one).equals(pq.read_table(two)))


def replay(cluster: RayCluster, folder: Path, files: int) -> None:
    """Both ways of reading archives."""
    archives = write_archives(folder, files)
    one, two = folder / "one", folder / "two"

    def words(data: Path) -> tuple[object, ...]:
        key = f"PRIVACY_KEY_FILE={folder / 'key'}"  # of one key, so that pseudonyms are the same
        return "replay", "-s", f"DATA_DIR={data}", "-s", key, *archives

    name = f"replay, {files * PAGES:,} pages"
    _tell(name, lambda: alone(*words(one), "--jobs", "2"), lambda: spread(cluster, *words(two)))
    print("same rows:", differences(read(one), read(two)) == [])


def _tell(name: str, one: Callable[[], Cost], two: Callable[[], Cost]) -> None:
    print(one().line(name), flush=True)
    print(two().line(f"{name}, on Ray"), flush=True)


if __name__ == "__main__":
    main()
