"""The spider of `scrapy extract URL…`: fetches single pages, and leaves nothing behind.

Robots.txt, guards, delays and limits hold as in a run; its items are `FetchedPage`s, one a URL.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scrapy import Request
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler.errors import Refusal
from crawler.fetch.failures import refusal_of_error, refusal_of_page
from crawler.sources import source_from_url
from crawler.spiders.dry import DrySpider


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What a URL gave: a page's bytes under its own URL, or why there are none."""

    requested: str
    url: str
    body: bytes = b""
    encoding: str | None = None
    refusal: Refusal | None = None


class FetchSpider(DrySpider):
    """Its class has no name: commands run it, never `scrapy crawl`."""

    def __init__(self, urls: Sequence[str]) -> None:
        super().__init__("fetch", [source_from_url(url) for url in urls])
        self._urls = urls

    async def start(self) -> AsyncIterator[Any]:
        """The pages, as they come."""
        for url in self._urls:
            yield Request(
                url,
                callback=self.page,
                errback=self.failed,
                cb_kwargs={"requested": url},
                dont_filter=True,
            )

    def page(self, response: Response, requested: str) -> Iterator[FetchedPage]:
        """The page of an answer."""
        encoding = response._declared_encoding() if isinstance(response, TextResponse) else None
        yield FetchedPage(
            requested, response.url, response.body, encoding, refusal_of_page(response)
        )

    def failed(self, failure: Failure) -> Iterator[FetchedPage]:
        """The refusal of a URL without an answer."""
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy sets it
        error = failure.value or RuntimeError("no error given")
        yield FetchedPage(
            request.cb_kwargs["requested"], request.url, refusal=refusal_of_error(error)
        )
