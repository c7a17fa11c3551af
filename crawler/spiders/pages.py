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
from pipelines.foretelling import Foretelling

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
            extraction(aside, Foretelling.from_settings(crawler.settings)),
            RightsReader.from_crawler(crawler),
            PageKeeper.from_crawler(crawler),
            Renderer.from_crawler(crawler),
        )

    async def read(
        self, response: Response, source: Source, rendered: bytes | None = None
    ) -> Article | Refusal:
        """The article as its page tells it, with `rights`; what the run knows is not filled in.

        `rendered` is the page as its scripts made it once.

        Raises: DatasetError if its raw page is to be kept and cannot be.
        """
        refusal = refusal_of_page(response)
        if refusal is None and not source.owns(response.url):
            refusal = Refusal(Reason.REDIRECTED_AWAY, registrable_domain(response.url))
        if refusal:
            await self._keeper.keep(response, None, refusal)
            return refusal
        outside = await self._rights.ruling(response)
        shown = rendered or await self._rendered(response, source, outside)
        outcome: Article | Refusal
        if isinstance(shown, Refusal):
            outcome, kept = shown, None
        else:
            outcome, kept = await self._extracted(response, shown, outside), shown
        stored = await self._keeper.keep(response, outside.rights, outcome, kept)
        if isinstance(outcome, Refusal) or stored is None:
            return outcome
        return replace(outcome, warc_file=stored.warc_file, warc_record_id=stored.warc_record_id)

    async def put_by(self, response: Response) -> None:
        """Keep the raw page of an answer that need not be read: it led to the home page.

        Raises: DatasetError.
        """
        await self._keeper.keep(response, None, Refusal(Reason.HOME_PAGE))

    async def _rendered(
        self, response: Response, source: Source, outside: Ruling
    ) -> bytes | Refusal | None:
        """The page as its scripts make it; None where that is not asked for, or of no use."""
        if not source.javascript or self._renderer is None or _is_refused(outside):
            return None
        return await self._renderer.render(response, source)

    async def _extracted(
        self, response: Response, rendered: bytes | None, outside: Ruling
    ) -> Article | Refusal:
        if outside.refusal and _is_refused(outside):
            return outside.refusal
        body = response.body if rendered is None else rendered
        encoding = response._declared_encoding() if isinstance(response, TextResponse) else None
        if rendered is not None:
            encoding = "utf-8"
        article = await self._extract(body, response.url, encoding=encoding)
        if isinstance(article, Refusal):
            return article
        ruling = self._rights.with_page(outside.rights, article.rights)
        return ruling.refusal or replace(article, rights=ruling.rights)


def _is_refused(outside: Ruling) -> bool:
    """Whether no word of the page itself could change it: what a site reserves, its head may."""
    return outside.refusal is not None and outside.refusal.reason is not Reason.TDM_RESERVED
