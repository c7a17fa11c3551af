"""What a robots.txt says to us (RFC 9309), and nothing of what it says to others.

The groups for our product token, wherever they stand, are one group; without one, those for `*`
hold (section 2.2.1). Protego knows how rules match paths; it takes `Colporteur/1.0` for another
robot than us, `colport` for us, and a byte order mark for a part of the first line, so the group is
chosen here. `Crawl-delay` is no part of the RFC, but publishers mean it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

# The RFC (2.5) asks for 500 KiB at least; what a longer file says further down is said to nobody.
MAX_BYTES = 500 * 1024

_PRODUCT = re.compile(r"[A-Za-z_-]+")
_RULES = ("allow", "disallow")
# How the use of what was fetched is limited: IETF's AI preferences (draft-ietf-aipref-attach) and
# Cloudflare's content signals (draft-romm-aipref-contentsignals).
_PREFERENCES = {"content-usage": "Content-Usage", "content-signal": "Content-Signal"}

Line = tuple[str, str]


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
        return self.parser is None or self.parser.can_fetch(url, "*")

    def preferences_for(self, url: str) -> tuple[str, ...]:
        """What is said of the use of a page, as `Content-Usage: train-ai=n`: the nearest path's."""
        path = urlsplit(url).path or "/"
        held = [(prefix, said) for prefix, said in self.preferences if path.startswith(prefix)]
        nearest = max((len(prefix) for prefix, _ in held), default=0)
        return tuple(said for prefix, said in held if len(prefix) == nearest)


def read_robots_txt(body: bytes, product: str) -> RobotsTxt:
    """Read a robots.txt for the robot whose product token is `product`."""
    ours, everyones = [], []
    for agents, lines in _groups(_lines(body[:MAX_BYTES], whole=len(body) <= MAX_BYTES)):
        if product.lower() in agents:
            ours.append(lines)
        elif "*" in agents:
            everyones.append(lines)
    # A group of ours that says nothing allows everything, whatever holds for all.
    lines = [line for group in ours or everyones for line in group]
    rules = [f"{name}: {value}" for name, value in lines if name in _RULES]
    delays = [_seconds(value) for name, value in lines if name == "crawl-delay"]
    return RobotsTxt(
        body,
        Protego.parse("\n".join(["User-agent: *", *rules])) if rules else None,
        next(filter(None, delays), None),
        tuple(_preference(name, value) for name, value in lines if name in _PREFERENCES),
    )


def _lines(body: bytes, whole: bool) -> Iterator[Line]:
    """The fields of a file, names in lower case, without comments; a line that is cut is none."""
    text = body.decode("utf-8-sig", "replace")
    lines = text.splitlines()
    for line in lines if whole else lines[:-1]:
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _groups(lines: Iterator[Line]) -> Iterator[tuple[frozenset[str], list[Line]]]:
    """The groups of a file: for which robots, and what; lines that we do not know part none."""
    agents: set[str] = set()
    said: list[Line] = []
    for name, value in lines:
        if name == "user-agent":
            if said:
                yield frozenset(agents), said
                agents, said = set(), []
            agents.add(_token(value))
        elif name in (*_RULES, "crawl-delay", *_PREFERENCES):
            said.append((name, value))
    yield frozenset(agents), said


def _token(value: str) -> str:
    """The product token of a user-agent line; `*` for all."""
    if value.startswith("*"):
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
        path, _, said = value.partition(" ")
    return path, f"{_PREFERENCES[name]}: {said.strip()}"
