"""The merge spider: what shards have collected, into one dataset, with copies found across them.

Nothing is fetched. What a shard's pipelines made of an article stands; only whether it is new,
whose copy it is and which version is asked again, of the whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from scrapy import Spider, signals

from crawler.archive.joining import take_over
from crawler.errors import ConfigurationError
from crawler.items import Article
from crawler.run import Run
from crawler.spiders.stopping import end_with_the_last_item
from crawler.state import DataFolder
from pipelines.dataset.unmerged import Unmerged

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class MergeSpider(Spider):
    """`scrapy crawl articles --shards N` runs it when its shards have ended."""

    name = "merge"

    def __init__(self, shards: Sequence[DataFolder] = (), **kwargs: Any) -> None:
        """Raises: ConfigurationError."""
        super().__init__(**kwargs)
        if not shards:
            raise ConfigurationError("say scrapy crawl articles --shards N, which merges them.")
        self._shards = shards
        self._failures = 0

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        stages = {
            "pipelines.erasure.stage.ErasurePipeline": 300,
            "pipelines.deduplicate.DeduplicatePipeline": 700,
            "pipelines.stage.StagePipeline": 800,
        }
        settings.set("ITEM_PIPELINES", stages, priority="spider")
        settings.set("ARCHIVE_ENABLED", False, priority="spider")

    async def start(self) -> AsyncIterator[Article]:
        """The articles of all shards; when all are staged, one commit."""
        run = self.crawler.get_extension(Run)
        assert run is not None, "the extension crawler.run.Run is switched off"
        staged = asyncio.Event()
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            self.crawler.signals.connect(staged.set, signal=signal, weak=False)
        self.crawler.signals.connect(self._failed, signal=signals.item_error)
        end_with_the_last_item(self.crawler)
        found = [new for shard in self._shards if (new := Unmerged.of(shard))]
        for new in found:
            for article in new.articles():
                staged.clear()
                yield article
                await staged.wait()  # what comes next may be its copy
            with run.state.transaction():
                new.stage_comments(run.state.journal)
        run.commit()
        if not self._failures:
            for new in found:
                new.mark()
                take_over(new.folder.archive, run.folder.archive)

    def _failed(self) -> None:
        self._failures += 1
