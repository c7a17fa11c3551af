"""The identity of a URL: every address of one article gives one identity, two articles never do.

Nothing is asked of the network, not even for the list of public suffixes. An identity is for
comparing; the address to fetch is the one that was found.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote_from_bytes, urljoin, urlsplit

import idna

from crawler.discovery.tracking import is_tracking, without_path_session
from crawler.suffixes import below_suffix

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Labels of host names that serve the same article in another dress.
_TWIN_LABELS = frozenset(("www", "m", "mobile", "amp"))
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
# Most of what sitemaps name, fifty thousand at a time: an address of which no part has to be
# normalised before it is looked at.
_PLAIN = re.compile(rf"(https?)://({_HOST.pattern})(?::([1-5]?\d{{1,4}}))?(/[A-Za-z0-9\-._~/]*)")
# RFC 3986, 2.3 and 3.3: an escaped unreserved character is that character, a sub-delimiter is not.
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_UNSAFE = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~/:@!$&'()*+,;=?]")
# What may make a path another in its one spelling: an escape, an empty segment, a dot, AMP's mark.
_ODD_IN_PATH = re.compile(r"//|/\.|amp|[^A-Za-z0-9\-._~/]")
# A page's own segment, not a section's: only such a page has an AMP twin that we fold.
_PAGE_SEGMENT = re.compile(r"[-_.0-9]")
_AMP_SUFFIX = re.compile(r"(?<=[^.])\.amp(?=\.html?$|$)")


def identity_url(url: str) -> str:
    """The one spelling that stands for all addresses of the page at `url`. Idempotent.

    Scheme, `www.`, mobile and AMP twins, default ports, user names, fragments, session and
    tracking parameters, the order of the query, slashes and percent-encoding make no difference.

    Raises ValueError where `url` is no http or https URL.
    """
    host, port, path, query = _split(url)
    path, query = _path(path), _query(query)
    place = f"[{host}]" if ":" in host else _without_twin_labels(host)
    if port is not None:
        place += f":{port}"
    return f"https://{place}/{path}{'?' if query else ''}{query}"


# A URL that a listing names is asked for its id and its site by several, one after the other; so
# many are taken together (crawler.spiders.listing_pages).
@lru_cache(maxsize=4096)
def article_id(url: str) -> str:
    """32 hex digits, the BLAKE2b-128 of the identity: the key of an article in every table."""
    return blake2b(identity_url(url).encode("ascii"), digest_size=16).hexdigest()


def registrable_domain(url: str) -> str:
    """What was registered: `example.co.uk`; a blog's own host on a hosting domain; in ASCII.

    An IP address, and a name without a public suffix such as `localhost`, is itself. Raises
    ValueError where `url` is no http or https URL.
    """
    return _registrable_domain(_split(url)[0])


def same_site(a: str, b: str) -> bool:
    """Whether both lie below one registrable domain; False where one is no http or https URL."""
    try:
        return registrable_domain(a) == registrable_domain(b)
    except ValueError:
        return False


def resolve(base: str, reference: object) -> str | None:
    """The absolute http(s) URL a link means, without fragment; None if it leads nowhere on the web.

    An empty reference, or one that is no string, leads nowhere. What comes out has an identity:
    `identity_url` does not raise on it.
    """
    if not isinstance(reference, str) or not reference.strip():
        return None
    try:
        url = reference.strip()
        if not _PLAIN.fullmatch(url):
            url = urljoin(base, url).partition("#")[0]
            _split(url)
    except ValueError:
        return None
    return url


@lru_cache(maxsize=4096)
def _split(url: str) -> tuple[str, int | None, str, str]:
    """The host in ASCII, the port if not the default one, the path and the query."""
    if plain := _PLAIN.fullmatch(url):
        scheme, name, digits, path = plain.groups()
        return name, _told_port(scheme, int(digits) if digits else None), path, ""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"{url!r} is no URL: {error}.") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError(f"{url!r} is no http or https URL.")
    if not host:
        raise ValueError(f"{url!r} has no host.")
    return _ascii_host(host), _told_port(parts.scheme, port), parts.path, parts.query


def _told_port(scheme: str, port: int | None) -> int | None:
    """443 is no part of an identity also for http: that is https, and its own identity."""
    return None if port in (_DEFAULT_PORTS[scheme], 443) else port


@lru_cache(maxsize=4096)
def _ascii_host(host: str) -> str:
    if ":" in host:
        try:
            return IPv6Address(host).compressed
        except ValueError as error:
            raise ValueError(f"{host!r} is no IPv6 address: {error}.") from None
    ascii_host = host.lower().removesuffix(".")
    if not ascii_host.isascii():
        try:
            ascii_host = idna.encode(ascii_host, uts46=True).decode("ascii").removesuffix(".")
        except UnicodeError as error:
            raise ValueError(f"{host!r} is no host name: {error}.") from None
    if not _HOST.fullmatch(ascii_host):
        raise ValueError(f"{host!r} is no host name.")
    return ascii_host


@lru_cache(maxsize=4096)
def _registrable_domain(host: str) -> str:
    return host if _is_address(host) else below_suffix(host)


def _is_address(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return ":" in host
    return True


@lru_cache(maxsize=4096)
def _without_twin_labels(host: str) -> str:
    """`fr.m.example.org` is `fr.example.org`; the registrable domain itself is never touched."""
    domain = _registrable_domain(host)
    labels = host.removesuffix(domain).split(".")
    return ".".join([label for label in labels if label and label not in _TWIN_LABELS] + [domain])


def _escaped(text: str) -> str:
    """Percent-encoding in its one normal form, UTF-8 (RFC 3986, 6.2.2); a stray % is escaped."""
    return _UNSAFE.sub(_normal_escape, text)


def _normal_escape(match: re.Match[str]) -> str:
    digits = match[1]
    if digits is None:
        return quote_from_bytes(match[0].encode("utf-8", "replace"), safe="")
    byte = int(digits, 16)
    return chr(byte) if byte in _UNRESERVED else f"%{digits.upper()}"


def _path(path: str) -> str:
    """The path in its one spelling, without the slashes around it."""
    if not _ODD_IN_PATH.search(path):
        return path.strip("/")
    return "/".join(_segments(without_path_session(_escaped(path))))


def _segments(path: str) -> list[str]:
    """The path's segments without empty ones, `.` and `..`, and without the marks of AMP."""
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    while (fewer := _without_amp(segments)) != segments:
        segments = fewer
    return segments


def _without_amp(segments: list[str]) -> list[str]:
    if not segments:
        return segments
    if segments[-1] == "amp" and len(segments) > 1 and _PAGE_SEGMENT.search(segments[-2]):
        return segments[:-1]
    if segments[0] == "amp" and _PAGE_SEGMENT.search(segments[-1]):
        return segments[1:]
    return [*segments[:-1], _AMP_SUFFIX.sub("", segments[-1])]


def _query(query: str) -> str:
    """The parameters that may name the article, sorted by name; equal names keep their order."""
    pairs = []
    for pair in query.split("&") if query else ():
        # "amp;" is left where a page escaped its own & twice.
        name, equals, value = _escaped(re.sub(r"^(?:amp;)+", "", pair)).partition("=")
        value = value.replace("+", "%20")
        if (name or value) and not is_tracking(name, value):
            pairs.append((name, f"{name}{equals}{value}"))
    return "&".join(text for _, text in sorted(pairs, key=lambda pair: pair[0]))
