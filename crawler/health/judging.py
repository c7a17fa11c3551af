"""The judgement on a source after a visit: what is wrong with it, and what has become normal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from crawler.health import shares, visits
from crawler.health.baseline import Baseline
from crawler.health.limits import Limits
from crawler.health.memory import Memory, Trouble, moment
from crawler.health.observation import NewArticle, Observation
from crawler.health.silence import silence
from crawler.state.source_days import Tally

# So many times what was to be expected, and so many articles, in one visit: an election does not
# do it, a new scheme of addresses does, or an archive that was opened.
_BURST = 10.0
_BURST_AT_LEAST = 50
# Events that were to be expected, before a silence can be one of years at all.
_SILENCE_AT_LEAST = 2.0
# Troubles that leave a source the articles that it has.
_LESS_IN_NOTHING = (shares.FILLED, "leads/")
# A site that dates an article before the last visit by more than this dated it back.
_LATE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is wrong with a source: what, since when, in a sentence; and if that is news."""

    source: str
    what: str
    since: datetime
    sentence: str
    is_new: bool


def baseline_of(
    memory: Memory, days: Mapping[date, Tally], limits: Limits, until: datetime | None = None
) -> Baseline | None:
    """What a source was used to, `until` its last answer; None if it was not watched for long.

    A time of trouble does not count, and is made up for by as much of the time before.
    """
    if memory.first_answer is None or memory.last_answer is None:
        return None
    last = until or moment(memory.last_answer)
    apart = timedelta(seconds=sum(until - since for since, until in memory.apart))
    back = limits.memory + min(apart, limits.accept)
    since = max(moment(memory.first_answer), last - back)
    usual = Baseline.of(days, since, last, memory.apart)
    return usual if timedelta(usual.days) >= limits.learning else None


def judge(
    memory: Memory,
    days: Mapping[date, Tally],
    baseline: Baseline | None,
    observation: Observation,
    limits: Limits,
) -> list[Finding]:
    """Take an observation into the memory, and say what is wrong now.

    `days` are those before the observation, and the baseline is made of them.
    """
    found: list[tuple[str, str]] = []
    before = memory.last_answer or observation.at.timestamp()
    if observation.answered and baseline:
        found += _burst(memory, baseline, observation)
    if observation.answered and memory.newest is None:
        memory.newest = observation.at.timestamp()  # nobody knows of anything newer
    for new in dated(memory, observation):
        memory.newest = max(memory.newest or 0.0, new.timestamp())
    if observation.answered is not None:
        visits.kept(memory, observation)
        found += visits.wrong(memory, observation)
    heights = shares.heights(days, limits)
    shares.kept(memory, observation, heights)
    found += shares.certain(memory, heights)
    if observation.answered and not found and baseline and _is_quiet(memory, baseline, observation):
        found += _silent(memory, days, observation, limits)
    told = list(_told(memory, dict(found), observation, limits))
    _set_apart(memory, before, observation.at, limits)
    return told


def dated(memory: Memory, observation: Observation) -> list[datetime]:
    """When each new article appeared: at its date of publication, unless it was dated back."""
    last = moment(memory.last_answer or 0.0)
    return [_appeared(article, last, observation.at) for article in observation.articles]


def by_day(moments: list[datetime]) -> dict[date, Tally]:
    """The tallies of new articles, by the day on which they appeared."""
    days: dict[date, Tally] = {}
    for appeared in moments:
        days.setdefault(appeared.date(), Tally()).hours[appeared.hour] += 1
    return days


def _appeared(article: NewArticle, last: datetime, now: datetime) -> datetime:
    published = article.published
    plausible = published and last - _LATE <= published <= now
    return (published if plausible and published else article.first_seen).astimezone(UTC)


