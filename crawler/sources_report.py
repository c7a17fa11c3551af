"""What `scrapy sources` prints: tables for people, tab-separated lines for programs.

Text that came from a site is shown without control characters: they could rewrite the terminal.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from crawler.checkup import Checkup, Probe, Sample
from crawler.discovery.candidate import FoundBy
from crawler.errors import Refusal
from crawler.items import Article
from crawler.sources import Source

_WAYS: dict[FoundBy, str] = {
    "wordpress": "WordPress",
    "sitemap": "sitemap",
    "feed": "feed",
    "listing": "listing",
}
# What a reader of the dataset expects of an article, beside its body.
_FIELDS = ("headline", "description", "authors", "date_published", "in_language")

LISTED = ("name", "url", "language", "ways known", "enabled")
CHECKED = (
    "source", "found by", "URLs", "newest", "articles", "without", "words", "comments", "refused",
    "verdict",
)  # fmt: skip


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; elsewhere lines of cells, without the headings."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    from rich.console import Console  # noqa: PLC0415 # every command loads this module
    from rich.table import Table  # noqa: PLC0415

    table = Table()
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(markup=False, emoji=False, highlight=False).print(table)


def listed(source: Source) -> tuple[str, ...]:
    """A row under the headings `LISTED`."""
    enabled = "yes" if source.enabled else "no"
    return (source.name, source.url, source.language or "", ways_known(source), enabled)


def ways_known(source: Source) -> str:
    """How articles are found, `2 feeds, WordPress`; empty where the site will be asked."""
    counts = {"feed": source.feeds, "sitemap": source.sitemaps, "listing": source.listings}
    ways = [counted(len(urls), way) for way, urls in counts.items() if urls]
    return ", ".join([*ways, "WordPress"] if source.wordpress else ways)


def counted(number: int, noun: str) -> str:
    """`1 feed`, `2 feeds`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def told(checkup: Checkup) -> Iterator[str]:
    """A look at a source in full: a line for each way, one for each page of the sample."""
    title = f" ({_plain(checkup.title)})" if checkup.title else ""
    yield f"{checkup.source.name}: {checkup.source.url}{title}"
    yield from map(_probed, checkup.probes)
    yield from map(_sampled, checkup.samples)


def _probed(probe: Probe) -> str:
    """A way, and what it gave: how many URLs and the newest date, or why nothing."""
    where = f"  {_WAYS[probe.found_by]:9}  {probe.url}: "
    if probe.refusal:
        return where + _plain(str(probe.refusal))
    parts = [_number(probe)]
    if probe.newest:
        parts.append(f"newest {probe.newest:%Y-%m-%d}")
    if probe.elsewhere:
        parts.append(f"others on {', '.join(probe.elsewhere)}")
    return where + ", ".join(parts)


def _sampled(sample: Sample) -> str:
    if isinstance(sample.outcome, Refusal):
        return f"  refused    {sample.url}: {_plain(str(sample.outcome))}"
    article = sample.outcome
    missing = _missing(article)
    filled = [field for field in _FIELDS if field not in missing]
    counts = [
        counted(article.word_count, "word"),
        counted(len(article.comments), "comment"),
    ]
    without = f"; without {', '.join(missing)}" if missing else ""
    return f"  article    {sample.url}: {', '.join([*filled, *counts])}{without}"


def checked(checkup: Checkup) -> tuple[str, ...]:
    """A row under the headings `CHECKED`: words in the middle, comments in all of the sample."""
    articles = checkup.articles
    gave = [probe for probe in checkup.probes if probe.candidates]
    ways = Counter(_WAYS[probe.found_by] for probe in gave)
    dates = [probe.newest for probe in gave if probe.newest]
    lengths = [article.word_count for article in articles]
    missing = Counter(field for article in articles for field in _missing(article))
    return (
        checkup.source.name,
        ", ".join(way if number == 1 else f"{number} {way}s" for way, number in ways.items()),
        _number(max(gave, key=lambda probe: probe.count)).removesuffix(" URLs") if gave else "0",
        f"{max(dates):%Y-%m-%d}" if dates else "",
        f"{len(articles)}/{len(checkup.samples)}",
        _tally(missing),
        f"{median(lengths):.0f}" if lengths else "",
        str(sum(len(article.comments) for article in articles)),
        _tally(checkup.refused),
        "unhealthy" if checkup.problem else "healthy",
    )


def _missing(article: Article) -> list[str]:
    return [field for field in _FIELDS if not getattr(article, field)]


def _number(probe: Probe) -> str:
    return f"{probe.count}+ URLs" if probe.is_partial else counted(probe.count, "URL")


def _tally(counts: Counter[str]) -> str:
    return ", ".join(f"{thing} {number}" for thing, number in counts.most_common())


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
