"""`scrapy sources`: see who is crawled, and add to it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from crawler.command import ColporteurCommand, one_of
from crawler.errors import ConfigurationError
from crawler.opml import read_opml, sources_of
from crawler.sources import Source, append_sources, read_sources


class Command(ColporteurCommand):
    """List the sources file, or add a feed reader's subscriptions to it."""

    def syntax(self) -> str:
        """What follows the command's name."""
        return "list | import FILE.opml [--dry-run]"

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "List the sources that are crawled, or import them from a feed reader"

    def long_desc(self) -> str:
        """What each subcommand does."""
        return (
            "list: the sources in the file named by the setting SOURCES; tab-separated lines where "
            "the output is no terminal: name, url, language, ways known, enabled. "
            "import FILE.opml: add what a feed reader subscribes to, one source a site; "
            "sites that have a source already are left as they are."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options of the subcommands, after Scrapy's own."""
        super().add_options(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="import: only say what would be added"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one subcommand. Raises: ColporteurError."""
        subcommand = one_of(args, ("list", "import"))
        if opts.dry_run and subcommand != "import":
            raise ConfigurationError(f"--dry-run belongs to import, not to {subcommand}.")
        file = Path(self.project_settings["SOURCES"])
        if subcommand == "list":
            if args:
                raise ConfigurationError(f'list takes no more words, got "{args[0]}".')
            _list(read_sources(file))
        else:
            if len(args) != 1 or args[0].startswith("-"):
                said = f'got "{" ".join(args)}"' if args else "none was given"
                raise ConfigurationError(f"import takes one OPML file; {said}.")
            _import(Path(args[0]), file, dry_run=opts.dry_run)


def _list(sources: tuple[Source, ...]) -> None:
    rows = [
        (
            source.name,
            source.url,
            source.language or "",
            _ways(source),
            "yes" if source.enabled else "no",
        )
        for source in sources
    ]
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    table = Table()
    for heading in ("name", "url", "language", "ways known", "enabled"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(markup=False, emoji=False, highlight=False).print(table)


def _ways(source: Source) -> str:
    """How articles are found, `2 feeds, WordPress`; empty where the site will be asked."""
    counts = {"feed": source.feeds, "sitemap": source.sitemaps, "listing": source.listings}
    ways = [
        f"{len(urls)} {way}{'s' if len(urls) > 1 else ''}" for way, urls in counts.items() if urls
    ]
    return ", ".join([*ways, "WordPress"] if source.wordpress else ways)


def _import(opml: Path, file: Path, *, dry_run: bool) -> None:
    try:
        data = opml.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{opml} cannot be read: {error.strerror}.") from None
    found = sources_of(read_opml(data, str(opml)), read_sources(file))
    if found.new and not dry_run:
        append_sources(file, found.new)
    added = "would add" if dry_run else "added"
    for source in found.new:
        print(f"{added} {source.name}: {source.url} ({_ways(source)})")
    for feed in found.left_out:
        print(f"left out {feed}: the site it belongs to cannot be told")
    print(
        f"{added} {_count(len(found.new), 'source')} to {file}; "
        f"{_count(len(found.known), 'site')} known already; "
        f"{_count(len(found.left_out), 'feed')} left out"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
