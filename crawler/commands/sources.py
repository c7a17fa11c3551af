"""`scrapy sources`: see who is crawled, add to it, and check that it still gives articles."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.checkup import Checkup
from crawler.command import ColporteurCommand, one_of
from crawler.errors import ConfigurationError, ExitCode
from crawler.health.evidence import coverage
from crawler.opml import read_opml, sources_of
from crawler.sources import (
    Source,
    append_sources,
    entry,
    home_of,
    read_sources,
    select_sources,
    slug,
    source_from_url,
)
from crawler.sources_report import (
    CHECKED,
    LISTED,
    checked,
    counted,
    listed,
    print_table,
    told,
    ways_known,
)
from crawler.spiders.check import CheckSpider
from crawler.spiders.dry import run_dry
from crawler.spiders.watching import history_of
from crawler.state import DataFolder
from crawler.state.looking import Looking
from crawler.state.visits import duration

# Pages that tell a healthy source from a broken one: one may be an odd one, five are not.
_SAMPLE = 5
# Days of coverage that are told; the run files have all.
_COVERAGE_TOLD = timedelta(days=7)

_OPTIONS = {"dry_run": ("add", "import"), "name": ("add",), "sample": ("check",)}


class Command(ColporteurCommand):
    """List, add, check and import sources."""

    def syntax(self) -> str:
        """What follows the command's name."""
        return (
            "list | add URL [--name NAME] [--dry-run] | check [NAME...] [--sample N]"
            " | import FILE.opml [--dry-run]"
        )

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "List, add, check and import the sources that are crawled"

    def long_desc(self) -> str:
        """What each subcommand does."""
        return (
            "list: the sources in the file named by the setting SOURCES; tab-separated lines where "
            "the output is no terminal: name, url, language, ways known, enabled. "
            "add URL: ask the site for its feeds, sitemaps and WordPress API, and add it with what "
            "answers. "
            "check [NAME...]: a dry run over these sources, or all enabled ones: what each way to "
            "their articles gives, the newest articles extracted, and what runs saw of the source, "
            "by which it is judged: articles a day, fields, refusals, delay, coverage, the next "
            "visit and why; ends with a line a source: "
            f"{', '.join(CHECKED)}; exit code 5 if one is unhealthy. "
            "import FILE.opml: add what a feed reader subscribes to, one source a site; "
            "sites that have a source already are left as they are."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options of the subcommands, after Scrapy's own."""
        super().add_options(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="add, import: only say what would be added"
        )
        parser.add_argument("--name", help="add: the source's name (default: that of its host)")
        parser.add_argument(
            "--sample", type=int, metavar="N",
            help=f"check: fetch the N newest articles of each source (default: {_SAMPLE})",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run one subcommand. Raises: ColporteurError."""
        subcommand = one_of(args, ("list", "add", "check", "import"))
        for option, owners in _OPTIONS.items():
            if getattr(opts, option) and subcommand not in owners:
                raise ConfigurationError(
                    f"--{option.replace('_', '-')} belongs to {' and '.join(owners)}, "
                    f"not to {subcommand}."
                )
        file = Path(self.project_settings["SOURCES"])
        if subcommand == "list":
            if args:
                raise ConfigurationError(f'list takes no more words, got "{args[0]}".')
            print_table(LISTED, map(listed, read_sources(file)))
        elif subcommand == "add":
            self._add(_only(args, "add", "address"), file, opts.name, dry_run=opts.dry_run)
        elif subcommand == "check":
            self._check(args, file, _SAMPLE if opts.sample is None else opts.sample)
        else:
            _import(Path(_only(args, "import", "OPML file")), file, dry_run=opts.dry_run)

    def _add(self, url: str, file: Path, name: str | None, *, dry_run: bool) -> None:
        known = read_sources(file)
        source = _new_source(url, name, known, file)
        found: list[Checkup] = []
        run_dry(self.project_settings, CheckSpider, found.append, sources=[source], sample=0)
        (checkup,) = found
        if checkup.home_url:
            print(*told(checkup), sep="\n")
        if checkup.problem:
            raise ConfigurationError(f"nothing was added, as {checkup.problem}.")
        source = checkup.entry()
        _refuse_known(source, known, file)
        if not dry_run:
            append_sources(file, [source])
        print(f"\n{'would add' if dry_run else 'added'} to {file}:\n\n{entry(source)}", end="")

    def _remembered(self, source: Source) -> Iterator[str]:
        """What runs saw of the source, read from the state, which stays as it is."""
        now = datetime.now(UTC)
        with Looking.at(DataFolder.from_settings(self.project_settings).state) as looking:
            if looking is None:
                return
            history = history_of(self.project_settings, looking.source_days)
            every = duration(source.every, "every") if source.every else None
            for line in history.evidence(source.name, every, now):
                yield f"  {line}"
            listed = looking.coverage.since(now - _COVERAGE_TOLD)
            for line in coverage(one for one in listed if one.source == source.name):
                yield f"  {line}"

    def _check(self, names: list[str], file: Path, sample: int) -> None:
        if sample < 1:
            raise ConfigurationError(f"--sample must be at least 1, got {sample}.")
        sources = select_sources(read_sources(file), names, str(file))
        if not sources:
            raise ConfigurationError(f"no source in {file} is enabled; name those to check.")
        found: dict[str, Checkup] = {}

        def tell(checkup: Checkup) -> None:
            found[checkup.source.name] = checkup
            lines = [*told(checkup), *self._remembered(checkup.source)]
            print(*lines, sep="\n", end="\n\n", flush=True)

        try:
            run_dry(self.project_settings, CheckSpider, tell, sources=sources, sample=sample)
        finally:
            done = [found[source.name] for source in sources if source.name in found]
            print_table(CHECKED, map(checked, done))
        for checkup in done:
            if checkup.problem:
                name = checkup.source.name
                print(f'scrapy sources: source "{name}": {checkup.problem}', file=sys.stderr)
                self.exitcode = int(ExitCode.SOURCE_UNHEALTHY)


def _only(args: list[str], subcommand: str, noun: str) -> str:
    if len(args) != 1 or args[0].startswith("-"):
        said = f'got "{" ".join(args)}"' if args else "none was given"
        raise ConfigurationError(f"{subcommand} takes one {noun}; {said}.")
    return args[0]


def _new_source(url: str, name: str | None, known: Sequence[Source], file: Path) -> Source:
    source = source_from_url(url)
    if name is not None:
        if not name or slug(name) != name:
            near = slug(name)
            raise ConfigurationError(
                f'--name "{name}" is no name of a source; '
                + (f"write --name {near}." if near else "write one such as --name example.")
            )
        source = Source(name=name, url=source.url)
    _refuse_known(source, known, file)
    return source


def _refuse_known(source: Source, known: Sequence[Source], file: Path) -> None:
    """Raises: ConfigurationError if the site, which is a host, or the name has a source."""
    for other in known:
        if home_of(other.url) == home_of(source.url):
            raise ConfigurationError(
                f'{source.url} is known already: source "{other.name}" in {file} is {other.url}.'
            )
        if other.name == source.name:
            raise ConfigurationError(
                f'the name "{source.name}" is that of {other.url} in {file}; '
                "give another one with --name."
            )


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
        print(f"{added} {source.name}: {source.url} ({ways_known(source)})")
    for feed in found.left_out:
        print(f"left out {feed}: the site it belongs to cannot be told")
    print(
        f"{added} {counted(len(found.new), 'source')} to {file}; "
        f"{counted(len(found.known), 'site')} known already; "
        f"{counted(len(found.left_out), 'feed')} left out"
    )
