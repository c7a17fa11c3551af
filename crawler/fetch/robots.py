"""robots.txt after RFC 9309: asked once a run and host, obeyed before every request.

Scrapy's own middleware takes a server error for a yes; the RFC says that it means no (2.3.1.4), and
only a 4xx means that there are no rules (2.3.1.3).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from protego import Protego
from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError, refusal_of_error, refusal_of_status

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Failures that tell about the host itself, and say it better than "robots.txt unreachable".
_HOST_FAILURES = frozenset({Reason.UNRESOLVED, Reason.CONNECTION, Reason.PRIVATE_ADDRESS})


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin. Without a parser nothing is forbidden, unless `refusal` says so."""

    body: bytes = b""
    parser: Protego | None = None
    refusal: Refusal | None = None

    def refusal_for(self, url: str, user_agent: str) -> Refusal | None:
        """Why a URL must not be asked for; None if it may."""
        if self.refusal:
            return self.refusal
        if self.parser and not self.parser.can_fetch(url, user_agent):
            return Refusal(Reason.ROBOTS_DISALLOWED, "robots.txt")
        return None


class RobotsMiddleware:
    """Lets no request through that robots.txt forbids."""

    def __init__(self, download: Callable[[Request], Awaitable[Response]], user_agent: str) -> None:
        self._download = download
        self._user_agent = user_agent
        self._origins: dict[str, asyncio.Future[Robots]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured

        async def download(request: Request) -> Response:
            return await crawler.engine.download_async(request)

        return cls(download, crawler.settings["ROBOTSTXT_USER_AGENT"])

    async def process_request(self, request: Request) -> None:
        """Raises: FetchRefusedError if the URL must not be asked for."""
        if request.meta.get("is_robots_txt"):
            return
        refusal = (await self.rules(request.url)).refusal_for(request.url, self._user_agent)
        if refusal:
            raise FetchRefusedError(refusal)

    async def rules(self, url: str) -> Robots:
        """The rules that hold for a URL, asked for once an origin."""
        parts = urlparse_cached(Request(url))
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._origins:
            self._origins[origin] = asyncio.ensure_future(self._ask(origin))
        return await asyncio.shield(self._origins[origin])

    async def _ask(self, origin: str) -> Robots:
        request = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            meta={"is_robots_txt": True},
        )
        try:
            response = await self._download(request)
        except Exception as error:  # whatever failed, the answer is no
            refusal = refusal_of_error(error)
            if refusal.reason in _HOST_FAILURES:
                return Robots(refusal=refusal)
            return Robots(refusal=Refusal(Reason.ROBOTS_UNREACHABLE, str(refusal)))
        status = refusal_of_status(response.status)
        if status is None:
            return Robots(response.body, Protego.parse(response.body.decode("utf-8", "replace")))
        if 400 <= response.status < 500:
            return Robots()
        return Robots(refusal=Refusal(Reason.ROBOTS_UNREACHABLE, status.detail))
