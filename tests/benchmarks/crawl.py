"""What the whole pipeline costs over fetching alone, on the same pages, in turn on one machine.

Plain Scrapy fetches a local site, Colporteur collects it into an empty data folder, and so on; the
ratio of each pair is what holds on other machines. A run that loses a page is an error.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.settings import LOOPBACK_CONCURRENCY
from tests.benchmarks.site import FEW_PAGES, REPOSITORY, Site, served

# This process imports little on purpose: a child's peak memory, as Linux counts it, starts from
# its parent's.

FETCH_ONLY = Path(__file__).with_name("fetch_only.py")
# What news pages weigh on average (DESIGN: 0.3 MB in the middle).
PAGE_BYTES = 270_000
LOG_LINES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Cost:
    """What one crawl cost, of all its processes: seconds, and bytes at the peak of the largest."""

    pages: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A crawl of a few pages and one of all: between them lies what a page costs, started up."""

    few: Cost
    whole: Cost

    @property
    def pages_a_second(self) -> float:
        return self.whole.pages / self.whole.seconds

    @property
    def pages_a_second_running(self) -> float:
        return self._more_pages / (self.whole.seconds - self.few.seconds)

    @property
    def cpu_ms(self) -> float:
        return 1_000 * self.whole.cpu_seconds / self.whole.pages

    @property
    def cpu_ms_running(self) -> float:
        return 1_000 * (self.whole.cpu_seconds - self.few.cpu_seconds) / self._more_pages

    @property
    def cpu_ms_of_start(self) -> float:
        return 1_000 * self.few.cpu_seconds - self.few.pages * self.cpu_ms_running

    @property
    def peak_megabytes(self) -> float:
        return self.whole.peak_bytes / 1e6

    @property
    def _more_pages(self) -> int:
        return self.whole.pages - self.few.pages


@dataclass(frozen=True, slots=True)
class Harvest:
    """What lies in a data folder after a run; `refused` counts by reason."""

    rows: int
    parquet_bytes: int
    refused: Counter[str]

    @classmethod
    def of(cls, data: Path) -> Harvest:
        """Read what the run said of itself, and weigh its files."""
        (run,) = (data / "runs").glob("*.json")
        counts: Counter[str] = Counter()
        for source in json.loads(run.read_text("utf-8"))["sources"].values():
            counts.update(source)
        rows = json.loads((data / "latest/manifest.json").read_text("utf-8"))["rows"]
        return cls(
            rows=rows["articles"] + rows.get("duplicates", 0),
            parquet_bytes=sum(f.stat().st_size for f in (data / "latest/").rglob("*.parquet")),
            refused=Counter(
                {
                    key.removeprefix("refused/"): count
                    for key, count in counts.items()
                    if key.startswith("refused/")
                }
            ),
        )

    def accounts_for(self, pages: int, *, all_articles: bool) -> bool:
        """Whether every page is a row or, unless all are articles, was judged to be none."""
        judged = sum(n for reason, n in self.refused.items() if reason.startswith("article/"))
        return pages == self.rows + (0 if all_articles else judged)


def fetch_only(url: str, pages: int) -> Cost:
    """Crawl with plain Scrapy, outside the project, at the pace that Colporteur has here."""
    settings = {
        "ROBOTSTXT_OBEY": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": LOOPBACK_CONCURRENCY,
        "DOWNLOAD_DELAY": 0,
        "LOG_LEVEL": "INFO",
    }
    with TemporaryDirectory() as folder:
        command = ["runspider", str(FETCH_ONLY), "-a", f"url={url}", *_settings(settings)]
        cost, said = _measure(command, pages, Path(folder), Path(folder))
    if said.split() != [str(pages)]:
        raise SystemExit(f"plain Scrapy fetched {said.strip()} of {pages} pages")
    return cost


def colporteur(url: str, pages: int, *, all_articles: bool) -> tuple[Cost, Harvest]:
    """Collect the site into an empty data folder."""
    with TemporaryDirectory() as folder:
        data = Path(folder, "data")
        # What is compared with keeps nothing; tests/benchmarks/archive.py has what that costs.
        settings = {"ALLOW_PRIVATE_HOSTS": 1, "DATA_DIR": data, "ARCHIVE_ENABLED": 0}
        command = ["crawl", "articles", "-a", f"url={url}/", *_settings(settings)]
        cost, _ = _measure(command, pages, REPOSITORY, Path(folder))
        harvest = Harvest.of(data)
    if not harvest.accounts_for(pages, all_articles=all_articles):
        raise SystemExit(
            f"Colporteur collected {harvest.rows} of {pages} pages; "
            f"refused: {_list(harvest.refused)}"
        )
    return cost, harvest


def _settings(values: dict[str, object]) -> list[str]:
    return [word for name, value in values.items() for word in ("-s", f"{name}={value}")]


