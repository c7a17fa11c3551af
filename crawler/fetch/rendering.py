"""Pages as their scripts make them: an answer that came, opened in a browser as by a reader.

The page was fetched as any other, with its redirects, rights and limits; only its scripts are run
here, and what they ask for is asked for by us (`crawler.fetch.page_assets`). The bytes that came
over the wire stay what is archived as the answer.

Ready is a page whose wishes are answered and whose tree has not grown for a moment; after
`RENDER_TIMEOUT` what is there is taken. A page that hangs its tab is let go of with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.http import Request, Response

from crawler.errors import Reason, Refusal
from crawler.fetch.chromium import Chromium
from crawler.fetch.page_assets import ASKED_FOR, Asset, PageAssets, Wish

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Dialog, Page, Route
    from scrapy.crawler import Crawler

    from crawler.sources import Source

# Seconds between two looks, and without any change before a page is ready: a script that draws
# what it has just got does so at once.
_LOOK = 0.1
_QUIET = 0.4
# Seconds in which a tab that works answers a question, or closes.
_ANSWER = 3.0
# Where a page's own scripts cannot change what the questions find.
_WORLD = "colporteur"
_STATE = "[document.readyState, document.getElementsByTagName('*').length, document.title].join()"
_WHOLE = """(() => {
    const whole = document.documentElement ? document.documentElement.outerHTML : '';
    return whole.length > MOST ? whole.length : '<!DOCTYPE html>' + whole;
})()"""


class Renderer:
    """Renders pages of sources that ask for it."""

    def __init__(
        self, browser: Chromium, assets: PageAssets, seconds: float, at_once: int,
        requests: int, size: int,
    ) -> None:  # fmt: skip
        """A page may take `seconds`, ask for `requests` things, and come to `size` characters."""
        self._browser = browser
        self._assets = assets
        self._seconds = seconds
        self._requests = requests
        self._size = size
        self._free = asyncio.Semaphore(at_once)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Starts nothing before the first page; ends with the crawl."""
        settings = crawler.settings
        browser = Chromium(settings["BROWSER_PATH"], settings["USER_AGENT"])
        crawler.signals.connect(browser.close, signal=signals.spider_closed)

        async def download(request: Request) -> Response:
            return await crawler.engine.download_async(request)

        return cls(
            browser,
            PageAssets(download, settings.getint("RENDER_SCRIPTS_REMEMBERED")),
            settings.getfloat("RENDER_TIMEOUT"),
            settings.getint("RENDER_AT_ONCE"),
            settings.getint("RENDER_REQUESTS_MAX"),
            settings.getint("DOWNLOAD_MAXSIZE"),
        )

    async def render(self, response: Response, source: Source) -> bytes | Refusal:
        """The page as UTF-8, its scripts run. Raises: ConfigurationError without a browser."""
        from playwright.async_api import Error  # noqa: PLC0415 # an extra

        async with self._free:
            context: BrowserContext | None = None
            try:
                context = await self._browser.context()
                tab = _Tab(response, source, self._assets, self._requests)
                return await tab.read(context, self._seconds, self._size)
            except TimeoutError:
                return Refusal(Reason.RENDER_TIMEOUT, f"hangs for more than {self._seconds:g} s")
            except Error as error:
                said = (error.message.splitlines() or [""])[0]
                return Refusal(Reason.RENDER_FAILED, said[:200])
            finally:
                if context is not None and not await _done(context.close):
                    await self._browser.close()  # the others are refused, and tried again


class _Tab:
    """One page in the browser."""

    def __init__(
        self, response: Response, source: Source, assets: PageAssets, requests: int
    ) -> None:
        self._response = response
        self._source = source
        self._assets = assets
        self._left = requests
        self._is_open = False
        self._wishes = 0

    async def read(self, context: BrowserContext, seconds: float, size: int) -> bytes | Refusal:
        """Open the page, wait until it is ready, and take it over."""
        until = monotonic() + seconds
        async with asyncio.timeout(seconds + _ANSWER):
            await context.route("**/*", self._answer)
            await context.route_web_socket("**/*", lambda socket: socket.close())
            page = await context.new_page()
            context.on("page", _close)
            page.on("dialog", _dismiss)
            await page.goto(self._response.url, wait_until="commit", timeout=1_000 * seconds)
            ask = await _questions(page, context)
            await self._until_ready(ask, until)
            found = await ask(_WHOLE.replace("MOST", str(size)))
        if isinstance(found, str):
            return found.encode("utf-8", "replace")
        return Refusal(Reason.TOO_LARGE_TO_READ, f"{found} characters once its scripts were run")

    async def _until_ready(self, ask: Ask, until: float) -> None:
        before, since = None, monotonic()
        while monotonic() < until:
            state = (await ask(_STATE), self._wishes)
            if state != before or self._wishes:
                before, since = state, monotonic()
            elif monotonic() - since >= _QUIET and not str(state[0]).startswith("loading"):
                return
            await asyncio.sleep(_LOOK)

    async def _answer(self, route: Route) -> None:
        """Give a page what it asks for, if it is anything it needs."""
        with suppress(Exception):  # the page is gone meanwhile
            kind = route.request.resource_type
            if kind == "document" and not self._is_open:
                self._is_open = True
                await self._open(route)
            elif kind == "stylesheet":  # some scripts wait for it
                await route.fulfill(status=200, content_type="text/css", body="")
            elif kind in ASKED_FOR and self._left > 0:
                self._left -= 1
                await self._give(route, kind)
            else:  # so that a page which would go elsewhere stays, and is no error page
                await route.abort("aborted")

    async def _open(self, route: Route) -> None:
        kind = self._response.headers.get("Content-Type") or b"text/html"
        await route.fulfill(
            status=200, content_type=kind.decode("latin-1"), body=self._response.body
        )

    async def _give(self, route: Route, kind: str) -> None:
        request = route.request
        wish = Wish(request.url, kind, request.method, request.headers, request.post_data_buffer)
        self._wishes += 1
        try:
            asset = await self._assets.get(wish, self._source)
        finally:
            self._wishes -= 1
        if isinstance(asset, Asset):
            await route.fulfill(status=asset.status, headers=asset.headers, body=asset.body)
        else:
            await route.abort()


Ask = Callable[[str], Awaitable[Any]]


async def _questions(page: Page, context: BrowserContext) -> Ask:
    """What asks a page, from a world that its own scripts do not reach."""
    session: CDPSession = await context.new_cdp_session(page)
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": _WORLD})

    async def ask(question: str) -> Any:
        said = await session.send(
            "Runtime.evaluate",
            {
                "expression": question,
                "contextId": world["executionContextId"],
                "returnByValue": True,
            },
        )
        return said["result"].get("value")

    return ask


async def _close(popup: Page) -> None:
    await _done(popup.close)


async def _dismiss(dialog: Dialog) -> None:
    await _done(dialog.dismiss)


async def _done(do: Callable[[], Awaitable[object]]) -> bool:
    """Whether something was done in time."""
    with suppress(Exception):
        async with asyncio.timeout(_ANSWER):
            await do()
            return True
    return False
