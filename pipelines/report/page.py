"""The report's page: what was counted as charts and tables, in one file that loads nothing.

All words are put in by a template that escapes them: headlines are written by strangers. The page
has no script, and forbids itself every source but its own styles (CSP).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from crawler.errors import DatasetError
from pipelines.dataset import Snapshot
from pipelines.report import dataset
from pipelines.report.charts import Chart, Point, bars
from pipelines.report.dataset import Figures
from pipelines.report.runs import SHOWN, Runs

# Up to so many days each has its bar; beyond, each month.
DAYS_DRAWN = 62
# The largest of what is drawn; the tables have them all.
_DRAWN = 12
_OUTCOMES = {"row": "a row", "waiting": "waits", "refused": "refused"}


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One source: its numbers; `anchor` is made of its number, never of its name."""

    anchor: str
    name: str
    articles: int
    copies: int
    languages: Counter[str]
    lengths: Counter[str]
    delays: Counter[str]
    filled: Mapping[str, float]
    outcomes: Counter[str]
    refusals: Counter[str]
    findings: list[Any]
    last_visit: str


def write_report(path: Path, snapshot: Snapshot, figures: Figures, runs: Runs, at: datetime) -> int:
    """Write the page, there whole or not at all; its size in bytes. Raises: DatasetError."""
    page = render(snapshot, figures, runs, at).encode("utf-8", "replace")
    unfinished = path.with_suffix(".unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(page)
        os.replace(unfinished, path)
    except OSError as error:
        raise DatasetError(
            f'the report "{path}" cannot be written ({error.strerror}); make room, or make the '
            "folder writable."
        ) from error
    return len(page)


def render(snapshot: Snapshot, figures: Figures, runs: Runs, at: datetime) -> str:
    """The page as text."""
    environment = Environment(
        loader=PackageLoader("pipelines.report", "."), autoescape=True, trim_blocks=True,
        lstrip_blocks=True, undefined=StrictUndefined,
    )  # fmt: skip
    environment.filters["number"] = lambda number: f"{number:,}"
    environment.filters["share"] = lambda share: f"{share:.0%}"
    names = sorted({*figures.articles, *figures.duplicates, *runs.last_visit})
    names.sort(key=lambda name: -figures.articles[name])
    copied = sorted({name for pair in figures.copies for name in pair})
    return environment.get_template("report.html").render(
        manifest=snapshot.manifest, figures=figures, runs=runs, at=at, outcomes=runs.outcomes(),
        charts={chart.title: chart for chart in _charts(figures, runs)},
        sources=[_source(n, name, figures, runs) for n, name in enumerate(names, 1)],
        fields=dataset.FIELDS, copied=copied, most=max(figures.copies.values(), default=1),
        last=runs.lines[-SHOWN:][::-1], findings=runs.findings(), named=_OUTCOMES,
    )  # fmt: skip


def _source(number: int, name: str, figures: Figures, runs: Runs) -> SourcePage:
    articles = figures.articles[name]
    return SourcePage(
        f"source-{number}", name, articles, figures.duplicates[name],
        figures.of(name, figures.languages), figures.of(name, figures.lengths),
        figures.of(name, figures.delays),
        {one: figures.filled[name, one] / articles for one in dataset.FIELDS} if articles else {},
        runs.outcomes(name), runs.refusals(name), runs.findings(name),
        runs.last_visit.get(name, ""),
    )  # fmt: skip


def _charts(figures: Figures, runs: Runs) -> Iterator[Chart]:
    days = {day for _, day in figures.days}
    is_short = not days or (max(days) - min(days)).days < DAYS_DRAWN
    yield bars(
        "Articles over time", "articles", "day" if is_short else "month",
        _over_time(figures.days, is_short), series="source",
    )  # fmt: skip
    languages = figures.total(figures.languages).most_common()
    order = [language for language, _ in languages[:_DRAWN]]
    yield bars(
        "Languages", "articles", "language",
        [(name, lang, rows) for (name, lang), rows in sorted(figures.languages.items())
         if lang in order],
        series="source", order=order, across=True,
    )  # fmt: skip
    lengths = (*dataset.LENGTHS, dataset.LONGEST)
    yield _classes("Lengths", "words", lengths, figures.total(figures.lengths))
    delays = (*dataset.DELAYS, dataset.LATEST, dataset.UNDATED)
    yield _classes("Delay", "from publication", delays, figures.total(figures.delays))
    covered: Counter[Point] = Counter()
    for (_, day), counts in sorted(runs.coverage.items()):
        for (outcome, _), urls in counts.items():
            covered[_OUTCOMES[outcome], day, 0] += urls
    points = [(outcome, day, urls) for (outcome, day, _), urls in covered.items()]
    yield bars("Coverage", "URLs", "day first listed", points, series="came to")
    refusals = runs.refusals().most_common()
    yield bars(
        "Refusals", "URLs", "reason", [("", why, urls) for why, urls in refusals[:_DRAWN]],
        across=True,
    )  # fmt: skip
    versions = [("", str(n), rows) for n, rows in sorted(figures.versions.items())]
    yield bars("Versions", "articles", "versions seen", versions)
    changed = [("", name, rows) for name, rows in figures.changed.most_common(_DRAWN)]
    yield bars("What new versions change", "versions", "field", changed, across=True)


def _classes(title: str, axis: str, order: tuple[str, ...], rows: Counter[str]) -> Chart:
    points = [("", one, rows[one]) for one in order if rows[one]]
    return bars(title, "articles", axis, points, order=order)


def _over_time(days: Counter[tuple[str, date]], is_short: bool) -> list[Point]:
    form = "%Y-%m-%d" if is_short else "%Y-%m"
    sums: Counter[tuple[str, str]] = Counter()
    for (source, day), rows in days.items():
        sums[day.strftime(form), source] += rows
    return [(source, when, rows) for (when, source), rows in sorted(sums.items())]
