"""`/.well-known/tdmrep.json`: what a site reserves of text and data mining, by paths.

TDM Reservation Protocol, final report of the W3C Community Group (2024), section "TDM File on the
Origin Server".
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

PATH = "/.well-known/tdmrep.json"
# A site with more rules than this has generated them, one a page; the first ones are read.
MAX_RULES = 1_000


def reservation(value: object, policy: object) -> str | None:
    """`1` or `0` with the address of the policy, if there is one; None for anything else."""
    told = str(value).strip() if isinstance(value, str | int) else ""
    if told not in ("0", "1"):
        return None
    return f"{told} {policy.strip()}" if isinstance(policy, str) and policy.strip() else told


def reservation_for(body: bytes, url: str) -> str | None:
    """What the file says of a page: its first rule whose location matches. None if it says nothing.

    A location is a path in which `*` stands for anything and `$` for the end, as in robots.txt.
    """
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    for rule in _rules(body):
        if _matches(rule.get("location"), path):
            return reservation(rule.get("tdm-reservation"), rule.get("tdm-policy"))
    return None


@lru_cache(maxsize=256)
def _rules(body: bytes) -> tuple[dict[str, Any], ...]:
    """The rules of a file, read once however many pages of its site are asked about."""
    try:
        rules = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    listed = rules[:MAX_RULES] if isinstance(rules, list) else ()
    return tuple(rule for rule in listed if isinstance(rule, dict))


def _matches(location: Any, path: str) -> bool:
    """Whether a path is a location's: each part in its place, found in one pass from the left."""
    if not isinstance(location, str):
        return False
    pattern = location if location.startswith(("/", "*")) else f"/{location}"
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    last = others.pop() if others and pattern.endswith("$") else None
    for part in others:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if last is not None:
        return path.endswith(last) and len(path) - len(last) >= at
    return at == len(path) if pattern.endswith("$") else True
