"""`scrapy replay --engine ray`: archive files are read where a worker is free, each by one.

What a worker does with a file is what this machine would do: the same pages, the same extraction in
a process that may be ended. What came of it is settled here, in the order of the files.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import ray
from scrapy.http import Response

from crawler.archive.reader import Passed
from crawler.fetch.archived_rights import ArchivedRights
from crawler.fetch.rights import Policy
from crawler.fetch.rights_reader import policy_of
from crawler.spiders.archived import ArchivedPage, ArchivedPages, Read, reader_of
from crawler.spiders.extraction import extraction, in_workers, workers_of
from crawler.spiders.keeping import PageKeeper
from crawler.spiders.pages import PageReader
from crawler.spiders.selecting import Selection
from pipelines.foretelling import Foretelling
from pipelines.known import Answer, tell

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# Pages that a worker sends at once, and how many such batches wait here before it pauses: a file's
# articles are some hundreds of megabytes.
_BATCH_PAGES: Final = 64
_BATCHES: Final = 16


@dataclass(frozen=True, slots=True)
class PageRead(ArchivedPage):
    """A page that is read already, without its body, and what was foretold of it."""

    read: Read
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: the settings that a worker needs."""

    selection: Selection
    product: str
    policy: Policy
    limit: int
    most_pages: int
    seconds: float
    megabytes: float
    foretelling: Foretelling

    @classmethod
    def from_crawler(cls, crawler: Crawler, selection: Selection) -> Self:
        """Raises: ConfigurationError."""
        settings = crawler.settings
        return cls(
            selection,
            settings["ROBOTSTXT_USER_AGENT"],
            policy_of(settings),
            settings.getint("DOWNLOAD_MAXSIZE"),
            settings.getint("ARTICLE_PAGES_MAX"),
            settings.getfloat("EXTRACT_TIMEOUT"),
            settings.getfloat("EXTRACT_MEMORY_MB"),
            Foretelling.from_settings(settings),
        )

    def batches(self, path: Path) -> Iterator[list[Passed | PageRead]]:
        """What a file holds, every page of it read. Raises: OSError."""
        workers = workers_of(1, self.seconds, self.megabytes)
        rights = ArchivedRights.of(self.product, self.policy)
        answers: list[Answer] = []  # for whoever settles the page, elsewhere
        extract = extraction(in_workers(workers), self.foretelling, answers.extend)
        reader = PageReader(extract, rights, PageKeeper(None, None))
        pages = ArchivedPages(reader, self.selection, self.limit, self.most_pages)
        with asyncio.Runner() as loop:
            batch: list[Passed | PageRead] = []
            try:
                for found in pages.records(path):
                    if isinstance(found, Passed):
                        batch.append(found)
                    else:
                        answers.clear()
                        read = loop.run(pages.read(found))
                        batch.append(self._without_bodies(path, found, read, answers))
                    if len(batch) == _BATCH_PAGES:
                        yield batch
                        batch = []
            finally:
                loop.run(workers.close())
            yield batch

    def _without_bodies(
        self, path: Path, archived: ArchivedPage, read: Read, answers: Iterable[Answer]
    ) -> PageRead:
        answer = Response(read.response.url, read.response.status, read.response.headers)
        return PageRead(
            reader_of(path, self.limit),
            replace(archived.page, body=b""),
            archived.source,
            archived.due,
            replace(read, response=answer),
            tuple(answers),
        )


class SpreadPages:
    """Archives that are read by the workers of a cluster, some files ahead."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    @classmethod
    def from_crawler(cls, crawler: Crawler, selection: Selection) -> Self:
        """Raises: ConfigurationError."""
        return cls(Reading.from_crawler(crawler, selection))

    def of(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Iterator[Passed | ArchivedPage]]]:
        """What each file holds, in its order, file by file."""
        # A task takes a processor; whoever dies, and whatever it had, is begun again elsewhere.
        batches = ray.remote(Reading.batches).options(
            num_returns="streaming", max_retries=-1, _generator_backpressure_num_objects=_BATCHES
        )
        ahead = int(ray.cluster_resources().get("CPU", 1))
        reading = ray.put(self._reading)
        begun: deque[tuple[Path, Iterator[Passed | ArchivedPage]]] = deque()
        for path in paths:
            begun.append((path, _records(batches.remote(reading, path.absolute()))))
            if len(begun) > ahead:
                yield begun.popleft()
        yield from begun

    async def read(self, archived: ArchivedPage) -> Read:
        """It is read already."""
        assert isinstance(archived, PageRead)
        tell(archived.answers)
        return archived.read


def _records(batches: Iterator[Any]) -> Iterator[Passed | ArchivedPage]:
    for batch in batches:
        yield from ray.get(batch)
