"""What a run counts, as keys of Scrapy's stats, and how the counts are read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

# `source/NAME/THING`, where THING is one of ROWS, another thing, or `refused/AREA/REASON`.
SOURCE_STATS = "source/"
REFUSED = "refused/"
# `replay/WHAT`: of the records of archives.
RECORD_STATS = "replay/"
# Every way in which a page is, or already was, a row.
ROWS = ("articles", "duplicates", "revised", "unchanged", "twin", "gone", "redirected")


def counts_by_source(stats: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """By source, then by thing or `refused/AREA/REASON`."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for key, value in sorted(stats.items()):
        if key.startswith(SOURCE_STATS):
            source, _, thing = key.removeprefix(SOURCE_STATS).partition("/")
            counts[source][thing] = value
    return dict(counts)


def counts_of_records(stats: Mapping[str, Any]) -> dict[str, int]:
    """What became of archived records, in a replay: of those that are no pages by their why."""
    return {
        key.removeprefix(RECORD_STATS): value
        for key, value in sorted(stats.items())
        if key.startswith(RECORD_STATS)
    }


def mostly_refused_for(counts: Mapping[str, int]) -> str:
    """The most frequent reason among the counts of a source."""
    refusals = [thing for thing in counts if thing.startswith(REFUSED)]
    most = max(refusals, key=lambda thing: counts[thing], default="errors, see the log")
    return most.removeprefix(REFUSED)
