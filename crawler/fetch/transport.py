"""HTTP/1.1 as servers really speak it: heads that have an end, and bodies whose end is told.

Twisted reads a head for as long as it comes, interim answers without number, and takes a body that
is ended by a reset for one that is ended by the server.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.exceptions import CannotResolveHostError
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.error import ConnectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, HEADER, STATUS, ParseError, ResponseFailed
from twisted.web.http import PotentialDataLoss, _DataLoss, _IdentityTransferDecoder

from crawler.fetch.archive import Archive
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.guards import private_address
from crawler.fetch.meta import EXCHANGE
from crawler.fetch.room import Room
from crawler.fetch.wire import Wire, head_of, tap, taps

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import HTTP11ClientProtocol
    from twisted.web._newclient import Request as SentRequest
    from twisted.web.iweb import IResponse

# Bytes, interim answers and all: what Chrome reads of a head. Real ones have some kilobytes.
MAX_HEAD = 262_144
# `100 Continue` and `103 Early Hints` come once or twice.
MAX_INTERIM = 10


class _Parser(_LenientHTTPClientParser):
    """Reads one answer. What it raises ends the connection, and is why there is no answer."""

    _head = 0
    _interim = 0
    _more_came = False
    room: Room | None = None
    wire: Wire | None = None

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 # Twisted's name
        """Raises: ParseError."""
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if self.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > MAX_HEAD:
                raise _broken(f"a head of more than {MAX_HEAD} bytes")

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        """A line of the head came."""
        if self.wire is not None:
            self.wire.line(line)
        super().lineReceived(line)

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802
        """Part of the body came."""
        count = len(data)
        if self.wire is not None and not isinstance(self.bodyDecoder, _IdentityTransferDecoder):
            self.wire.chunk(data)
            count *= 2  # it is there twice, with and without its coding
        super().rawDataReceived(data)  # type: ignore[no-untyped-call]
        if self.room is not None and self.state == BODY:
            self.room.took(self, count)

    def pause(self) -> None:
        """Receive nothing for now."""
        self.transport.pauseProducing()  # type: ignore[union-attr]

    def resume(self) -> None:
        """Go on."""
        self.transport.resumeProducing()  # type: ignore[union-attr]

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        """Raises: ParseError; Twisted would end the connection without a word."""
        raise _broken(f"a line of more than {self.MAX_LENGTH} bytes")

    def allHeadersReceived(self) -> None:  # noqa: N802
        """Raises: ParseError."""
        if 100 <= self.response.code < 200:
            self._interim += 1
            if self._interim > MAX_INTERIM:
                raise _broken(f"more than {MAX_INTERIM} interim answers")
            if self.wire is not None:
                self.wire.interim()
        super().allHeadersReceived()  # type: ignore[no-untyped-call]

    def _finished(self, rest: bytes) -> None:
        """`rest` came after the announced end: nobody can say which of the two is wrong."""
        if rest.strip():
            self._more_came = isinstance(self.bodyDecoder, _IdentityTransferDecoder)
            # The next answer on this connection would begin with what is left of this one.
            self.connHeaders.addRawHeader(b"Connection", b"close")
        if self.wire is not None:
            self.wire.surplus(len(rest))
        super()._finished(rest)  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Any = None) -> None:  # noqa: N802
        """Tell whoever reads the body how sure its end is."""
        if self.room is not None:
            self.room.ended(self)
        decoder = self.bodyDecoder
        if self._more_came:
            self._body_ended(PotentialDataLoss())
        elif _is_ended_by(decoder) and _is_reset(reason):
            with suppress(PotentialDataLoss):
                decoder.noMoreData()  # type: ignore[union-attr]
            lost = Failure(_DataLoss())  # type: ignore[no-untyped-call]
            self._body_ended(ResponseFailed([reason, lost], self.response))  # type: ignore[no-untyped-call]
        else:
            super().connectionLost(reason)

    def _body_ended(self, how: Exception) -> None:
        self.response._bodyDataFinished(Failure(how))  # type: ignore[no-untyped-call]


def _broken(rule: str) -> ParseError:
    return ParseError(rule, b"")  # type: ignore[no-untyped-call] # Twisted's


def _is_ended_by(decoder: Any) -> bool:
    """Whether the end of a body is that of the connection."""
    return isinstance(decoder, _IdentityTransferDecoder) and decoder.contentLength is None


def _is_reset(reason: object) -> bool:
    """Whether a connection ended in another way than by the server's leave."""
    return isinstance(reason, Failure) and not isinstance(reason.value, ConnectionDone)


class _Protocol(_LenientHTTP11ClientProtocol):
    room: Room

    def request(self, request: SentRequest) -> Deferred[IResponse]:
        answer = super().request(request)
        parser: Any = self._parser
        if parser is not None:  # Twisted names its class nowhere that one could set
            parser.__class__ = _Parser
            parser.room = self.room
            parser.wire = getattr(request, "wire", None)
            if parser.wire is not None:
                parser.wire.begin(head_of(request))
        return answer


class _Factory(_LenientHTTP11ClientFactory):
    def __init__(self, room: Room, *args: Any) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self._room = room

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802
        made = _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
        made.room = self._room
        return made


class DownloadHandler(HTTP11DownloadHandler):
    """Scrapy's own handler for http and https, with these answers."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.room = Room.of(crawler)
        self._is_kept = Archive.open_in(crawler) is not None
        if self._is_kept:
            tap(self._pool)
        self._pool._factory = partial(_Factory, self.room)  # type: ignore[assignment] # is called

    async def download_request(self, request: Request) -> Response:
        """The answer to a request; its body fills the room until the answer is forgotten.

        Raises: FetchRefusedError for a host that the resolver refused.
        """
        wire = Wire() if self._is_kept else None
        taps.set(wire)
        try:
            response = await super().download_request(request)
        except CannotResolveHostError as error:
            refusal = private_address(urlparse_cached(request).hostname or "")
            if refusal is None:
                raise
            raise FetchRefusedError(refusal) from error  # asking again would not help
        if wire is not None:
            request.meta[EXCHANGE] = wire.exchange(response)
        self.room.keep(response)
        return response
