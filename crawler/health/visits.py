"""Whether a source still answers, names something, and names what is its own.

These are facts of one visit. What may be a hiccup (a timeout, an empty answer) is told at the
second visit in a row; a source that is new gets no such patience.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.health.memory import ListingMemory, Memory
from crawler.health.observation import Observation

# Visits in a row at which something is wrong, before it is told. Sites have hiccups of minutes
# every few weeks; an hour later they are over.
IN_A_ROW = 2
# Visits at which a listing went well before it is odd that it does not.
PROVEN = 5
# Visits at which a source answered, before a failure may be a hiccup: a day of hourly runs.
_TRUSTED = 24
# A listing that became empty more often than this, of its answers, is a quiet one.
_SELDOM = 0.02


def kept(memory: Memory, observation: Observation) -> None:
    """Take into the memory how a visit went."""
    now = observation.at.timestamp()
    memory.last_visit = now
    _listings_kept(memory, observation)
    if not observation.answered:
        memory.failed += 1
        return
    memory.failed = 0
    memory.last_answer = now
    memory.first_answer = memory.first_answer or now
    memory.answers += 1
    memory.had_own = memory.had_own or bool(observation.own)


def wrong(memory: Memory, observation: Observation) -> Iterator[tuple[str, str]]:
    """What is wrong with the visit that the memory was told of: what it is, and the sentence."""
    if observation.answered is False:
        is_hiccup = observation.is_transient and memory.answers >= _TRUSTED
        if memory.failed >= IN_A_ROW or not is_hiccup:
            yield "unreachable", f"nothing could be read: {observation.refusal}"
        return
    broken = [
        wrong
        for url in observation.listings
        for wrong in _listing_wrong(url, memory.listings[url], observation)
    ]
    yield from broken
    if not broken and observation.named and not observation.own and memory.had_own:
        yield (
            "elsewhere",
            f"all {observation.named} addresses that it lists are on {observation.elsewhere}, "
            "another site: the feed was probably taken over or given up; if that is right, name "
            "the site in allowed_domains",
        )


def _listings_kept(memory: Memory, observation: Observation) -> None:
    """Of listings that are no longer asked for nothing is kept."""
    for url in [url for url in memory.listings if url not in observation.listings]:
        if observation.answered:
            del memory.listings[url]
    for url, seen in observation.listings.items():
        known = memory.listings.setdefault(url, ListingMemory())
        if seen.refused:
            known.refused += 1
            continue
        known.refused = 0
        known.answers += 1
        if seen.is_empty is not None:
            known.empty = known.empty + 1 if seen.is_empty else 0
            known.empties += known.empty == 1
            known.had_any = known.had_any or not seen.is_empty
        elif seen.is_unchanged and known.empty:
            known.empty += 1
        if known.answers <= PROVEN:
            known.leads_to = seen.leads_to


def _listing_wrong(
    url: str, known: ListingMemory, observation: Observation
) -> Iterator[tuple[str, str]]:
    seen = observation.listings[url]
    if seen.refused and observation.answered:
        if known.answers >= PROVEN and known.refused >= IN_A_ROW:
            yield (
                f"listing/{url}",
                f"{url} gave articles and is refused now ({seen.refused}), while others answer: it "
                "has probably moved; look for its address with `scrapy sources add`",
            )
    elif known.empty >= IN_A_ROW and known.answers > PROVEN and _is_odd(known):
        yield (
            f"empty/{url}",
            f"{url} answers and names nothing, where it was never empty: it is probably broken, or "
            "there is another one now",
        )
    elif seen.leads_to and seen.leads_to != known.leads_to and known.answers > PROVEN:
        yield (
            f"leads/{url}",
            f"{url} leads to {seen.leads_to} now, another site: the feed has probably moved; if "
            "that is right, write its new address into the sources file",
        )


def _is_odd(known: ListingMemory) -> bool:
    """Not of one that never named anything: a front page without a link is how its site is."""
    return known.had_any and known.empties - 1 <= _SELDOM * known.answers
