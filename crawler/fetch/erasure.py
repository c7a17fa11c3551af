"""What was erased is not asked for, whoever names it: a listing, a redirect, a next page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.http import Request

from crawler.archive import Exchange
from crawler.archive.telling import Record, text_of, urls_in
from crawler.discovery.urls import article_id, registrable_domain
from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError
from crawler.state import State
from crawler.state.tombstones import Tombstones

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def erased(tombstones: Tombstones, url: str) -> Reason | None:
    """Why a URL must not be asked for; None if nobody had it erased."""
    if tombstones.is_empty():
        return None
    try:
        if tombstones.covers("domain", registrable_domain(url)):
            return Reason.ERASED_DOMAIN
        return Reason.ERASED_URL if tombstones.covers("article", article_id(url)) else None
    except ValueError:  # no http or https URL, which is the guards' to refuse
        return None


def names_erased(tombstones: Tombstones, exchange: Exchange, *, is_page: bool) -> bool:
    """Whether an answer names the address of an article that was erased.

    Of an erased site a page of another may speak, as in an erasure itself.
    """
    if tombstones.is_empty():
        return False
    answer = Record("response", "", exchange.url, {}, exchange.head + exchange.body)
    reasons = {erased(tombstones, url) for url in urls_in(text_of(answer))}
    return Reason.ERASED_URL in reasons or (not is_page and Reason.ERASED_DOMAIN in reasons)


def known_as(url: str) -> str | None:
    """The article id of a URL; None for what is no http or https URL."""
    try:
        return article_id(url)
    except ValueError:
        return None


class ErasureMiddleware:
    """Sends no request for what was erased. A crawl without a data folder knows of nothing."""

    def __init__(self, tombstones: Tombstones | None) -> None:
        self._tombstones = tombstones

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        state = State.open_in(crawler)
        return cls(state.tombstones if state else None)

    def process_request(self, request: Request) -> None:
        """Raises: FetchRefusedError, which says no more than the reason."""
        reason = erased(self._tombstones, request.url) if self._tombstones else None
        if reason:
            raise FetchRefusedError(Refusal(reason))
