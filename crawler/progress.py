"""A progress display for a person at a terminal: one bar a source, kept up while the run goes on.

Elsewhere (cron, a log file) it is silent, and the log says what there is to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.run import Run
from crawler.tally import REFUSED, ROWS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Often enough to look alive, seldom enough to cost nothing.
REFRESH_SECONDS = 0.25


class ProgressDisplay:
    """Shows, for each source, the pages fetched of those to fetch, and what became of them."""

    def __init__(self, crawler: Crawler, console: Console) -> None:
        self._crawler = crawler
        self._bars: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rows]} collected, {task.fields[refused]} refused"),
            console=console,
        )
        self._refresh = create_looping_call(self._show)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        console = Console(stderr=True)
        if not crawler.settings.getbool("PROGRESS_ENABLED") or not console.is_terminal:
            raise NotConfigured
        display = cls(crawler, console)
        crawler.signals.connect(display._opened, signal=signals.spider_opened)
        crawler.signals.connect(display._closed, signal=signals.spider_closed)
        return display

    def _opened(self) -> None:
        self._progress.start()
        self._refresh.start(REFRESH_SECONDS)

    def _closed(self) -> None:
        self._refresh.stop()
        self._show()
        self._progress.stop()

    def _show(self) -> None:
        run = self._crawler.get_extension(Run)
        for source, counts in run.by_source().items() if run else ():
            if source not in self._bars:
                self._bars[source] = self._progress.add_task(source, rows=0, refused=0)
            self._progress.update(
                self._bars[source],
                total=counts.get("found", 0) - counts.get("known", 0),
                completed=counts.get("fetched", 0),
                rows=sum(counts.get(row, 0) for row in ROWS),
                refused=sum(n for thing, n in counts.items() if thing.startswith(REFUSED)),
            )
