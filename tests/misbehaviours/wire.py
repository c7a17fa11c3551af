"""What a server writes on the wire itself, byte by byte, instead of an ordinary answer."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tests.server import Handler, Resource

# The outcome of a page that is odd and nevertheless whole.
COLLECTED = "articles"

OK = b"HTTP/1.1 200 OK\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n"
CLOSE = b"Connection: close\r\n"


def head(*lines: str, status: bytes = OK) -> bytes:
    """A head of HTML with further lines, and its end."""
    return status + HTML + "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def measured(body: bytes, *lines: str, status: bytes = OK) -> bytes:
    """A whole answer with its length."""
    return head(f"Content-Length: {len(body)}", *lines, status=status) + body


def chunked(body: bytes, size: int = 1000, end: bytes = b"0\r\n\r\n") -> bytes:
    """A whole answer in chunks."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    coded = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return head("Transfer-Encoding: chunked") + coded + end


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """What lies under a path, and what becomes of it: a reason, or `articles`."""

    resource: Resource
    outcome: str


@dataclass(frozen=True, slots=True)
class Wire:
    """Writes these bytes, and hangs up."""

    written: bytes

    def answer(self, request: Handler) -> None:
        with suppress(OSError):
            request.wfile.write(self.written)
        request.close_connection = True


@dataclass(frozen=True, slots=True)
class KeptOpen:
    """Writes these bytes, and keeps the connection for the next request."""

    written: bytes

    def answer(self, request: Handler) -> None:
        with suppress(OSError):
            request.wfile.write(self.written)


@dataclass(frozen=True, slots=True)
class Broken:
    """Writes these bytes, and resets the connection (TCP RST)."""

    written: bytes

    def answer(self, request: Handler) -> None:
        with suppress(OSError):
            request.wfile.write(self.written)
            request.server.ended.wait(0.2)  # or the reset overtakes them
            linger = struct.pack("ii", 1, 0)
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            socket.close(request.connection.detach())
        request.close_connection = True


@dataclass(frozen=True, slots=True)
class Dripping:
    """Writes these bytes, then one of the others at a time, for as long as someone listens."""

    written: bytes
    drops: Sequence[bytes] = (b"x",)

    def answer(self, request: Handler) -> None:
        with suppress(OSError):
            request.wfile.write(self.written)
            number = 0
            while not request.server.ended.wait(0.2):
                request.wfile.write(self.drops[number % len(self.drops)])
                number += 1
        request.close_connection = True


@dataclass(frozen=True, slots=True)
class Flooding:
    """Writes these bytes, then the others again and again, as fast as they are taken."""

    written: bytes
    again: bytes

    def answer(self, request: Handler) -> None:
        wave = self.again * (65_536 // len(self.again) + 1)
        with suppress(OSError):
            request.wfile.write(self.written)
            while not request.server.ended.is_set():
                request.wfile.write(wave)
        request.close_connection = True


@dataclass(slots=True)
class InTurn:
    """Another answer to each request, the last one again and again."""

    resources: Iterable[Resource]
    _left: list[Resource] = field(init=False)

    def __post_init__(self) -> None:
        self._left = list(self.resources)

    def answer(self, request: Handler) -> None:
        resource = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        resource.answer(request)
