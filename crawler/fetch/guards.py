"""What must never be reached: schemes other than http and https, and addresses of private networks.

Addresses are judged where names become addresses, in the resolver: that is the one place which sees
every host, whatever its spelling and whoever named it, a redirect included.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Request
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

LOOPBACK = "127.0.0.1"

# Hosts that the resolver refused, with their addresses: Twisted hands on only that none was found.
_refused_hosts: dict[str, str] = {}


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name (RFC 6761, section 6.3) or address."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class GuardedResolver(CachingThreadedResolver):
    """Resolves names, and refuses those that lead into a private network (server-side forgery).

    `*.localhost` is this machine without asking anyone, as RFC 6761 says.
    """

    allow_private = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("ALLOW_PRIVATE_HOSTS")
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 # Twisted's name
        """The address of a host. Fails with DNSLookupError if it is not for us."""
        host = name.removesuffix(".")
        if host == "localhost" or host.endswith(".localhost"):
            found: Deferred[str] = succeed(LOOPBACK)
        elif ":" in name:  # an IPv6 address, which the thread's gethostbyname does not know
            found = succeed(name)
        else:
            found = super().getHostByName(name, timeout)
        return found.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if self.allow_private or ipaddress.ip_address(address).is_global:
            return address
        _refused_hosts[name] = address
        raise DNSLookupError(f"{name} is {address}, a private address")


class GuardMiddleware:
    """Refuses URLs that are not http or https, and names what the resolver refused."""

    def process_request(self, request: Request) -> None:
        """Raises: FetchRefusedError."""
        scheme = urlparse_cached(request).scheme
        if scheme not in ("http", "https"):
            raise FetchRefusedError(Refusal(Reason.SCHEME, f'"{scheme}" is not http or https'))

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raises: FetchRefusedError in place of the resolver's 'not found'."""
        host = urlparse_cached(request).hostname or ""
        if isinstance(exception, CannotResolveHostError) and host in _refused_hosts:
            raise FetchRefusedError(
                Refusal(
                    Reason.PRIVATE_ADDRESS,
                    f"{host} is {_refused_hosts[host]}; set ALLOW_PRIVATE_HOSTS to allow it",
                )
            ) from exception
