"""What goes over the wire, byte for byte, for the archive; Twisted and Scrapy hand on less.

A `Wire` goes with each download to the connection that it is sent on, and comes back filled.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.http import Response

from crawler.archive import Exchange
from crawler.fetch.headers import header

if TYPE_CHECKING:
    from collections.abc import Callable

    from twisted.internet.defer import Deferred
    from twisted.web._newclient import Request as SentRequest
    from twisted.web.client import HTTPConnectionPool
    from twisted.web.iweb import IResponse


class Wire:
    """The bytes of one exchange."""

    def __init__(self) -> None:
        self.begin(b"")

    def begin(self, sent: bytes) -> None:
        """A request is sent; or again, where a kept connection turned out to be dead."""
        self._date = datetime.now(UTC)
        self._sent = sent
        self._head = bytearray()
        self._chunks: list[bytes] | None = None

    def line(self, line: bytes) -> None:
        """A line of the answer's head came."""
        self._head += line + b"\n"

    def interim(self) -> None:
        """What came so far was only an interim answer."""
        self._head.clear()

    def chunk(self, data: bytes) -> None:
        """Part of a body came that has a transfer coding; of one without, Scrapy has the bytes."""
        if self._chunks is None:
            self._chunks = []
        self._chunks.append(data)

    def surplus(self, count: int) -> None:
        """So many of the bytes that came belong to no body."""
        if self._chunks and count:
            self._chunks = [b"".join(self._chunks)[:-count]]

    def exchange(self, response: Response) -> Exchange | None:
        """The exchange that gave an answer; None where it was not seen."""
        if not self._head:
            return None
        body = response.body if self._chunks is None else b"".join(self._chunks)
        kind = (header(response, "Content-Type") or "").partition(";")[0].strip().lower()
        return Exchange(
            url=response.url,
            date=self._date,
            sent=self._sent,
            head=bytes(self._head),
            body=body,
            status=response.status,
            media_type=kind,
            address=str(response.ip_address) if response.ip_address else None,
        )


# The wire of the download that is being begun.
taps: ContextVar[Wire | None] = ContextVar("taps", default=None)


class _Tapped:
    """A connection, of which Twisted's agent only asks that it send a request."""

    def __init__(self, connection: Any, wire: Wire) -> None:
        self._connection = connection
        self._wire = wire

    def request(self, request: SentRequest) -> Deferred[IResponse]:
        """Send a request, which knows its wire from now on."""
        request.wire = self._wire  # type: ignore[attr-defined] # ours
        answer: Deferred[IResponse] = self._connection.request(request)
        return answer


def tap(pool: HTTPConnectionPool) -> None:
    """Let every request on a pool's connections know the wire of its download."""
    pool.getConnection = partial(_connection, pool.getConnection)  # type: ignore[method-assign]


def _connection(
    get: Callable[[Any, Any], Deferred[Any]], key: object, endpoint: object
) -> Deferred[Any]:
    wire = taps.get()
    connected = get(key, endpoint)
    if wire is not None:
        connected.addCallback(_Tapped, wire)
    return connected


class _Sent(list[bytes]):
    """Takes what a request writes of itself."""

    writeSequence = list.extend  # noqa: N815 # Twisted's name


def head_of(request: SentRequest) -> bytes:
    """The head of a request as it is sent."""
    sent = _Sent()
    request._writeHeaders(sent, None)  # type: ignore[no-untyped-call]
    return b"".join(sent)
