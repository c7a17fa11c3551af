"""How often each host is asked: one request after the other, with a pause, unless a source says.

Scrapy keeps a download slot for each host; here the slots of the hosts we know get their rhythm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from crawler.fetch.guards import is_loopback

if TYPE_CHECKING:
    from crawler.sources import Source

Slot = dict[str, float]


def slots(sources: Sequence[Source], settings: BaseSettings) -> dict[str, Slot]:
    """The `DOWNLOAD_SLOTS` of the sources' hosts.

    The pause protects other people's servers: a source on this machine has none, unless the source
    or the command line asks for one.
    """
    asked_for = (settings.getpriority("DOWNLOAD_DELAY") or 0) >= SETTINGS_PRIORITIES["cmdline"]
    found: dict[str, Slot] = {}
    for source in sources:
        host = urlsplit(source.url).hostname or ""
        slot: Slot = {}
        if is_loopback(host) and not asked_for:
            slot = {"delay": 0.0, "concurrency": settings.getint("LOOPBACK_CONCURRENCY")}
        if source.delay is not None:
            slot["delay"] = source.delay
        if source.concurrency is not None:
            slot["concurrency"] = source.concurrency
        if slot:
            found[host] = slot
    return found
