"""Which addresses a crawl may reach: those of the public internet, and what the person opens.

The tables are our own. Python's `is_global` differs from version to version, and calls multicast,
6to4 and NAT64 addresses global, though they lead to whatever IPv4 address they hold.
"""

from __future__ import annotations

import socket
import unicodedata
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from crawler.errors import ConfigurationError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LOOPBACK = IPv4Address("127.0.0.1")
EVERYWHERE: tuple[Network, ...] = (IPv4Network("0.0.0.0/0"), IPv6Network("::/0"))
_WORDS = {"": (), "0": (), "false": (), "no": (), "1": EVERYWHERE, "true": EVERYWHERE,
          "yes": EVERYWHERE}  # fmt: skip

# IANA's special-purpose registry (RFC 6890) as far as it is not for the public, multicast (RFC
# 5771), the retired 6to4 relays (RFC 7526), and what is reserved.
_SPECIAL = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
    224.0.0.0/4 240.0.0.0/4
"""
_NOT_PUBLIC = tuple(map(IPv4Network, _SPECIAL.split()))
# Public by its number, and yet what a machine in that cloud asks for its own secrets (Azure's
# WireServer). Those of the others are link-local, shared or unique local addresses.
_METADATA = IPv4Address("168.63.129.16")
# All that IANA ever gave out for hosts (RFC 4291, 2.4), but for protocols (among them Teredo),
# documentation and 6to4. What holds an IPv4 address in another way lies outside of it.
_GIVEN_OUT = IPv6Network("2000::/3")
_NOT_OF_HOSTS = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


def is_public(address: Address) -> bool:
    """Whether an address may be a public host's."""
    if isinstance(address, IPv4Address):
        return address != _METADATA and not any(address in net for net in _NOT_PUBLIC)
    if address.scope_id is not None:  # an interface of this machine
        return False
    return address in _GIVEN_OUT and not any(address in net for net in _NOT_OF_HOSTS)


def opened(value: object) -> tuple[Network, ...]:
    """The networks that ALLOW_PRIVATE_HOSTS opens: all (1), none (0), or `10.1.0.0/16, fd00::/8`.

    Raises: ConfigurationError.
    """
    said = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
    known = _WORDS.get(said.strip().lower())
    if known is not None:
        return known
    try:
        return tuple(ip_network(part.strip()) for part in said.split(","))
    except ValueError as error:
        raise ConfigurationError(
            f"ALLOW_PRIVATE_HOSTS={said}: {error}; give 1, 0, or networks such as 10.1.0.0/16."
        ) from error


def address_in(host: str) -> Address | None:
    """The address that a host is by its very spelling, as connecting would take it; None for names.

    Decimal, octal, hexadecimal and short forms count (inet_aton(3)), and digits and dots of any
    script (RFC 3490, 3.1).
    """
    plain = (
        unicodedata.normalize("NFKC", host).replace("\N{IDEOGRAPHIC FULL STOP}", ".").rstrip(".")
    )
    if _is_localhost(plain.lower()):
        return LOOPBACK
    try:
        return ip_address(plain) if ":" in plain else IPv4Address(socket.inet_aton(plain))
    except (OSError, ValueError):
        return None


def may_reach(address: Address, opened: Iterable[Network]) -> bool:
    """Whether an address is for us."""
    return is_public(address) or any(address in network for network in opened)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name (RFC 6761, section 6.3) or address."""
    if _is_localhost(host):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_localhost(name: str) -> bool:
    return name == "localhost" or name.endswith(".localhost")
