"""How often each host is asked: one request after the other, with a pause, unless a source says.

Scrapy keeps a download slot for each host; here the slots of the hosts we know get their rhythm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from crawler.fetch.addresses import is_loopback

if TYPE_CHECKING:
    from scrapy.core.downloader import Downloader

    from crawler.sources import Source

Slot = dict[str, float]

# Seconds. Without any delay Scrapy 2.19 starts all that waits for a host before it counts the first
# request as running, and no limit of concurrency holds: 28 at once were measured for a limit of 2.
LEAST_DELAY = 0.001


def slots(sources: Sequence[Source], settings: BaseSettings) -> dict[str, Slot]:
    """The `DOWNLOAD_SLOTS` of the sources' hosts.

    The pause protects other people's servers: a source on this machine has none, unless the source
    or the command line asks for one.
    """
    found: dict[str, Slot] = {}
    for source in sources:
        for host in _hosts(source):
            slot = _slot(source, host, settings)
            if slot:
                found[host] = slot
    return found


def _slot(source: Source, host: str, settings: BaseSettings) -> Slot:
    asked_for = (settings.getpriority("DOWNLOAD_DELAY") or 0) >= SETTINGS_PRIORITIES["cmdline"]
    slot: Slot = {}
    if is_loopback(host) and not asked_for:
        slot = {"delay": 0.0, "concurrency": settings.getint("LOOPBACK_CONCURRENCY")}
    if source.delay is not None:
        slot["delay"] = source.delay
    if slot.get("delay", settings.getfloat("DOWNLOAD_DELAY")) < LEAST_DELAY:
        slot["delay"] = LEAST_DELAY
    if source.concurrency is not None:
        slot["concurrency"] = source.concurrency
    return slot


def slow_down(downloader: Downloader, host: str, seconds: float) -> None:
    """Ask a host no faster than it wants, one request at a time; never faster than before.

    No jitter either, which would halve every other pause; unless its own rhythm is slow enough.
    """
    rhythm = dict(downloader.per_slot_settings.get(host, {}))
    delay = rhythm.get("delay", downloader._delay)
    jitter = rhythm.get("jitter", downloader._jitter)
    if delay * (1 - jitter) < seconds:
        delay, jitter = max(delay, seconds), 0.0
    rhythm |= {"delay": delay, "jitter": jitter, "concurrency": 1}
    downloader.per_slot_settings[host] = rhythm
    if (slot := downloader.slots.get(host)) is not None:
        slot.delay, slot.jitter, slot.concurrency = delay, jitter, 1


def _hosts(source: Source) -> set[str]:
    """The hosts a source is asked under: its own, with and without `www.`, and those it allows."""
    own = (urlsplit(source.url).hostname or "").removeprefix("www.")
    return {name for host in (own, *source.allowed_domains) for name in (host, f"www.{host}")}
