"""`scrapy erase`: takes articles, a site or a person out of the data folder, and proves it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

from crawler.archive.erasing import RawPages
from crawler.command import ColporteurCommand
from crawler.discovery.urls import registrable_domain
from crawler.errors import ColporteurError, ConfigurationError, ExitCode
from crawler.fetch.erasure import known_as
from crawler.shards import shards_in
from crawler.state import DataFolder, State
from crawler.state.folder import FolderLock
from crawler.storage.publishing import Publisher
from crawler.storage.raw_pages import SharedRawPages, raw_pages
from pipelines.dataset import Snapshots
from pipelines.erasure.erase import Erasing, Found
from pipelines.erasure.names import name_key, orders
from pipelines.erasure.search import Place, search
from pipelines.erasure.target import Target, Traces
from pipelines.privacy import key_path, pseudonym, read_key
from pipelines.schema import TABLES

_ARTICLE_ID = re.compile(r"[0-9a-f]{32}")


class StillMentionedError(ColporteurError):
    """All that was meant is gone, but texts of others tell of it."""

    exit_code = ExitCode.SOURCE_UNHEALTHY


class Command(ColporteurCommand):
    """Erase by URL, article, domain or author."""

    def syntax(self) -> str:
        return "[options] --url URL | --article-id ID | --domain DOMAIN | --author NAME …"

    def short_desc(self) -> str:
        return "Erase articles, a site or a person for good, and prove it"

    def long_desc(self) -> str:
        return (
            "Takes rows out of every table of every kept snapshot, out of the state, of what waits "
            "for a commit, of run files and quarantine; keeps it from being collected again; then "
            "reads every file of the data folder as text and says where it is still told of. An "
            "author's articles and comments go, and comments that give the full name; articles of "
            "others that mention the name stay, are listed, and go with --naming or --url. Copies "
            "of an erased article on other sites stay: the next best becomes the kept one. Exit "
            "codes: 0 nothing is left, 1 something is, 2 bad arguments, 3 the folder cannot be "
            "written (run any command on it again: it is finished then), 4 a run holds the "
            "folder, 5 erased, but texts of others mention it. Where DATA_DIR is a URI, it reaches "
            "what was sent there; 3 is then also that it could not, and the next run does it."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        for option, value, said in (
            ("--url", "URL", "an article by any of its addresses"),
            ("--article-id", "ID", "an article by the dataset's article_id"),
            ("--domain", "DOMAIN", "all of a site, by its registrable domain"),
            ("--author", "NAME", "a person, however the name is typed"),
        ):
            parser.add_argument(option, action="append", default=[], metavar=value, help=said)
        parser.add_argument(
            "--naming", action="store_true", help="also what others wrote that names the author"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and stop")

    def execute(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            raise ConfigurationError(f'"{args[0]}" stands without an option, such as --url.')
        folder = DataFolder.from_settings(self.project_settings)
        publisher = Publisher.begun(self.project_settings)
        if not folder.state.is_file():
            raise ConfigurationError(
                f'"{folder.path}" is no data folder; name one with -s DATA_DIR=FOLDER.'
            )
        target = Target(
            ids=frozenset([*map(_article_id, opts.article_id), *map(_address, opts.url)]),
            addresses=frozenset(map(_address, opts.url)),
            domains=frozenset(map(_domain, opts.domain)),
            names=tuple(map(_name, opts.author)),
            pseudonyms=frozenset(self._pseudonyms(opts.author)),
            naming=opts.naming,
        )
        if target == Target(naming=opts.naming):
            raise ConfigurationError("say what: --url, --article-id, --domain or --author.")
        shards = shards_in(folder.path)
        with ExitStack() as locks:
            for one in (folder, *shards):
                locks.enter_context(FolderLock(one))
            for shard in shards:
                print(f"{shard.path.relative_to(folder.path)}:")
                self._take_out(shard, RawPages(shard.archive), target, dry=opts.dry_run)
            pages = raw_pages(self.project_settings)
            found = self._take_out(folder, pages, target, dry=opts.dry_run)
            if publisher and not opts.dry_run:
                publisher.publish()
            traces = Traces(found.target, known_as)
            places = _search(folder, traces, pages)
            if opts.dry_run:
                _tell_mentions([place for place in places if place.row])
            else:
                _prove(list(places))

    def _take_out(self, folder: DataFolder, pages: RawPages, target: Target, *, dry: bool) -> Found:
        """What is found of the target in a data folder, and, unless it is dry, is gone then."""
        kept = self.project_settings.getint("SNAPSHOTS_KEPT")
        state = State(folder.state)
        try:
            snapshots = Snapshots(folder.snapshots, folder.latest, kept)
            erasing = Erasing(folder, state, snapshots, pages, known_as)
            now = datetime.now(UTC)
            if not dry:
                erasing.finish(now)
            found = erasing.find(target)
            _tell(found, dry)
            if not dry:
                erasing.begin(found.target, f"{now:%Y%m%dT%H%M%SZ}-erase", now)
                erasing.finish(now)
        finally:
            state.close()
        return found

    def _pseudonyms(self, authors: Iterable[str]) -> Iterator[str]:
        """Under which pseudonyms somebody may have commented, in any order of the name."""
        path = key_path(self.project_settings)
        if not path.is_file():  # then no comment was ever collected under it
            return
        key = read_key(path)
        for author in authors:
            for order in [[author], *orders(author.replace(",", " ").split())]:
                yield pseudonym(" ".join(order), key)


def _search(folder: DataFolder, traces: Traces, pages: RawPages) -> Iterator[Place]:
    """Every file of the data folder, and of the archive that lies in a store."""
    yield from search(folder.path, traces, pages)
    if isinstance(pages, SharedRawPages):
        for path in pages.brought():
            yield from search(path.parent, traces, pages)


def _article_id(given: str) -> str:
    if not _ARTICLE_ID.fullmatch(given):
        raise ConfigurationError(f'"{given}" is no article_id, which has 32 hex digits.')
    return given


def _address(url: str) -> str:
    article_id = known_as(url)
    if article_id is None:
        raise ConfigurationError(f'"{url}" is no http or https URL.')
    return article_id


def _domain(given: str) -> str:
    try:
        domain = registrable_domain(f"https://{given}/")
    except ValueError:
        domain = ""
    if domain != given.lower():
        hint = (
            f"say --domain {domain}, which is more, or name pages by --url"
            if domain
            else ("a domain is like example.org")
        )
        raise ConfigurationError(f'"{given}" is no registrable domain; {hint}.')
    return domain


def _name(given: str) -> str:
    if not name_key(given):
        raise ConfigurationError(f'"{given}" is no name.')
    return given


def _tell(found: Found, dry: bool) -> None:
    counts = ", ".join(f"{table} {found.rows[table]}" for table in TABLES)
    counts += f", records of raw pages {len(found.target.records)}"
    print(f"{'would go' if dry else 'to go'}: {counts} (as of now; older snapshots too)")
    for article_id, (url, headline) in sorted(found.titles.items()):
        print(f"  {article_id}  {url}  {headline}")


def _tell_mentions(mentions: list[Place]) -> None:
    rows = sorted({place.row for place in mentions if place.row})
    if rows:
        print(f"mentioned by {len(rows)} rows that stay:")
        for row in rows:
            print(f"  {row}")


def _prove(places: list[Place]) -> None:
    """Say what the search found. Raises: ColporteurError if that is anything."""
    left = [place for place in places if place.row is None]
    mentions = [place for place in places if place.row]
    print(f"searched every file: {len(left)} places")
    for place in left:
        print(f"  {place.file}: {place.trace}")
    _tell_mentions(mentions)
    if left:
        raise ColporteurError(
            f"it is erased, but {len(left)} files, named above, still tell of it; they are not "
            "ours to change: look at them."
        )
    if mentions:
        raise StillMentionedError(
            "it is erased, but the rows above, which are others', mention it; take them out with "
            "--url, or all of them with --naming."
        )
