"""robots.txt after RFC 9309: asked for once a day and origin, obeyed before every request.

Scrapy's own middleware takes a server error for a yes; the RFC says that it means no (2.3.1.4), and
only a 4xx means that there are no rules (2.3.1.3). Five redirects are followed, to other hosts too
(2.3.1.2), by Scrapy's own setting. A copy is used for a day at most (2.4), and an older one not
even where the site cannot be reached: then the run leaves the site alone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured
from scrapy.http import Request
from scrapy.utils.httpobj import urlparse_cached

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.politeness import slow_down
from crawler.fetch.robots_txt import RobotsTxt, read_robots_txt
from crawler.fetch.site_files import IS_SITE_FILE, SiteFiles

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Failures that tell about the host itself, and say it better than "robots.txt unreachable".
_HOST_FAILURES = frozenset(
    {Reason.UNRESOLVED, Reason.CONNECTION, Reason.PRIVATE_ADDRESS, Reason.PUT_OFF,
     Reason.HOST_DOWN, Reason.RUN_STOPPED}
)  # fmt: skip


class RobotsMiddleware:
    """Lets no request through that robots.txt forbids."""

    def __init__(
        self,
        files: SiteFiles,
        user_agent: str,
        slow_down: Callable[[str, float], None] = lambda host, seconds: None,
    ) -> None:
        """`slow_down` is told the `Crawl-delay` of a host, in seconds."""
        self._files = files
        self._user_agent = user_agent
        self._slow_down = slow_down
        self._origins: dict[str, tuple[float, asyncio.Future[RobotsTxt | Refusal]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        most = crawler.settings.getfloat("CRAWL_DELAY_MAX")

        def apply(host: str, seconds: float) -> None:
            slow_down(crawler.engine.downloader, host, min(seconds, most))

        return cls(SiteFiles.from_crawler(crawler), crawler.settings["ROBOTSTXT_USER_AGENT"], apply)

    async def process_request(self, request: Request) -> None:
        """Raises: FetchRefusedError if the URL must not be asked for."""
        if request.meta.get(IS_SITE_FILE):
            return
        rules = await self.rules(request.url)
        if isinstance(rules, Refusal):
            raise FetchRefusedError(rules)
        if not rules.allows(request.url):
            raise FetchRefusedError(Refusal(Reason.ROBOTS_DISALLOWED, "robots.txt"))

    async def rules(self, url: str) -> RobotsTxt | Refusal:
        """The rules that hold for a URL, or why nothing may be asked for; read once an origin."""
        parts = urlparse_cached(Request(url))
        origin = f"{parts.scheme}://{parts.netloc}"
        at, rules = self._origins.get(origin, (0.0, None))
        if rules is None or self._files.is_old(at):
            rules = asyncio.ensure_future(self._read(origin, parts.hostname or ""))
            self._origins[origin] = (time.time(), rules)
        return await asyncio.shield(rules)

    async def _read(self, origin: str, host: str) -> RobotsTxt | Refusal:
        file = await self._files.get(f"{origin}/robots.txt")
        if isinstance(file, Refusal):
            if file.reason in _HOST_FAILURES:
                return file
            return Refusal(Reason.ROBOTS_UNREACHABLE, str(file))
        if file.body is None:
            return RobotsTxt()
        rules = read_robots_txt(file.body, self._user_agent)
        if rules.crawl_delay is not None:
            self._slow_down(host, rules.crawl_delay)
        return rules
