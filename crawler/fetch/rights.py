"""What publishers say about the use of a page, and what we do about it (`RIGHTS_POLICY`).

| said | what we do |
| --- | --- |
| `noindex`, `none` | refuse |
| `unavailable_after`, and it is past | refuse |
| TDM reservation 1 (header, meta, tdmrep.json) | refuse |
| `search=n`, `bots=n`, `tdm=n`, `all=n` (Content-Usage), `search=no` (Content-Signal) | refuse |
| `noarchive`, `nocache` | collect; the raw page is not kept: `no-archive` |
| `nosnippet`, `max-snippet:0` | collect, with the limit `no-snippet` |
| `noai`, `noimageai` | collect, with the limits `no-ai`, `no-image-ai` |
| `train-ai=n`, `train-genai=n`, `ai-train=no` | collect, with the limit `no-ai-training` |
| `ai-use=n`, `ai-output=n`, `ai-input=no` | collect, with the limit `no-ai-input` |

Under `record` nothing is refused, and the decision says against which of these it was collected.

What forbids that a page be found or mined forbids what a dataset is for: it is refused. What limits
a later use is for whoever uses the row: it stands in `rights.decision`. robots.txt itself holds
under both policies. A page's own words go before its headers, those before the site's file, as the
TDM Reservation Protocol (W3C Community Group, 2024) has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from crawler.errors import Reason, Refusal
from crawler.fetch.directives import expiry, split
from crawler.items import Rights

Policy = Literal["respect", "record"]
POLICIES: tuple[Policy, ...] = ("respect", "record")

_LIMITS = {
    "noarchive": "no-archive", "nocache": "no-archive", "nosnippet": "no-snippet",
    "max-snippet:0": "no-snippet", "max-snippet: 0": "no-snippet", "noai": "no-ai",
    "noimageai": "no-image-ai",
}  # fmt: skip
# The categories of draft-ietf-aipref-vocab, of its versions so far, and of content signals.
_USE_LIMITS = {
    **dict.fromkeys(("train-ai", "train-genai", "genai", "ai-train"), "no-ai-training"),
    **dict.fromkeys(("ai-use", "ai-output", "ai-input"), "no-ai-input"),
}
_USES_OF_OURS = ("search", "bots", "tdm", "all")
# `train-ai=n` of a structured field (RFC 9651), `ai-train=no` of a content signal.
_FORBIDDEN_USE = re.compile(r"\b([a-z-]+)\s*=\s*\"?(?:no|n|\?0)\b")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was said of a page, with the decision in it, and why the page is refused if it is."""

    rights: Rights
    refusal: Refusal | None = None


def rule(said: Rights, now: datetime, policy: Policy) -> Ruling:
    """Decide on a page by all that was said of it."""
    against = next(_objections(said, now), None)
    limits = "".join(f" {limit}" for limit in dict.fromkeys(_limits(said)))
    if against is None:
        return Ruling(replace(said, decision=f"collected{limits}"))
    if policy == "respect":
        return Ruling(replace(said, decision="refused"), against)
    return Ruling(replace(said, decision=f"collected against {against.reason}{limits}"))


def _objections(said: Rights, now: datetime) -> Iterator[Refusal]:
    """Why the page should not be collected, as far as its publisher is concerned."""
    for text in (said.x_robots_tag, said.meta_robots):
        directives = tuple(split(text or ""))
        if word := next((one for one in directives if one in ("noindex", "none")), None):
            yield Refusal(Reason.NOINDEX, word)
        moment = expiry(directives)
        if moment is not None and moment <= now:
            yield Refusal(Reason.EXPIRED, f"unavailable after {moment:%Y-%m-%d %H:%M}")
    if (said.tdm_reservation or "").startswith("1"):
        yield Refusal(Reason.TDM_RESERVED, said.tdm_reservation or "")
    for use in _forbidden_uses(said):
        if use in _USES_OF_OURS:
            yield Refusal(Reason.USE_REFUSED, said.ai_preferences or "")


def _limits(said: Rights) -> Iterator[str]:
    for text in (said.x_robots_tag, said.meta_robots):
        yield from (_LIMITS[one] for one in split(text or "") if one in _LIMITS)
    yield from (_USE_LIMITS[use] for use in _forbidden_uses(said) if use in _USE_LIMITS)


def _forbidden_uses(said: Rights) -> list[str]:
    return _FORBIDDEN_USE.findall((said.ai_preferences or "").lower())
