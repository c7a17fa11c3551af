"""What a run costs beside a long history: its start, a run with nothing new, a small commit.

    python -m tests.benchmarks.growth [--articles N] [--urls M] [--known K]

A data folder is filled, by hand and not by crawling, with N articles of a year in the dataset and
in the state, and with M addresses of which most were refused. Then real runs are timed in it, and
each beside the same run in an empty folder, so that what is left is what the history costs.

With 1,000,000 articles and 5,000,000 addresses a run without a source took .85 s beside .94 in an
empty folder, at the same 245 MB; one over a site of 50,000 known articles 3.56 beside 2.76 s where
its sitemap was read for the first time, 2.45 beside 2.20 where it had changed, 1.00 beside .75
where it was as before; a commit of 100 new articles .05 s, and .3 MB of files.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import pyarrow as pa

from crawler.discovery.urls import article_id
from crawler.state import DataFolder
from pipelines.dataset.files import write_rows
from pipelines.dataset.manifest import FileEntry, Manifest
from pipelines.dataset.snapshots import Snapshots
from pipelines.quality import QualityPipeline
from pipelines.schema import SCHEMA_VERSION, SCHEMAS, article_row, to_batch
from tests.benchmarks.site import REPOSITORY, served
from tests.pipelines.newsroom import Newsroom, story, words

ARTICLES = 1_000_000
URLS = 5_000_000
MONTHS = 12
# What compaction makes of a month: so many articles a file.
FILE_ROWS = 5_000
NEW_ARTICLES = 100
# Long enough for a news item, short enough that a million of them are written in minutes.
BODY_WORDS = 120
# Before the window in which copies are looked for: a history longer than that is all like this.
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=200)
SITES = 200
# Of the site that is visited: all of them known, and named by its one sitemap.
KNOWN_PAGES = 50_000


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command took: seconds on the clock, and bytes of memory at its peak."""

    seconds: float
    peak: int


def fill(data: Path, articles: int, urls: int, known: Sequence[str] = ()) -> None:
    """Make a history: articles with their stories, addresses, and the `known` ones of a site."""
    with Newsroom(data) as newsroom:
        template = newsroom.publish(story("template", words("template", BODY_WORDS)))
    folder = DataFolder(data)
    with closing(sqlite3.connect(folder.state, isolation_level=None)) as state:
        state.execute("PRAGMA synchronous=OFF")
        _fill_urls(state, articles, urls, known)
        _fill_stories(state, articles)
        state.execute("UPDATE head SET commit_id = 'history'")  # else a run would roll back to it
    snapshots = Snapshots(folder.snapshots, folder.latest, kept=2)
    draft = snapshots.draft()
    files = [*_files(draft, articles)]
    for entry in template.manifest.files:
        if entry.table != "articles":
            target = draft / entry.path
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(template.path / entry.path, target)
            files.append(entry)
    manifest = Manifest(
        snapshot="000002",
        parent="000001",
        run_id="history",
        commit_id="history",
        created=NOW.isoformat(),
        schema_version=SCHEMA_VERSION,
        files=tuple(files),
    )
    snapshots.publish(draft, manifest)


def _address(number: int) -> str:
    return f"https://journal{number % SITES}.example/{number // SITES}/an-article"


def _fill_urls(state: sqlite3.Connection, articles: int, urls: int, known: Sequence[str]) -> None:
    seen = LONG_AGO.timestamp()
    insert = (
        "INSERT INTO urls (article_id, url, source, status, reason, attempts, first_seen,"
        " last_tried) VALUES (?, ?, ?, ?, ?, 0, ?, ?)"
    )
    rows: Iterator[tuple[object, ...]] = (
        (
            f"{number:032x}", _address(number), f"journal{number % SITES}",
            "collected" if number < articles else "refused",
            None if number < articles else "article/not_an_article", seen, seen,
        )
        for number in range(urls)
    )  # fmt: skip
    state.execute("BEGIN")
    state.executemany(insert, rows)
    host = "127.0.0.1"
    state.executemany(
        insert, ((article_id(url), url, host, "collected", None, seen, seen) for url in known)
    )
    state.execute("COMMIT")


def _fill_stories(state: sqlite3.Connection, articles: int) -> None:
    seen = LONG_AGO.timestamp()
    state.execute("BEGIN")
    state.executemany(
        "INSERT INTO stories VALUES (?, 'articles', ?, ?, ?, ?, 1, ?)",
        (
            (key, _month(number, articles), key[::-1], key[::-1], key, seen)
            for number, key in ((number, f"{number:032x}") for number in range(articles))
        ),
    )
    state.executemany(
        "INSERT INTO visits (article_id, asked_id, source, planned_from, availability)"
        " VALUES (?, ?, ?, ?, 'available')",
        (
            (key, key, f"journal{number % SITES}", seen)
            for number, key in ((number, f"{number:032x}") for number in range(articles))
        ),
    )
    state.execute("COMMIT")


def _month(number: int, articles: int) -> str:
    return f"2025-{1 + number * MONTHS // articles:02}"


