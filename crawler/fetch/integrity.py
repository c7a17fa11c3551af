"""Whether an answer came as it was sent: whole, unpacked without error, and something at all.

It stands where Scrapy unpacks bodies, and does so itself; what failed in passing is asked for once
more, as after a network error, and then refused: it never reaches a page or a listing as if whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Request, Response
from scrapy.responsetypes import responsetypes

from crawler.codings import accepted, decoded
from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.room import LONG, Room
from crawler.fetch.site_files import IS_SITE_FILE
from crawler.markup import is_cut

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Scrapy's flag for a body that ended with the connection: it may be whole.
_PARTIAL = "partial"
# White space and byte order marks.
_NOTHING = b" \t\r\n\f\v\xef\xbb\xbf\xff\xfe"


class IntegrityMiddleware:
    """Unpacks every answer, and lets no other than whole ones through."""

    def __init__(self, crawler: Crawler, limit: int, room: Room) -> None:
        """`limit` is in bytes, unpacked."""
        self._crawler = crawler
        self._limit = limit
        self._room = room

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.settings.getint("DOWNLOAD_MAXSIZE"), Room.of(crawler))

    def process_request(self, request: Request) -> None:
        """Say what can be unpacked."""
        request.headers.setdefault("Accept-Encoding", accepted())

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Raises: FetchRefusedError."""
        body = await self._unpacked(response)
        if 200 <= response.status < 300:
            if not isinstance(body, Refusal):
                body = _checked(response, body, may_be_empty=bool(request.meta.get(IS_SITE_FILE)))
            if isinstance(body, Refusal):
                return self._once_more(request, body)
        elif isinstance(body, Refusal):
            body = b""  # the status says more than what cannot be read of its body
        return self._with_body(response, body)

    async def _unpacked(self, response: Response) -> bytes | Refusal:
        """The body; one that turns out to be long waits for its turn."""
        body = unpacked(response, LONG)
        if isinstance(body, Refusal) and body.reason is Reason.TOO_LARGE:
            await self._room.until_free()
            body = unpacked(response, self._limit)
        return body

    def _with_body(self, response: Response, body: bytes) -> Response:
        """The answer as if it had been sent without codings; its class fits what is in it."""
        if body is response.body:
            self._room.hand_on(response)
            return response
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        # Not `replace`: what it would hand on as the encoding is guessed of the packed bytes.
        same = {name: getattr(response, name) for name in Response.attributes}
        unpacked = kind(**same | {"headers": headers, "body": body})
        self._room.keep(unpacked)
        self._room.hand_on(unpacked)
        return unpacked

    def _once_more(self, request: Request, refusal: Refusal) -> Request:
        spider = self._crawler.spider
        again = None
        if refusal.reason.is_transient and spider is not None:
            reason = str(refusal.reason)
            again = get_retry_request(
                request, spider=spider, reason=reason, give_up_log_level="DEBUG"
            )
        if again is None:
            raise FetchRefusedError(refusal)
        return again


def unpacked(response: Response, limit: int) -> bytes | Refusal:
    """The body of an answer without its content codings; `limit` is in bytes."""
    named = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
    codings = [coding.strip().lower() for coding in named.split(",")]
    return decoded(response.body, codings, limit)


def _checked(response: Response, body: bytes, *, may_be_empty: bool) -> bytes | Refusal:
    if response.status == 206:
        return Refusal(Reason.TRUNCATED, "HTTP 206: a part, and none was asked for")
    if not may_be_empty and not body.strip(_NOTHING):
        return Refusal(Reason.EMPTY, f"HTTP {response.status}, and nothing in it")
    if _PARTIAL in response.flags and is_cut(body):
        return Refusal(Reason.TRUNCATED, "the connection ended, the document did not")
    return body
