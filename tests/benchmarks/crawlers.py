"""The crawlers that `tests.benchmarks.crawl` compares: how each is told to crawl, what it left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.settings import LOOPBACK_CONCURRENCY
from tests.benchmarks.memory import looked_on
from tests.benchmarks.site import REPOSITORY

SPIDER = Path(__file__).with_name("peer_spider.py")
LOG_LINES_SHOWN = 20
LOOK_EVERY = 0.1
# Plain Scrapy at the pace that Colporteur has on loopback.
PACE: dict[str, object] = {
    "ROBOTSTXT_OBEY": 1,
    "CONCURRENT_REQUESTS_PER_DOMAIN": LOOPBACK_CONCURRENCY,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "INFO",
}


# A page that is saved with these was read, and judged: no article, or not to be kept.
JUDGED = ("article/", "rights/")


@dataclass(frozen=True, slots=True)
class Harvest:
    """What lies on the disk after a crawl; `refused` counts by reason."""

    rows: int
    bytes_written: int
    refused: Counter[str] = field(default_factory=Counter)

    def accounts_for(self, pages: int, *, all_articles: bool) -> bool:
        """Whether every page is a row or, unless all are articles, was judged to be none."""
        judged = sum(n for reason, n in self.refused.items() if reason.startswith(JUDGED))
        return pages == self.rows + (0 if all_articles else judged)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a crawl cost, of all its processes together: seconds, and bytes at the peak."""

    pages: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    harvest: Harvest = Harvest(0, 0)


@dataclass(frozen=True, slots=True)
class Peer:
    """Plain Scrapy that does with a page what a library does, in an environment that has it."""

    name: str
    reader: str
    python: str = sys.executable
    cores: int = 1

    def crawl(self, url: str, pages: int) -> Cost:
        """Crawl a site of so many pages. Raises SystemExit if one is lost."""
        arguments = ["-a", f"url={url}", "-a", f"reader={self.reader}", *_settings(PACE)]
        with TemporaryDirectory() as folder:
            feed = Path(folder, "items.jsonl")
            command = [self.python, "-m", "scrapy", "runspider", str(SPIDER), "-o", str(feed)]
            cost, said = _measure([*command, *arguments], Path(folder), self.cores)
            lines = feed.read_bytes().splitlines() if feed.is_file() else []
        if said.split()[-1:] != [str(pages)]:
            raise SystemExit(f"{self.name} fetched {said.strip()} of {pages} pages")
        return Cost(pages, *cost, Harvest(len(lines), sum(map(len, lines))))


@dataclass(frozen=True, slots=True)
class Colporteur:
    """Ours into an empty data folder, archive and all, with a worker for each core."""

    name: str
    cores: int
    all_articles: bool

    def crawl(self, url: str, pages: int) -> Cost:
        """Crawl a site of so many pages. Raises SystemExit if one is lost."""
        with TemporaryDirectory() as folder:
            data = Path(folder, "data")
            settings = {
                "ALLOW_PRIVATE_HOSTS": 1, "DATA_DIR": data, "EXTRACT_WORKERS": self.cores,
                "REQUESTS_PER_SOURCE": 0,
            }  # fmt: skip
            command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={url}/"]
            cost, _ = _measure([*command, *_settings(settings)], REPOSITORY, self.cores)
            harvest = collected(data)
        if not harvest.accounts_for(pages, all_articles=self.all_articles):
            raise SystemExit(
                f"Colporteur collected {harvest.rows} of {pages} pages; "
                f"refused: {dict(harvest.refused)}"
            )
        return Cost(pages, *cost, harvest)


def collected(data: Path) -> Harvest:
    """What the one run in a data folder says of itself, and what its files weigh."""
    (run,) = (data / "runs").glob("*.json")
    counts: Counter[str] = Counter()
    for source in json.loads(run.read_text("utf-8"))["sources"].values():
        counts.update(source)
    rows = json.loads((data / "latest/manifest.json").read_text("utf-8"))["rows"]
    files = [*(data / "latest/").rglob("*.parquet"), *(data / "archive").rglob("*.warc.gz")]
    return Harvest(
        rows=rows["articles"] + rows.get("duplicates", 0),
        bytes_written=sum(file.stat().st_size for file in files),
        refused=Counter(
            {
                key.removeprefix("refused/"): count
                for key, count in counts.items()
                if key.startswith("refused/")
            }
        ),
    )


def _settings(values: dict[str, object]) -> list[str]:
    return [word for name, value in values.items() for word in ("-s", f"{name}={value}")]


def _without_project(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which Scrapy has the settings of the folder it runs in, and no others.

    Our modules are compiled once, as pip has compiled those of the others.
    """
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("SCRAPY_") and name != "PYTHONDONTWRITEBYTECODE"
    }


def _measure(command: Sequence[str], cwd: Path, cores: int) -> tuple[tuple[float, float, int], str]:
    """Run a command on so many cores; its seconds, CPU and peak bytes, and what it printed."""
    with TemporaryDirectory() as logs:
        printed, log = Path(logs, "printed.txt"), Path(logs, "log.txt")
        with printed.open("w") as stdout, log.open("w") as stderr:
            began = time.perf_counter()
            run = subprocess.Popen(
                command, cwd=cwd, stdout=stdout, stderr=stderr, env=_without_project(os.environ)
            )
            _keep_to(run.pid, cores)
            used, peak = looked_on(run, LOOK_EVERY)
            seconds = time.perf_counter() - began
        if run.returncode:
            end = "\n".join(log.read_text().splitlines()[-LOG_LINES_SHOWN:])
            raise SystemExit(f"{end}\n{' '.join(command[:5])}: exit code {run.returncode}")
        return (seconds, used, peak), printed.read_text()


def _keep_to(pid: int, cores: int) -> None:
    """Keep a process, and what it will start, to the first so many of the cores there are."""
    there = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(pid, there[:cores])
