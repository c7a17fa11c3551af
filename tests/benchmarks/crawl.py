"""What a crawl costs: ours with everything it does, beside others on the same pages, in turn.

Plain Scrapy that only fetches a local site, Colporteur with its archive on one core and on two, and
where an environment has them trafilatura and news-please in Scrapy's callback. Each crawls the site
and, to tell what starting costs, its first pages only. What holds on other machines are the ratios
of crawls of one round. A crawl that loses a page is an error.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.settings import LOOPBACK_CONCURRENCY
from tests.benchmarks.crawlers import Colporteur, Cost, Peer
from tests.benchmarks.site import FEW_PAGES, Site, served

# What news pages weigh on average (DESIGN: 0.3 MB in the middle).
PAGE_BYTES = 270_000
PLAIN, OURS, OURS_ON_TWO = "plain Scrapy", "Colporteur", "Colporteur, two cores"
MODULES = {"trafilatura": "trafilatura", "news-please": "newsplease"}


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
    def bytes_written(self) -> float:
        return self.whole.harvest.bytes_written / max(1, self.whole.harvest.rows)

    @property
    def _more_pages(self) -> int:
        return self.whole.pages - self.few.pages


Round = dict[str, Pair]
Figure = Callable[[Pair], float]
COLUMNS: tuple[tuple[str, Figure], ...] = (
    ("pages/s", lambda pair: pair.pages_a_second),
    ("running", lambda pair: pair.pages_a_second_running),
    ("CPU ms", lambda pair: pair.cpu_ms),
    ("running", lambda pair: pair.cpu_ms_running),
    ("starting", lambda pair: pair.cpu_ms_of_start),
    ("peak MB", lambda pair: pair.peak_megabytes),
    ("bytes/row", lambda pair: pair.bytes_written),
)


def crawlers(pythons: Sequence[str], *, all_articles: bool) -> list[Peer | Colporteur]:
    """All that can be compared here; says which cannot."""
    found: list[Peer | Colporteur] = [
        Peer(PLAIN, "nothing"),
        Colporteur(OURS, 1, all_articles),
        Colporteur(OURS_ON_TWO, 2, all_articles),
    ]
    for name, module in MODULES.items():
        python = next((one for one in (sys.executable, *pythons) if _has(one, module)), None)
        if python is None:
            print(f"{name} is not installed here", file=sys.stderr)
        else:
            found.append(Peer(f"{name} in Scrapy", name, python))
    return found


def _has(python: str, module: str) -> bool:
    command = [python, "-c", f"import scrapy, {module}"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def compare(site: Site, runs: int, compared: Sequence[Peer | Colporteur]) -> list[Round]:
    """All crawlers in turn, `runs` times; every second time in the other order."""
    rounds: list[Round] = []
    for number in range(1, runs + 1):
        done: Round = {}
        for one in compared if number % 2 else reversed(compared):
            few = one.crawl(site.few_url, site.few_pages)
            done[one.name] = Pair(few, one.crawl(site.url, site.pages))
        told = ", ".join(f"{one.name} {done[one.name].cpu_ms:.1f}" for one in compared)
        print(f"round {number} of {runs}, CPU ms a page: {told}", file=sys.stderr)
        rounds.append({one.name: done[one.name] for one in compared})
    return rounds


def table(rounds: Sequence[Round]) -> str:
    """A line for each crawler: the medians."""
    lines = [f"{'':24}" + "".join(f"{name:>10}" for name, _ in COLUMNS)]
    for name in rounds[0]:
        medians = [statistics.median(figure(one[name]) for one in rounds) for _, figure in COLUMNS]
        lines.append(f"{name:24}" + "".join(f"{median:10.1f}" for median in medians))
    return "\n".join(lines)


def ratio(rounds: Sequence[Round], figure: Figure, one: str, other: str) -> str:
    """One crawler's figure over another's, round by round: median, minimum and maximum."""
    ratios = [figure(done[one]) / figure(done[other]) for done in rounds]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def ratios(rounds: Sequence[Round]) -> str:
    """What is claimed of ours: each a ratio of crawls of one round."""
    lines = [f"{'ratios, from round to round':42} {'whole crawl':>24} {'once running':>24}"]
    whole, running = (lambda pair: pair.cpu_ms), (lambda pair: pair.cpu_ms_running)
    pairs = [(OURS, PLAIN), *((name, OURS) for name in rounds[0] if " in Scrapy" in name)]
    for one, other in pairs:
        both = [ratio(rounds, figure, one, other) for figure in (whole, running)]
        lines.append(f"{f'CPU of {one} / {other}':42} {both[0]:>24} {both[1]:>24}")
    speeds: list[Figure] = [
        lambda pair: pair.pages_a_second, lambda pair: pair.pages_a_second_running,
    ]  # fmt: skip
    both = [ratio(rounds, figure, OURS_ON_TWO, OURS) for figure in speeds]
    lines.append(f"{'pages a second, two cores / one':42} {both[0]:>24} {both[1]:>24}")
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.crawl", description=__doc__)
    parser.add_argument("--pages", type=int, default=300, help="how many (default 300)")
    parser.add_argument("--runs", type=int, default=5, help="rounds of crawls (default 5)")
    parser.add_argument(
        "--bytes", type=int, default=PAGE_BYTES, help=f"of an invented page ({PAGE_BYTES})"
    )
    parser.add_argument(
        "--pages-from", type=Path, metavar="FOLDER",
        help="saved pages instead: an index.jsonl (id, url, file) and the files below html/",
    )  # fmt: skip
    parser.add_argument(
        "--peers", action="append", default=[], metavar="PYTHON",
        help="an interpreter that has Scrapy, and trafilatura or news-please; may be repeated",
    )  # fmt: skip
    options = parser.parse_args()
    if options.pages <= FEW_PAGES or options.runs < 1:
        parser.error(f"say more than {FEW_PAGES} pages and at least one round")
    if options.pages_from and not (options.pages_from / "index.jsonl").is_file():
        parser.error(f'there is no index.jsonl in "{options.pages_from}"')
    return options


def main() -> None:
    """Measure, and print the tables."""
    options = _options()
    invented = options.pages_from is None
    with served(options.pages, options.bytes, options.pages_from) as site:
        if site.pages == site.few_pages:
            raise SystemExit(f"only {site.pages} articles are saved there; needs more")
        rounds = compare(site, options.runs, crawlers(options.peers, all_articles=invented))
    kind, harvest = "invented" if invented else "saved", rounds[-1][OURS].whole.harvest
    refused = ", ".join(f"{why} {n}" for why, n in harvest.refused.most_common()) or "none"
    print(
        f"{site.pages} {kind} pages of {site.page_bytes / 1e3:.0f} kB "
        f"({site.sent_bytes / 1e3:.0f} kB sent), {LOOPBACK_CONCURRENCY} requests at a time, "
        f"{options.runs} rounds\n\n{table(rounds)}\n\n{ratios(rounds)}\n\n"
        f"Collected: {harvest.rows} of {site.pages}; refused: {refused}."
    )


if __name__ == "__main__":
    main()
