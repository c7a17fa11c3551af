"""Whether something is missing, or refused, more often than it was: fields and reasons.

A Bernoulli CUSUM: each page adds what it tells for "hardly anything is well" against "all is as it
was" (a log-likelihood ratio), and the sum never falls below zero. It is the test that
finds a lasting change soonest for a given rate of false alarms, one page at a time, however few
there are (Page, Continuous inspection schemes, Biometrika 1954; Lorden, Procedures for reacting to
a change in distribution, 1971; for shares: Reynolds and Stoumbos, A CUSUM chart for monitoring a
proportion, Journal of Quality Technology 1999). At a height of `log(n)` it is reached by chance
once in `n` pages or more, so that `n` is the pages of as many years as the return period has.

No single run raises it by much more than half of that: what a site published together (ten
galleries) is one event, not ten. A change is so found at the second run that sees it, if the pages
suffice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import log

from crawler.health.limits import Limits
from crawler.health.memory import Memory, Share, Suspicion, moment
from crawler.health.observation import Observation
from crawler.state.source_days import Tally

# What a reader of the dataset expects of an article beside its headline and body, which it must
# have. Fields that a source never fills are known to be empty, and are no news.
FIELDS = (
    "description", "authors", "date_published", "in_language", "main_image", "section", "keywords",
)  # fmt: skip
FILLED = "filled/"
REFUSED = "refused/"
# Pages before anything is said of shares. A share of so few is a guess, which the estimate allows
# for; more would leave out the sources that have an article a week.
_LEARNT_FROM = 4
# Pages that a share is learnt of; older ones then count half, and half of that.
_REMEMBERED = 1_000
# Of what was well, the part that is not. A redesign breaks nearly all; half would be found too, of
# what was nearly always well; and the more is assumed, the less an inexact share matters.
_WORSE_BY = 0.9
# Of the height, what one run may add: two are enough, though the second expects a little more.
_ONE_RUN = 0.55
# What is missing more often than this is not missed.
_USUAL_AT_MOST = 0.5
_DAYS_A_YEAR = 365.25


Heights = Mapping[str, float]


def heights(days: Mapping[date, Tally], limits: Limits) -> Heights:
    """Of fields and of reasons: the logarithm of the pages in as many years as chance has for one
    false alarm. `days` are those before a run."""
    span = (max(days) - min(days)).days + 1 if days else 1
    pages = {area: sum(_share(area, one).of for one in days.values()) for area in (FILLED, REFUSED)}
    return {
        area: log(max(number / span * _DAYS_A_YEAR * limits.years, 2.0))
        for area, number in pages.items()
    }


def kept(memory: Memory, observation: Observation, heights: Heights) -> None:
    """Take what a run saw into the suspicions, or else into what is usual.

    What is suspected is no part of what is usual until it turns out to be nothing.
    """
    now = observation.at.timestamp()
    for what, seen in _seen(observation.tally, {*memory.suspicions, *memory.usual}).items():
        usual = memory.usual.get(what) or Share(0, memory.usual.get(_area(what), Share()).of)
        if usual.of < _LEARNT_FROM or usual.chance > _USUAL_AT_MOST:
            _learn(memory, what, usual, seen)
            continue
        suspicion = memory.suspicions.get(what) or Suspicion(since=now)
        most = heights[_area(what)]
        gained = _evidence(usual.chance, seen)
        suspicion.score = min(most, suspicion.score + min(gained, most * _ONE_RUN))
        suspicion.hits += seen.hits
        suspicion.of += seen.of
        if suspicion.score > 0:
            memory.suspicions[what], memory.usual[what] = suspicion, usual
        else:  # a fault that is over is no part of what is usual
            _learn(memory, what, usual, Share() if suspicion.is_certain else suspicion)


def accepted(memory: Memory, what: str) -> float | None:
    """Let what is suspected be usual from now on; since when it is so."""
    suspicion = memory.suspicions.pop(what, None)
    if suspicion is None:
        return None
    memory.usual[what] = Share(suspicion.hits, suspicion.of)
    return suspicion.since


def _learn(memory: Memory, what: str, usual: Share, seen: Share | Suspicion) -> None:
    memory.suspicions.pop(what, None)
    hits, pages = usual.hits + seen.hits, usual.of + seen.of
    is_much = pages > 2 * _REMEMBERED
    memory.usual[what] = Share(hits // 2, pages // 2) if is_much else Share(hits, pages)


def certain(memory: Memory, heights: Heights) -> Iterator[tuple[str, str]]:
    """What is suspected so strongly that it is told: what it is, and the sentence.

    What was told is told until its suspicion has halved.
    """
    for what, suspicion in memory.suspicions.items():
        most = heights[_area(what)]
        if suspicion.score >= (most / 2 if what in memory.troubles else most):
            suspicion.is_certain = True
            yield what, _told(what, suspicion, memory.usual.get(what, Share()))


def _area(what: str) -> str:
    """Under what the pages of all reasons are known, also of one that was never given."""
    return f"{what.partition('/')[0]}/"


def _share(what: str, tally: Tally) -> Share:
    name = what.partition("/")[2]
    if _area(what) == FILLED:
        return Share(tally.read - tally.filled[name], tally.read)
    return Share(tally.refused[name], tally.decided)


def _seen(tally: Tally, known: set[str]) -> dict[str, Share]:
    """What this run's pages tell: of each field, and of each reason that was ever given."""
    things = {REFUSED} | {f"{FILLED}{name}" for name in FIELDS}
    things |= {f"{REFUSED}{name}" for name in tally.refused}
    # A reason before all of them, so that one that is new is judged by the pages before this run.
    shares = {what: _share(what, tally) for what in sorted(things | known, reverse=True)}
    return {what: share for what, share in shares.items() if share.of}


def _evidence(usual: float, seen: Share) -> float:
    worse = usual + (1 - usual) * _WORSE_BY
    return seen.hits * log(worse / usual) + (seen.of - seen.hits) * log((1 - worse) / (1 - usual))


def _told(what: str, suspicion: Suspicion, usual: Share) -> str:
    name = what.partition("/")[2]
    since = f"{moment(suspicion.since):%Y-%m-%d %H:%M}"
    now = f"{suspicion.hits} of {suspicion.of} pages since {since}"
    before = f"{usual.hits} of {usual.of} before"
    if _area(what) == FILLED:
        return (
            f"{name} is empty on {now}, and was on {before}: the pages were probably redesigned; "
            "look at one with `scrapy extract`"
        )
    return f"{now} were refused for {name}, and {before}: {_cause(name)}"


def _cause(reason: str) -> str:
    area = reason.partition("/")[0]
    causes = {
        "rights": "the publisher has probably changed what may be collected",
        "robots": "robots.txt has probably been changed",
        "http": "the site probably refuses us, or has moved its pages",
        "fetch": "the site is probably overloaded or in trouble",
        "integrity": "the server, or something before it, probably cuts or changes its answers",
        "extract": "the pages have probably become too heavy to read",
    }
    return causes.get(area, "the pages were probably redesigned, or the feed names other things")
