"""What lies under the paths of a site that does not answer at once, or asks to be left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urljoin

from tests.markup import rss, stories
from tests.server import HTML, Body, Handler, Server, Site


@dataclass(slots=True)
class PutsOff:
    """Says 429 or 503 to the first so many requests, after `seconds`, then answers."""

    body: str
    after: str | None = None
    status: int = 429
    times: int = 1
    seconds: float = 0.0
    seen: int = field(default=0, init=False)

    def answer(self, request: Handler) -> None:
        self.seen += 1
        request.wait(self.seconds)
        if self.seen > self.times:
            request.send(200, {"Content-Type": HTML}, self.body.encode())
        else:
            headers = {"Retry-After": self.after} if self.after is not None else {}
            request.send(self.status, headers, b"")


@dataclass(slots=True)
class InAWhile:
    """Says 503 with a date so many seconds ahead, then answers."""

    body: str
    seconds: int
    seen: int = field(default=0, init=False)

    def answer(self, request: Handler) -> None:
        self.seen += 1
        # HTTP dates have whole seconds: the next one, so that the window is no shorter.
        at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=self.seconds + 1)
        PutsOff(self.body, format_datetime(at, usegmt=True), 503, times=int(self.seen == 1)).answer(
            request
        )


@dataclass(frozen=True, slots=True)
class Drip:
    """Sends a byte of a page now and then."""

    body: str
    seconds: float = 0.2

    def answer(self, request: Handler) -> None:
        body = self.body.encode()
        request.send(200, {"Content-Type": HTML}, b"", length=len(body))
        for byte in body:
            if request.server.ended.wait(self.seconds):
                return
            request.wfile.write(bytes([byte]))


@dataclass(slots=True)
class Restarting:
    """All pages of a site, by their paths: 500 for the first so many requests, then as they are."""

    pages: Mapping[str, str]
    failing: int
    seen: int = field(default=0, init=False)

    def answer(self, request: Handler) -> None:
        self.seen += 1
        status = 500 if self.seen <= self.failing else 200
        request.send(status, {"Content-Type": HTML}, self.pages[request.path].encode())


def publish(server: Server, name: str, count: int = 8) -> Site:
    """A site with a feed of stories, the newest of which has the highest number."""
    site = server.site(name)
    told = stories(count, f"{name}-")
    listed = [(urljoin(site.url, story.path), story) for story in reversed(told)]
    site.paths["/"] = Body(rss(listed), "application/rss+xml")
    for story in told:
        site.paths[story.path] = Body(story.html())
    return site
