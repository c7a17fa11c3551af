"""What each key of a source may hold: a raw TOML value in, the value of a `Source`'s field out.

A value that cannot be taken raises a `Mistake`, which says the rule, what was found, and the cure.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from crawler.discovery.urls import identity_url
from crawler.errors import ConfigurationError
from crawler.state.visits import duration

# RFC 5646, section 2.1, as far as one can tell a tag from a language's name.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_HOST = re.compile(r"[^\s/:?#@*.]+(\.[^\s/:?#@*.]+)*")
_BARE_ADDRESS = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?")


class Mistake(Exception):  # noqa: N818 - it is the person's, and is told as such
    """A value cannot be taken. `got` is the value itself, `key` where it stood."""

    def __init__(self, message: str, got: object = None, key: str | None = None) -> None:
        super().__init__(f"'{key}' {message}" if key else message)
        self.message = message
        self.got = got
        self.key = key


def http_url(value: object) -> str:
    """An absolute http or https address, as written. Raises: Mistake."""
    url = _string(value)
    if not url.lower().startswith(("http://", "https://")):
        raise _must("start with http:// or https://", url, _guess(url))
    if not url.isprintable() or " " in url:
        raise _must("hold no spaces or control characters", url, "write %20 for a space")
    try:
        identity_url(url)
    except ValueError:
        raise _must("name a host", url, 'write it as in "https://www.example.org/"') from None
    return url


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise _must("be a string", value, "write it in quotes")
    return value


def _language(value: object) -> str:
    tag = _string(value)
    if not _LANGUAGE.fullmatch(tag):
        raise _must("be a BCP 47 tag", tag, 'write one such as "fr" or "pt-BR"')
    return tag


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise _must("be true or false", value, "write it without quotes")
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _must("be a number of seconds", value, "write one such as 2.5, without quotes")
    if not (math.isfinite(value) and value >= 0):
        raise _must("be 0 or more seconds", value, "write one such as 2.5")
    return float(value)


def _duration(value: object) -> str:
    words = _string(value)
    try:
        duration(words, "every")
    except ConfigurationError:
        raise _must("be a time", words, 'write a number with m, h, d or w, as in "6h"') from None
    return words


def _requests(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _must("be a whole number from 1", value, "write one such as 2, without quotes")
    return value


def _host(value: object) -> str:
    host = _string(value)
    if not _HOST.fullmatch(host):
        named = urlsplit(host if "//" in host else f"//{host}").netloc.lstrip("*.")
        raise _must("be host names", host, f"write {_show(named or 'www.example.org')}")
    return host.lower()


def _list_of(reader: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise _must("be a list", value, f"put it in brackets: [{_show(value)}]")
        return tuple(reader(element) for element in value)

    return read


def _must(rule: str, got: object, cure: str) -> Mistake:
    return Mistake(f"must {rule}, got {_show(got)}; {cure}", got)


def _guess(url: str) -> str:
    bare = url.strip().lstrip("/")
    if not _BARE_ADDRESS.fullmatch(bare):
        return 'write it as in "https://www.example.org/"'
    return f"write {_show(f'https://{bare}' if '/' in bare else f'https://{bare}/')}"


def _show(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


READERS: Final[dict[str, Callable[[object], Any]]] = {
    "url": http_url,
    "language": _language,
    "enabled": _boolean,
    "feeds": _list_of(http_url),
    "sitemaps": _list_of(http_url),
    "wordpress": http_url,
    "listings": _list_of(http_url),
    "allowed_domains": _list_of(_host),
    "delay": _seconds,
    "concurrency": _requests,
    "requests": _requests,
    "every": _duration,
    "javascript": _boolean,
}
