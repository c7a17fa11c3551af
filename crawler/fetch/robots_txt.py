"""What a robots.txt says to us (RFC 9309), and nothing of what it says to others.

The groups for our product token, wherever they stand, are one group; without one, those for `*`
hold (section 2.2.1). Protego knows how rules match paths; it takes `Colporteur/1.0` for another
robot than us, `colport` for us, and a byte order mark for a part of the first line, so the group is
chosen here; in a query it tells `/` from `%2F`, which 2.2.2 does not. `Crawl-delay` is no part of
the RFC, but publishers mean it.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

# The RFC (2.5) asks for 500 KiB at least; what a longer file says further down is said to nobody.
MAX_BYTES = 500 * 1024

# What stands before a version, a comment or a star. The RFC has no digits in it, robots' names do.
_PRODUCT = re.compile(r"[^\s/;,()*]+")
_WHITE_SPACE = " \t\v\f\0\ufeff"
# Names as site owners write them; the misspellings are those that Google's parser takes too.
_SPELLINGS = {
    **dict.fromkeys(("useragent", "user agent"), "user-agent"),
    **dict.fromkeys(("dissallow", "dissalow", "disalow", "diasllow", "disallaw"), "disallow"),
    **dict.fromkeys(("crawldelay", "crawl delay"), "crawl-delay"),
}
_WITHOUT_COLON = re.compile(r"(user-?agent|di\w+|allow)[ \t]+(\S+)", re.IGNORECASE)
_RULES = ("allow", "disallow")
# The drafts make a Content-Usage a rule, too.
_ENDING = (*_RULES, "content-usage")
# How the use of what was fetched is limited: IETF's AI preferences (draft-ietf-aipref-attach) and
# Cloudflare's content signals (draft-romm-aipref-contentsignals).
_PREFERENCES = {"content-usage": "Content-Usage", "content-signal": "Content-Signal"}

Line = tuple[str, str]


class PathPattern:
    """A path with `*` and `$`, as robots.txt and tdmrep.json write them."""

    def __init__(self, pattern: str) -> None:
        self._rule = Protego.parse(f"User-agent: *\nDisallow: {_comparable(pattern)}")

    def matches(self, url: str) -> bool:
        """Whether a URL lies there or below."""
        return not self._rule.can_fetch(_comparable(url), "*")


_pattern = lru_cache(4096)(PathPattern)


@dataclass(frozen=True, slots=True)
class RobotsTxt:
    """The rules of one origin for us. Without any, everything is allowed.

    `preferences` are what it says of use, each with the path that it holds for; `crawl_delay` is in
    seconds.
    """

    body: bytes = b""
    parser: Protego | None = None
    crawl_delay: float | None = None
    preferences: tuple[Line, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether a URL may be asked for."""
        return self.parser is None or self.parser.can_fetch(_comparable(url), "*")

    def preferences_for(self, url: str) -> tuple[str, ...]:
        """What is said of the use of a page, as `Content-Usage: train-ai=n`: the nearest path's.

        Of usages and of signals by themselves: neither takes the other back.
        """
        held = [(path, said) for path, said in self.preferences if _pattern(path).matches(url)]
        nearest: dict[str, int] = {}
        for path, said in held:
            kind = said.partition(":")[0]
            nearest[kind] = max(nearest.get(kind, 0), len(path))
        return tuple(said for path, said in held if len(path) == nearest[said.partition(":")[0]])


def read_robots_txt(body: bytes, product: str) -> RobotsTxt:
    """Read a robots.txt for the robot whose product token is `product`."""
    ours, everyones = [], []
    for agents, lines in _groups(_lines(body[:MAX_BYTES], whole=len(body) <= MAX_BYTES)):
        if _token(product) in agents:
            ours.append(lines)
        elif "*" in agents:
            everyones.append(lines)
    # A group of ours that says nothing allows everything, whatever holds for all.
    lines = [line for group in ours or everyones for line in group]
    rules = [f"{name}: {_comparable(value)}" for name, value in lines if name in _RULES]
    delays = [_seconds(value) for name, value in lines if name == "crawl-delay"]
    return RobotsTxt(
        body,
        Protego.parse("\n".join(["User-agent: *", *rules])) if rules else None,
        next(filter(None, delays), None),
        tuple(_preference(name, value) for name, value in lines if name in _PREFERENCES and value),
    )


def _lines(body: bytes, whole: bool) -> Iterator[Line]:
    """The fields of a file, names in lower case, without comments; a line that is cut is none."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        body = body.decode("utf-16", "replace").encode("utf-8", "replace")
    lines = re.split(r"[\r\n]+", body.decode("utf-8", "surrogateescape"))
    for line in lines if whole else lines[:-1]:
        field = line.partition("#")[0].strip(_WHITE_SPACE)
        name, colon, value = field.partition(":")
        if not colon:
            bare = _WITHOUT_COLON.fullmatch(field)
            if bare is None:
                continue
            name, value = bare.groups()
        name = " ".join(name.lower().split())
        yield _SPELLINGS.get(name, name), value.strip(_WHITE_SPACE)


def _groups(lines: Iterator[Line]) -> Iterator[tuple[frozenset[str], list[Line]]]:
    """The groups of a file: for which robots, and what.

    Only a rule ends the names that a group is for: any other record must not (2.2.4), so a delay
    between two names parts no group, and what is forbidden below is forbidden to both. The delay
    itself is for the names above it.
    """
    agents: set[str] = set()
    rules: list[Line] = []
    for name, value in lines:
        if name == "user-agent":
            if rules:
                yield frozenset(agents), rules
                agents, rules = set(), []
            agents.add(_token(value))
        elif name in _ENDING:
            rules.append((name, value))
        elif name in ("crawl-delay", *_PREFERENCES):
            yield frozenset(agents), [(name, value)]
    yield frozenset(agents), rules


def _token(value: str) -> str:
    """The product token of a user-agent line; `*` for all."""
    if value == "*" or value.startswith("* "):
        return "*"
    match = _PRODUCT.match(value)
    return match[0].lower() if match else ""


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _preference(name: str, value: str) -> Line:
    """The path that a preference holds for, and what it says."""
    path, said = "/", value
    if value.startswith("/"):
        path, _, said = value.replace("\t", " ").partition(" ")
    return path, f"{_PREFERENCES[name]}: {said.strip()}"


def _comparable(path: str) -> str:
    """A path or URL with what is not ASCII, and a query's slashes, in `%`-encoding."""
    encoded = "".join(
        character
        if character.isascii()
        else "".join(f"%{octet:02X}" for octet in character.encode("utf-8", "surrogateescape"))
        for character in path
    )
    before, mark, query = encoded.partition("?")
    return before + mark + query.replace("/", "%2F")
