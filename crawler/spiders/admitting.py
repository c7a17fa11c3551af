"""What of the URLs that listings name is taken, and how many of them are asked for in this run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.discovery.candidate import Candidate
from crawler.discovery.traps import endless
from crawler.discovery.urls import article_id, registrable_domain
from crawler.errors import Reason, Refusal
from crawler.fetch.budget import BudgetMiddleware
from crawler.fetch.erasure import erased
from crawler.fetch.traps import TrapMiddleware
from crawler.run import Run
from crawler.sources import Source
from crawler.state.coverage import COVERAGE
from crawler.state.urls import DueUrl


@dataclass(slots=True)
class _LeftOut:
    """Of one source: the ids of URLs that are not taken, and the sites of those not its own."""

    ids: set[str] = field(default_factory=set)
    sites: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    erased: int = 0


class Admission:
    """Leaves out what is another site's, leads nowhere or was erased, and keeps to the budget.

    What is left out is counted once a run and written down nowhere: the file of sources may allow
    it tomorrow, and what was erased is not to be found.
    """

    def __init__(self, run: Run, traps: TrapMiddleware, budget: BudgetMiddleware) -> None:
        self._run = run
        self._traps = traps
        self._budget = budget
        self._left_out: dict[str, _LeftOut] = {}
        run.verdict.judges.append(self._told)

    def admitted(
        self, source: Source, candidates: Sequence[Candidate]
    ) -> tuple[list[Candidate], int]:
        """Those that are taken, and how many are the source's own; the others are left out.

        What is known was looked at when it was new: no trap is seen in it any more.
        """
        known = self._run.state.urls.known(article_id(candidate.url) for candidate in candidates)
        taken, own = [], len(candidates)
        for candidate in candidates:
            why_not = self._is_barred(source, candidate.url)
            if why_not is None and article_id(candidate.url) not in known:
                why_not = self._is_trap(source, candidate.url)
            if why_not is None:
                taken.append(candidate)
            else:
                own -= why_not.reason is Reason.OFF_SITE
                self._leave_out(source, candidate.url, why_not)
        return taken, own

    def is_wanted(self, source: Source, url: str) -> bool:
        """Whether a URL that nobody knows would be taken."""
        return not (self._is_barred(source, url) or self._is_trap(source, url))

    def _is_barred(self, source: Source, url: str) -> Refusal | None:
        if not source.owns(url):
            return Refusal(Reason.OFF_SITE)
        reason = erased(self._run.state.tombstones, url)
        return Refusal(reason) if reason else None

    def _is_trap(self, source: Source, url: str) -> Refusal | None:
        harvest = self._traps.harvest(source.name)
        trap = endless(url, datetime.now(UTC).year) or harvest.barren(url) or harvest.met(url)
        return Refusal(Reason.TRAP, trap) if trap else None

    def is_known(self, source: Source, url: str) -> bool:
        """Whether there is nothing new in a URL for this source."""
        state = self._run.state
        if not source.owns(url) or state.urls.is_known(article_id(url)):
            return True
        return erased(state.tombstones, url) is not None

    def _leave_out(self, source: Source, url: str, refusal: Refusal) -> None:
        """A URL is not taken."""
        left_out = self._left_out.setdefault(source.name, _LeftOut())
        if article_id(url) in left_out.ids:
            return
        left_out.ids.add(article_id(url))
        if refusal.reason is Reason.OFF_SITE:
            left_out.sites[registrable_domain(url)] += 1
        left_out.reasons[str(refusal.reason)] += 1
        left_out.erased += refusal.reason.is_of_erasure
        self._run.count(source.name, "found")
        self._run.refuse(source.name, None, refusal)

    def within_budget(self, source: Source, found: Iterable[DueUrl]) -> Iterator[DueUrl]:
        """As many as the source has requests left; the others stay due, in one step.

        A sitemap of fifty thousand would else be as many requests that are refused one by one.
        """
        rest: list[str] = []
        for due in found:
            if self._budget.promise(source):
                yield due
            else:
                rest.append(due.article_id)
        if rest:
            self._run.put_off(source.name, rest, self._budget.refusal(source))

    def _told(self) -> None:
        """Keep for the coverage how many URLs were left out."""
        today, coverage = datetime.now(UTC).date(), self._run.state.coverage
        with self._run.state.transaction():
            for source, left_out in self._left_out.items():
                coverage.leave_out(source, today, left_out.reasons)
            coverage.forget_before(today - COVERAGE)

    def elsewhere(self, source: Source) -> str | None:
        """The other site that most of what was left out is on."""
        left_out = self._left_out.get(source.name, _LeftOut())
        return left_out.sites.most_common(1)[0][0] if left_out.sites else None

    def nothing_found(self, source: Source) -> str | None:
        """Why a source whose listings answered has nothing; None where it has, or it was erased."""
        left_out = self._left_out.get(source.name, _LeftOut())
        if left_out.erased or self._run.state.urls.count(source.name):
            return None
        if elsewhere := self.elsewhere(source):
            return (
                f"all articles found from {source.url} are on {elsewhere}, another site; if that "
                "is right, name it in the sources file: url, or allowed_domains"
            )
        return (
            f"no article was found from {source.url}: no feed, sitemap, WordPress API or listing "
            "page names one; give their addresses in the sources file"
        )
