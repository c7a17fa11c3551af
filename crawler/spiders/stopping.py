"""A run whose spider gives items of its own accord, stopped in the middle of one, and its end.

Scrapy 2.19 waits for the items in its pipelines before it closes a spider, and looks whether there
are any left when a *response* is done. Of an item that `start` gave nobody looks: a run that was
stopped at such a moment, as one of four was, waited for ever.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from crawler.fetch.pauses import run_stops

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Seconds between two looks; an item takes some milliseconds.
_LOOK = 0.05


def end_with_the_last_item(crawler: Crawler) -> None:
    """Look for Scrapy, once a run begins to stop."""
    looking: list[asyncio.Task[None]] = []  # or nothing would hold it

    def look() -> None:
        looking.append(asyncio.ensure_future(_until_closed(crawler)))

    crawler.signals.connect(look, signal=run_stops, weak=False)


async def _until_closed(crawler: Crawler) -> None:
    scraper = crawler.engine.scraper
    while (slot := scraper.slot) is not None and crawler.engine.spider is not None:
        if slot.closing is not None and slot.closing.called:
            return
        scraper._check_if_closing()
        await asyncio.sleep(_LOOK)
