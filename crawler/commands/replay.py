"""`scrapy replay`: the dataset from archives, without the network."""

from __future__ import annotations

import argparse
import os

from crawler.cluster.engine import add_engine_option, ray_engine
from crawler.commands.crawl import Command as CrawlCommand
from crawler.errors import ConfigurationError
from crawler.run import Run
from crawler.spiders.selecting import Selection


class Command(CrawlCommand):
    """Run the archive spider over files; end with the exit code of its run."""

    def syntax(self) -> str:
        return "[options] WARC|LIST|FOLDER..."

    def short_desc(self) -> str:
        return "Extract again from archived (WARC: ours, Common Crawl's) or saved pages"

    def long_desc(self) -> str:
        return (
            "Takes the articles out of WARC files (our own from DATA_DIR/archive, or CC-NEWS as it "
            "is) through the extraction and pipelines of every run, into DATA_DIR. A file that was "
            "replayed to its end is passed over, and so is a page that the dataset has as it was "
            "then, or later: a replay that died goes on. The records that are no pages are counted "
            "in the run's file. Of pages that are saved as HTML it takes a list, as .jsonl (url, "
            "file) or .tsv (file, URL), gzip or plain, or a folder with an index.jsonl. Exit codes "
            "as scrapy crawl."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_engine_option(parser)
        parser.add_argument(
            "--jobs", type=int, metavar="N",
            help="processes that read pages, beside the one that writes (default: one a core)",
        )  # fmt: skip
        parser.add_argument(
            "--since", metavar="DATE", help="only pages that were fetched on this day or later"
        )
        parser.add_argument(
            "--until", metavar="DATE", help="only pages that were fetched on this day or before"
        )
        parser.add_argument(
            "--domain", action="append", default=[], metavar="NAME",
            help="only pages of this site and of those below it; may be given more than once",
        )  # fmt: skip
        parser.add_argument(
            "--language", action="append", default=[], metavar="TAG",
            help="only articles in this language (fr, zh-Hans); may be given more than once",
        )  # fmt: skip

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        settings = self.project_settings
        if opts.jobs is None:
            settings.set("EXTRACT_WORKERS", os.cpu_count() or 1, priority="spider")
        else:
            settings.set("EXTRACT_WORKERS", opts.jobs, priority="cmdline")
        if opts.language:
            settings.set("LANGUAGES", ",".join(opts.language), priority="cmdline")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if opts.jobs is not None and opts.jobs < 1:
            raise ConfigurationError(f"--jobs must be at least 1, got {opts.jobs}.")
        selection = Selection.of(opts.since, opts.until, opts.domain)
        if opts.engine is None:
            _tell(self.run_spider("archive", files=args, selection=selection))
            return
        if opts.jobs is not None:
            raise ConfigurationError("--jobs is of this machine; leave it out with --engine ray.")
        with ray_engine():
            from crawler.cluster.replay import SpreadPages  # noqa: PLC0415

            spread = SpreadPages.from_crawler
            _tell(self.run_spider("archive", files=args, selection=selection, archived=spread))


def _tell(run: Run) -> None:
    """What became of the records, on one line."""
    said = [f"{count} {what}" for what, count in run.by_record().items()]
    print(f"Archived: {', '.join(said) or 'nothing'}.")
