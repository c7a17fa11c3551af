"""Runs `scrapy crawl articles` as a person would, and reads what it left in the data folder."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.dataset

from crawler.sources import Source, entry

ROOT = Path(__file__).parents[1]
# A crawl must not leave the machine by a proxy that the tester's shell names.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
}


@dataclass(frozen=True, slots=True)
class Crawl:
    """One run that ended: what a scheduler sees, and the run's own file if there is one."""

    exit_code: int
    sentences: list[str]
    output: str
    file: dict[str, Any]

    def counts(self, source: str) -> dict[str, int]:
        """What happened to one source's URLs."""
        return dict(self.file["sources"].get(source, {}))


# What a page of a trap says so that its worker loops in C for ever, or dies.
TRAPS = {**ENVIRONMENT, "PYTHONPATH": str(ROOT / "tests" / "workers" / "traps")}


def command(data: Path, *words: str) -> list[str]:
    """The command line of a crawl into a data folder, loopback allowed; `words` may set more."""
    crawl = [sys.executable, "-m", "scrapy", "crawl", "articles", "-s", f"DATA_DIR={data}"]
    # The second worker would cost half a second of CPU to start, for a dozen pages.
    settings = ("ALLOW_PRIVATE_HOSTS=1", "EXTRACT_WORKERS=1")
    return [*crawl, *(word for one in settings for word in ("-s", one)), *words]


def crawl(
    data: Path, *words: str, spider: str = "articles", env: Mapping[str, str] = ENVIRONMENT
) -> Crawl:
    """Run to the end."""
    line = [spider if word == "articles" else word for word in command(data, *words)]
    before = set(run_files(data))
    done = subprocess.run(
        line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=180, check=False
    )
    return ended(data, done.returncode, done.stdout + done.stderr, before)


@contextmanager
def going(
    data: Path, *words: str, env: Mapping[str, str] = ENVIRONMENT
) -> Iterator[subprocess.Popen[str]]:
    """A run in the background, for tests that interrupt it; it does not outlive them."""
    with subprocess.Popen(
        command(data, *words),
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as run:
        try:
            yield run
        finally:
            run.kill()


def ended(data: Path, exit_code: int, output: str, before: set[Path]) -> Crawl:
    """What a run that came after `before` left."""
    files = sorted(set(run_files(data)) - before)
    file = json.loads(files[-1].read_text(encoding="utf-8")) if files else {}
    sentences = [line for line in output.splitlines() if line.startswith("scrapy crawl: ")]
    return Crawl(exit_code, sentences, output, file)


def run_files(data: Path) -> list[Path]:
    """The files of all runs, oldest first."""
    return sorted((data / "runs").glob("*.json"))


def sources_file(path: Path, *sources: Source) -> str:
    """Write a sources file; the answer is the value for `-s`."""
    path.write_text("\n".join(map(entry, sources)), encoding="utf-8")
    return f"SOURCES={path}"


def rows(data: Path, table: str = "articles") -> list[dict[str, Any]]:
    """All rows of a table of the newest snapshot."""
    folder = data / "latest" / table
    dataset = pyarrow.dataset.dataset(folder, format="parquet", partitioning="hive")
    found: list[dict[str, Any]] = dataset.to_table().to_pylist()
    return found


def collected(data: Path) -> Counter[str]:
    """How many articles each source has in the newest snapshot, copies of others among them."""
    tables = ("articles", "duplicates")
    return Counter(row["source"] for table in tables for row in rows(data, table))


def state(data: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """The answer of the state store; changes are kept."""
    with closing(sqlite3.connect(data / "state.sqlite")) as store, store:
        return store.execute(query, values).fetchall()


def urls(data: Path) -> dict[str, tuple[str, str | None]]:
    """Status and reason of every URL that is known."""
    found = state(data, "SELECT url, status, reason FROM urls")
    return {url: (status, reason) for url, status, reason in found}
