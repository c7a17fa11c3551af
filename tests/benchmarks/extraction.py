"""Our scores and CPU time beside trafilatura's and readability-lxml's, in one run, as one table.

Each page goes through every tool before the next page does, in one process, so that whatever else
the machine does hits all of them alike. The scores are those of the scorer that lies beside PAGES.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from crawler.extract import extract
from crawler.items import Article

Answer = dict[str, Any] | None
Scores = Mapping[str, Mapping[str, float]]
Score = Callable[[Sequence[Mapping[str, Any]], Mapping[str, Mapping[str, Any]]], tuple[Scores, Any]]

SCORER = "../bench/score_extraction.py"
MEASURES = {
    "body_f1": "body F1", "exact": "body exact", "headings": "headings", "headline": "headline",
    "authors": "authors", "date": "date", "lede": "lede", "lede_field": "lede as a field",
    "kw_p": "keywords, precision", "kw_r": "keywords, recall", "present": "present",
    "absent": "absent", "comments": "comments", "leaked": "comments in the body",
    "precision": "precision", "recall": "recall", "specificity": "specificity",
}  # fmt: skip
JUDGEMENT = "article?"
EVERY_SET = "all"
NONE = "–"


@dataclass(frozen=True, slots=True)
class Tool:
    """A way from a page's bytes and URL to the scorer's fields; `lacks` is what it never gives."""

    name: str
    extract: Callable[[bytes, str], Answer]
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool gave for every page, as the scorer reads it, and what a page of a set cost."""

    tool: Tool
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    cpu_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def tools() -> list[Tool]:
    """Return ours and the others; raises ImportError where those are not installed."""
    import trafilatura
    from lxml import html
    from readability import Document
    from readability.readability import Unparseable

    def ours(body: bytes, url: str) -> Answer:
        found = extract(body, url)
        return _of_ours(found) if isinstance(found, Article) else None

    def by_trafilatura(fast: bool) -> Callable[[bytes, str], Answer]:
        def take(body: bytes, url: str) -> Answer:
            found = trafilatura.bare_extraction(
                body, url=url, fast=fast, with_metadata=True, include_comments=True
            )
            return None if found is None else _of_trafilatura(found)

        return take

    def by_readability(body: bytes, url: str) -> Answer:
        try:
            document = Document(body, url=url)
            summary, title = document.summary(), document.short_title()
        except Unparseable:
            return None
        texts = cast("Iterator[str]", html.fromstring(summary).itertext()) if summary else ()
        return {"headline": title, "article_body": "\n".join(texts)}

    unread = frozenset({"authors", "date", "lede_field", "kw_r", "comments"})
    return [
        Tool("Colporteur", ours),
        Tool(f"trafilatura {version('trafilatura')}", by_trafilatura(fast=False)),
        Tool("the same, fast", by_trafilatura(fast=True)),
        Tool(f"readability-lxml {version('readability-lxml')}", by_readability, unread),
    ]


def _of_ours(found: Article) -> Answer:
    return {
        "headline": found.headline,
        "description": found.description,
        "article_body": found.article_body,
        "authors": list(found.authors),
        "date_published": found.date_published and found.date_published.isoformat(),
        "keywords": list(found.keywords),
        "comments": [{"text": comment.text} for comment in found.comments],
    }


def _of_trafilatura(found: Any) -> Answer:
    return {
        "headline": found.title,
        "description": found.description,
        "article_body": found.text,
        "authors": (found.author or "").split("; "),
        "date_published": found.date,
        "keywords": found.tags or [],
        "comments": [{"text": line} for line in (found.comments or "").splitlines()],
    }


