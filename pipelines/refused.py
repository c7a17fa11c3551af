"""How a stage lets an article go.

Apart from the rest, which workers load too: they have no Scrapy.
"""

from __future__ import annotations

from scrapy.exceptions import DropItem

from crawler.errors import Refusal


class Refused(DropItem):
    """A stage lets an article go. It is counted under the refusal's reason, never lost silently."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal), log_level="INFO")
        self.refusal = refusal
