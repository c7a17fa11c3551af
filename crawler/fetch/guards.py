"""What must never be reached: schemes other than http and https, and addresses of private networks.

Addresses are judged where names become addresses, in the resolver: that is the one place which sees
every host, whatever its spelling and whoever named it, a redirect included.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from scrapy.http import Request
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError

from crawler.discovery.urls import registrable_domain
from crawler.errors import Reason, Refusal
from crawler.fetch.addresses import LOOPBACK, Network, address_in, may_reach, opened
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.meta import PAGE, source_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase


# Hosts that the resolver refused, with their addresses: Twisted hands on only that none was found.
_refused_hosts: dict[str, str] = {}


class GuardedResolver(CachingThreadedResolver):
    """Resolves names, and refuses those that lead into a private network (server-side forgery).

    `*.localhost` is this machine without asking anyone, as RFC 6761 says.
    """

    opened: tuple[Network, ...] = ()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.opened = opened(crawler.settings["ALLOW_PRIVATE_HOSTS"])
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 # Twisted's name
        """The address of a host. Fails with DNSLookupError if it is not for us."""
        host = name.removesuffix(".")
        if host == "localhost" or host.endswith(".localhost"):
            found: Deferred[str] = succeed(str(LOOPBACK))
        elif ":" in name:  # an IPv6 address, which the thread's gethostbyname does not know
            found = succeed(name)
        else:
            found = self.look_up(name)
        return found.addCallback(self._checked, name)

    def look_up(self, name: str) -> Deferred[str]:
        """What the system's resolver says, for whom nothing is private."""
        return super().getHostByName(name)

    def _checked(self, address: str, name: str) -> str:
        if may_reach(ipaddress.ip_address(address), self.opened):
            return address
        _refused_hosts[name] = address
        raise DNSLookupError(f"{name} is {address}, a private address")


def private_address(host: str) -> Refusal | None:
    """Why the resolver did not give an address of a host, if it is ours to refuse."""
    address = _refused_hosts.get(host)
    return None if address is None else _private(host, address)


class GuardMiddleware:
    """Refuses what its URL alone gives away: other schemes, private addresses, other sites."""

    def __init__(self, opened: tuple[Network, ...] = ()) -> None:
        """`opened` are private networks that may be reached."""
        self._opened = opened

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises: ConfigurationError."""
        return cls(opened(crawler.settings["ALLOW_PRIVATE_HOSTS"]))

    def process_request(self, request: Request) -> None:
        """Raises: FetchRefusedError."""
        parts = urlparse_cached(request)
        if parts.scheme not in ("http", "https"):
            raise FetchRefusedError(
                Refusal(Reason.SCHEME, f'"{parts.scheme}" is not http or https')
            )
        host = parts.hostname or ""
        address = address_in(host)
        if address is not None and not may_reach(address, self._opened):
            raise FetchRefusedError(_private(host, str(address)))
        source = source_of(request)
        if source and request.meta.get(PAGE) and not source.owns(request.url):
            raise FetchRefusedError(_elsewhere(request.url))


def _private(host: str, address: str) -> Refusal:
    return Refusal(
        Reason.PRIVATE_ADDRESS, f"{host} is {address}; set ALLOW_PRIVATE_HOSTS to allow it"
    )


def _elsewhere(url: str) -> Refusal:
    try:
        return Refusal(Reason.REDIRECTED_AWAY, registrable_domain(url))
    except ValueError as error:  # no host at all
        return Refusal(Reason.MALFORMED, str(error))
