"""Crawls of the demo's newspaper that are killed with -9, and what the next run makes of them.

`python -m tests.kills` kills 200 runs, each at a moment of its own anywhere between the start of
its process and its end, and one at every named point on the way of an article; it ends with exit
code 1 if a single dataset differs from that of a run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from crawler.demo.server import Newspaper
from crawler.state import DataFolder
from pipelines.dataset import Snapshots, verify, verify_link
from pipelines.schema import TABLES
from tests.crawls import ENVIRONMENT, ROOT, command

RUNS = 200
# Runs that are killed at the same time; each takes a core and a half.
AT_ONCE = 2
# Of every so many kills, one comes while the run commits, which else only one in thirty meets.
ONE_IN_COMMIT = 4
COMMIT_SECONDS = 0.5
DEATHS = str(ROOT / "tests" / "deaths")

# What a row says of the run that collected it, and not of the article.
OF_THE_RUN = {
    "run_id", "date_first_seen", "date_downloaded", "date_availability", "date_superseded",
}  # fmt: skip
# Which of two copies came first differs from run to run: the clusters are compared as such.
OF_THE_ORDER = {"cluster_id", "duplicate_of", "duplicate_kind", "similarity"}

# The way of an article from the fetch to the last fsync, in its order.
POINTS = (
    "crawler.state.folder:FolderLock.acquire:after:1",
    "crawler.state.store:State.__init__:after:1",
    "crawler.spiders.articles:ArticlesSpider._offer:before:2",
    "crawler.spiders.articles:ArticlesSpider._offer:after:2",
    "crawler.spiders.articles:ArticlesSpider.parse_article:before:20",
    "crawler.spiders.placing:placed:after:20",
    "pipelines.validate:ValidatePipeline.process_item:after:30",
    "pipelines.deduplicate:DeduplicatePipeline.process_item:after:30",
    "crawler.state.journal:Journal.stage:before:40",
    "crawler.state.journal:Journal.stage:after:40",
    "crawler.state.journal:Journal.remember:after:40",
    "crawler.state.fingerprints:FingerprintLog.add:after:40",
    "crawler.state.journal:Journal.new_comments:after:40",
    "crawler.state.urls:Urls.collected:before:50",
    "crawler.state.urls:Urls.collected:after:50",
    "pipelines.stage:StagePipeline.process_item:after:50",
    "crawler.state.journal:Journal.begin_commit:before:2",
    "crawler.state.journal:Journal._mark:before:2",
    "crawler.state.journal:Journal._mark:after:2",
    "pipelines.dataset.snapshots:Snapshots.draft:after:1",
    "pipelines.dataset.files:write_rows:before:1",
    "pipelines.dataset.files:write_rows:after:1",
    "pipelines.dataset.files:write_rows:after:5",
    "pipelines.dataset.card:describe:after:1",
    "pipelines.dataset.snapshots:Snapshots.publish:before:1",
    "pipelines.dataset.files:sync_folders:before:1",
    "pipelines.dataset.files:sync_folders:after:1",
    "pipelines.dataset.snapshots:Snapshots.point_at:before:1",
    "pipelines.dataset.snapshots:Snapshots.point_at:after:1",
    "crawler.state.journal:Journal.finish_commit:before:1",
    "crawler.state.journal:Journal.finish_commit:after:1",
    "pipelines.dataset.snapshots:Snapshots.prune:after:1",
    "crawler.run_file:write_run_file:before:1",
    "crawler.run_file:write_run_file:after:1",
    "crawler.state.store:State.close:after:1",
)

Dataset = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Kill:
    """A run that was killed: where, in what phase, and what was wrong after the next."""

    at: str
    phase: str
    wrong: tuple[str, ...]


class Trials:
    """The newspaper, and as many data folders as there are runs to kill."""

    def __init__(self, folder: Path, paper: Newspaper) -> None:
        self._folder = folder
        sources = folder / "sources.toml"
        sources.write_text(paper.sources_toml(), encoding="utf-8")
        # One key, so that a commenter has one pseudonym in all data folders.
        self._settings = (
            "-s", f"SOURCES={sources}", "-s", f"PRIVACY_KEY_FILE={folder / 'key'}",
            "-s", "EXTRACT_WORKERS=2",
        )  # fmt: skip
        self.seconds = 0.0
        self.expected: Dataset = {}

    def undisturbed(self) -> list[str]:
        """Two runs, side by side as the others: what is expected, and how long one takes."""
        started = time.monotonic()
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(
                self._finish, (self._folder / "first", self._folder / "second")
            )
        self.seconds = time.monotonic() - started
        if first or second:
            return first or second
        self.expected = read(self._folder / "first")
        return differences(self.expected, read(self._folder / "second"))

    def at_random(self, number: int, dice: random.Random) -> Kill:
        """Kill a run at a moment of its own."""
        in_commit = number % ONE_IN_COMMIT == 0
        moment = dice.uniform(0, COMMIT_SECONDS if in_commit else self.seconds)
        while True:
            data = self._folder / f"random-{number}"
            with self._going(data, ENVIRONMENT) as run:
                if in_commit:
                    _wait_for_commit(data, run)
                time.sleep(moment)
                killed = run.poll() is None
            if killed:
                since = "its commit began" if in_commit else "its start"
                return self._judge(f"{moment:.2f} s after {since}", data)
            shutil.rmtree(data)
            moment *= 0.9  # the run was over before

    def at_point(self, point: str) -> Kill:
        """Kill a run at a named point."""
        data = self._folder / point.replace(":", "-")
        with self._going(data, {**ENVIRONMENT, "PYTHONPATH": DEATHS, "DIE_AT": point}) as run:
            run.wait(120)
        if run.returncode != -signal.SIGKILL:
            return Kill(point, "not reached", (f"it ended with exit code {run.returncode}",))
        return self._judge(point, data)

    @contextmanager
    def _going(self, data: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
        with (
            data.with_suffix(".log").open("a") as log,
            subprocess.Popen(
                command(data, *self._settings), cwd=ROOT, env=environment, stdout=log, stderr=log
            ) as run,
        ):
            try:
                yield run
            finally:
                run.kill()

    def _finish(self, data: Path) -> list[str]:
        """Run to the end; what is wrong with how it ended."""
        with self._going(data, ENVIRONMENT) as run:
            run.wait(120)
        return [f"the next run ended with exit code {run.returncode}"] if run.returncode else []

    def _judge(self, at: str, data: Path) -> Kill:
        phase = phase_of(data)
        wrong = list(unsound(data)) + self._finish(data)
        wrong = wrong or [*unsound(data), *differences(self.expected, read(data))]
        if not wrong:
            shutil.rmtree(data)
        return Kill(at, phase, tuple(wrong))


def _wait_for_commit(data: Path, run: subprocess.Popen[bytes]) -> None:
    snapshots = DataFolder(data).snapshots
    while run.poll() is None and not (snapshots.is_dir() and any(snapshots.iterdir())):
        time.sleep(0.002)


def phase_of(data: Path) -> str:
    """How far a run had come, by what it left. The state is read in a copy: reading tidies up."""
    folder = DataFolder(data)
    if folder.latest.is_symlink():
        return "committed"
    if folder.snapshots.is_dir() and any(folder.snapshots.iterdir()):
        return "committing"
    with TemporaryDirectory() as copy:
        for path in data.glob("state.sqlite*"):
            shutil.copy(path, copy)
        with closing(sqlite3.connect(Path(copy, "state.sqlite"))) as state:
            try:
                staged = state.execute("SELECT count(*), count(commit_id) FROM staged").fetchone()
            except sqlite3.OperationalError:
                return "starting"
    return "committing" if staged[1] else "collecting" if staged[0] else "starting"


def unsound(data: Path) -> Iterator[str]:
    """What readers would trip over, and every Parquet file that cannot be read."""
    folder = DataFolder(data)
    snapshots = Snapshots(folder.snapshots, folder.latest, 7)
    for _, wrong in verify(snapshots):
        yield from wrong
    if folder.latest.is_symlink():
        yield from verify_link(snapshots)
    for path in folder.snapshots.rglob("*.parquet"):
        try:
            pq.read_table(path, partitioning=None, page_checksum_verification=True)
        except (OSError, ValueError) as error:
            yield f"{path}: {error}"


def read(data: Path) -> Dataset:
    """All tables of the latest snapshot, without what differs from run to run, in one order."""
    tables: Dataset = {
        table: pq.read_table(data / "latest" / table).to_pylist() for table in TABLES
    }
    clusters: dict[str, list[str]] = defaultdict(list)
    for row in tables["articles"] + tables["duplicates"]:
        clusters[row["cluster_id"]].append(row["article_id"])
    kept = [row["article_id"] for row in tables["articles"]]
    everything = [
        {
            **{name: value for name, value in row.items() if name not in OF_THE_RUN | OF_THE_ORDER},
            "cluster": sorted(clusters[row["cluster_id"]]),
            "copies": sum(name in kept for name in clusters[row["cluster_id"]]),
        }
        for row in tables.pop("articles") + tables.pop("duplicates")
    ]
    rest: Dataset = {
        table: [{name: row[name] for name in row if name not in OF_THE_RUN} for row in rows]
        for table, rows in tables.items()
    }
    rest["articles and duplicates"] = everything
    return {table: sorted(rows, key=repr) for table, rows in rest.items()}


def differences(expected: Dataset, found: Dataset) -> list[str]:
    """Rows that are lost, there twice or not the same, a sentence for each table."""
    said = []
    for table, rows in expected.items():
        wanted, got = Counter(map(repr, rows)), Counter(map(repr, found[table]))
        missing, more = (wanted - got).total(), (got - wanted).total()
        if missing or more:
            said.append(f"{table}: {missing} rows are missing, {more} are there that should not be")
    return said


def kill_all(runs: int, points: Sequence[str], seed: int) -> list[Kill]:
    """Kill runs; raises SystemExit if two runs that nobody disturbs differ already."""
    dice = random.Random(seed)
    with Newspaper() as paper, TemporaryDirectory() as folder:
        trials = Trials(Path(folder), paper)
        if wrong := trials.undisturbed():
            raise SystemExit(f"undisturbed runs: {'; '.join(wrong)}")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            kills = [
                pool.submit(trials.at_random, number, random.Random(dice.random()))
                for number in range(runs)
            ] + [pool.submit(trials.at_point, point) for point in points]
            return [_told(kill.result()) for kill in kills]


def _told(kill: Kill) -> Kill:
    print(f"{kill.phase:11} {kill.at}: {'; '.join(kill.wrong) or 'nothing lost'}", flush=True)
    return kill


def main() -> None:
    """Kill, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"at random moments ({RUNS})")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4)))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    kills = kill_all(options.runs, POINTS, options.seed)
    phases = Counter(kill.phase for kill in kills)
    broken = [kill for kill in kills if kill.wrong]
    print(f"{len(kills)} runs killed {dict(phases)}: {len(broken)} datasets differ")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
