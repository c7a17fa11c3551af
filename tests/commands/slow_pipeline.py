"""A pipeline that takes its time, so that a test finds a run in the middle of an article."""

from __future__ import annotations

import asyncio
import sys

from crawler.items import Article

SECONDS = 0.5


class SlowPipeline:
    """Says when it has an article, and hands it on later."""

    async def process_item(self, item: Article) -> Article:
        print("an article", file=sys.stderr, flush=True)
        await asyncio.sleep(SECONDS)
        return item
