"""`scrapy extract`: the articles in saved pages or at URLs, as JSON lines.

A folder with an index.jsonl is taken whole, on all cores and in the index's order; nothing but the
output is written.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import os
import re
import sys
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from crawler.command import ColporteurCommand
from crawler.errors import ConfigurationError, Refusal
from crawler.extract import extract
from crawler.extract.document import Document, parse
from crawler.extract.metadata import stated_url
from crawler.items import Article
from crawler.spiders.dry import run_dry
from crawler.spiders.fetching import FetchedPage, FetchSpider

INDEX = "index.jsonl"
# Pages handed to a worker at once: enough to hide the hand-over, few enough to end together.
CHUNK = 16
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page on disk. `url` is None where only the page itself can tell; `where` is for errors."""

    id: str
    path: Path
    url: str | None
    where: str


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
            "(null where the page is none, with the reason in refusal) and cpu_ms."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The command's own options, after Scrapy's."""
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", help="write here, not to stdout")
        parser.add_argument("--url", help="the URL of the one page given, instead of its own word")
        parser.add_argument(
            "--jobs", type=int, metavar="N", default=os.cpu_count() or 1,
            help="worker processes for a folder (default: one a core)",
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
        lines = chain(extract_all(pages, opts.jobs), map(_fetched_line, self._fetch(urls)))
        if opts.output is None:
            _write(lines, sys.stdout)
            return
        try:
            with Path(opts.output).open("w", encoding="utf-8") as file:
                _write(lines, file)
        except OSError as error:
            raise ConfigurationError(
                f"{opts.output} cannot be written: {error.strerror}."
            ) from None

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


def _write(lines: Iterable[str], file: Any) -> None:
    for line in lines:
        file.write(line + "\n")


def saved_pages(target: str, url: str | None = None) -> list[SavedPage]:
    """Return the pages that a target names. Raises: ConfigurationError."""
    path = Path(target)
    if path.is_dir():
        return list(_index(path))
    if not path.is_file():
        raise ConfigurationError(f"{target}: no such file or folder.")
    return [SavedPage(target, path, url, target)]


def _index(folder: Path) -> Iterator[SavedPage]:
    index = folder / INDEX
    try:
        lines = index.read_bytes().splitlines()
    except OSError:
        raise ConfigurationError(f"{folder}: a folder needs an {INDEX}.") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _index_line(folder, line, f"{index}:{number}")


def _index_line(folder: Path, line: bytes, where: str) -> SavedPage:
    try:
        row = json.loads(line)
        identifier, url, file = row["id"], row["url"], row["file"]
    except (ValueError, RecursionError):
        raise ConfigurationError(f"{where}: not a line of JSON.") from None
    except (TypeError, KeyError, IndexError):
        raise ConfigurationError(f"{where}: needs the keys id, url and file.") from None
    if not all(isinstance(value, str) for value in (identifier, url, file)):
        raise ConfigurationError(f"{where}: id, url and file must be strings.")
    path = folder / "html" / file
    if ".." in Path(file).parts or not path.is_file():
        raise ConfigurationError(f'{where}: there is no file "{file}" below {folder / "html"}.')
    return SavedPage(identifier, path, url, where)


def extract_all(pages: list[SavedPage], jobs: int) -> Iterator[str]:
    """Yield a JSON line a page, in order; more than a chunk is shared out to worker processes."""
    if jobs == 1 or len(pages) <= CHUNK:
        yield from map(extract_page, pages)
        return
    context = multiprocessing.get_context("spawn")  # forking a process that has threads can hang
    with ProcessPoolExecutor(jobs, context) as pool:
        yield from pool.map(extract_page, pages, chunksize=CHUNK)


def extract_page(page: SavedPage) -> str:
    """Return the JSON line of one page. Raises: ConfigurationError where it cannot be read."""
    try:
        body = page.path.read_bytes()
        if body.startswith(_GZIP_MAGIC):
            body = gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigurationError(f"{page.where}: {page.path} cannot be read: {error}.") from None
    url = page.url or _own_url(body, page)
    started = time.process_time()
    found = extract(body, url)
    return _line(page.id, found, time.process_time() - started)


def _fetched_line(page: FetchedPage) -> str:
    started = time.process_time()
    found = page.refusal or extract(page.body, page.url, encoding=page.encoding)
    return _line(page.requested, found, time.process_time() - started)


def _line(identifier: str, found: Article | Refusal, seconds: float) -> str:
    line: dict[str, Any] = {"id": identifier, "article": None, "cpu_ms": round(seconds * 1000, 2)}
    if isinstance(found, Refusal):
        line["refusal"] = str(found)
    else:
        line["article"] = as_json(found)
    return json.dumps(line, ensure_ascii=False)


def _own_url(body: bytes, page: SavedPage) -> str:
    document = parse(body, "")
    url = stated_url(document) if isinstance(document, Document) else None
    if url is None:
        raise ConfigurationError(f"{page.where}: the page does not say its URL; give it by --url.")
    return url


def as_json(value: Any) -> Any:
    """Return an item as JSON can hold it: dataclasses as objects, dates in ISO 8601.

    Of an article, what extraction takes from the page: the rest is not known here.
    """
    if isinstance(value, Article):
        return {name: as_json(getattr(value, name)) for name in _EXTRACTED}
    if hasattr(value, "__dataclass_fields__"):
        return {part.name: as_json(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [as_json(entry) for entry in value]
    return value


# The item's own order: what extraction fills comes first and ends with `field_sources`.
_NAMES = [part.name for part in fields(Article)]
_EXTRACTED = _NAMES[: _NAMES.index("field_sources") + 1]
