"""Gathers what a publisher says of a page: in its headers, in robots.txt and in tdmrep.json."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.errors import ConfigurationError
from crawler.fetch.directives import directives_for
from crawler.fetch.headers import header, headers
from crawler.fetch.rights import POLICIES, Policy, Ruling, rule
from crawler.fetch.robots import RobotsMiddleware
from crawler.fetch.robots_txt import RobotsTxt
from crawler.fetch.site_files import SiteFiles
from crawler.fetch.tdmrep import PATH, reservation, reservation_for
from crawler.items import Rights
from crawler.state.site_files import SiteFile

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def policy_of(settings: BaseSettings) -> Policy:
    """The policy of a run. Raises: ConfigurationError for one that there is not."""
    for policy in POLICIES:
        if policy == settings["RIGHTS_POLICY"]:
            return policy
    raise ConfigurationError(
        f'RIGHTS_POLICY is "{settings["RIGHTS_POLICY"]}"; set it to respect or record.'
    )


class RightsReader:
    """Rules on the pages of a run."""

    def __init__(
        self, files: SiteFiles, robots: RobotsMiddleware | None, product: str, policy: Policy
    ) -> None:
        """`robots` is None where robots.txt is not obeyed; `product` is our token in directives."""
        self._files = files
        self._robots = robots
        self._product = product
        self._policy = policy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raises: ConfigurationError for a policy that there is not."""
        settings = crawler.settings
        policy = policy_of(settings)
        robots = crawler.get_downloader_middleware(RobotsMiddleware)
        files = SiteFiles.from_crawler(crawler)
        return cls(files, robots, settings["ROBOTSTXT_USER_AGENT"], policy)

    async def ruling(self, response: Response) -> Ruling:
        """What follows from all that is said outside the page."""
        rules = await self._robots.rules(response.url) if self._robots else None
        preferences = [f"Content-Usage: {said}" for said in headers(response, "Content-Usage")]
        if isinstance(rules, RobotsTxt):
            preferences += rules.preferences_for(response.url)
        directives = directives_for(headers(response, "X-Robots-Tag"), self._product)
        said = Rights(
            robots_txt="not obeyed" if rules is None else "allowed",
            x_robots_tag=", ".join(directives) or None,
            tdm_reservation=_in_header(response) or await self._in_file(response.url),
            ai_preferences="; ".join(preferences) or None,
        )
        return self._rule(said)

    def with_page(self, outside: Rights, page: Rights) -> Ruling:
        """What follows once the page itself is read, too."""
        return self._rule(
            replace(
                outside,
                meta_robots=page.meta_robots,
                tdm_reservation=page.tdm_reservation or outside.tdm_reservation,
            )
        )

    def _rule(self, said: Rights) -> Ruling:
        return rule(said, datetime.now(UTC), self._policy)

    async def _in_file(self, url: str) -> str | None:
        file = await self._files.get(urljoin(url, PATH))
        if not isinstance(file, SiteFile) or not file.body:
            return None
        return reservation_for(file.body, url)


def _in_header(response: Response) -> str | None:
    return reservation(header(response, "tdm-reservation"), header(response, "tdm-policy"))