def _files(draft: Path, articles: int) -> Iterator[FileEntry]:
    """The history's rows: one article again and again, but for its keys and its words."""
    article = QualityPipeline().process_item(
        story("template", words("template", BODY_WORDS), date_downloaded=LONG_AGO)
    )
    batch = to_batch("articles", [article_row(article)])
    first = 0
    while first < articles:
        month = _month(first, articles)
        last = min(articles, first + FILE_ROWS)
        last = next((n for n in range(first, last) if _month(n, articles) != month), last)
        yield write_rows(
            draft, f"articles/{month}", f"history-{first:08}", [_rows(batch, range(first, last))]
        )
        first = last


def _rows(one: pa.RecordBatch, numbers: range) -> pa.Table:
    table = pa.Table.from_batches([one]).take(pa.array([0] * len(numbers)))
    keys = pa.array([f"{number:032x}" for number in numbers])
    rng = random.Random(numbers.start)
    mixed = {
        "article_id": keys,
        "cluster_id": keys,
        "content_hash": pa.array([f"{number:032x}"[::-1] for number in numbers]),
        "url": pa.array([_address(number) for number in numbers]),
        "minhash": pa.array([rng.randbytes(512) for _ in numbers]),
    }
    for name, column in mixed.items():
        position = table.schema.get_field_index(name)
        table = table.set_column(position, table.schema.field(position), column)
    return table.cast(SCHEMAS["articles"])


def commit_of_new_articles(data: Path, count: int) -> tuple[float, int]:
    """Stage new articles and commit them: seconds of the commit, and bytes of files it wrote."""
    with Newsroom(data, kept=2) as newsroom:
        newsroom.collect(*(story(f"new-{n}", words(f"new-{n}", 400)) for n in range(count)))
        started = time.perf_counter()
        snapshot = newsroom.commit("measured")
        seconds = time.perf_counter() - started
        assert snapshot is not None
        files = [path.stat() for path in snapshot.path.rglob("*") if path.is_file()]
    return seconds, sum(file.st_size for file in files if file.st_nlink == 1)


def run(data: Path, *arguments: str) -> Cost:
    """One command in a data folder. Raises SystemExit if it ends in an unexpected way."""
    command = [sys.executable, "-m", "scrapy", *arguments, "-s", f"DATA_DIR={data}"]
    started = time.perf_counter()
    done = subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True)
    assert done.stderr is not None
    said = done.stderr.read()
    _, status, used = os.wait4(done.pid, 0)
    done.returncode = os.waitstatus_to_exitcode(status)
    if done.returncode not in (0, 5):
        raise SystemExit(f"{said}\n{command} ended with exit code {done.returncode}")
    return Cost(time.perf_counter() - started, used.ru_maxrss * 1_024)


def compare(folder: Path, articles: int, urls: int, known: int) -> Iterator[tuple[str, Cost, Cost]]:
    """Runs without and with a history: what was run, and both costs."""
    nobody = folder / "nobody.toml"
    nobody.touch()
    empty, long = folder / "empty", folder / "long"
    with served(known, 1_000, None) as site:
        with urlopen(site.url + "/sitemap.xml") as sitemap:
            named = re.findall(r"<loc>(.+?)</loc>", gzip.decompress(sitemap.read()).decode())
        fill(long, articles, urls, named)
        crawl = ("crawl", "articles", "-s", "ALLOW_PRIVATE_HOSTS=1", "-s", "LOG_LEVEL=WARNING")
        for name, arguments in (
            ("no source", (*crawl, "-s", f"SOURCES={nobody}")),
            ("first sitemap", (*crawl, "-a", f"url={site.url}/")),
            ("sitemap changed", (*crawl, "-a", f"url={site.url}/")),
            ("sitemap as it was", (*crawl, "-a", f"url={site.url}/")),
        ):
            if name == "first sitemap":  # what is known of the site, but for the long history
                fill(empty, 1, 1, named)
            if name == "sitemap changed":
                _let_change(empty, long)
            yield name, run(empty, *arguments), run(long, *arguments)


def _let_change(*folders: Path) -> None:
    """Let what a listing said last be unlike what it says, in what is not its articles."""
    for folder in folders:
        with closing(sqlite3.connect(DataFolder(folder).state)) as state, state:
            state.execute("UPDATE listings SET body_hash = NULL")


def main() -> None:
    """Fill, run, commit, and print what each took."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.growth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=ARTICLES, help=f"({ARTICLES})")
    parser.add_argument("--urls", type=int, default=URLS, help=f"addresses in all ({URLS})")
    parser.add_argument(
        "--known", type=int, default=KNOWN_PAGES, help=f"articles of the site ({KNOWN_PAGES})"
    )
    options = parser.parse_args()
    if not 0 < options.articles <= options.urls:
        parser.error("every article has an address: --urls is at least --articles, and that 1")
    with TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{'':24} {'seconds':>16} {'peak MB':>16}")
        for what, without, beside in compare(folder, options.articles, options.urls, options.known):
            print(
                f"{what:24} {without.seconds:7.2f} {beside.seconds:8.2f} "
                f"{without.peak / 1e6:7.0f} {beside.peak / 1e6:8.0f}"
            )
        seconds, written = commit_of_new_articles(folder / "long", NEW_ARTICLES)
        print(f"commit of {NEW_ARTICLES} articles: {seconds:.2f} s, {written / 1e6:.1f} MB written")


if __name__ == "__main__":
    main()
