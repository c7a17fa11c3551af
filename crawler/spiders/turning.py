"""Turns the pages of articles that are cut into several: asks for each, and ends with one article.

Requests go the way of all others, through the scheduler; what to ask for is `Telling`'s to say.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery.urls import article_id
from crawler.errors import Reason, Refusal
from crawler.fetch.failures import refusal_of_error
from crawler.fetch.meta import PAGE, SOURCE
from crawler.items import Article
from crawler.run import Run
from crawler.sources import Source
from crawler.spiders.continuing import Telling
from crawler.spiders.pages import PageReader
from crawler.state.urls import DueUrl

# An article that was begun is ended before others are: before all that is newest first.
_PRIORITY = 2**31 - 1


class PageTurner:
    """Asks for the further pages of a run's articles."""

    def __init__(self, run: Run, reader: PageReader, most: int) -> None:
        """An article has at most `most` pages."""
        self._run = run
        self._reader = reader
        self._most = most

    def begin(self, article: Article, source: Source) -> Article | Request:
        """The article of a first page, or the request for its next."""
        return self._go_on(Telling.of(article, self._most), source)

    async def page(
        self, response: Response, source: Source, telling: Telling
    ) -> AsyncIterator[Article | Request]:
        """A further page came."""
        self._run.count(source.name, "fetched")
        outcome = await self._reader.read(response, source)
        if isinstance(outcome, Refusal) and self._waits(outcome, source, telling):
            return
        yield self._go_on(telling.told(response.url, outcome), source)

    def failed(self, failure: Failure) -> Iterator[Article | Request]:
        """A further page did not come: the article is kept as far as it did.

        One of which a page was not even asked for is the next run's, whole; and so is one that we
        hold: without that page it would look as if it had been cut.
        """
        asked = failure.request.cb_kwargs  # type: ignore[attr-defined] # Scrapy sets it
        telling: Telling = asked["telling"]
        refusal = refusal_of_error(failure.value or RuntimeError("no error given"))
        if self._waits(refusal, asked["source"], telling):
            return
        yield self._go_on(telling.told(telling.next_url or "", refusal), asked["source"])

    def _waits(self, refusal: Refusal, source: Source, telling: Telling) -> bool:
        article = telling.article
        first = article.requested_id or article.article_id
        is_held = self._run.state.visits.at(first) is not None
        if not (refusal.reason.is_postponed or (is_held and refusal.reason.is_transient)):
            return False
        if refusal.reason is not Reason.RUN_STOPPED:
            self._run.refuse(source.name, first, refusal)
        return True

    def _go_on(self, telling: Telling, source: Source) -> Article | Request:
        if telling.next_url is not None:
            return Request(
                telling.next_url,
                callback=self.page,
                errback=self.failed,
                cb_kwargs={"source": source, "telling": telling},
                meta={SOURCE: source, PAGE: True},
                priority=_PRIORITY,
                dont_filter=True,
            )
        if telling.missing is not None:
            self._run.count(source.name, f"incomplete/{telling.missing.reason}")
        for url in telling.asked[1:]:
            self._refuse(url, telling.asked[0], source)
        return telling.article

    def _refuse(self, url: str, first: str, source: Source) -> None:
        """A page that was joined to its article is none of its own, whoever names it later."""
        own = DueUrl(article_id(url), url, datetime.now(UTC), None)
        if self._run.state.urls.offer(own, source.name, self._run.id) == "new":
            self._run.count(source.name, "found")
            self._run.refuse(source.name, own.article_id, Refusal(Reason.LATER_PAGE, first))
