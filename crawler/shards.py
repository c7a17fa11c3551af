"""A crawl in parts: which sources each has, whole hosts together, and where it keeps its state.

A host is asked by one shard only, so that politeness is as local as in a crawl in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Self

from crawler.discovery.urls import registrable_domain
from crawler.errors import ConfigurationError
from crawler.sources import Source
from crawler.state import DataFolder, State

_FOLDER = re.compile(r"\d+-of-(\d+)")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` parts; `number` counts from 1."""

    number: int
    count: int

    @classmethod
    def of(cls, text: str) -> Self:
        """`2/4`. Raises: ConfigurationError."""
        number, _, count = text.partition("/")
        if number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
            return cls(int(number), int(count))
        raise ConfigurationError(f'-a shard= takes a part of a whole, such as 2/4, not "{text}".')

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def sources(self, sources: Sequence[Source]) -> tuple[Source, ...]:
        """Those of its hosts. Which shard a host is in depends on no other source of another."""
        key = _hosts(sources)
        return tuple(
            source for source in sources if _place(key[source.name], self.count) == self.number
        )


def shard_folders(data: Path, count: int) -> list[DataFolder]:
    """A data folder for each shard. Raises: ConfigurationError if there were more or fewer."""
    folder = data / "shards"
    for path in folder.glob("*-of-*"):
        found = _FOLDER.fullmatch(path.name)
        if found and int(found[1]) != count:
            raise ConfigurationError(
                f'"{data}" was crawled with --shards {found[1]}, and what each shard knows is of '
                f"its hosts; say so again, or remove {folder}: then all is fetched anew."
            )
    return [DataFolder(folder / f"{number}-of-{count}") for number in range(1, count + 1)]


def hand_down(whole: DataFolder, shards: Sequence[DataFolder]) -> None:
    """Let no shard ask for what was erased from the whole, before it was or elsewhere.

    A crawl that a dead run left behind may be at it in a shard: there, marks are only added.
    Raises: DatasetError.
    """
    if not whole.state.is_file():
        return
    with closing(State(whole.state)) as state:
        for shard in () if state.tombstones.is_empty() else shards:
            with closing(State(shard.state)) as own, own.transaction():
                own.tombstones.inherit(state.tombstones)


def shards_in(data: Path) -> list[DataFolder]:
    """The data folders of the shards that a data folder was crawled in; none if it was not."""
    found = (DataFolder(path) for path in sorted((data / "shards").glob("*-of-*")))
    return [folder for folder in found if folder.state.is_file()]


def _hosts(sources: Sequence[Source]) -> dict[str, str]:
    """A name for the hosts of each source, the same where they have one in common."""
    together: list[set[str]] = []
    of_source = {}
    for source in sources:
        urls = [source.url, *(f"https://{domain}/" for domain in source.allowed_domains)]
        own = {registrable_domain(url) for url in urls}
        of_source[source.name] = next(iter(own))
        shared = [one for one in together if one & own]
        together = [one for one in together if not one & own]
        together.append(own.union(*shared))
    return {
        name: next(min(one) for one in together if host in one) for name, host in of_source.items()
    }


def _place(host: str, count: int) -> int:
    digest = blake2b(host.encode(), digest_size=8).digest()
    return int.from_bytes(digest) % count + 1
