"""Log lines for people: a URL and what became of it, never a whole article."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure


class ArticleLogFormatter(LogFormatter):
    """Scrapy's formatter, short where an item is an article."""

    def scraped(
        self, item: Any, response: Response | Failure | None, spider: Spider | None = None
    ) -> LogFormatterResult:
        """A line for an article that is on its way into the dataset."""
        return {
            "level": logging.DEBUG,
            "msg": "Collected %(url)s: %(headline)s",
            "args": {"url": item.url, "headline": item.headline},
        }

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider | None = None,
    ) -> LogFormatterResult:
        """A line for one that a stage refused."""
        return {
            "level": logging.INFO,
            "msg": "Refused %(url)s: %(reason)s",
            "args": {"url": item.url, "reason": str(exception)},
        }

    def item_error(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider | None = None,
    ) -> LogFormatterResult:
        """A line above the traceback of a stage that broke."""
        return {
            "level": logging.ERROR,
            "msg": "A stage broke at %(url)s",
            "args": {"url": item.url},
        }
