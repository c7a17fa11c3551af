"""A data folder, and the stages that fill it, without a crawler around them."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow.parquet as pq

from crawler.errors import Reason
from crawler.items import Article
from crawler.state import DataFolder, State
from crawler.state.visits import Plan
from pipelines.dataset import Snapshot, Snapshots, commit
from pipelines.dataset.availability import stage_availability
from pipelines.dataset.roll_back import RollBack
from pipelines.deduplicate import DeduplicatePipeline
from pipelines.quality import QualityPipeline
from pipelines.refused import Refused
from pipelines.schema import TABLES, article_row
from pipelines.stage import StagePipeline

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
MIN_WORDS = 15
WINDOW = timedelta(days=60)

_VOCABULARY = (
    "le la un une ville pont rivière mairie élèves marché musée quai gare tramway budget travaux "
    "hiver vote chantier place habitants matin semaine rue école piscine forêt train port fête"
)


def words(seed: str, count: int = 40) -> str:
    """A text, always the same for a seed."""
    return " ".join(random.Random(seed).choices(_VOCABULARY.split(), k=count))


def story(name: str, body: str | None = None, **changes: Any) -> Article:
    """An article as it leaves extraction; without a body, one that only `name` has."""
    article = Article(
        url=f"https://journal.example/{name}",
        headline=f"Titre de {name}",
        article_body=words(name) if body is None else body,
        article_id=name,
        source="journal",
        domain="journal.example",
        run_id="run",
        date_published=NOW,
        date_first_seen=NOW,
        date_downloaded=NOW,
        extractor="test 1",
    )
    return replace(article, **changes)


class Newsroom:
    """The last stages over a data folder: hashes, copies, journal, snapshots."""

    def __init__(self, data: Path, kept: int = 7) -> None:
        self.folder = DataFolder(data)
        self.folder.create()
        self.state = State(self.folder.state)
        self.snapshots = Snapshots(self.folder.snapshots, self.folder.latest, kept)
        self.counts: Counter[str] = Counter()
        self._quality = QualityPipeline()
        self._deduplicate = DeduplicatePipeline(self.state, self.folder.postings, MIN_WORDS, WINDOW)
        self._stage = StagePipeline(
            self.state, self.folder.quarantine, Plan.of(["1h", "1d"]), self._count
        )

    def _count(self, source: str, thing: str) -> None:
        self.counts[thing] += 1

    def collect(self, *articles: Article) -> Article:
        """Take articles up to the journal; the last of them as it was staged."""
        for article in articles:
            measured = self._quality.process_item(article)
            staged = self._stage.process_item(self._deduplicate.process_item(measured))
        return staged

    def refuse(self, article: Article) -> Reason:
        """Why an article is not taken."""
        try:
            self.collect(article)
        except Refused as refused:
            return refused.refusal.reason
        raise AssertionError("the article was taken")

    def commit(self, run_id: str = "run", now: datetime = NOW) -> Snapshot | None:
        """Commit what is staged."""
        return commit(self.state.journal, self.snapshots, run_id, now)

    def lose(self, name: str, status: int = 404) -> None:
        """See that an article's page is gone."""
        visit = self.state.visits.of(name)
        assert visit is not None
        with self.state.transaction():
            self.state.visits.made(
                stage_availability(self.state, visit, "gone", status, NOW), next_visit=None
            )

    def publish(self, *articles: Article, run_id: str = "run") -> Snapshot:
        """Take articles and commit them."""
        self.collect(*articles)
        snapshot = self.commit(run_id)
        assert snapshot is not None
        return snapshot

    def rows(self, table: str) -> list[dict[str, Any]]:
        """A table of the latest snapshot, by article and, of comments, by position."""
        return rows(self.folder.latest, table)

    def staged(self) -> list[tuple[str, str]]:
        """Table and article of what waits for a commit, whether or not it has begun."""
        query = "SELECT table_name, article_id FROM staged ORDER BY 1, 2, position"
        return list(self.state._db.execute(query))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.state.close()


def roll_back(newsroom: Newsroom) -> RollBack:
    """What lets its state follow `latest`."""
    folder, state = newsroom.folder, newsroom.state
    return RollBack(state, newsroom.snapshots, folder.quarantine, MIN_WORDS, NOW - WINDOW)


def as_read(article: Article) -> dict[str, Any]:
    """The row that readers get of an article: lists where it has tuples."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in article_row(article).items()
    }


def rows(snapshot: Path, table: str) -> list[dict[str, Any]]:
    """A table of a snapshot, by article and, of comments, by position."""
    found: list[dict[str, Any]] = pq.read_table(snapshot / table).to_pylist()
    return sorted(found, key=lambda row: (row["article_id"], row.get("position", 0)))


def gone(snapshot: Path) -> list[str]:
    """The articles of a snapshot whose pages are gone."""
    listed = rows(snapshot, "articles") + rows(snapshot, "duplicates")
    return [row["article_id"] for row in listed if row["availability"] == "gone"]


def ids(snapshot: Path) -> dict[str, list[str]]:
    """The `article_id`s in every table of a snapshot, sorted, with their repetitions."""
    return {table: [row["article_id"] for row in rows(snapshot, table)] for table in TABLES}
