"""`scrapy crawl articles`: Scrapy's own command, with exit codes that a scheduler can act on."""

from __future__ import annotations

import argparse
import logging
import sys
from asyncio import Task
from typing import cast

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from crawler.cluster.engine import add_engine_option, ray_engine
from crawler.command import ColporteurCommand
from crawler.errors import ColporteurError, ConfigurationError, ExitCode
from crawler.fetch import early
from crawler.log import log_as_json
from crawler.run import Run
from crawler.shards import hand_down, shard_folders
from crawler.state import DataFolder
from crawler.storage.publishing import Publisher
from pipelines.privacy import key_path, read_key

# How a crawl in parts ends, as one of them did.
_WORST_FIRST = (
    ExitCode.NOT_WRITABLE, ExitCode.UNEXPECTED, ExitCode.BAD_CONFIGURATION, ExitCode.FOLDER_IN_USE,
    ExitCode.STOPPED, ExitCode.SOURCE_UNHEALTHY,
)  # fmt: skip

logger = logging.getLogger(__name__)


class Command(ColporteurCommand, BaseRunSpiderCommand):
    """Run a spider; end with the exit code of its run."""

    requires_crawler_process = True

    def syntax(self) -> str:
        return "[options] articles [-a source=NAME,NAME | -a url=URL] [--shards N --engine ray]"

    def short_desc(self) -> str:
        return "One run: find what is new, fetch it, commit it"

    def long_desc(self) -> str:
        return (
            "One run over all enabled sources, over some (-a source=a,b), or over a site that is "
            "in no file (-a url=https://site/). Exit codes: 0 committed, 1 unexpected error, 2 bad "
            "arguments or configuration, 3 the dataset cannot be written, 4 another run holds the "
            "data folder, 5 committed but a source is unhealthy, 6 stopped by a signal or a limit "
            "with what was collected committed. --shards N --engine ray crawls in N parts, all "
            "sources of a host in one, where the cluster has a processor free: each has a data "
            "folder below DATA_DIR/shards, and one merge commits what is new in all of them. Where "
            "DATA_DIR is a URI, they are below LOCAL_DIR/shards, and what was merged is published."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--max-minutes", type=float, metavar="N", help="stop after N minutes, and commit"
        )
        parser.add_argument(
            "--max-requests", type=int, metavar="N", help="stop after N answers, and commit"
        )
        self.add_engine(parser)

    def add_engine(self, parser: argparse.ArgumentParser) -> None:
        """What is of this command only, and not of those that are made of it."""
        parser.add_argument("--shards", type=int, metavar="N", help="crawl in N parts")
        add_engine_option(parser)

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
        if (opts.shards is None) != (opts.engine is None):
            raise ConfigurationError("--shards N and --engine ray go together: give both.")
        if opts.shards is None:
            self.run_spider(args[0], **opts.spargs)
        elif args[0] != "articles" or opts.shards < 1:
            raise ConfigurationError("--shards takes a number above 0, for scrapy crawl articles.")
        else:
            self._crawl_shards(opts)

    def _crawl_shards(self, opts: argparse.Namespace) -> None:
        """Crawl all shards, merge what they have, and end as the worst of them."""
        data = DataFolder.from_settings(self.project_settings).path.absolute()
        folders = shard_folders(data, opts.shards)
        Publisher.begun(self.project_settings)  # the merge would refuse too, hours later
        key = key_path(self.project_settings).absolute()
        read_key(key)  # one for all: a commenter has one pseudonym
        given = [f"-s{one}" for one in opts.set]
        given += [f"-a{name}={value}" for name, value in opts.spargs.items()]
        for option, limit in (("minutes", opts.max_minutes), ("requests", opts.max_requests)):
            given += [f"--max-{option}={limit}"] if limit is not None else []
        lines = [
            ["crawl", "articles", *given, f"-ashard={number}/{opts.shards}",
             f"-sDATA_DIR={folder.path}", f"-sPRIVACY_KEY_FILE={key}",
             f"-sLOG_FILE={folder.path / 'log'}"]
            for number, folder in enumerate(folders, 1)
        ]  # fmt: skip
        for folder in folders:
            folder.create()
        hand_down(DataFolder(data), folders)
        with ray_engine():
            from crawler.cluster.crawl import crawl_all  # noqa: PLC0415

            ended = crawl_all(lines)
        print("".join(said for _, said in ended), end="", file=sys.stderr)
        self.run_spider("merge", shards=folders)
        worst = next((code for code in _WORST_FIRST if code in {one for one, _ in ended}), 0)
        self.exitcode = self.exitcode or int(worst)

    def run_spider(self, name: str, **arguments: object) -> Run:
        """Crawl, and tell what is wrong. Raises: ColporteurError if the run could not go on."""
        assert self.crawler_process is not None
        early.load()
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