def _burst(
    memory: Memory, baseline: Baseline, observation: Observation
) -> Iterator[tuple[str, str]]:
    new = len(dated(memory, observation))
    last = moment(memory.last_answer or 0.0)
    usual = max(baseline.expected(last, observation.at), baseline.rate / 24)
    if new >= max(_BURST_AT_LEAST, _BURST * usual):
        yield (
            "burst",
            f"{new} new articles since {last:%Y-%m-%d %H:%M}, where {usual:.1f} were to be "
            "expected: its addresses have probably changed, or an archive was opened; look for "
            "articles that are there twice",
        )


def _is_quiet(memory: Memory, baseline: Baseline, observation: Observation) -> bool:
    """Whether it is worth a look: most sources have just told something."""
    expected = baseline.expected(moment(memory.newest or 0.0), observation.at)
    return expected > _SILENCE_AT_LEAST * baseline.dispersion


def _silent(
    memory: Memory, days: Mapping[date, Tally], observation: Observation, limits: Limits
) -> Iterator[tuple[str, str]]:
    """The time of the silence itself says nothing of what the source was used to before."""
    newest = moment(memory.newest or 0.0)
    baseline = baseline_of(memory, days, limits, newest)
    now = silence(baseline, newest, observation.at) if baseline else None
    if now is None or now.years < limits.years:
        return
    if observation.is_unchanged:
        cause = (
            "its listings are the same as then: they are probably frozen, or served from a cache"
        )
    elif observation.named:
        cause = "its listings name only what is known: they are probably no longer kept up"
    else:
        cause = "its listings name nothing"
    yield (
        "silent",
        f"nothing new since {now.since:%Y-%m-%d %H:%M}, where {now.expected:.0f} articles were to "
        f"be expected; {cause}",
    )


def _told(
    memory: Memory, found: dict[str, str], observation: Observation, limits: Limits
) -> Iterator[Finding]:
    """What is wrong, until it has been so for so long that it is normal."""
    now = observation.at.timestamp()
    if observation.answered is None:  # the listings were not asked: what they lacked they lack
        asked = (shares.FILLED, shares.REFUSED)
        found = {
            **{
                what: t.sentence
                for what, t in memory.troubles.items()
                if not what.startswith(asked)
            },
            **found,
        }
    memory.troubles = {what: t for what, t in memory.troubles.items() if what in found}
    for what, sentence in found.items():
        is_new = what not in memory.troubles
        trouble = memory.troubles.setdefault(what, Trouble(now, sentence))
        trouble.sentence = sentence
        if now - trouble.since > limits.accept.total_seconds() and _accepted(memory, what, now):
            continue
        yield Finding(observation.source, what, moment(trouble.since), sentence, is_new)


def _set_apart(memory: Memory, before: float, at: datetime, limits: Limits) -> None:
    """Set the time of a trouble apart, from the last time that all was well, if one is there now.

    `before` is when the source answered last, without this visit.
    """
    now = at.timestamp()
    kept = now - (limits.memory + limits.accept).total_seconds()
    memory.apart = [time for time in memory.apart if time[1] >= kept]
    began = [
        _began(memory, what, before)
        for what in memory.troubles
        if not what.startswith(_LESS_IN_NOTHING)
    ]
    if not began:
        return
    if memory.apart and memory.apart[-1][1] >= min(began):
        began.append(memory.apart.pop()[0])
    memory.apart.append([min(began), now])


def _began(memory: Memory, what: str, before: float) -> float:
    if what == "silent":
        return memory.newest or before
    return memory.suspicions[what].since if what in memory.suspicions else before


def _accepted(memory: Memory, what: str, now: float) -> bool:
    """Whether that is how the source is from now on; one that cannot be read is never well."""
    if what.startswith((shares.FILLED, shares.REFUSED)):
        since = shares.accepted(memory, what) or now
        memory.apart = [time for time in memory.apart if time[1] < since]
    elif what.startswith("leads/"):
        memory.listings.pop(what.removeprefix("leads/"), None)
    else:
        return False
    del memory.troubles[what]
    return True
