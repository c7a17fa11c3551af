"""Visits to the pages of stories that we hold: asked for on condition, and after what is new.

What only such a page can tell is told here: that it is as it was, or is no longer there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from crawler.discovery.urls import article_id
from crawler.errors import Reason, Refusal
from crawler.fetch.erasure import erased
from crawler.items import Article, Availability
from crawler.run import Run
from crawler.sources import Source
from crawler.spiders.listing_pages import Page
from crawler.state.urls import DueUrl
from crawler.state.visits import NOWHERE, Plan, Visit
from pipelines.dataset.availability import stage_availability

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Below the priority of any new article, that of the year 1970 included: those are hours since then,
# some 500,000. A visit never takes the request of a page that was not yet seen.
AFTER_NEWS = 1_000_000


class Visitor:
    """Sees stories again."""

    def __init__(self, run: Run, plan: Plan) -> None:
        self._run = run
        self._state = run.state
        self._plan = plan

    @classmethod
    def from_crawler(cls, crawler: Crawler, run: Run) -> Self:
        """Raises: ConfigurationError."""
        return cls(run, Plan.of(crawler.settings.getlist("REVISIT_AFTER")))

    def planned(self, source: Source) -> Iterator[DueUrl]:
        """What is to be seen again by plan."""
        for due in self._state.visits.due(source.name, self._run.id, datetime.now(UTC)):
            self._run.count(source.name, "found")
            yield due

    def called(self, source: Source, page: Page) -> Iterator[DueUrl]:
        """What a listing gives reason to see again at once; in the transaction of its candidates.

        What it names no more; what it names again though it was not there; what was commented on.
        """
        calls = [article_id(url) for url in page.discussed]
        if page.part:
            named = (
                article_id(candidate.url)
                for candidate in page.candidates
                if not erased(self._state.tombstones, candidate.url)
            )
            new = self._state.listed.named(page.part, source.name, named)
            calls += [asked_id for asked_id, away in self._state.visits.away(new).items() if away]
        if page.way_read:
            way, listings = page.way_read.way, page.way_read.listings
            vanished = self._state.listed.vanished(source.name, way, listings)
            away = self._state.visits.away(vanished)
            calls += [asked_id for asked_id in vanished if away.get(asked_id) is False]
        for asked_id in calls:
            due = self._state.visits.call(asked_id, self._run.id)
            if due:
                yield due

    def holds(self, due: DueUrl) -> bool:
        """Whether a URL is one that a story is read from."""
        return self._state.visits.at(due.article_id) is not None

    def conditions(self, due: DueUrl) -> dict[str, str] | None:
        """The headers of a conditional request; None for a page that gave no story so far."""
        visit = self._state.visits.at(due.article_id)
        if visit is None:
            return None
        asked = {"If-None-Match": visit.etag, "If-Modified-Since": visit.last_modified}
        return {name: value for name, value in asked.items() if value}

    def settled(
        self, response: Response, source: Source, due: DueUrl, at: datetime | None = None
    ) -> bool:
        """Whether the answer need not be read: the page is as it was, or led to the home page.

        Here and below `at` is when it came, if that was not now.
        """
        visit = self._state.visits.at(due.article_id)
        if visit is None:
            return False
        if _is_redirected(response, visit) and _is_home(response, source):
            self._away(visit, "redirected", response.status, at)
        elif response.status == 304:
            with self._state.transaction():
                now = self._seen(visit, at)
                self._state.urls.collected(visit.asked_id, now)
            self._run.count(source.name, "unchanged")
        else:
            return False
        return True

    def refuse(
        self,
        last: Response | Request,
        source: Source,
        due: DueUrl,
        refusal: Refusal,
        at: datetime | None = None,
    ) -> None:
        """Tell why a page gave no row; or, of a story that we hold, that it is no longer there.

        `last` is what came, or what was asked for in vain. Any other reason leaves a story as it
        was last seen.
        """
        visit = self._state.visits.at(due.article_id)
        if visit is not None:
            led_away = _is_redirected(last, visit)
            if availability := _availability(refusal.reason, led_away):
                self._away(visit, availability, _status(last), at)
                return
        with self._state.transaction():
            if visit and not refusal.reason.is_postponed:
                self._seen(visit, at)
            self._run.refuse(source.name, due.article_id, refusal, at)

    def read(
        self, response: Response, article: Article, due: DueUrl, at: datetime | None = None
    ) -> None:
        """An article came: if it is another than was there, that one is no longer read from here.

        Where the address leads to the other one, it was redirected; else the page has given itself
        another name, and there are two rows, of which the older is as it was last seen.
        """
        visit = self._state.visits.at(due.article_id)
        if visit is None or article.article_id == visit.article_id:
            return
        with self._state.transaction():
            if _is_redirected(response, visit):
                now = at or datetime.now(UTC)
                visit = stage_availability(self._state, visit, "redirected", response.status, now)
            self._state.visits.made(replace(visit, asked_id=NOWHERE), None)

    def _away(
        self, visit: Visit, availability: Availability, status: int, at: datetime | None
    ) -> None:
        now = at or datetime.now(UTC)
        with self._state.transaction():
            seen = stage_availability(self._state, visit, availability, status, now)
            seen = replace(seen, etag=None, last_modified=None)
            self._state.visits.made(seen, self._plan.next(seen, now))
            self._state.urls.collected(visit.asked_id, now)
        self._run.count(visit.source, availability)

    def _seen(self, visit: Visit, at: datetime | None) -> datetime:
        now = at or datetime.now(UTC)
        self._state.visits.made(visit, self._plan.next(visit, now))
        return now


def _is_redirected(last: Response | Request, visit: Visit) -> bool:
    return article_id(last.url) not in (visit.asked_id, visit.article_id)


def _status(last: Response | Request) -> int:
    """What was answered last: of a request that was not made, the redirect that led to it."""
    if isinstance(last, Response):
        return last.status
    reasons: list[int] = last.meta.get("redirect_reasons", [302])
    return reasons[-1]


def _is_home(response: Response, source: Source) -> bool:
    parts = urlsplit(response.url)
    is_root = parts.path in ("", "/") and not parts.query
    return is_root or article_id(response.url) == article_id(source.url)


def _availability(reason: Reason, led_away: bool) -> Availability | None:
    """What a refusal says of a story that was there; None if nothing."""
    if reason in (Reason.GONE, Reason.ERROR_PAGE):
        return "gone"
    if reason is Reason.REDIRECTED_AWAY:
        return "redirected"
    if reason in (Reason.HOME_PAGE, Reason.LISTING_PAGE) and led_away:
        return "redirected"
    # A site that shows its front page where a page was: a soft 404.
    return "gone" if reason is Reason.HOME_PAGE else None
