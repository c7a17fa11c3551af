"""What a run finds wrong with its sources: the sentences, and the exit code that follows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from crawler.health.judging import Finding
from crawler.tally import ROWS, mostly_refused_for

logger = logging.getLogger(__name__)


class Verdict:
    """One sentence for each source with which something is wrong, and what it is judged by."""

    def __init__(self, min_pages: int) -> None:
        """A source with `min_pages` pages and no row is unhealthy."""
        self._min_pages = min_pages
        self.problems: dict[str, str] = {}
        self.findings: list[Finding] = []
        self.visited: set[str] = set()
        self.not_due: dict[str, str] = {}
        # Asked once all is committed.
        self.judges: list[Callable[[], None]] = []

    def problem(self, source: str, sentence: str) -> None:
        """Note what is wrong with a source: the run ends with exit code 5."""
        self.problems.setdefault(source, sentence)
        logger.error('source "%s": %s', source, sentence)

    def judge(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Judge every source by the counts of its run, then by its history."""
        for source, own in counts.items():
            pages = own.get("fetched", 0)
            if pages >= self._min_pages and not any(own.get(row) for row in ROWS):
                most = mostly_refused_for(own)
                self.problem(source, f"none of {pages} pages became an article, mostly for {most}")
        for judge in self.judges:
            judge()

    @property
    def is_news(self) -> bool:
        """Whether something is wrong that was not when its source was visited last."""
        known = {finding.source for finding in self.findings if not finding.is_new}
        return any(one.is_new for one in self.findings) or bool(self.problems.keys() - known)

    def said(self) -> Mapping[str, Any]:
        """What the run's own file tells of it."""
        return {
            "problems": self.problems,
            "health": list(map(asdict, self.findings)),
            "visited": sorted(self.visited),
            "not_due": self.not_due,
        }
