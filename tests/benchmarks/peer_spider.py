"""Plain Scrapy over what a sitemap names: pages as they come, or what a library makes of them.

Run by `tests.benchmarks.crawl` outside the project, with Scrapy's own defaults but for the pace, in
whatever environment has the library. It needs nothing of ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from scrapy.http import Response
from scrapy.spiders import SitemapSpider

Item = dict[str, Any]


def nothing() -> Callable[[Response], Item | None]:
    """Fetches, and no more: what every crawl costs."""
    return lambda response: None


def trafilatura() -> Callable[[Response], Item | None]:
    """Text and metadata, with its defaults, as its own command prints them."""
    from trafilatura import extract

    def read(response: Response) -> Item | None:
        found = extract(response.body, url=response.url, output_format="json", with_metadata=True)
        return json.loads(found) if found else None

    return read


def news_please() -> Callable[[Response], Item | None]:
    """What it makes of a page; without its pictures, which it would fetch."""
    from newsplease import NewsPlease

    def read(response: Response) -> Item | None:
        article = NewsPlease.from_html(response.text, url=response.url, fetch_images=False)
        found: Item = article.get_serializable_dict()
        return found if found.get("maintext") else None

    return read


READERS = {"nothing": nothing, "trafilatura": trafilatura, "news-please": news_please}


class PeerSpider(SitemapSpider):
    """`-a url=http://site -a reader=NAME`. Prints how many pages it got."""

    name = "peer"

    def __init__(self, url: str, reader: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sitemap_urls = [f"{url}/robots.txt"]
        self._read = READERS[reader]()
        self._pages = 0

    def parse(self, response: Response) -> Iterator[Item]:
        self._pages += 1
        if found := self._read(response):
            yield found

    def closed(self, reason: str) -> None:
        print(self._pages)
