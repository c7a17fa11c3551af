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
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from math import log

from crawler.health.limits import Limits
from crawler.health.memory import Memory, Suspicion, moment
from crawler.health.observation import Observation
from crawler.state.source_days import Tally

# What a reader of the dataset expects of an article beside its headline and body, which it must
# have. Fields that a source never fills are known to be empty, and are no news.
FIELDS = (
    "description", "authors", "date_published", "in_language", "main_image", "section", "keywords",
)  # fmt: skip
FILLED = "filled/"
REFUSED = "refused/"
# Pages before anything is said of shares: a share of fewer is a guess.
_LEARNT_FROM = 20
# Of what was well, the part that is not. A redesign breaks nearly all; half would be found too, of
# what was nearly always well; and the more is assumed, the less an inexact share matters.
_WORSE_BY = 0.9
# Of the height, what one run may add: two are enough, though the second expects a little more.
_ONE_RUN = 0.55
# What is missing more often than this is not missed.
_USUAL_AT_MOST = 0.5
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Share:
    """Of `of` pages, those on which a field was missing or that were refused for a reason."""

    hits: int
    of: int

    @property
    def chance(self) -> float:
        """That it is so of the next page (Krichevsky and Trofimov's estimate: never 0 or 1)."""
        return (self.hits + 0.5) / (self.of + 1)


class Past:
    """The days before a run, summed up once."""

    def __init__(self, days: Mapping[date, Tally], limits: Limits) -> None:
        self._days = days
        self._years = limits.years

    @cached_property
    def _total(self) -> Tally:
        total = Tally()
        for tally in self._days.values():
            total.add(tally)
        return total

    def usual(self, what: str, memory: Memory) -> Share:
        """How often it was so before it was suspected, or since it is normal."""
        share = _share(what, self._total)
        if since := memory.normal_since.get(what):
            later = [tally for day, tally in self._days.items() if _begins(day) >= since]
            shares = [_share(what, tally) for tally in later]
            share = Share(sum(one.hits for one in shares), sum(one.of for one in shares))
        suspicion = memory.suspicions.get(what)
        if suspicion is None:
            return share
        return Share(max(0, share.hits - suspicion.hits), max(0, share.of - suspicion.of))

    def height(self, what: str) -> float:
        """The logarithm of the pages in as many years as chance has for one false alarm."""
        days = (max(self._days) - min(self._days)).days + 1 if self._days else 1
        pages = _share(what, self._total).of
        return log(max(pages / days * _DAYS_A_YEAR * self._years, 2.0))


def kept(memory: Memory, observation: Observation, past: Past) -> None:
    """Take into the suspicions what a run saw; `past` are the days without it."""
    now = observation.at.timestamp()
    for what, seen in _seen(observation.tally, {*memory.suspicions}).items():
        usual = past.usual(what, memory)
        if usual.of < _LEARNT_FROM or usual.chance > _USUAL_AT_MOST:
            memory.suspicions.pop(what, None)
            continue
        suspicion = memory.suspicions.get(what) or Suspicion(since=now)
        height = past.height(what)
        gained = _evidence(usual.chance, seen)
        suspicion.score = min(height, suspicion.score + min(gained, height * _ONE_RUN))
        suspicion.usual_hits, suspicion.usual_of = usual.hits, usual.of
        suspicion.hits += seen.hits
        suspicion.of += seen.of
        if suspicion.score > 0:
            memory.suspicions[what] = suspicion
        else:
            memory.suspicions.pop(what, None)


def certain(memory: Memory, past: Past) -> Iterator[tuple[str, str]]:
    """What is suspected so strongly that it is told: what it is, and the sentence.

    What was told is told until its suspicion has halved.
    """
    for what, suspicion in memory.suspicions.items():
        height = past.height(what)
        if suspicion.score >= (height / 2 if what in memory.troubles else height):
            yield what, _told(what, suspicion)


def _begins(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _share(what: str, tally: Tally) -> Share:
    area, _, name = what.partition("/")
    if f"{area}/" == FILLED:
        return Share(tally.read - tally.filled[name], tally.read)
    return Share(tally.refused[name], tally.decided)


def _seen(tally: Tally, suspected: set[str]) -> dict[str, Share]:
    """What this run's pages tell: of each field, and of each reason that was given or suspected."""
    things = {f"{FILLED}{name}" for name in FIELDS} | {f"{REFUSED}{name}" for name in tally.refused}
    shares = {what: _share(what, tally) for what in sorted(things | suspected)}
    return {what: share for what, share in shares.items() if share.of}


def _evidence(usual: float, seen: Share) -> float:
    worse = usual + (1 - usual) * _WORSE_BY
    return seen.hits * log(worse / usual) + (seen.of - seen.hits) * log((1 - worse) / (1 - usual))


def _told(what: str, suspicion: Suspicion) -> str:
    area, _, name = what.partition("/")
    since = f"{moment(suspicion.since):%Y-%m-%d %H:%M}"
    now = f"{suspicion.hits} of {suspicion.of} pages since {since}"
    before = f"{suspicion.usual_hits} of {suspicion.usual_of} before"
    if f"{area}/" == FILLED:
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
