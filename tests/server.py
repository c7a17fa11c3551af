"""A web server for tests, on a real socket of 127.0.0.1: many sites, one small class a behaviour.

Sites are told apart by their host names, which end in `.localhost` and need no DNS (RFC 6761, 6.3).
Every request is kept with its time and headers.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import urlsplit

HTML = "text/html; charset=utf-8"


class Resource(Protocol):
    """What lies under one path of a site."""

    def answer(self, request: Handler) -> None:
        """Write the answer to one request."""


@dataclass(slots=True)
class Body:
    """An ordinary answer, after `seconds`."""

    body: str | bytes = ""
    content_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def answer(self, request: Handler) -> None:
        request.wait(self.seconds)
        headers = {"Content-Type": self.content_type, **self.headers} if self.content_type else {}
        request.send(self.status, headers, _encoded(self.body))


@dataclass(slots=True)
class Validated:
    """An answer with an ETag, and a date if there is one, that is a 304 to who has it already."""

    body: str | bytes
    content_type: str = "application/xml"
    modified: datetime | None = None

    def answer(self, request: Handler) -> None:
        body = _encoded(self.body)
        headers = {"ETag": f'"{sha256(body).hexdigest()[:16]}"', "Content-Type": self.content_type}
        if self.modified:
            headers["Last-Modified"] = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        fresh = request.headers["If-None-Match"] == headers["ETag"]
        request.send(304 if fresh else 200, headers, b"" if fresh else body)


@dataclass(frozen=True, slots=True)
class Dated:
    """An answer whose only validator is its date."""

    body: str
    content_type: str
    modified: datetime

    def answer(self, request: Handler) -> None:
        date = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        fresh = request.headers["If-Modified-Since"] == date
        headers = {"Last-Modified": date, "Content-Type": self.content_type}
        request.send(304 if fresh else 200, headers, b"" if fresh else self.body.encode())


@dataclass(frozen=True, slots=True)
class Status:
    """An error, with a body that says little."""

    status: int

    def answer(self, request: Handler) -> None:
        request.send(self.status, {"Content-Type": HTML}, f"<h1>{self.status}</h1>".encode())


@dataclass(frozen=True, slots=True)
class Redirect:
    """Sends elsewhere."""

    to: str
    status: int = 302

    def answer(self, request: Handler) -> None:
        request.send(self.status, {"Location": self.to}, b"")


@dataclass(frozen=True, slots=True)
class Truncated:
    """Promises more bytes than it sends, and hangs up."""

    body: str

    def answer(self, request: Handler) -> None:
        body = self.body.encode()
        request.send(200, {"Content-Type": HTML}, body, length=len(body) + 1000)
        request.close_connection = True


@dataclass(frozen=True, slots=True)
class Reset:
    """Resets the connection (TCP RST) instead of answering."""

    def answer(self, request: Handler) -> None:
        linger = struct.pack("ii", 1, 0)
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        socket.close(request.connection.detach())  # at once, or an orderly shutdown goes before
        request.close_connection = True


@dataclass(frozen=True, slots=True)
class Silent:
    """Takes the request and says nothing until the server ends."""

    def answer(self, request: Handler) -> None:
        request.server.ended.wait(60)
        request.close_connection = True


@dataclass(frozen=True, slots=True)
class Endless:
    """Sends without naming a length and without end."""

    def answer(self, request: Handler) -> None:
        request.send(200, {"Content-Type": HTML}, b"<html><body>", length=None)
        with suppress(OSError):  # the client hangs up: that is what is tested
            while not request.server.ended.is_set():
                request.wfile.write(b"<p>again</p>" * 1000)
        request.close_connection = True


@dataclass(frozen=True, slots=True)
class Computed:
    """An answer made from the request's query."""

    answer_to: Callable[[str], Resource]

    def answer(self, request: Handler) -> None:
        self.answer_to(urlsplit(request.path).query).answer(request)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came. `at` is in seconds of the monotonic clock."""

    at: float
    target: str
    headers: Message


class Site:
    """One host: `paths` maps a path, or a path with its query, to what lies there."""

    def __init__(self, host: str, url: str) -> None:
        self.host = host
        self.url = url
        self.paths: dict[str, Resource] = {}
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._waiting = 0
        self._lock = threading.Lock()

    def resource(self, target: str) -> Resource:
        """What a request's target names; a path that is not there is a 404."""
        return self.paths.get(target) or self.paths.get(urlsplit(target).path) or Status(404)

    def targets(self) -> list[str]:
        """The paths that were asked for since `forget`, in their order."""
        return [asked.target for asked in self.asked]

    def gaps(self) -> list[float]:
        """The seconds between one request and the next."""
        return [after.at - before.at for before, after in pairwise(self.asked)]

    def forget(self) -> None:
        """Start counting anew."""
        self.asked.clear()

    def wait(self, seconds: float) -> None:
        """Let a request wait, and see how many do at once."""
        with self._lock:
            self._waiting += 1
            self.most_at_once = max(self.most_at_once, self._waiting)
        time.sleep(seconds)
        with self._lock:
            self._waiting -= 1


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: _Sockets

    def do_GET(self) -> None:
        name = self.headers.get("Host", "").rpartition(":")[0]
        self.site = self.server.sites.get(name) or self.server.sites[""]
        self.site.asked.append(Asked(time.monotonic(), self.path, self.headers))
        self.site.resource(self.path).answer(self)

    def wait(self, seconds: float) -> None:
        """Let time pass before the answer."""
        self.site.wait(seconds)

    def send(
        self, status: int, headers: Mapping[str, str], body: bytes, length: int | None = -1
    ) -> None:
        """Write head and body; `length` is what Content-Length says, None for no such header."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        with suppress(OSError):  # a client that was killed is no longer there
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: tests ask `Site.asked`."""


class _Sockets(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, sites: dict[str, Site], address: str) -> None:
        super().__init__((address, 0), Handler)
        self.sites = sites
        self.ended = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that was killed, or hung up, is no error of the server's."""


class Server:
    """The server, open while the `with` block lasts."""

    def __init__(self, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> None:
        """`address` is one of this machine's."""
        self._sites: dict[str, Site] = {}
        self._sockets = _Sockets(self._sites, address)
        self.port: int = self._sockets.server_address[1]
        self._scheme = "http"
        if tls:
            self._sockets.socket = tls.wrap_socket(self._sockets.socket, server_side=True)
            self._scheme = "https"
        self._sites[""] = Site(address, f"{self._scheme}://{address}:{self.port}/")

    def site(self, name: str = "") -> Site:
        """A new site `NAME.localhost`; without a name, that of every other spelling of the host."""
        if not name:
            return self._sites[""]
        host = f"{name}.localhost"
        site = Site(host, f"{self._scheme}://{host}:{self.port}/")
        self._sites[host] = site
        return site

    def __enter__(self) -> Self:
        threading.Thread(target=self._sockets.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sockets.ended.set()
        self._sockets.shutdown()
        self._sockets.server_close()


def _encoded(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body
