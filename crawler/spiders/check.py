"""The spider of `scrapy sources add` and `check`: looks at sources, and leaves nothing behind.

Robots.txt, guards, delays and limits hold as in a run; its items are `Checkup`s, one a source.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawler.checkup import Checkup, Sample, newest_articles
from crawler.fetch.failures import refusal_of_error
from crawler.fetch.listings import ListingFetcher
from crawler.items import Article
from crawler.sources import Source
from crawler.spiders.dry import DrySpider
from crawler.spiders.extraction import aside
from crawler.spiders.pages import PageReader
from crawler.spiders.probing import SourceProber
from pipelines.quality import word_count


class CheckSpider(DrySpider):
    """Its class has no name: commands run it, never `scrapy crawl`."""

    def __init__(self, sources: Sequence[Source], sample: int) -> None:
        """Of each source, `sample` articles are fetched and extracted."""
        super().__init__("check", sources)
        self._sample = sample

    async def start(self) -> AsyncIterator[Any]:
        """The checkups, in the order in which they are done."""
        self.aside = aside(self.crawler)
        self.reader = PageReader.from_crawler(self.crawler, self.aside)
        at_once = asyncio.Semaphore(self.settings.getint("SOURCES_AT_ONCE"))
        looks = [asyncio.ensure_future(self._look_at(source, at_once)) for source in self.sources]
        try:
            for done in asyncio.as_completed(looks):
                yield await done
        finally:
            for look in looks:
                look.cancel()

    async def _look_at(self, source: Source, at_once: asyncio.Semaphore) -> Checkup:
        async with at_once:
            fetcher = ListingFetcher.from_crawler(self.crawler, source)
            checkup = await SourceProber(source, fetcher.ask, fetcher.robots, self.aside).look()
            samples = [
                await self._taken(candidate.url, source)
                for candidate in newest_articles(checkup.probes, self._sample)
            ]
            return replace(checkup, samples=tuple(samples))

    async def _taken(self, url: str, source: Source) -> Sample:
        try:
            response = await self.crawler.engine.download_async(Request(url, callback=NO_CALLBACK))
        except Exception as error:  # whatever failed is told as a refusal
            return Sample(url, refusal_of_error(error))
        outcome = await self.reader.read(response, source)
        if isinstance(outcome, Article):
            outcome = replace(outcome, word_count=word_count(outcome.article_body))
        return Sample(url, outcome)
