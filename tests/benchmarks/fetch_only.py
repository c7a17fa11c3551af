"""Plain Scrapy that fetches what a sitemap names and does nothing with it: what every crawl costs.

Run by `tests.benchmarks.crawl` outside the project, with Scrapy's own defaults but for the pace.
"""

from __future__ import annotations

from typing import Any

from scrapy.http import Response
from scrapy.spiders import SitemapSpider


class FetchOnlySpider(SitemapSpider):
    """Prints how many pages it got. `-a url=http://site`."""

    name = "fetch_only"

    def __init__(self, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sitemap_urls = [f"{url}/robots.txt"]
        self._pages = 0

    def parse(self, response: Response) -> None:
        self._pages += 1

    def closed(self, reason: str) -> None:
        print(self._pages)
