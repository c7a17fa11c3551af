"""The live spider: for every source, what is due, then what its listings name, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import user_agent
from crawler.discovery.candidate import Candidate
from crawler.discovery.urls import article_id
from crawler.errors import ConfigurationError, Reason, Refusal
from crawler.fetch.addresses import opened
from crawler.fetch.budget import BudgetMiddleware
from crawler.fetch.chromium import program
from crawler.fetch.erasure import erased
from crawler.fetch.failures import refusal_of_error
from crawler.fetch.listings import ListingFetcher
from crawler.fetch.meta import PAGE, SOURCE
from crawler.fetch.pauses import run_stops
from crawler.fetch.politeness import slots
from crawler.fetch.rights_reader import policy_of
from crawler.fetch.traps import TrapMiddleware
from crawler.items import Article
from crawler.run import Run
from crawler.shards import Shard
from crawler.sources import Source, read_sources, select_sources, source_from_url
from crawler.spiders.admitting import Admission
from crawler.spiders.extraction import aside
from crawler.spiders.finding import configured_ways
from crawler.spiders.listing_pages import Page
from crawler.spiders.pages import PageReader
from crawler.spiders.places import Place
from crawler.spiders.placing import placed
from crawler.spiders.reading import Limits, SourceReader
from crawler.spiders.side_by_side import SideBySide
from crawler.spiders.turning import PageTurner
from crawler.spiders.visiting import AFTER_NEWS, Visitor
from crawler.spiders.watching import Watch
from crawler.state.urls import DueUrl

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


class ArticlesSpider(Spider):
    """One run: `-a source=a,b` for some sources, `-a url=https://site/` for one in no file.

    `-a shard=2/4`: those of them whose hosts are in the second of four parts.
    """

    name = "articles"

    def __init__(
        self, sources: Sequence[Source], is_asked_for: bool = False, **kwargs: Any
    ) -> None:
        """Sources that somebody asks for are visited at once, whether they are due or not."""
        super().__init__(**kwargs)
        self.sources = sources
        self._is_asked_for = is_asked_for

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("USER_AGENT", user_agent(settings["USER_AGENT_CONTACT"]), priority="spider")

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        *args: Any,
        source: str | None = None,
        url: str | None = None,
        shard: str | None = None,
        **kwargs: Any,
    ) -> Self:
        """Raises: ConfigurationError, SourcesError."""
        kwargs.pop("_job", None)  # Scrapyd's name for the run
        if kwargs:
            raise ConfigurationError(
                f"-a {sorted(kwargs)[0]}=… is not known; use -a source=NAME,NAME or -a url=URL."
            )
        if url is not None and source is not None:
            raise ConfigurationError("-a source=… and -a url=… exclude each other; give one.")
        if url is not None:
            sources: Sequence[Source] = [source_from_url(url)]
        else:
            file = crawler.settings["SOURCES"]
            names = source.split(",") if source is not None else []
            sources = select_sources(read_sources(Path(file)), names, file)
        if shard is not None:
            sources = Shard.of(shard).sources(sources)
        if any(one.javascript for one in sources):
            program(crawler.settings["BROWSER_PATH"])
        policy_of(crawler.settings)  # mistakes are told before anything is asked for
        opened(crawler.settings["ALLOW_PRIVATE_HOSTS"])
        known = crawler.settings.getdict("DOWNLOAD_SLOTS")
        rhythm = slots(sources, crawler.settings) | known
        crawler.settings.set("DOWNLOAD_SLOTS", rhythm, priority="spider")
        asked = source is not None or url is not None
        return super().from_crawler(crawler, *args, sources=sources, is_asked_for=asked, **kwargs)

    async def start(self) -> AsyncIterator[Request]:
        """Requests for articles, while the listings of all sources are read side by side."""
        run = self.crawler.get_extension(Run)
        assert run is not None, "the extension crawler.run.Run is switched off"
        self.run = run
        self._aside = aside(self.crawler)
        self._reader = PageReader.from_crawler(self.crawler, self._aside)
        traps = self.crawler.get_downloader_middleware(TrapMiddleware)
        assert traps is not None, "the middleware crawler.fetch.traps.TrapMiddleware is off"
        self._traps = traps
        budget = self.crawler.get_downloader_middleware(BudgetMiddleware)
        assert budget is not None, "the middleware crawler.fetch.budget.BudgetMiddleware is off"
        self._admission = Admission(run, traps, budget)
        self._visitor = Visitor.from_crawler(self.crawler, run)
        self._watch = Watch.from_crawler(self.crawler, run)
        self._turner = PageTurner(run, self._reader, self.settings.getint("ARTICLE_PAGES_MAX"))
        at_once = self.settings.getint("SOURCES_AT_ONCE")
        reading = SideBySide(self.sources, self._requests, at_once, run.broke)
        self.crawler.signals.connect(reading.stop, signal=run_stops)
        async for request in reading.requests():
            yield request

    async def _requests(self, source: Source, place: Place) -> AsyncIterator[Request]:
        now = datetime.now(UTC)
        state = self.run.state
        if erased(state.tombstones, source.url) is Reason.ERASED_DOMAIN:
            # In the log only: not even a run's file may name what was erased.
            self.logger.warning('source "%s" was erased and is passed over', source.name)
            return
        is_due = self._is_asked_for or self._watch.is_due(source)
        if not is_due and source.every:
            return  # whoever said how often wants no request in between
        waiting = state.urls.due(source.name, self.run.id, now)
        self.run.count(source.name, "found", len(waiting))
        for due in self._admission.within_budget(source, waiting):
            yield self._request(source, due)
        if is_due:
            async for request in self._listed(source, place, now):
                yield request
        for due in self._admission.within_budget(source, self._visitor.planned(source)):
            yield self._request(source, due)

    async def _listed(self, source: Source, place: Place, now: datetime) -> AsyncIterator[Request]:
        """What the listings of a source name that is new, or has changed."""
        state = self.run.state
        fetcher = ListingFetcher.from_crawler(self.crawler, source)
        reader = SourceReader(
            source,
            ask=self._watch.asking(source, place.while_waiting(fetcher.ask)),
            robots=fetcher.robots,
            aside=self._aside,
            listings=state.listings,
            listed=state.listed,
            limits=Limits(
                sitemaps=self.settings.getint("SITEMAPS_MAX"),
                sitemap_depth=self.settings.getint("SITEMAP_DEPTH_MAX"),
                listing_pages=self.settings.getint("LISTING_PAGES_MAX"),
                fruitless=self.settings.getint("LISTINGS_FRUITLESS_MAX"),
            ),
            is_known=lambda candidate: self._admission.is_known(source, candidate.url),
            is_wanted=lambda candidate: self._admission.is_wanted(source, candidate.url),
            pace=place.while_waiting(self._traps.harvest(source.name).pace),
        )
        since = now - timedelta(days=self.settings.getint("REDISCOVER_AFTER_DAYS"))
        async for page in reader.read(since, now):
            for step in page.steps():
                for due in self._admission.within_budget(source, self._offer(source, step)):
                    yield self._request(source, due)
                await asyncio.sleep(0)  # answers of other hosts
        self._judge(source, reader, since)

    def _offer(self, source: Source, page: Page) -> list[DueUrl]:
        """Put what a listing named into the store, in one step with the listing's validators."""
        now = datetime.now(UTC)
        to_fetch = []
        with self.run.state.transaction():
            admitted, own = self._admission.admitted(source, page.candidates)
            named = [
                (DueUrl(article_id(one.url), one.url, now, one.date_published), one.date_modified)
                for one in admitted
            ]
            met = self.run.state.urls.offer_all(named, source.name, self.run.id)
            self.run.count(source.name, "found", len(met) - met.count("again"))
            self.run.count(source.name, "known", met.count("known"))
            for (due, _), how in zip(named, met, strict=True):
                if how not in ("known", "again"):
                    to_fetch.append(due)
            for due in self._visitor.called(source, page):
                self.run.count(source.name, "found")
                to_fetch.append(due)
            if page.validators:
                self.run.state.listings.answered(page.url, source.name, page.validators, now)
        self._watch.listed(source, page, own)
        return to_fetch

    def _judge(self, source: Source, reader: SourceReader, since: datetime) -> None:
        outcome = reader.outcome
        for _, refusal in outcome.refusals:
            self.run.count(source.name, f"unread/{refusal.reason}")
        ways = configured_ways(source) or self.run.state.listings.ways(source.name, since)
        self._watch.visited(source, outcome, ways, self._admission.elsewhere(source))
        answered = outcome.answered or not outcome.refusals
        if answered and (nothing := self._admission.nothing_found(source)):
            self.run.verdict.problem(source.name, nothing)

    def _request(self, source: Source, due: DueUrl) -> Request:
        self._traps.harvest(source.name).begun()
        newest_first = int(due.listed_published.timestamp() // 3600) if due.listed_published else 0
        conditions = self._visitor.conditions(due)
        return Request(
            due.url,
            headers=conditions,
            callback=self.parse_article,
            errback=self.fetch_failed,
            cb_kwargs={"source": source, "due": due},
            meta={SOURCE: source, PAGE: True},
            priority=newest_first if conditions is None else newest_first - AFTER_NEWS,
            dont_filter=True,  # the state already let it through once a run
        )

    async def parse_article(
        self, response: Response, source: Source, due: DueUrl
    ) -> AsyncIterator[Article | Request]:
        """The article of a page, on its way to the pipelines, or the request for its next page."""
        self.run.count(source.name, "fetched")
        harvest = self._traps.harvest(source.name)
        if self._visitor.settled(response, source, due):
            await self._reader.put_by(response)
            harvest.ended()
            return
        outcome = await self._reader.read(response, source)
        if self._visitor.holds(due):  # an article that is gone is no trap
            harvest.ended()
        else:
            there = not (isinstance(outcome, Refusal) and outcome.reason.startswith("http/"))
            harvest.tried(due.url, isinstance(outcome, Article), was_there=there)
        if isinstance(outcome, Refusal):
            self._visitor.refuse(response, source, due, outcome)
            self._watch.refused(source, due, outcome)
        elif outcome.pages.first is not None:
            for request in self._turn_back(outcome.pages.first, source, due):
                yield request
        else:
            now = datetime.now(UTC)
            article = placed(outcome, response, source, due, self.run.id, now)
            self._watch.read(response, article, source, due)
            self._visitor.read(response, article, due)
            yield self._turner.begin(article, source)

    def _turn_back(self, first: str, source: Source, due: DueUrl) -> Iterator[Request]:
        """A later page was found by itself: the first is asked for, unless it is known.

        With an article that was erased, each of its pages was.
        """
        if reason := erased(self.run.state.tombstones, first):
            self.run.refuse(source.name, due.article_id, Refusal(reason))
            return
        named = Candidate(first, "listing", date_published=due.listed_published)
        with self.run.state.transaction():  # no run dies having let one go without the other
            self.run.refuse(source.name, due.article_id, Refusal(Reason.LATER_PAGE, first))
            offered = self._offer(source, Page(first, (named,)))
        for begun in offered:
            yield self._request(source, begun)

    def fetch_failed(self, failure: Failure) -> None:
        """Count and remember why a page was not fetched."""
        error = failure.value or RuntimeError("no error given")
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy sets it
        source, due = request.cb_kwargs["source"], request.cb_kwargs["due"]
        self._traps.harvest(source.name).ended()
        refusal = refusal_of_error(error)
        if refusal.reason is not Reason.RUN_STOPPED:  # it waits like those that were never begun
            self._visitor.refuse(request, source, due, refusal)
            self._watch.refused(source, due, refusal)
