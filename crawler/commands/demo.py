"""`scrapy demo`: the whole way on the bundled newspaper, offline, in less than a minute."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crawler.commands.crawl import Command as CrawlCommand
from crawler.errors import ConfigurationError
from crawler.run import Run
from crawler.tally import REFUSED

if TYPE_CHECKING:
    from crawler.demo.server import Newspaper

_COLUMNS = {
    "found": ("found",),
    "fetched": ("fetched",),
    "collected": ("articles", "revised"),
    "copies": ("duplicates",),
    "known": ("known", "twin", "unchanged"),
}
# What opens the result, in the form to be typed.
_OPEN = {
    "duckdb": "print(duckdb.read_parquet('{latest}/articles/**/*.parquet'))",
    "pandas": "print(pandas.read_parquet('{latest}/articles'))",
    "polars": "print(polars.read_parquet('{latest}/articles/**/*.parquet'))",
}


class Command(CrawlCommand):
    """Serve the newspaper on loopback, crawl it, say what came out."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Crawl the bundled newspaper: offline, under a minute"

    def long_desc(self) -> str:
        return (
            "Serves three small news sites on this machine, crawls them into DATA_DIR, and prints "
            "what came out and how to open it. Run it again: nothing is collected twice."
        )

    def add_engine(self, parser: argparse.ArgumentParser) -> None:
        """None: it is one small crawl."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        # A person watches: the progress display in place of the log, unless that is asked for.
        opts.loglevel = opts.loglevel or "WARNING"
        super().process_options(args, opts)
        self.project_settings.set("PROGRESS_ENABLED", True, priority="command")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            raise ConfigurationError(f'scrapy demo takes no argument, "{args[0]}" was given.')
        settings = self.project_settings
        with self._newspaper(settings.getint("DEMO_PORT")) as paper, TemporaryDirectory() as folder:
            sources = Path(folder, "sources.toml")
            sources.write_text(paper.sources_toml(), encoding="utf-8")
            settings.set("SOURCES", str(sources), priority="cmdline")
            settings.set("ALLOW_PRIVATE_HOSTS", True, priority="cmdline")
            run = self.run_spider("articles")
        _tell(run)

    def _newspaper(self, port: int) -> Newspaper:
        # Scrapy loads every command to run one: what only this one needs, it loads itself.
        from crawler.demo.server import Newspaper  # noqa: PLC0415

        try:
            return Newspaper(port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise ConfigurationError(
                f"port {port} is taken on this machine; name another with -s DEMO_PORT=NUMBER."
            ) from error


def _tell(run: Run) -> None:
    """What came out, a line a source, and the lines that open it."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    console = Console()
    table = Table("source", *_COLUMNS, "refused")
    reasons = Table("source", "refused because", "URLs")
    for source, counts in run.by_source().items():
        numbers = [sum(counts.get(thing, 0) for thing in things) for things in _COLUMNS.values()]
        refused = {thing: n for thing, n in counts.items() if thing.startswith(REFUSED)}
        table.add_row(source, *map(str, numbers), str(sum(refused.values())))
        for thing, count in refused.items():
            reasons.add_row(source, thing.removeprefix(REFUSED), str(count))
    console.print(table)
    if reasons.row_count:
        console.print(reasons)
    latest = run.snapshots.latest()
    if latest is None:
        return
    rows = latest.manifest.rows()
    new = "new" if run.snapshot else "nothing new"
    console.print(
        f"Snapshot {latest.id} ({new}): {rows['articles']} articles, {rows['duplicates']} copies, "
        f"{rows['comments']} comments."
    )
    python = os.path.relpath(sys.executable)
    if python.startswith(os.pardir):
        python = sys.executable
    print("Open it:")
    for reader, line in _OPEN.items():
        missing = "" if find_spec(reader) else f"  # after: pip install {reader}"
        code = f"import {reader}; {line.format(latest=run.folder.latest)}"
        print(f'  {python} -c "{code}"{missing}')
