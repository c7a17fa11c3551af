"""Where each millisecond of an article goes: CPU time by stage, in one process, on the same pages.

    python -m tests.benchmarks.stages [--pages N] [--pages-from FOLDER]

A page goes into the archive; it is read part by part, in the order in which one needs another;
then its article goes through the pipelines of the settings, one by one, and all are committed. What
fetching costs, and the guards, the queues and the way to the workers and back beside all that, is
told by `tests.benchmarks.crawl`.

On two cores, 200 saved pages of 161 kB: reading a page 62 % of all (of that the body 14 %, parse
and blocks 12 each, fields 10), the pipelines 26 % (quality 6, language 6, journal 5), the commit
9 %.
"""

from __future__ import annotations

import argparse
import gzip
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scrapy.crawler import Crawler
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object
from scrapy.utils.project import get_project_settings
from scrapy.utils.test import get_crawler, get_reactor_settings
from web_poet import HttpResponse
from web_poet.fields import item_from_fields_sync

from crawler.archive import Exchange, WarcWriter
from crawler.discovery.urls import article_id
from crawler.errors import Refusal
from crawler.extract import warm_up
from crawler.extract.page import ArticlePage
from crawler.extract.site_rules import page_class
from crawler.items import Article
from crawler.state import DataFolder, State
from pipelines.dataset import Snapshots, commit
from pipelines.refused import Refused
from tests.benchmarks.crawl import PAGE_BYTES
from tests.benchmarks.pages import Page, invented_pages, saved_pages

PAGES = 300
ORIGIN = "https://journal.example"
ARCHIVE_BYTES = 1_000_000_000
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
# Each is remembered by the page, so that the next is charged with its own work alone.
READING: tuple[tuple[str, Callable[[ArticlePage], object]], ...] = (
    ("parse", lambda page: page.parsed()),
    ("fields", lambda page: page.metadata()),
    ("comments", lambda page: page.discussion()),
    ("blocks", lambda page: page.pieces()),
    ("body", lambda page: page.story()),
    ("is it an article?", lambda page: page.refusal()),
    ("as one row", lambda page: item_from_fields_sync(page, Article)),
)


class Clock:
    """CPU milliseconds by stage."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Charge a stage with what is done meanwhile."""
        started = time.process_time()
        try:
            yield
        finally:
            self.spent[name] += 1_000 * (time.process_time() - started)


def read(page: Page, clock: Clock) -> Article | None:
    """The article of a page, if it holds one."""
    url = f"{ORIGIN}{page.path}"
    reader = page_class(url)(HttpResponse(url, page.body))
    try:
        for name, part in READING:
            with clock.stage(name):
                found = part(reader)
            if isinstance(found, Refusal):
                return None
        assert isinstance(found, Article)
        return found
    finally:  # as `extract` lets go of it
        vars(reader).clear()


def pipelines(crawler: Crawler) -> dict[str, Any]:
    """The pipelines of the settings, in their order, by name."""
    paths = crawler.settings.get_component_priority_dict_with_base("ITEM_PIPELINES")
    classes = [load_object(path) for path in build_component_list(paths)]
    return {
        cls.__name__.removesuffix("Pipeline"): build_from_crawler(cls, crawler) for cls in classes
    }


def measure(pages: Sequence[Page], data: Path) -> tuple[int, dict[str, float]]:
    """How many articles the pages hold, and milliseconds of CPU an article by stage."""
    clock = Clock()
    folder = DataFolder(data)
    folder.create()
    settings = {**get_project_settings(), **get_reactor_settings(), "DATA_DIR": str(data)}
    crawler = get_crawler(settings_dict=settings)
    stages = pipelines(crawler)
    state = State.from_crawler(crawler)
    archive = WarcWriter(folder.archive, "run", {"format": "WARC File Format 1.1"}, ARCHIVE_BYTES)
    articles = 0
    for page in pages:
        exchange = _exchange(page)
        with clock.stage("archive"):
            archive.write(exchange, {"source": "journal", "is_page": True})
        article = read(page, clock)
        if article is None:
            continue
        article = _placed(article)
        try:
            for name, stage in stages.items():
                with clock.stage(name):
                    article = stage.process_item(article)
        except Refused:
            continue
        articles += 1
    with clock.stage("commit"):
        commit(state.journal, Snapshots(folder.snapshots, folder.latest, 7), "run", NOW)
    archive.close()
    state.close()
    return articles, {name: spent / articles for name, spent in clock.spent.items()}


def _exchange(page: Page) -> Exchange:
    """The page as it came, packed as servers pack it."""
    body = gzip.compress(page.body)
    sent = f"GET {page.path} HTTP/1.1\r\nHost: journal.example\r\n\r\n".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    return Exchange(f"{ORIGIN}{page.path}", NOW, sent, head.encode(), body, 200, "text/html")


def _placed(article: Article) -> Article:
    """An article as the spider hands it on."""
    return replace(
        article,
        article_id=article_id(article.url),
        source="journal",
        domain="journal.example",
        run_id="run",
        date_first_seen=NOW,
        date_downloaded=NOW,
        http_status=200,
    )


def table(spent: dict[str, float]) -> str:
    """A line for each stage: milliseconds, and the share of all."""
    total = sum(spent.values())
    lines = [f"{name:24} {cost:7.2f} {cost / total:6.1%}" for name, cost in spent.items()]
    return "\n".join([*lines, f"{'all':24} {total:7.2f}"])


def main() -> None:
    """Measure once to warm up and once to tell."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.stages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pages", type=int, default=PAGES, help=f"how many ({PAGES})")
    parser.add_argument(
        "--bytes", type=int, default=PAGE_BYTES, help=f"of an invented page ({PAGE_BYTES})"
    )
    parser.add_argument("--pages-from", type=Path, metavar="FOLDER", help="saved pages instead")
    options = parser.parse_args()
    pages = list(
        saved_pages(options.pages_from, options.pages)
        if options.pages_from
        else invented_pages(options.pages, options.bytes)
    )
    warm_up()
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        measure(pages[: len(pages) // 10 or 1], Path(first))
        articles, spent = measure(pages, Path(second))
    size = sum(len(page.body) for page in pages) / len(pages) / 1e3
    print(f"{articles} articles of {len(pages)} pages of {size:.0f} kB; CPU ms an article\n")
    print(table(spent))


if __name__ == "__main__":
    main()
