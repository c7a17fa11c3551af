"""The figures of the year, as far as it has gone."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from statistics import mean, median
from urllib.parse import urlsplit

import pyarrow.dataset as ds

from tests.benchmarks.hourly.newspapers import KINDS
from tests.benchmarks.hourly.runs import Cost
from tests.benchmarks.hourly.scores import LISTINGS, MONTH_DAYS, Month, Scores
from tests.benchmarks.newsrooms import HOUR

TWO_VISITS = 2
# The last run is to take at most so many times what those of the first month took.
AT_MOST = 2.0


def told(scores: Scores, data: Path, site: Path | None) -> Iterator[str]:
    """Everything; `site` is what the server wrote of its stories."""
    days = scores.runs * scores.every / 24
    yield f"{len(scores.papers)} sources, {days:.0f} days, {scores.runs} runs"
    yield from _faults(scores)
    yield from _alarms(scores)
    yield from _requests(scores)
    yield from _costs(scores.months)
    yield from _folder(data)
    if site:
        yield from _rows(data, json.loads(site.read_text("utf-8")))


def _faults(scores: Scores) -> Iterator[str]:
    yield "| fault | planted | shown | found | by the 2nd visit | worst | hours: middle, worst |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    late = []
    for kind in KINDS:
        planted = [(paper, one) for paper, one in scores.faults() if one.kind == kind]
        shown = [one for _, one in planted if one.since_shown]
        found = [one for one in shown if one.found]
        soon = [one for one in found if one.since_shown <= TWO_VISITS]
        hours = [(one.found - one.begins) / HOUR for one in found if one.found] or [0.0]
        yield (
            f"| {kind} | {len(planted)} | {len(shown)} | {len(found)} | {len(soon)} | "
            f"{max((one.since_shown for one in shown), default=0)} | "
            f"{median(hours):.0f}, {max(hours):.0f} |"
        )
        late += [
            f"  {paper.name}, {paper.room.rate:.2f} a day: {one}"
            for paper, one in planted
            if one.since_shown > TWO_VISITS
        ]
    yield f"later than at the second visit that showed it, or never found: {len(late)}"
    yield from late


def _alarms(scores: Scores) -> Iterator[str]:
    per_month = len(scores.false) / (scores.runs * scores.every / 24 / MONTH_DAYS)
    yield f"false alarms: {len(scores.false)}, {per_month:.2f} a month"
    for alarm in scores.false:
        yield f"  {alarm.at:%Y-%m-%d %H:%M} {alarm.source}: {alarm.what}: {alarm.sentence}"


def _requests(scores: Scores) -> Iterator[str]:
    asked: Counter[str] = Counter()
    for month in scores.months:
        asked.update(month.asked)
    listings = sum(asked[what] for what in LISTINGS)
    new, again = asked["first"], asked["page"]
    hourly = len(scores.papers) * scores.runs * scores.every
    total = listings + new + again + asked["other"] + asked["reset"]
    yield (
        f"new articles {new}; listings asked {listings}, {listings / max(new, 1):.2f} an article; "
        f"one of each source every hour would be {hourly}, {hourly / max(new, 1):.2f} an article: "
        f"{listings / max(hourly, 1):.0%} of it"
    )
    yield (
        f"all requests {total}, {total / max(new, 1):.2f} a new article: seen again {again} (of "
        f"them unchanged {asked['page 304']}), robots.txt and the like {asked['other']}, reset "
        f"{asked['reset']}"
    )


def _costs(months: Sequence[Month]) -> Iterator[str]:
    yield "| day | runs | s: middle, mean, most | CPU s: middle, most | MB: middle, most | ended |"
    yield "| --- | ---: | ---: | ---: | ---: | --- |"
    for number, month in enumerate(months):
        cpu, peak = [cost.cpu for cost in month.costs], [cost.peak for cost in month.costs]
        seconds = [cost.seconds for cost in month.costs]
        codes = ", ".join(f"{code}: {n}" for code, n in sorted(month.exit_codes.items()))
        yield (
            f"| {number * MONTH_DAYS} | {len(seconds)} | {median(seconds):.2f}, "
            f"{mean(seconds):.2f}, {max(seconds):.2f} | {median(cpu):.2f}, {max(cpu):.2f} | "
            f"{median(peak) / 1e6:.0f}, {max(peak) / 1e6:.0f} | {codes} |"
        )
    commits, joined = (
        sum(getattr(month, name) for month in months) for name in ("commits", "compactions")
    )
    yield f"runs that committed something: {commits}; that joined small files: {joined}"
    # The very first run takes all that is there, which no other does.
    first, last = months[0].costs[1:], _whole(months).costs
    for name, value in _measures().items():
        before, after = [value(cost) for cost in first], [value(cost) for cost in last]
        if before and after:
            yield (
                f"{name}, last month against the first without its first run: middle "
                f"{median(after) / median(before):.2f}, mean {mean(after) / mean(before):.2f}, "
                f"most {max(after) / max(before):.2f}; the last run against the first month's "
                f"middle {after[-1] / median(before):.2f}"
            )


def _measures() -> Mapping[str, Callable[[Cost], float]]:
    return {
        "seconds": lambda cost: cost.seconds,
        "CPU": lambda cost: cost.cpu,
        "memory": lambda cost: float(cost.peak),
    }


def _whole(months: Sequence[Month]) -> Month:
    """The last month of which most is there."""
    is_short = len(months) > 1 and len(months[-1].costs) < len(months[0].costs) / 2
    return months[-2] if is_short else months[-1]


def _folder(data: Path) -> Iterator[str]:
    yield "| part of the data folder | files | MB |"
    yield "| --- | ---: | ---: |"
    parts = [part for part in sorted(data.iterdir()) if not part.is_symlink()]
    for part in [*parts, data / "latest"]:
        files = [part] if part.is_file() else [one for one in part.rglob("*") if one.is_file()]
        sizes = {one.stat().st_ino: one.stat().st_size for one in files}
        yield f"| {part.name} | {len(files)} | {sum(sizes.values()) / 1e6:.1f} |"


def _rows(data: Path, site: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[str]:
    """Whether each story that was named is a row, once, or has a reason."""
    rows: Counter[tuple[str, str]] = Counter()
    copies = 0
    for table in ("articles", "duplicates"):
        folder = data / "latest" / table
        if not folder.is_dir():
            continue
        found = ds.dataset(folder, format="parquet").to_table(["source", "url"]).to_pylist()
        rows.update((row["source"], urlsplit(row["url"]).path) for row in found)
        copies += len(found) if table == "duplicates" else 0
    with closing(sqlite3.connect(f"file:{data}/state.sqlite?mode=ro", uri=True)) as state:
        urls = state.execute("SELECT source, url, status, reason FROM urls").fetchall()
    why = {
        (source, urlsplit(url).path): f"{status} {reason or ''}"
        for source, url, status, reason in urls
    }
    published = sum(len(paper["published"]) for paper in site.values())
    named = {(name, path) for name, paper in site.items() for path in paper["named"]}
    twice = sum(number > 1 for number in rows.values())
    missing = Counter(why.get(one, "unknown").strip() for one in named if one not in rows)
    yield (
        f"published {published}, named by a listing that was read {len(named)}, rows "
        f"{rows.total()} (of them told as copies {copies}); more than once {twice}; "
        f"named and no row: {sum(missing.values())} {dict(missing)}; rows of what was not named "
        f"{sum(one not in named for one in rows)}"
    )
