"""What must never be reached: schemes other than http and https, and addresses of private networks.

Addresses are judged where names become addresses, in the resolver: that is the one place which sees
every host, whatever its spelling and whoever named it, a redirect included.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Request
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError

from crawler.discovery.urls import registrable_domain
from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.meta import PAGE, source_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase

LOOPBACK = "127.0.0.1"
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))

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


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the public internet, and so is any that is wrapped in it.

    IPv6 carries IPv4 addresses to which a gateway would pass a request on: mapped (RFC 4291), 6to4
    (RFC 3056), Teredo (RFC 4380) and NAT64 (RFC 6052, RFC 8215).
    """
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return True
    wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _NAT64):
        wrapped.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    return all(is_public(inner) for inner in wrapped if inner is not None)


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
        if self.allow_private or is_public(ipaddress.ip_address(address)):
            return address
        _refused_hosts[name] = address
        raise DNSLookupError(f"{name} is {address}, a private address")


class GuardMiddleware:
    """Refuses what leaves the web or the source's sites, and names what the resolver refused."""

    def process_request(self, request: Request) -> None:
        """Raises: FetchRefusedError."""
        scheme = urlparse_cached(request).scheme
        if scheme not in ("http", "https"):
            raise FetchRefusedError(Refusal(Reason.SCHEME, f'"{scheme}" is not http or https'))
        source = source_of(request)
        if source and request.meta.get(PAGE) and not source.owns(request.url):
            raise FetchRefusedError(_elsewhere(request.url))

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


def _elsewhere(url: str) -> Refusal:
    try:
        return Refusal(Reason.REDIRECTED_AWAY, registrable_domain(url))
    except ValueError as error:  # no host at all
        return Refusal(Reason.MALFORMED, str(error))
