"""Log lines for people: a URL and what became of it, never a whole article."""

from __future__ import annotations

import logging
from typing import Any

from pythonjsonlogger.json import JsonFormatter
from scrapy import Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure


def log_as_json(settings: BaseSettings) -> None:
    """From now on the log is a JSON object a line, where LOG_FILE says, else on stderr.

    Our own handler: the one that Scrapy installs takes no formatter, and has lines before a crawl.
    """
    file = settings["LOG_FILE"]
    mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
    encoding = settings["LOG_ENCODING"]
    handler = logging.FileHandler(file, mode, encoding) if file else logging.StreamHandler()
    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    form = "%(asctime)s %(levelname)s %(name)s %(message)s"
    handler.setFormatter(JsonFormatter(form, rename_fields=names, json_ensure_ascii=False))
    handler.setLevel(settings["LOG_LEVEL"])
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.NOTSET)  # as Scrapy does: the handler has the level
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")


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
