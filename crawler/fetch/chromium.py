"""A Chromium without a network: it runs a page's scripts, and whatever it asks for is asked of us.

A browser that fetches for itself resolves names past the guard, and knows no robots.txt, no pause
and no limit. So this one has no way out: no name resolves, its proxy is a port where nobody
listens, and every request that a page makes is answered, or not, by who renders it
(`crawler.fetch.rendering`). It is Playwright that drives it (the extra `browser`), and the system's
own program that is driven; both are looked for only where a source asks for a browser.

It ends with the run: Playwright's driver ends with the pipe to us, and the browser with the driver.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

from crawler.errors import ConfigurationError

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# The discard port (RFC 863), which no machine has served for decades.
_NOWHERE = "http://127.0.0.1:9"
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--dns-prefetch-disable",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # WebRTC would send packets of its own (RFC 8828): only through the proxy, which is none.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    # Megabytes that a page's scripts may fill; what wants more ends its own tab and no other.
    "--js-flags=--max-old-space-size=512",
)
# Seconds: what does not end by then is ended with the driver.
_END_SECONDS = 5.0


def program(path: str) -> str:
    """The browser to run: `path`, or else the first there is. Raises: ConfigurationError."""
    if find_spec("playwright") is None:
        raise ConfigurationError(
            'a source has "javascript = true", which needs Playwright: install '
            '"colporteur[browser]", or take the line out of the sources file.'
        )
    names = (path,) if path else PROGRAMS
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise ConfigurationError(
            f'a source has "javascript = true", and there is no browser ({", ".join(names)}): '
            "install Chromium, or name a program with -s BROWSER_PATH=…"
        )
    return found


class Chromium:
    """One browser for a run, started for the first page and again when it was lost."""

    def __init__(self, path: str, user_agent: str) -> None:
        """`path` is the program's, empty for the first there is."""
        self._path = path
        self._user_agent = user_agent
        self._starting = asyncio.Lock()
        self._driver: Playwright | None = None
        self._browser: Browser | None = None

    async def context(self) -> BrowserContext:
        """A place for one page that knows nothing of others. Raises: ConfigurationError."""
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                await self._end()
                self._browser = await self._start()
        return await self._browser.new_context(
            accept_downloads=False, service_workers="block", user_agent=self._user_agent
        )

    async def close(self) -> None:
        """End the browser."""
        async with self._starting:
            await self._end()

    async def _start(self) -> Browser:
        from playwright.async_api import async_playwright  # noqa: PLC0415 # an extra

        path = program(self._path)
        self._driver = await async_playwright().start()
        return await self._driver.chromium.launch(
            executable_path=path,
            # Chromium's own sandbox refuses to work for root.
            chromium_sandbox=os.geteuid() != 0,
            args=list(_ARGUMENTS),
            proxy={"server": _NOWHERE, "bypass": "<-loopback>"},
            handle_sigint=False, handle_sigterm=False, handle_sighup=False,
        )  # fmt: skip

    async def _end(self) -> None:
        browser, driver, self._browser, self._driver = self._browser, self._driver, None, None
        for end in (browser and browser.close, driver and driver.stop):
            if end:
                with suppress(Exception):  # whatever it says, it is gone, or goes with the driver
                    async with asyncio.timeout(_END_SECONDS):
                        await end()
