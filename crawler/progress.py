"""How far a run is: a display for a person at a terminal, and the same facts as lines of the log.

Elsewhere than at a terminal (cron, a log file) there is no display, and where there is one the
lines are not needed.
"""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.run import Run
from crawler.tally import REFUSED, ROWS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

# Often enough to look alive, seldom enough to cost nothing.
REFRESH_SECONDS = 0.25
_UNASKED = tuple(f"{REFUSED}{area}/" for area in ("guard", "erased", "host", "robots", "fetch"))
# Bars that fit on a screen; of more sources those are shown that have pages to fetch.
_BARS = 20


@dataclass(frozen=True, slots=True)
class Facts:
    """How far a run is: `sources` begun of those there are, `pages` fetched of those `found`.

    `rate` is in pages a second since the start, `seconds_left` None as long as sources are not
    begun, for nobody knows what they have.
    """

    sources: int
    sources_all: int
    pages: int
    found: int
    articles: int
    refused: int
    errors: int
    rate: float
    seconds_left: float | None

    def __str__(self) -> str:
        left = "" if self.seconds_left is None else f", {self.seconds_left:.0f} s left"
        return (
            f"{self.sources} of {self.sources_all} sources, {self.pages} of {self.found} pages, "
            f"{self.articles} articles, {self.refused} refused, {self.errors} errors, "
            f"{self.rate:.1f} pages/s{left}"
        )


def facts(crawler: Crawler, seconds: float) -> Facts:
    """The facts of a run that began so many seconds ago."""
    run = crawler.get_extension(Run)
    counts = run.by_source() if run else {}
    begun = len(counts) + (len(run.verdict.not_due) if run else 0)
    sources_all = max(begun, len(getattr(crawler.spider, "sources", ())))
    pages = sum(one.get("fetched", 0) for one in counts.values())
    found = sum(_to_fetch(one) for one in counts.values())
    rate = pages / max(seconds, 1e-3)
    is_known = begun == sources_all and rate
    return Facts(
        sources=begun,
        sources_all=sources_all,
        pages=pages,
        found=max(found, pages),
        articles=sum(_rows(one) for one in counts.values()),
        refused=sum(_refused(one) for one in counts.values()),
        errors=crawler.stats.get_value("log_count/ERROR", 0),
        rate=round(rate, 2),
        seconds_left=round(max(found - pages, 0) / rate, 1) if is_known else None,
    )


class ProgressLog:
    """Writes the facts to the log, so often and at the end."""

    def __init__(self, crawler: Crawler, interval: float) -> None:
        self._crawler = crawler
        self._interval = interval

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        interval = crawler.settings.getfloat("PROGRESS_INTERVAL")
        if not interval or _is_watched(crawler):
            raise NotConfigured
        lines = cls(crawler, interval)
        crawler.signals.connect(lines._opened, signal=signals.spider_opened)
        crawler.signals.connect(lines._closed, signal=signals.spider_closed)
        return lines

    def _opened(self) -> None:
        self._began = time.monotonic()
        self._tell_again = create_looping_call(self._tell)  # asks for a loop that runs
        self._tell_again.start(self._interval, now=False)

    def _closed(self) -> None:
        self._tell_again.stop()
        self._tell()

    def _tell(self) -> None:
        now = facts(self._crawler, time.monotonic() - self._began)
        logger.info("Progress: %s", now, extra=asdict(now))


class ProgressDisplay:
    """Shows the facts, and for each source the pages fetched of those to fetch."""

    def __init__(self, crawler: Crawler, console: Console) -> None:
        # Most runs are watched by nobody, and need not load what draws.
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

        self._crawler = crawler
        self._bars: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[told]}"),
            console=console,
        )
        self._refresh = create_looping_call(self._show)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not _is_watched(crawler):
            raise NotConfigured
        display = cls(crawler, _console())
        crawler.signals.connect(display._opened, signal=signals.spider_opened)
        crawler.signals.connect(display._closed, signal=signals.spider_closed)
        return display

    def _opened(self) -> None:
        self._began = time.monotonic()
        self._progress.start()
        self._refresh.start(REFRESH_SECONDS)

    def _closed(self) -> None:
        self._refresh.stop()
        self._show()
        self._progress.stop()

    def _show(self) -> None:
        run = self._crawler.get_extension(Run)
        for source, counts in run.by_source().items() if run else ():
            total, done = _to_fetch(counts), counts.get("fetched", 0)
            told = f"{_rows(counts)} collected, {_refused(counts)} refused"
            self._bar(source, total, done, told, len(self._bars) <= _BARS or done < total)
        now = facts(self._crawler, time.monotonic() - self._began)
        left = "" if now.seconds_left is None else f", {now.seconds_left:.0f} s left"
        told = f"{now.errors} errors, {now.rate:.1f} pages/s{left}"
        self._bar(f"{now.sources} of {now.sources_all} sources", now.found, now.pages, told)

    def _bar(self, name: str, total: int, done: int, told: str, is_shown: bool = True) -> None:
        key = name if " of " not in name else ""
        if key not in self._bars:
            self._bars[key] = self._progress.add_task(name, told="")
        self._progress.update(
            self._bars[key], description=name, total=total, completed=done, told=told,
            visible=is_shown,
        )  # fmt: skip


def _is_watched(crawler: Crawler) -> bool:
    return crawler.settings.getbool("PROGRESS_ENABLED") and _console().is_terminal


def _console() -> Console:
    from rich.console import Console  # noqa: PLC0415

    return Console(stderr=True)


def _to_fetch(counts: dict[str, int]) -> int:
    """The pages found that are new, but for those that nobody asks for or that do not answer."""
    unasked = sum(number for thing, number in counts.items() if thing.startswith(_UNASKED))
    return counts.get("found", 0) - counts.get("known", 0) - unasked


def _rows(counts: dict[str, int]) -> int:
    return sum(counts.get(row, 0) for row in ROWS)


def _refused(counts: dict[str, int]) -> int:
    return sum(number for thing, number in counts.items() if thing.startswith(REFUSED))
