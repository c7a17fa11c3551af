"""The live spider: for every source, what is due, then what its listings name, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import user_agent
from crawler.discovery.candidate import Candidate
from crawler.discovery.urls import article_id, registrable_domain, same_site
from crawler.errors import ConfigurationError, Reason, Refusal
from crawler.fetch.budget import SOURCE
from crawler.fetch.erasure import erased
from crawler.fetch.failures import refusal_of_error
from crawler.fetch.headers import header
from crawler.fetch.listings import ListingFetcher
from crawler.fetch.pauses import run_stops
from crawler.fetch.politeness import slots
from crawler.fetch.rights_reader import policy_of
from crawler.items import Article
from crawler.run import Run
from crawler.sources import Source, read_sources, select_sources, source_from_url
from crawler.spiders.pages import PageReader, belongs
from crawler.spiders.places import Place
from crawler.spiders.reading import Limits, Page, SourceReader
from crawler.spiders.side_by_side import SideBySide
from crawler.spiders.turning import PageTurner
from crawler.state.urls import DueUrl

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


class ArticlesSpider(Spider):
    """One run: `-a source=a,b` for some sources, `-a url=https://site/` for one in no file."""

    name = "articles"

    def __init__(self, sources: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sources = sources
        # Of each source, the ids of URLs that are not its own, and their domains.
        self._off_site: dict[str, dict[str, str]] = {}
        self._erased: dict[str, set[str]] = {}

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
        **kwargs: Any,
    ) -> Self:
        """Raises: ConfigurationError, SourcesError."""
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
        policy_of(crawler.settings)  # a mistake is told before anything is asked for
        known = crawler.settings.getdict("DOWNLOAD_SLOTS")
        rhythm = slots(sources, crawler.settings) | known
        crawler.settings.set("DOWNLOAD_SLOTS", rhythm, priority="spider")
        return super().from_crawler(crawler, *args, sources=sources, **kwargs)

    async def start(self) -> AsyncIterator[Request]:
        """Requests for articles, while the listings of all sources are read side by side."""
        run = self.crawler.get_extension(Run)
        assert run is not None, "the extension crawler.run.Run is switched off"
        self.run = run
        self._reader = PageReader.from_crawler(self.crawler)
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
        for due in state.urls.due(source.name, self.run.id, now):
            self.run.count(source.name, "found")
            yield self._request(source, due)
        fetcher = ListingFetcher.from_crawler(self.crawler, source.name)
        reader = SourceReader(
            source,
            ask=place.while_waiting(fetcher.ask),
            robots=fetcher.robots,
            listings=state.listings,
            limits=Limits(
                sitemaps=self.settings.getint("SITEMAPS_MAX"),
                listing_pages=self.settings.getint("LISTING_PAGES_MAX"),
            ),
            is_known=lambda candidate: self._is_known(source, candidate),
        )
        since = now - timedelta(days=self.settings.getint("REDISCOVER_AFTER_DAYS"))
        async for page in reader.read(since, now):
            for due in self._offer(source, page):
                yield self._request(source, due)
        self._judge(source, reader)

    def _is_known(self, source: Source, candidate: Candidate) -> bool:
        state, url = self.run.state, candidate.url
        return (
            not belongs(source, url)
            or state.urls.is_known(article_id(url))
            or erased(state.tombstones, url) is not None
        )

    def _offer(self, source: Source, page: Page) -> list[DueUrl]:
        """Put what a listing named into the store, in one step with the listing's validators."""
        now = datetime.now(UTC)
        to_fetch = []
        with self.run.state.transaction():
            for candidate in page.candidates:
                if not belongs(source, candidate.url):
                    self._refuse_off_site(source, candidate.url)
                    continue
                if reason := erased(self.run.state.tombstones, candidate.url):
                    self._refuse_erased(source, candidate.url, reason)
                    continue
                due = DueUrl(
                    article_id(candidate.url), candidate.url, now, candidate.date_published
                )
                met = self.run.state.urls.offer(
                    due, source.name, self.run.id, candidate.date_modified
                )
                if met != "again":
                    self.run.count(source.name, "found")
                if met == "known":
                    self.run.count(source.name, "known")
                elif met != "again":
                    to_fetch.append(due)
            if page.validators:
                self.run.state.listings.answered(page.url, source.name, page.validators, now)
        return to_fetch

    def _refuse_off_site(self, source: Source, url: str) -> None:
        """Counted once a run and not remembered: the sources file may allow it tomorrow."""
        seen = self._off_site.setdefault(source.name, {})
        if article_id(url) not in seen:
            seen[article_id(url)] = registrable_domain(url)
            self.run.count(source.name, "found")
            self.run.refuse(source.name, None, Refusal(Reason.OFF_SITE))

    def _refuse_erased(self, source: Source, url: str, reason: Reason) -> None:
        """Counted once a run, and the URL not written down anywhere."""
        seen = self._erased.setdefault(source.name, set())
        if article_id(url) not in seen:
            seen.add(article_id(url))
            self.run.count(source.name, "found")
            self.run.refuse(source.name, None, Refusal(reason))

    def _judge(self, source: Source, reader: SourceReader) -> None:
        outcome = reader.outcome
        if not outcome.answered and outcome.refusals:
            url, refusal = outcome.refusals[0]
            self.run.problem(source.name, f"nothing could be read: {url}: {refusal}")
        elif source.name not in self._erased and not self.run.state.urls.count(source.name):
            others = Counter(self._off_site.get(source.name, {}).values()).most_common(1)
            self.run.problem(source.name, _nothing_found(source, others[0][0] if others else None))

    def _request(self, source: Source, due: DueUrl) -> Request:
        newest_first = int(due.listed_published.timestamp() // 3600) if due.listed_published else 0
        return Request(
            due.url,
            callback=self.parse_article,
            errback=self.fetch_failed,
            cb_kwargs={"source": source, "due": due},
            meta={SOURCE: source.name},
            priority=newest_first,
            dont_filter=True,  # the state already let it through once a run
        )

    async def parse_article(
        self, response: Response, source: Source, due: DueUrl
    ) -> AsyncIterator[Article | Request]:
        """The article of a page, on its way to the pipelines, or the request for its next page."""
        self.run.count(source.name, "fetched")
        outcome = await self._reader.read(response, source)
        if isinstance(outcome, Refusal):
            self.run.refuse(source.name, due.article_id, outcome)
        elif outcome.pages.first is not None:
            for request in self._turn_back(outcome.pages.first, source, due):
                yield request
        else:
            yield self._turner.begin(self._placed(outcome, response, source, due), source)

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

    def _placed(self, article: Article, response: Response, source: Source, due: DueUrl) -> Article:
        """The article with what the run and the exchange know of it."""
        own = article_id(_own_url(article))
        return replace(
            article,
            article_id=own,
            requested_id=due.article_id if due.article_id != own else "",
            source=source.name,
            domain=registrable_domain(article.url),
            run_id=self.run.id,
            date_first_seen=due.first_seen,
            date_downloaded=datetime.now(UTC),
            http_status=response.status,
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
        )

    def fetch_failed(self, failure: Failure) -> None:
        """Count and remember why a page was not fetched."""
        error = failure.value or RuntimeError("no error given")
        request: Request = failure.request  # type: ignore[attr-defined] # Scrapy sets it
        source, due = request.cb_kwargs["source"], request.cb_kwargs["due"]
        refusal = refusal_of_error(error)
        if refusal.reason is not Reason.RUN_STOPPED:  # it waits like those that were never begun
            self.run.refuse(source.name, due.article_id, refusal)


def _nothing_found(source: Source, elsewhere: str | None) -> str:
    if elsewhere:
        return (
            f"all articles found from {source.url} are on {elsewhere}, another site; if that is "
            "right, name it in the sources file: url, or allowed_domains"
        )
    return (
        f"no article was found from {source.url}: no feed, sitemap, WordPress API or listing page "
        "names one; give their addresses in the sources file"
    )


def _own_url(article: Article) -> str:
    """The URL that identifies an article: the canonical one, unless that is the home page."""
    canonical = article.canonical_url
    if canonical and same_site(canonical, article.url) and canonical.rstrip("/").count("/") > 2:
        return canonical
    return article.url
