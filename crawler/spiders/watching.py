"""Watches the sources of a run: what each gave goes into its history, and is judged by it."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from scrapy.http import Response

from crawler.discovery.urls import registrable_domain, same_site
from crawler.errors import Reason, Refusal
from crawler.fetch.listings import Answer
from crawler.health.history import History
from crawler.health.limits import Limits
from crawler.health.memory import Memory
from crawler.health.observation import Listing, NewArticle, Observation
from crawler.health.rhythm import Rhythm, due_at, is_due
from crawler.health.shares import FIELDS
from crawler.items import Article
from crawler.run import Run
from crawler.sources import Source
from crawler.spiders.finding import Ask
from crawler.spiders.listing_pages import Page
from crawler.spiders.reading import Outcome
from crawler.state.listings import Validators, Ways
from crawler.state.source_days import SourceDays, Tally, octave
from crawler.state.urls import DueUrl
from crawler.state.visits import duration

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)

# What says nothing of the pages of a source: it was not asked for, or belongs to another page.
_NOT_OF_PAGES = frozenset({Reason.OFF_SITE, Reason.TRAP, Reason.LATER_PAGE})


def history_of(settings: BaseSettings, days: SourceDays) -> History:
    """The history of all sources, with the settings it is judged and planned by.

    Raises: ConfigurationError.
    """
    limits = Limits(
        memory=timedelta(days=settings.getfloat("HEALTH_MEMORY_DAYS")),
        learning=timedelta(days=settings.getfloat("HEALTH_LEARNING_DAYS")),
        years=settings.getfloat("HEALTH_RETURN_YEARS"),
        accept=timedelta(days=settings.getfloat("HEALTH_ACCEPT_DAYS")),
    )
    least, most = (duration(settings[name], name) for name in ("VISIT_LEAST", "VISIT_MOST"))
    return History(days, limits, Rhythm(settings.getfloat("VISIT_NEWS"), least, most))


class Watch:
    """What this run sees of each source."""

    def __init__(self, run: Run, history: History) -> None:
        self._run = run
        self._history = history
        self._seen: dict[str, Observation] = {}
        self._memories: dict[str, Memory] = {}
        self._named: dict[str, Counter[str]] = {}
        self._led: dict[str, dict[str, str]] = {}
        self._answered: dict[str, set[str]] = {}
        run.verdict.judges.append(self.judge)

    @classmethod
    def from_crawler(cls, crawler: Crawler, run: Run) -> Self:
        return cls(run, history_of(crawler.settings, run.state.source_days))

    def memory(self, source: Source) -> Memory:
        """What is remembered of a source."""
        if source.name not in self._memories:
            self._memories[source.name] = self._history.memory(source.name)
        return self._memories[source.name]

    def is_due(self, source: Source) -> bool:
        """Whether a source is to be visited now; if not, the run's file says when."""
        every = duration(source.every, "every") if source.every else None
        memory = self.memory(source)
        if is_due(memory, every, datetime.now(UTC)):
            return True
        next_visit = due_at(memory, every)
        self._run.verdict.not_due[source.name] = next_visit.isoformat(timespec="minutes")
        return False

    def asking(self, source: Source, ask: Ask) -> Ask:
        """The same asking, of which is noted what answered, and where it was led to."""

        async def noted(url: str, known: Validators) -> Answer | Refusal:
            answer = await ask(url, known)
            if isinstance(answer, Answer):
                self._answered.setdefault(source.name, set()).add(url)
                if not same_site(url, answer.url):
                    self._led.setdefault(source.name, {})[url] = registrable_domain(answer.url)
            return answer

        return noted

    def listed(self, source: Source, page: Page, own: int) -> None:
        """A listing named addresses, or some of its addresses; so many are the source's own."""
        seen = self._observation(source)
        seen.named += len(page.candidates)
        seen.own += own
        self._named.setdefault(source.name, Counter())[page.url] += len(page.candidates)

    def visited(
        self, source: Source, outcome: Outcome, ways: Ways | None, elsewhere: str | None
    ) -> None:
        """The listings of a source were read to the end."""
        seen = self._observation(source)
        self._run.verdict.visited.add(source.name)
        seen.answered = bool(outcome.answered) or not outcome.refusals
        if outcome.refusals:
            url, refusal = outcome.refusals[0]
            seen.refusal, seen.is_transient = f"{url}: {refusal}", refusal.reason.is_transient
        if not seen.answered:
            logger.warning('source "%s": nothing could be read: %s', source.name, seen.refusal)
        seen.is_unchanged = bool(outcome.unchanged) and not outcome.named
        seen.elsewhere = elsewhere
        seen.tally.visits += 1
        seen.tally.failed += not seen.answered
        seen.listings = self._listings(source, outcome, ways or Ways())

    def _listings(self, source: Source, outcome: Outcome, ways: Ways) -> dict[str, Listing]:
        named = self._named.get(source.name, Counter())
        led = self._led.get(source.name, {})
        answered = self._answered.get(source.name, set())
        found = {}
        for url in (*ways.wordpress, *ways.sitemaps, *ways.feeds, *ways.listings):
            # Of an API, the refused address is one below its root.
            refused = [
                str(why)
                for asked, why in outcome.refusals
                if asked == url or (url in ways.wordpress and asked.startswith(url))
            ]
            whole = url in named and url not in (*ways.wordpress, *ways.sitemaps)
            found[url] = Listing(
                refused=refused[0] if refused else None,
                leads_to=led.get(url),
                is_empty=not named[url] if whole else None,
                is_unchanged=url in answered and url not in named and not refused,
            )
        return found

    def read(self, response: Response, article: Article, source: Source, due: DueUrl) -> None:
        """A page was read as an article."""
        seen, tally = self._observation(source), self._tally(source, due)
        if tally is None:
            return
        tally.decided += 1
        if latency := response.meta.get("download_latency"):
            tally.answers[octave(latency * 1000)] += 1
        if self._run.state.visits.at(due.article_id) is not None:
            return  # one story that lacks an author, corrected ten times, is no ten stories
        tally.read += 1
        tally.filled.update(name for name in FIELDS if getattr(article, name))
        published = article.date_published or due.listed_published
        seen.articles.append(NewArticle(due.first_seen, published))
        if published:
            late = (due.first_seen - published).total_seconds() / 60
            tally.delays[octave(late)] += 1

    def refused(self, source: Source, due: DueUrl, refusal: Refusal) -> None:
        """A page gave no article."""
        reason = refusal.reason
        if reason in _NOT_OF_PAGES or reason.is_postponed or reason.is_of_erasure:
            return
        if tally := self._tally(source, due):
            tally.decided += 1
            tally.refused[str(reason)] += 1

    def judge(self) -> None:
        """Judge all sources that were visited, and keep what was seen of them."""
        now = datetime.now(UTC)
        for name, seen in self._seen.items():
            seen.at = now
            with self._run.state.transaction():
                self._run.verdict.findings += self._history.take(self._memories[name], seen)
        self._history.prune(now)
        for finding in self._run.verdict.findings:
            self._run.verdict.problem(finding.source, finding.sentence)

    def _observation(self, source: Source) -> Observation:
        self.memory(source)
        return self._seen.setdefault(source.name, Observation(source.name, datetime.now(UTC)))

    def _tally(self, source: Source, due: DueUrl) -> Tally | None:
        """Where a page counts; nowhere, if the first visit found it: those are of all ages."""
        first = self.memory(source).first_answer
        if first is None or due.first_seen.timestamp() <= first:
            return None
        return self._observation(source).tally