def measure(folder: Path, contenders: Sequence[Tool], every: int = 1) -> list[Outcome]:
    """Put every page, or one of every so many, through each tool in turn."""
    rows = _rows(folder)[::every]
    outcomes = [Outcome(tool) for tool in contenders]
    for outcome in outcomes:  # one to warm up: what is compiled or loaded once is no page's cost
        outcome.tool.extract(_body(folder, rows[0]), rows[0]["url"])
    for number, row in enumerate(rows):
        body = _body(folder, row)
        first = number % len(outcomes)  # nobody always comes after the same other
        for outcome in outcomes[first:] + outcomes[:first]:
            started = time.process_time()
            article = outcome.tool.extract(body, row["url"])
            spent = 1_000 * (time.process_time() - started)
            outcome.results[row["id"]] = {"id": row["id"], "article": article, "cpu_ms": spent}
            for name in (row["set"], EVERY_SET):
                outcome.cpu_ms[name].append(spent)
    return outcomes


def table(outcomes: Sequence[Outcome], scores: Sequence[Scores]) -> str:
    """Return a Markdown table: a row for each measure of each set, a column for each tool."""
    costs = outcomes[0].cpu_ms
    lines = [
        "| " + " | ".join(["set", "measure", *(outcome.tool.name for outcome in outcomes)]) + " |",
        "| --- | --- |" + " ---: |" * len(outcomes),
    ]
    for name in [*sorted(set(costs) - {EVERY_SET}), JUDGEMENT, EVERY_SET]:
        rows = []
        for key, label in MEASURES.items():
            values = [score.get(name, {}).get(key) for score in scores]
            if any(value is not None for value in values):
                rows.append((label, list(map(_cell, outcomes, [key] * len(values), values))))
        if name in costs:
            rows += _costs([outcome.cpu_ms[name] for outcome in outcomes])
        lines += [f"| {name} | {label} | {' | '.join(cells)} |" for label, cells in rows]
    return "\n".join(lines)


def _cell(outcome: Outcome, key: str, value: float | None) -> str:
    if value is None or key in outcome.tool.lacks:
        return NONE
    return f"{value:.3f}".replace("0.", ".", 1) if value < 1 else f"{value:.3f}"


def _costs(spent: Sequence[Sequence[float]]) -> list[tuple[str, list[str]]]:
    medians = [statistics.median(times) for times in spent]
    return [
        ("CPU ms a page, median", [f"{median:.1f}" for median in medians]),
        ("CPU ms a page, max", [f"{max(times):.0f}" for times in spent]),
        ("ours / theirs, medians", [NONE, *(f"{medians[0] / of:.2f}" for of in medians[1:])]),
    ]


def load_scorer(path: Path) -> Score:
    """Return the scorer's function. Raises: FileNotFoundError."""
    if not path.is_file():
        raise FileNotFoundError(path)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    score: Score = module.score
    return score


def _body(folder: Path, row: Mapping[str, Any]) -> bytes:
    body = (folder / "html" / row["file"]).read_bytes()
    return gzip.decompress(body) if row["file"].endswith(".gz") else body


def _rows(folder: Path) -> list[dict[str, Any]]:
    with (folder / "index.jsonl").open(encoding="utf-8") as index:
        return [json.loads(line) for line in index if line.strip()]


def main() -> None:
    """Measure and print the table; nothing else goes to stdout."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.extraction", description=__doc__
    )
    parser.add_argument("pages", type=Path, help="index.jsonl, with the answers, and html/")
    parser.add_argument("--scorer", type=Path, help=f"instead of PAGES/{SCORER}")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take one page of N")
    options = parser.parse_args()
    if not (options.pages / "index.jsonl").is_file():
        parser.error(f'there is no index.jsonl in "{options.pages}"')
    if options.every < 1:
        parser.error(f"--every must be at least 1, got {options.every}")
    try:
        score = load_scorer(options.scorer or options.pages / SCORER)
        contenders = tools()
    except FileNotFoundError as error:
        parser.error(f'there is no scorer at "{error}"; say where it is by --scorer')
    except ImportError as error:
        parser.error(f"{error}; python -m pip install -e '.[benchmark]' brings it")
    outcomes = measure(options.pages, contenders, options.every)
    rows = _rows(options.pages)
    print(table(outcomes, [score(rows, outcome.results)[0] for outcome in outcomes]))


if __name__ == "__main__":
    main()
