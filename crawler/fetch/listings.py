"""Asking for listings: conditional requests, and an answer or a refusal, never an exception.

Feeds, sitemaps, APIs and home pages are asked for outside the scheduler, in the order in which
reading a source needs them; robots.txt, guards and delays hold for them all the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import refusal_of_error, refusal_of_status
from crawler.fetch.headers import header, headers
from crawler.fetch.meta import SOURCE
from crawler.fetch.robots import RobotsMiddleware
from crawler.fetch.robots_txt import RobotsTxt
from crawler.state.listings import Validators

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.sources import Source


@dataclass(frozen=True, slots=True)
class Answer:
    """A listing as it was served. `unchanged` is a 304, and then the body is empty.

    `pages` is how many there are of it and `total` how many entries they have, where WordPress says
    so (`X-WP-TotalPages`, `X-WP-Total`).
    """

    url: str
    body: bytes = b""
    content_type: str | None = None
    links: tuple[str, ...] = ()
    pages: int | None = None
    total: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    unchanged: bool = False


class ListingFetcher:
    """Fetches listings through the crawler's downloader."""

    def __init__(
        self,
        download: Callable[[Request], Awaitable[Response]],
        rules: RobotsMiddleware | None,
        source: Source | None = None,
    ) -> None:
        """`rules` is None where robots.txt is not obeyed; `source` is whose requests they are."""
        self._source = source
        self._download = download
        self._rules = rules

    @classmethod
    def from_crawler(cls, crawler: Crawler, source: Source) -> Self:
        """The fetcher of one source's listings."""
        rules = crawler.get_downloader_middleware(RobotsMiddleware)
        return cls(crawler.engine.download_async, rules, source)

    async def ask(self, url: str, known: Validators) -> Answer | Refusal:
        """Ask for a listing; with what it answered last, so that an unchanged one costs nothing."""
        conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
        request = Request(
            url,
            headers={name: value for name, value in conditions.items() if value},
            callback=NO_CALLBACK,
            meta={SOURCE: self._source},
        )
        try:
            response = await self._download(request)
        except Exception as error:  # whatever failed is told as a refusal
            return refusal_of_error(error)
        if response.status == 304 and any(conditions.values()):
            return Answer(response.url, unchanged=True)
        refusal = refusal_of_status(response.status)
        if refusal:
            return refusal
        if "dataloss" in response.flags:
            return Refusal(Reason.TRUNCATED, "the connection ended before the listing did")
        return Answer(
            url=response.url,
            body=response.body,
            content_type=header(response, "Content-Type"),
            links=tuple(headers(response, "Link")),
            pages=_number(header(response, "X-WP-TotalPages")),
            total=_number(header(response, "X-WP-Total")),
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
        )

    async def robots(self, url: str) -> bytes:
        """The robots.txt of a URL's site; empty where there is none or it is not looked at."""
        rules = await self._rules.rules(url) if self._rules else None
        return rules.body if isinstance(rules, RobotsTxt) else b""


def _number(said: str | None) -> int | None:
    return int(said) if said and said.isdecimal() else None
