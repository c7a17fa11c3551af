"""What is remembered of a source from run to run, beside the sums of its days."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Share:
    """Of `of` pages, those on which a field was missing or that were refused for a reason."""

    hits: int = 0
    of: int = 0

    @property
    def chance(self) -> float:
        """That it is so of the next page (Krichevsky and Trofimov's estimate: never 0 or 1)."""
        return (self.hits + 0.5) / (self.of + 1)


@dataclass(slots=True)
class Suspicion:
    """How strongly it is suspected that something is missing or refused more often than it was.

    Since `since` (seconds since the epoch) it was so on `hits` of `of` pages. `is_certain` once it
    was told.
    """

    since: float
    score: float = 0.0
    hits: int = 0
    of: int = 0
    is_certain: bool = False


@dataclass(slots=True)
class ListingMemory:
    """One feed, sitemap or API: its answers so far, and the site that they are used to lead to.

    `refused` and `empty` count visits in a row, `empties` how often it began to name nothing;
    `had_any` says that it once named something.
    """

    answers: int = 0
    refused: int = 0
    empty: int = 0
    empties: int = 0
    had_any: bool = False
    leads_to: str | None = None


@dataclass(slots=True)
class Trouble:
    """Something that is wrong with a source, since when, in one sentence."""

    since: float
    sentence: str


@dataclass(slots=True)
class Memory:
    """Times are seconds since the epoch. `newest` is when the newest article was published.

    `failed` counts visits in a row at which no listing answered; `had_own` says that once a listing
    named an address of the source's own.
    `usual` is how often it was so of each field and reason, before what is suspected now.
    `apart` are the times, from and to, at which it did not give what it is used to give.
    """

    first_answer: float | None = None
    last_visit: float | None = None
    next_visit: float | None = None
    next_visit_why: str = ""
    last_answer: float | None = None
    newest: float | None = None
    answers: int = 0
    failed: int = 0
    had_own: bool = False
    suspicions: dict[str, Suspicion] = field(default_factory=dict)
    listings: dict[str, ListingMemory] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    usual: dict[str, Share] = field(default_factory=dict)
    apart: list[list[float]] = field(default_factory=list)

    @classmethod
    def read(cls, text: str | None) -> Memory:
        """What was written; nothing of a source that is new.

        What an earlier version wrote and this one does not know is left out, and learnt anew.
        """
        told = _known(cls, json.loads(text)) if text else {}
        for name, kind in (
            ("usual", Share),
            ("suspicions", Suspicion),
            ("listings", ListingMemory),
            ("troubles", Trouble),
        ):
            told[name] = {
                key: kind(**_known(kind, value)) for key, value in told.get(name, {}).items()
            }
        return cls(**told)

    def written(self) -> str:
        """As text."""
        return json.dumps(asdict(self), ensure_ascii=False)


def _known(kind: type, said: dict[str, Any]) -> dict[str, Any]:
    return {one.name: said[one.name] for one in fields(kind) if one.name in said}


def moment(seconds: float) -> datetime:
    """A time as it is remembered, as a moment."""
    return datetime.fromtimestamp(seconds, UTC)
