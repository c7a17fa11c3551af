"""What listings name and a run does not take: other sites' URLs, erased ones, traps."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from crawler.discovery.traps import endless
from crawler.discovery.urls import article_id, registrable_domain
from crawler.errors import Reason, Refusal
from crawler.fetch.erasure import erased
from crawler.fetch.traps import TrapMiddleware
from crawler.run import Run
from crawler.sources import Source


class LeftOut:
    """Says why a URL is not taken, and counts it once a run."""

    def __init__(self, run: Run, traps: TrapMiddleware) -> None:
        self._run = run
        self._traps = traps
        # Of each source, the ids of the URLs, with their domains; of what was erased, without.
        self._seen: dict[str, dict[str, str]] = {}

    def why(self, source: Source, url: str) -> Refusal | None:
        """Why a listing's URL is not taken: the file of sources may allow it tomorrow."""
        if not source.owns(url):
            return Refusal(Reason.OFF_SITE)
        if reason := erased(self._run.state.tombstones, url):
            return Refusal(reason)
        harvest = self._traps.harvest(source.name)
        trap = endless(url, datetime.now(UTC).year) or harvest.barren(url) or harvest.met(url)
        return Refusal(Reason.TRAP, trap) if trap else None

    def is_known(self, source: Source, url: str) -> bool:
        """Whether there is nothing new in a URL."""
        state = self._run.state
        return (
            not source.owns(url)
            or state.urls.is_known(article_id(url))
            or erased(state.tombstones, url) is not None
        )

    def count(self, source: Source, url: str, refusal: Refusal) -> None:
        """One more that was found and is not taken; it is not remembered."""
        seen = self._seen.setdefault(source.name, {})
        if article_id(url) not in seen:
            is_erased = refusal.reason.is_of_erasure
            seen[article_id(url)] = "" if is_erased else registrable_domain(url)
            self._run.count(source.name, "found")
            self._run.refuse(source.name, None, refusal)

    def nothing_found(self, source: Source) -> str | None:
        """What is wrong with a source of which no URL is known; nothing if all were erased."""
        domains = Counter(self._seen.get(source.name, {}).values())
        if "" in domains:
            return None
        if domains:
            ((elsewhere, _),) = domains.most_common(1)
            return (
                f"all articles found from {source.url} are on {elsewhere}, another site; if that "
                "is right, name it in the sources file: url, or allowed_domains"
            )
        return (
            f"no article was found from {source.url}: no feed, sitemap, WordPress API or listing "
            "page names one; give their addresses in the sources file"
        )
