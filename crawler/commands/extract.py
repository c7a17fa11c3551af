"""`scrapy extract`: the articles in saved pages or at URLs, as JSON lines.

A folder with an index.jsonl is taken whole, on all cores and in the index's order; nothing but the
output is written.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO

from crawler.command import ColporteurCommand
from crawler.errors import ConfigurationError, Reason, Refusal
from crawler.extract import warm_up
from crawler.saved_pages import SavedPage, extracted_line, line_of, saved_pages
from crawler.spiders.dry import StoppedError, run_dry
from crawler.spiders.fetching import FetchedPage, FetchSpider
from crawler.workers.pool import Workers

# How far pages are taken ahead of one that is not done: as many as the other workers do while it is
# at its limit. Of a page that waits its name is held, of one that is done its line.
AHEAD = 1_000
LineWorkers = Workers[[SavedPage], str]


class Command(ColporteurCommand):
    """Take the article out of pages that are on disk."""

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options] TARGET... [-o FILE] [--url URL] [--jobs N]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "The article in saved pages or at URLs, as JSON lines"

    def long_desc(self) -> str:
        """What a target is, and what a line of the output."""
        return (
            "A target is a saved page, a URL, or a folder with an index.jsonl (id, url and file, "
            "which lies below html/, gzip or plain). Each page gives one JSON line: id, article "
            "(null where the page is none, with the reason in refusal) and cpu_ms. A page over "
            "EXTRACT_TIMEOUT is refused."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The command's own options, after Scrapy's."""
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", help="write here, not to stdout")
        parser.add_argument("--url", help="the URL of the one page given, instead of its own word")
        parser.add_argument(
            "--jobs", type=int, metavar="N", default=os.cpu_count() or 1,
            help="worker processes at most (default: one a core)",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        """Extract every target, in order. Raises: ConfigurationError."""
        if not args:
            raise ConfigurationError("say what to extract: a saved page, a folder of them, a URL.")
        if opts.jobs < 1:
            raise ConfigurationError(f"--jobs must be at least 1, got {opts.jobs}.")
        urls = [target for target in args if _is_url(target)]
        pages = [
            page for target in args if target not in urls for page in saved_pages(target, opts.url)
        ]
        if opts.url and (urls or len(pages) != 1):
            raise ConfigurationError("--url is for one saved page.")
        workers = LineWorkers(
            extracted_line,
            prepare=warm_up,
            count=opts.jobs,
            seconds=self.project_settings.getfloat("EXTRACT_TIMEOUT"),
            megabytes=self.project_settings.getfloat("EXTRACT_MEMORY_MB"),
        )
        found: list[SavedPage | FetchedPage] = [*pages, *self._fetch(urls)]
        try:
            with _output(opts.output) as file:
                asyncio.run(_write(extract_all(workers, found), file))
        except OSError as error:
            raise ConfigurationError(
                f"{opts.output or 'stdout'} cannot be written: {error.strerror}."
            ) from None
        except KeyboardInterrupt:
            raise StoppedError("stopped before all was done.") from None

    def _fetch(self, urls: Sequence[str]) -> list[FetchedPage]:
        """The pages at URLs, in their order. Raises: ColporteurError."""
        if not urls:
            return []
        found: dict[str, FetchedPage] = {}

        def take(item: FetchedPage) -> None:
            found[item.requested] = item

        run_dry(self.project_settings, FetchSpider, take, urls=urls)
        return [found[url] for url in urls]


def _is_url(target: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*://", target, re.IGNORECASE) is not None


def _output(name: str | None) -> AbstractContextManager[TextIO]:
    return Path(name).open("w", encoding="utf-8") if name else nullcontext(sys.stdout)


async def _write(lines: AsyncIterator[str], file: TextIO) -> None:
    async for line in lines:
        file.write(line + "\n")


async def extract_all(
    workers: LineWorkers, pages: Sequence[SavedPage | FetchedPage]
) -> AsyncIterator[str]:
    """Yield a JSON line a page, in order; the workers have ended when that has."""
    waiting: deque[asyncio.Task[str]] = deque()
    try:
        for page in pages:
            waiting.append(asyncio.create_task(_line(workers, page)))
            if len(waiting) == AHEAD:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await workers.close()


async def _line(workers: LineWorkers, page: SavedPage | FetchedPage) -> str:
    if isinstance(page, FetchedPage):
        if page.refusal:
            return line_of(page.requested, page.refusal, 0.0)
        page = SavedPage(page.requested, page.body, page.url, page.requested, page.encoding)
    said = await workers.run(page)
    if isinstance(said, Refusal):
        # How much it took is not known: of a page over its time, at most all of that.
        seconds = workers.seconds if said.reason is Reason.EXTRACT_TIMEOUT else None
        return line_of(page.id, said, seconds)
    return said
