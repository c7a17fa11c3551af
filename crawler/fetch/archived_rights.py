"""The rights of archived pages: what was ruled when they were fetched, or their own words.

No site is asked for its robots.txt of today: it says nothing of a page of then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy.http import Request, Response

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.rights import Policy, Ruling, rule
from crawler.fetch.rights_reader import RightsReader, policy_of
from crawler.fetch.site_files import SiteFiles
from crawler.items import Rights

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# In the meta of an archived page's request: the fields of its `Rights`, and when it was fetched.
RIGHTS = "archived_rights"


async def _nothing(request: Request) -> Response:
    raise FetchRefusedError(Refusal(Reason.NETWORK, "a replay asks nobody"))


class ArchivedRights(RightsReader):
    """Rules on the pages of a replay."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises: ConfigurationError for a policy that there is not."""
        settings = crawler.settings
        return cls.of(settings["ROBOTSTXT_USER_AGENT"], policy_of(settings))

    @classmethod
    def of(cls, product: str, policy: Policy) -> Self:
        """By plain values, for whoever has no crawler."""
        return cls(SiteFiles(_nothing), None, product, policy)

    async def ruling(self, response: Response) -> Ruling:
        """What follows from all that was said outside the page."""
        said: dict[str, Any] | None
        moment: datetime
        said, moment = response.meta[RIGHTS]
        if said is None:
            ruling = await super().ruling(response)
            # Whoever fetched it may have obeyed or not: nothing is claimed.
            return replace(ruling, rights=replace(ruling.rights, robots_txt="unknown"))
        return rule(Rights(**said), moment, self._policy)
