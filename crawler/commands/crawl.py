"""`scrapy crawl articles`: Scrapy's own command, with exit codes that a scheduler can act on."""

from __future__ import annotations

import argparse
import logging
import sys
from asyncio import Task
from typing import cast

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from crawler.command import ColporteurCommand
from crawler.errors import ColporteurError, ConfigurationError, ExitCode
from crawler.log import log_as_json
from crawler.run import Run

logger = logging.getLogger(__name__)


class Command(ColporteurCommand, BaseRunSpiderCommand):
    """Run a spider; end with the exit code of its run."""

    requires_crawler_process = True

    def syntax(self) -> str:
        return "[options] articles [-a source=NAME,NAME | -a url=URL]"

    def short_desc(self) -> str:
        return "One run: find what is new, fetch it, commit it"

    def long_desc(self) -> str:
        return (
            "One run over all enabled sources, over some (-a source=a,b), or over a site that is "
            "in no file (-a url=https://site/). Exit codes: 0 committed, 1 unexpected error, 2 bad "
            "arguments or configuration, 3 the dataset cannot be written, 4 another run holds the "
            "data folder, 5 committed but a source is unhealthy, 6 stopped by a signal or a limit "
            "with what was collected committed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--max-minutes", type=float, metavar="N", help="stop after N minutes, and commit"
        )
        parser.add_argument(
            "--max-requests", type=int, metavar="N", help="stop after N answers, and commit"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if self.project_settings.getbool("LOG_JSON") and self.project_settings.getbool(
            "LOG_ENABLED"
        ):
            log_as_json(self.project_settings)
        limits = {
            "CLOSESPIDER_TIMEOUT": opts.max_minutes and opts.max_minutes * 60,
            "CLOSESPIDER_PAGECOUNT": opts.max_requests,
        }
        for name, value in limits.items():
            if value is not None:
                if value <= 0:  # Scrapy would take it for "no limit"
                    raise UsageError("--max-minutes and --max-requests take a number above 0")
                self.project_settings.set(name, value, priority="cmdline")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            said = f'got "{" ".join(args)}"' if args else "none was given"
            raise ConfigurationError(f"name one spider, as in scrapy crawl articles; {said}.")
        self.run_spider(args[0], **opts.spargs)

    def run_spider(self, name: str, **arguments: object) -> Run:
        """Crawl, and tell what is wrong. Raises: ColporteurError if the run could not go on."""
        assert self.crawler_process is not None
        try:
            crawler = self._create_crawler(name)
        except KeyError:
            raise ConfigurationError(
                f'no spider is called "{name}"; say: scrapy crawl articles'
            ) from None
        # With our reactor, what can be awaited is a task.
        task = cast("Task[None]", self.crawler_process.crawl(crawler, **arguments))
        self.crawler_process.start()
        if not task.done():
            raise ColporteurError(
                "stopped by a second signal before the commit; what was collected is kept, and the "
                "next run commits it."
            )
        error = task.exception()
        if isinstance(error, ColporteurError):
            raise error
        if error:
            logger.critical("The run could not start", exc_info=error)
            raise ColporteurError(f"the run could not start: {type(error).__name__}: {error}.")
        run = crawler.get_extension(Run)
        assert run is not None, "the extension crawler.run.Run is switched off"
        for source, sentence in run.verdict.problems.items():
            print(f'scrapy crawl: source "{source}": {sentence}', file=sys.stderr)
        if run.error:
            raise run.error
        if run.exit_code == ExitCode.UNEXPECTED and not run.verdict.problems:
            raise ColporteurError(
                "something broke on the way, the log tells where; what was collected is committed."
            )
        self.exitcode = int(run.exit_code)
        return run
