from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import ConfigurationError
from crawler.shards import Shard, hand_down, shard_folders
from crawler.sources import Source
from crawler.state import DataFolder, State

SOURCES = [Source(f"s{number}", f"https://s{number}.example/") for number in range(40)]


def names(sources: list[Source], count: int) -> list[set[str]]:
    """The names in each shard."""
    shards = [Shard(number, count) for number in range(1, count + 1)]
    return [{source.name for source in shard.sources(sources)} for shard in shards]


def test_each_source_is_in_one_shard_and_stays_there_whatever_others_come() -> None:
    parts = names(SOURCES, 4)
    assert set().union(*parts) == {source.name for source in SOURCES}
    assert sum(map(len, parts)) == len(SOURCES)
    assert all(parts)
    assert [part - {"s0"} for part in parts] == names(SOURCES[1:], 4)


def test_sources_that_share_a_host_are_in_one_shard() -> None:
    alike = [
        Source("a", "https://www.example.org/"),
        Source("news", "https://news.example.org/"),
        Source("b", "https://b.example/", allowed_domains=("c.example",)),
        Source("c", "https://c.example/", allowed_domains=("d.example",)),
        Source("d", "https://d.example/"),
    ]
    for count in range(2, 9):
        for part in names(alike, count):
            assert part & {"a", "news"} in (set(), {"a", "news"})
            assert part & {"b", "c", "d"} in (set(), {"b", "c", "d"})


def test_another_number_of_shards_is_refused_where_there_are_some(tmp_path: Path) -> None:
    folders = shard_folders(tmp_path, 2)
    assert [folder.path.name for folder in folders] == ["1-of-2", "2-of-2"]
    for folder in folders:
        folder.create()
    assert shard_folders(tmp_path, 2) == folders
    with pytest.raises(ConfigurationError, match="was crawled with --shards 2,"):
        shard_folders(tmp_path, 3)


def test_what_was_erased_from_the_whole_is_asked_for_by_no_shard(tmp_path: Path) -> None:
    whole, shards = DataFolder(tmp_path), shard_folders(tmp_path, 2)
    for folder in (whole, *shards):
        folder.create()
    hand_down(whole, shards)
    assert not [folder for folder in shards if folder.state.exists()]
    with closing(State(whole.state)) as state:
        state.tombstones.bury("domain", "s1.example", datetime(2026, 11, 28, tzinfo=UTC))
    hand_down(whole, shards)
    for folder in shards:
        with closing(State(folder.state)) as state:
            assert state.tombstones.covers("domain", "s1.example")


@pytest.mark.parametrize("text", ["", "2", "0/2", "3/2", "a/b", "1/2/3"])
def test_a_part_of_no_whole_is_told(text: str) -> None:
    with pytest.raises(ConfigurationError, match="such as 2/4"):
        Shard.of(text)
    assert str(Shard.of("2/4")) == "2/4"
