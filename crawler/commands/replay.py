"""`scrapy replay`: the dataset from archives, without the network."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from crawler.cluster.engine import UNMOUNTED, add_engine_option, ray_engine
from crawler.commands.crawl import Command as CrawlCommand
from crawler.errors import ConfigurationError
from crawler.run import Run
from crawler.spiders.archived import ArchivedPages, Open
from crawler.spiders.selecting import Selection
from crawler.state import DataFolder
from crawler.state.folder import uri_in
from crawler.storage.store import archive_of
from crawler.storage.supply import SuppliedPages, Supply
from pipelines.reextraction import Summary


class Command(CrawlCommand):
    """Run the archive spider over files; end with the exit code of its run."""

    def syntax(self) -> str:
        return "[options] WARC|LIST|FOLDER|URI..."

    def short_desc(self) -> str:
        return "Extract again from archived (WARC: ours, Common Crawl's) or saved pages"

    def long_desc(self) -> str:
        return (
            "Takes the articles out of WARC files (our own from DATA_DIR/archive, or CC-NEWS as it "
            "is) through the extraction and pipelines of every run, into DATA_DIR. A file that was "
            "replayed to its end is passed over, and so is a page that the dataset has as it was "
            "then, or later: a replay that died goes on. The records that are no pages are counted "
            "in the run's file. With --reextract, our own archive (or files of it) is read again "
            "over the rows it gave: where the page comes out otherwise, the row gets a version and "
            "the old one goes to revisions; a summary is printed and stands in the run's file. "
            "Of pages that are saved as HTML it takes a list, as .jsonl (url, "
            "file) or .tsv (file, URL), gzip or plain, or a folder with an index.jsonl. A URI "
            "(s3://…) names an archive file, a folder of them, or what fits a *; each is copied "
            "here while it is read. Exit codes as scrapy crawl."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--jobs", type=int, metavar="N",
            help="cores to keep busy: with 1 the whole takes one core (default: all)",
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

        parser.add_argument(
            "--reextract", action="store_true",
            help="read our own archive again, and make versions of what comes out otherwise",
        )  # fmt: skip

    def add_engine(self, parser: argparse.ArgumentParser) -> None:
        """Files are spread, not sources."""
        add_engine_option(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        settings = self.project_settings
        if opts.jobs is None:
            settings.set("EXTRACT_WORKERS", _readers(os.cpu_count() or 1), priority="spider")
        else:
            settings.set("EXTRACT_WORKERS", _readers(opts.jobs), priority="cmdline")
        if opts.language:
            settings.set("LANGUAGES", ",".join(opts.language), priority="cmdline")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if opts.jobs is not None and opts.jobs < 1:
            raise ConfigurationError(f"--jobs must be at least 1, got {opts.jobs}.")
        selection = Selection.of(opts.since, opts.until, opts.domain)
        if opts.engine and opts.jobs is not None:
            raise ConfigurationError("--jobs is of this machine; leave it out with --engine ray.")
        if opts.reextract and opts.language:
            raise ConfigurationError("--reextract takes the rows in all languages.")
        folder = DataFolder.from_settings(self.project_settings)
        supply = Supply(folder.path / "incoming")
        files = supply.places(args or self._own(folder, opts))
        with _archives(opts.engine, supply) as archived:
            reading = {"files": files, "selection": selection, "supply": supply}
            if opts.reextract:
                self._reextract(reading | {"archived": archived})
            else:
                _tell(self.run_spider("archive", **reading, archived=archived))

    def _own(self, folder: DataFolder, opts: argparse.Namespace) -> list[str]:
        """Our archive, where it is to be read again."""
        if not opts.reextract:
            return []
        if uri := uri_in(self.project_settings):
            return [archive_of(uri)]
        files = sorted(map(str, folder.archive.rglob("*.warc.gz")))
        if not files:
            raise ConfigurationError(f'"{folder.archive}" has no files to read again.')
        return files

    def _reextract(self, reading: dict[str, object]) -> None:
        run = self.run_spider("reextract", **reading)
        _tell(run)
        if said := run.said.get("reextraction"):  # not if it was stopped
            print("\n".join(Summary.load(said).lines()))


def _readers(jobs: int) -> int:
    """Processes that read, so that as many cores are busy.

    One more than cores: as a rule one of them waits until what it read is settled. On two cores the
    third made a replay a seventh faster, a fourth no more.
    """
    return jobs + 1 if jobs > 1 else jobs


@contextmanager
def _archives(engine: str | None, supply: Supply) -> Iterator[Open]:
    """How archives are read: here, or on the machines of a cluster."""
    if engine is None:
        yield lambda crawler, selection: SuppliedPages(
            ArchivedPages.from_crawler(crawler, selection), supply
        )
        return
    if supply:
        raise ConfigurationError(UNMOUNTED)
    with ray_engine():
        from crawler.cluster.replay import SpreadPages  # noqa: PLC0415

        yield SpreadPages.from_crawler


def _tell(run: Run) -> None:
    """What became of the records, on one line."""
    said = [f"{count} {what}" for what, count in run.by_record().items()]
    print(f"Archived: {', '.join(said) or 'nothing'}.")
