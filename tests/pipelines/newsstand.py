"""A newsroom whose site repeats itself, with the stages that find that out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from crawler.items import Article, Block
from pipelines.batch_cleaner import BatchCleaner
from pipelines.boilerplate import BoilerplatePipeline, Rule
from pipelines.dataset import Snapshot
from tests.pipelines.newsroom import NOW, Newsroom, story, words

RULE = Rule(min_articles=5, min_share=0.1, min_share_varying=0.3, memory=200)
CALL = "Our letter comes on Fridays, costs nothing and is read by those who know."


class Newsstand(Newsroom):
    """The newsroom with boilerplate before its stages, and the batch cleaned before a commit."""

    def __init__(self, data: Path, kept: int = 7) -> None:
        super().__init__(data, kept)
        self._boilerplate = BoilerplatePipeline(self.state, self._count_by)
        self.cleaner = BatchCleaner(
            self.state,
            RULE,
            lambda: ((self._quality, self._deduplicate), self._stage),
            self._count_by,
        )

    def _count_by(self, source: str, thing: str, by: int) -> None:
        self.counts[thing] += by

    def collect(self, *articles: Article) -> Article:
        return super().collect(*map(self._boilerplate.process_item, articles))

    def commit(self, run_id: str = "run", now: datetime = NOW) -> Snapshot | None:
        self.cleaner.clean(run_id)
        return super().commit(run_id, now)


def brief(
    number: int, *paragraphs: str, own: bool = True, domain: str = "journal.example"
) -> Article:
    """An article of one paragraph of its own, unless it has none, and of those."""
    told = [words(f"brief {number}"), *paragraphs] if own else list(paragraphs)
    return story(
        f"brief-{number:03}",
        "\n\n".join(told),
        blocks=tuple(Block("paragraph", text) for text in told),
        domain=domain,
    )