def _measure(command: Sequence[str], pages: int, cwd: Path, logs: Path) -> tuple[Cost, str]:
    """Run a Scrapy command; return what it and its children cost, and what it printed."""
    printed, log = logs / "printed.txt", logs / "log.txt"
    with printed.open("w") as stdout, log.open("w") as stderr:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", *command], cwd=cwd, stdout=stdout, stderr=stderr
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        end = "\n".join(log.read_text().splitlines()[-LOG_LINES_SHOWN:])
        raise SystemExit(f"{end}\nscrapy {command[0]} ended with exit code {process.returncode}")
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1_024)
    return Cost(pages, seconds, usage.ru_utime + usage.ru_stime, peak), printed.read_text()


def compare(
    site: Site, runs: int, *, all_articles: bool
) -> tuple[list[tuple[Pair, Pair]], Harvest]:
    """Both crawlers in turn, `runs` times; the harvest is the last run's, they are all alike."""
    pairs = []
    for run in range(1, runs + 1):
        plain = Pair(fetch_only(site.few_url, site.few_pages), fetch_only(site.url, site.pages))
        few, _ = colporteur(site.few_url, site.few_pages, all_articles=all_articles)
        whole, harvest = colporteur(site.url, site.pages, all_articles=all_articles)
        pairs.append((plain, Pair(few, whole)))
        print(
            f"run {run} of {runs}: {plain.cpu_ms:.1f} and {pairs[-1][1].cpu_ms:.1f} ms",
            file=sys.stderr,
        )
    return pairs, harvest


Figure = Callable[[Pair], float]
FIGURES: tuple[tuple[str, Figure], ...] = (
    ("{unit}s a second", lambda pair: pair.pages_a_second),
    ("{unit}s a second, once running", lambda pair: pair.pages_a_second_running),
    ("CPU ms per {unit}", lambda pair: pair.cpu_ms),
    ("CPU ms per {unit}, once running", lambda pair: pair.cpu_ms_running),
    ("CPU ms of starting", lambda pair: pair.cpu_ms_of_start),
    ("peak memory, MB", lambda pair: pair.peak_megabytes),
)


def table(pairs: Sequence[tuple[Pair, Pair]], unit: str) -> str:
    """One line for each figure: both medians, and the pairs' ratios."""
    lines = [f"{'':34} {'plain Scrapy':>13} {'Colporteur':>11}   ratio: min  median     max"]
    for name, figure in FIGURES:
        plain, ours = ([figure(pair) for pair in column] for column in zip(*pairs, strict=True))
        ratios = [after / before for before, after in zip(plain, ours, strict=True)]
        lines.append(
            f"{name.format(unit=unit):34} {statistics.median(plain):13.1f} "
            f"{statistics.median(ours):11.1f} {min(ratios):12.2f} "
            f"{statistics.median(ratios):7.2f} {max(ratios):7.2f}"
        )
    return "\n".join(lines)


def _list(refused: Counter[str]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in refused.most_common()) or "none"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.crawl",
        description=__doc__,
        epilog="Takes 80 seconds as it is, on one core of a small server; the site needs another.",
    )
    parser.add_argument("--pages", type=int, default=300, help="how many (default 300)")
    parser.add_argument("--runs", type=int, default=5, help="pairs of crawls (default 5)")
    parser.add_argument(
        "--bytes", type=int, default=PAGE_BYTES, help=f"of an invented page ({PAGE_BYTES})"
    )
    parser.add_argument(
        "--pages-from",
        type=Path,
        metavar="FOLDER",
        help="saved pages instead: an index.jsonl (id, url, file) and the files below html/",
    )
    options = parser.parse_args()
    if options.pages <= FEW_PAGES or options.runs < 1:
        parser.error(f"say more than {FEW_PAGES} pages and at least one run")
    if options.pages_from and not (options.pages_from / "index.jsonl").is_file():
        parser.error(f'there is no index.jsonl in "{options.pages_from}"')
    return options


def main() -> None:
    """Measure, and print the table."""
    options = _options()
    invented = options.pages_from is None
    unit = "article" if invented else "page"
    with served(options.pages, options.bytes, options.pages_from) as site:
        if site.pages == site.few_pages:
            raise SystemExit(f"only {site.pages} articles are saved there; needs more")
        pairs, harvest = compare(site, options.runs, all_articles=invented)
    kind = "invented" if invented else "saved"
    print(
        f"{site.pages} {kind} pages of {site.page_bytes / 1e3:.0f} kB "
        f"({site.sent_bytes / 1e3:.0f} kB sent), {LOOPBACK_CONCURRENCY} requests at a time, "
        f"{options.runs} pairs of crawls\n\n{table(pairs, unit)}\n\n"
        f"Collected: {harvest.rows} of {site.pages}; refused: {_list(harvest.refused)}.\n"
        f"Parquet: {harvest.parquet_bytes / harvest.rows:.0f} bytes per article, comments included."
    )


if __name__ == "__main__":
    main()
