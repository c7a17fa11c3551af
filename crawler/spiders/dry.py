"""What the spiders of commands share that look at sites and leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Self

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess

from crawler import user_agent
from crawler.errors import ColporteurError, ExitCode
from crawler.fetch.politeness import slots
from crawler.sources import Source

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings, Settings

_SETTINGS = {
    # Neither a run with its data folder nor a row of a dataset.
    "EXTENSIONS": {},
    "ITEM_PIPELINES": {},
    # Ours writes of articles.
    "LOG_FORMATTER": "scrapy.logformatter.LogFormatter",
    # What did not answer is told by the command, with the reason.
    "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
}


class StoppedError(ColporteurError):
    """A signal came before all was done."""

    exit_code = ExitCode.STOPPED


class DrySpider(Spider):
    """A spider without run, pipelines and data folder; all middlewares hold."""

    def __init__(self, name: str, sources: Sequence[Source]) -> None:
        """The `sources` are whose hosts get their rhythm."""
        super().__init__(name)
        self.sources = sources

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.setdict(_SETTINGS, priority="spider")
        settings.set("USER_AGENT", user_agent(settings["USER_AGENT_CONTACT"]), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        rhythm = slots(spider.sources, crawler.settings)
        rhythm |= crawler.settings.getdict("DOWNLOAD_SLOTS")
        crawler.settings.set("DOWNLOAD_SLOTS", rhythm, priority="spider")
        return spider


def run_dry(
    settings: Settings,
    spider: type[DrySpider],
    take: Callable[[Any], None],
    **arguments: Any,
) -> None:
    """Run a dry spider to its end; `take` is handed each of its items. Raises: ColporteurError."""

    def hand_over(item: Any) -> None:  # the signal names what it sends
        take(item)

    # The command tells it all; `-s LOG_LEVEL=INFO` shows how it came about.
    settings.set("LOG_LEVEL", "WARNING", priority="project")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    crawler.signals.connect(hand_over, signal=signals.item_scraped)
    task = process.crawl(crawler, **arguments)
    process.start()
    reason = "a second signal"
    if task.done():
        task.result()  # raises what kept it from starting
        reason = crawler.stats.get_value("finish_reason")
    if reason == "start_error":
        raise ColporteurError("it failed on the way; the log above says where.")
    if reason != "finished":
        raise StoppedError(f"stopped ({reason}) before all was done.")
