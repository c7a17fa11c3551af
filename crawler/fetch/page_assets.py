"""What a page asks for while its scripts run, asked for by our own downloader.

So guards, robots.txt, pauses, limits and counts hold for a script as for any page. What is not
needed for the words of a page is not asked for at all: pictures, fonts, media, frames, beacons; and
nothing is posted, but for JSON to the site's own hosts, as which many sites ask for their articles.

A site gets the requests of one page at the pace of `ASSET_DELAY`, as from any reader's browser,
unless its robots.txt asks for a slower one: a second between each of twenty scripts would make a
page of theirs cost twenty seconds, and they come once: those of a run are remembered.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import Refusal
from crawler.fetch.failures import refusal_of_error
from crawler.fetch.meta import ASSET, SOURCE

if TYPE_CHECKING:
    from crawler.sources import Source

# By the names that Chromium has for what it asks for.
ASKED_FOR = ("script", "xhr", "fetch")
# Of the browser's request; the others are ours to set (who we are), or nobody's business.
_SENT = ("accept", "content-type", "authorization", "x-requested-with")
# Of the answer: without these Chromium would not give it to the script.
_HANDED_ON = (b"content-type", b"access-control-allow-origin", b"access-control-allow-credentials")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a page asks for: `kind` is one of `ASKED_FOR`, `headers` are in lower case."""

    url: str
    kind: str
    method: str = "GET"
    headers: Mapping[str, str] | None = None
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """An answer, without its codings."""

    status: int
    headers: dict[str, str]
    body: bytes


class PageAssets:
    """Gets what pages ask for; scripts once in a run, as long as they are remembered."""

    def __init__(self, download: Callable[[Request], Awaitable[Response]], remembered: int) -> None:
        """Scripts of `remembered` bytes in all are kept, those that were asked for last."""
        self._download = download
        self._most = remembered
        self._scripts: OrderedDict[str, Asset] = OrderedDict()
        self._bytes = 0
        self._asking: dict[str, asyncio.Task[Asset | Refusal]] = {}

    async def get(self, wish: Wish, source: Source) -> Asset | Refusal | None:
        """The answer to a wish of a page of a source; None for what is not asked for."""
        is_read = wish.method in ("GET", "HEAD")
        if not (is_read or (_is_json(wish) and source.owns(wish.url))):
            return None
        if wish.kind != "script" or wish.method != "GET":
            return await self._ask(wish, source)
        if known := self._scripts.get(wish.url):
            self._scripts.move_to_end(wish.url)
            return known
        asking = self._asking.get(wish.url)
        if asking is None:
            asking = asyncio.ensure_future(self._get_script(wish, source))
            self._asking[wish.url] = asking
        return await asyncio.shield(asking)  # another page may wait for it too

    async def _get_script(self, wish: Wish, source: Source) -> Asset | Refusal:
        try:
            found = await self._ask(wish, source)
        finally:
            del self._asking[wish.url]
        if isinstance(found, Asset) and found.status == 200:
            self._remember(wish.url, found)
        return found

    async def _ask(self, wish: Wish, source: Source) -> Asset | Refusal:
        headers = {name: value for name, value in (wish.headers or {}).items() if name in _SENT}
        try:
            request = Request(
                wish.url,
                method=wish.method,
                headers=headers,
                body=wish.body or b"",
                callback=NO_CALLBACK,
                meta={SOURCE: source, ASSET: True},
                dont_filter=True,
            )
            response = await self._download(request)
        except Exception as error:  # whatever failed is told as a refusal
            return refusal_of_error(error)
        told = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
            if name.lower() in _HANDED_ON
        }
        return Asset(response.status, told, bytes(response.body))

    def _remember(self, url: str, asset: Asset) -> None:
        self._scripts[url] = asset
        self._bytes += len(asset.body)
        while self._bytes > self._most and self._scripts:
            _, oldest = self._scripts.popitem(last=False)
            self._bytes -= len(oldest.body)


def _is_json(wish: Wish) -> bool:
    kind = (wish.headers or {}).get("content-type", "")
    return wish.method == "POST" and kind.partition(";")[0].strip().lower() == "application/json"
