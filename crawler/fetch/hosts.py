"""What each host makes known in a run: that it wants a pause, and whether it answers at all.

A host that says 429 or 503 is left alone for as long as it says (`Retry-After`, RFC 9110, section
10.2.3), else for twice as long each time. One that fails many times in a row has its circuit broken
(Nygard, "Release It!"): nothing is sent to it but now and then a single request that tries.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy.settings import BaseSettings

from crawler.errors import Reason, Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, but for `failures` and `jitter`; settings of the same names say why."""

    backoff_first: float
    jitter: float
    retry_after_max: float
    retry_after_wait: float
    breaker_failures: int
    breaker_rest: float

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """The limits that a run is given."""
        return cls(
            backoff_first=settings.getfloat("BACKOFF_FIRST"),
            jitter=settings.getfloat("DOWNLOAD_DELAY_JITTER"),
            retry_after_max=settings.getfloat("RETRY_AFTER_MAX"),
            retry_after_wait=settings.getfloat("RETRY_AFTER_WAIT"),
            breaker_failures=settings.getint("BREAKER_FAILURES"),
            breaker_rest=settings.getfloat("BREAKER_REST"),
        )


@dataclass(slots=True)
class _Host:
    not_before: float = 0.0
    said: str = ""
    pauses: int = 0
    failures: int = 0
    failed_by: str = ""
    rests_until: float = 0.0


class Hosts:
    """The hosts of a run, by their names. Times are seconds since the epoch."""

    def __init__(
        self,
        limits: Limits,
        known: Mapping[str, tuple[float, str]] | None = None,
        note: Callable[[str, float, str], None] = lambda host, until, said: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`known` are the pauses that earlier runs were told of; `note` is told of new ones."""
        self._limits = limits
        self._note = note
        self._clock = clock
        self._hosts: dict[str, _Host] = defaultdict(_Host)
        for name, (until, said) in (known or {}).items():
            self._hosts[name] = _Host(not_before=until, said=said)

    def wait(self, name: str) -> float:
        """Seconds until the host may be asked; 0 if now."""
        host = self._hosts.get(name)
        return max(0.0, host.not_before - self._clock()) if host else 0.0

    def refusal(self, name: str) -> Refusal | None:
        """Why the host is not asked again in this run; None if it is, be it after a wait."""
        host = self._hosts.get(name)
        if host is None:
            return None
        if self.wait(name) > self._limits.retry_after_wait:
            until = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(host.not_before))
            return Refusal(Reason.PUT_OFF, f"{name} said {host.said}: no request until {until} UTC")
        if self._clock() < host.rests_until:
            return Refusal(
                Reason.HOST_DOWN,
                f"{name} failed {host.failures} times in a row, last with {host.failed_by}; "
                "it is left alone, and its pages stay due",
            )
        return None

    def asked(self, name: str) -> None:
        """A request is on its way. To a host that was down it is the only one until it answers."""
        host = self._hosts.get(name)
        if host is not None and host.failures >= self._limits.breaker_failures:
            host.rests_until = self._clock() + self._limits.breaker_rest

    def put_off(self, name: str, seconds: float | None, said: str) -> None:
        """The host wants a pause of so many seconds; None if it does not say how long.

        One that wants another as soon as the first is over did not mean what it said: it is left
        alone for longer each time.
        """
        host = self._hosts[name]
        now = self._clock()
        if now >= host.not_before:  # else it was asked before it first said so: the same pause
            host.pauses += 1
        if seconds is None:
            seconds = self._backoff(host.pauses)
        elif host.pauses > 1:
            seconds = max(seconds, self._backoff(host.pauses - 1))
        host.failures, host.rests_until = 0, 0.0  # it answers
        until = now + min(seconds, self._limits.retry_after_max)
        if until > host.not_before:
            host.not_before, host.said = until, said
            self._note(name, until, said)

    def _backoff(self, pauses: int) -> float:
        """Twice as long each time, and never all hosts at once."""
        stretch = 1 + self._limits.jitter * random.random()  # noqa: S311 # no secret
        return self._limits.backoff_first * float(2 ** min(pauses - 1, 30)) * stretch

    def answered(self, name: str) -> None:
        """The host gave an answer that is no failure of its own."""
        if (host := self._hosts.get(name)) is not None:
            host.failures = host.pauses = 0
            host.rests_until = 0.0

    def failed(self, name: str, by: str) -> None:
        """A request to the host failed for a reason that may hold for all its pages."""
        host = self._hosts[name]
        host.failures += 1
        host.failed_by = by
        if host.failures >= self._limits.breaker_failures:
            host.rests_until = self._clock() + self._limits.breaker_rest


def retry_after(value: str | None, date: str | None, now: float) -> float | None:
    """The seconds that a `Retry-After` asks for, at least one; None if it says nothing readable.

    A date is read by the clock of the host, as far as its `Date` tells that, not by ours.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return max(1.0, float(text[:12]))  # more digits than a lifetime has seconds
    moment = _moment(text)
    if moment is None:
        return None
    its_now = _moment((date or "").strip())
    return max(1.0, moment - (now if its_now is None else its_now))


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
