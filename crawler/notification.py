"""Tells whoever watches that a source is unhealthy: a command, a webhook, or both.

Once a run, and only if something is new: what was told an hour ago is not told again, though the
exit code says that it is still so.
"""

from __future__ import annotations

import json
import logging
import shlex
import subprocess
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import NotConfigured

from crawler.errors import ColporteurError, ConfigurationError
from crawler.fetch.webhook import post
from crawler.run import Run, run_ended

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

# Nobody waits for longer than this for the end of a run; the command is then ended.
SECONDS = 30.0
_TOLD = ("run_id", "started", "ended", "exit_code", "problems", "health")


class Notification:
    """Calls the command and the webhook of the settings."""

    def __init__(self, command: list[str], webhook: str | None) -> None:
        """The command is handed what is wrong as JSON on its standard input."""
        self._command = command
        self._webhook = webhook

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises: ConfigurationError."""
        settings = crawler.settings
        command = shlex.split(settings["UNHEALTHY_COMMAND"] or "")
        webhook = settings["UNHEALTHY_WEBHOOK"] or None
        if not command and not webhook:
            raise NotConfigured
        if webhook and not webhook.lower().startswith(("http://", "https://")):
            raise ConfigurationError(
                f'UNHEALTHY_WEBHOOK must start with http:// or https://, got "{webhook}".'
            )
        told = cls(command, webhook)
        crawler.signals.connect(told.tell, signal=run_ended)
        return told

    def tell(self, run: Run, said: Mapping[str, Any]) -> None:
        """Tell of a run that ended, if there is something new to tell."""
        if not run.verdict.is_news:
            return
        news = {name: said[name] for name in _TOLD}
        if self._command:
            self._call(json.dumps(news, ensure_ascii=False, default=str))
        if self._webhook:
            try:
                post(self._webhook, news, SECONDS)
            except ColporteurError as error:
                logger.error("UNHEALTHY_WEBHOOK: %s", error)

    def _call(self, news: str) -> None:
        try:
            subprocess.run(  # noqa: S603 # it is the setting of whoever runs this; no shell
                self._command, input=news, text=True, timeout=SECONDS, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            logger.error("UNHEALTHY_COMMAND: %s", error)
