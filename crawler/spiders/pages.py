"""What a fetched page of a source is: its article, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from scrapy.http import Response, TextResponse

from crawler.discovery.urls import registrable_domain
from crawler.errors import Reason, Refusal
from crawler.fetch.failures import refusal_of_page
from crawler.fetch.rendering import Renderer
from crawler.fetch.rights import Ruling
from crawler.fetch.rights_reader import RightsReader
from crawler.items import Article
from crawler.sources import Source
from crawler.spiders.extraction import Aside, Extract, extraction
from crawler.spiders.keeping import PageKeeper

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class PageReader:
    """Takes the article out of a page, if the page came whole and its publisher lets us."""

    def __init__(
        self,
        extract: Extract,
        rights: RightsReader,
        keeper: PageKeeper,
        renderer: Renderer | None = None,
    ) -> None:
        """`renderer` runs the scripts of pages of sources that ask for it."""
        self._extract = extract
        self._renderer = renderer
        self._rights = rights
        self._keeper = keeper

    @classmethod
    def from_crawler(cls, crawler: Crawler, aside: Aside) -> Self:
        """Raises: ConfigurationError."""
        return cls(
            extraction(aside),
            RightsReader.from_crawler(crawler),
            PageKeeper.from_crawler(crawler),
            Renderer.from_crawler(crawler),
        )

    async def read(self, response: Response, source: Source) -> Article | Refusal:
        """The article as its page tells it, with `rights`; what the run knows is not filled in.

        Raises: DatasetError if its raw page is to be kept and cannot be.
        """
        refusal = refusal_of_page(response)
        if refusal is None and not source.owns(response.url):
            refusal = Refusal(Reason.REDIRECTED_AWAY, registrable_domain(response.url))
        if refusal:
            await self._keeper.keep(response, None, refusal)
            return refusal
        outside = await self._rights.ruling(response)
        outcome = await self._extracted(response, source, outside)
        stored = await self._keeper.keep(response, outside.rights, outcome)
        if isinstance(outcome, Refusal) or stored is None:
            return outcome
        return replace(outcome, warc_file=stored.warc_file, warc_record_id=stored.warc_record_id)

    async def put_by(self, response: Response) -> None:
        """Keep the raw page of an answer that need not be read: it led to the home page.

        Raises: DatasetError.
        """
        await self._keeper.keep(response, None, Refusal(Reason.HOME_PAGE))

    async def _extracted(
        self, response: Response, source: Source, outside: Ruling
    ) -> Article | Refusal:
        if outside.refusal and outside.refusal.reason is not Reason.TDM_RESERVED:
            return outside.refusal  # what a site reserves, a page's own head may give free
        body: bytes | Refusal = response.body
        encoding = response._declared_encoding() if isinstance(response, TextResponse) else None
        if source.javascript and self._renderer:
            body, encoding = await self._renderer.render(response, source), "utf-8"
        if isinstance(body, Refusal):
            return body
        article = await self._extract(body, response.url, encoding=encoding)
        if isinstance(article, Refusal):
            return article
        ruling = self._rights.with_page(outside.rights, article.rights)
        return ruling.refusal or replace(article, rights=ruling.rights)
