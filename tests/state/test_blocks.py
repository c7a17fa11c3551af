from __future__ import annotations

from contextlib import closing
from pathlib import Path

from crawler.state import State
from crawler.state.blocks import SeenBlock

SITE = "x.example"


def test_a_block_is_counted_by_site_with_its_first_and_last_article(state: State) -> None:
    for wordings in ({1: 1}, {2: 2}, {1: 1, 2: 2}, {3: 3}):
        state.blocks.see(SITE, wordings)
    state.blocks.see("y.example", {1: 1})
    assert set(state.blocks.seen(SITE)) == {
        SeenBlock(1, 2, first=1, last=3, varies=False, is_furniture=False),
        SeenBlock(2, 2, first=2, last=3, varies=False, is_furniture=False),
        SeenBlock(3, 1, first=4, last=4, varies=False, is_furniture=False),
    }
    assert state.blocks.unjudged() == {SITE: 4, "y.example": 1}


def test_of_a_large_site_only_what_stands_in_many_articles_is_read(state: State) -> None:
    for wordings in ({1: 1, 2: 2}, {1: 1, 3: 3}, {1: 1}):
        state.blocks.see(SITE, wordings)
    assert [seen.block for seen in state.blocks.seen(SITE, at_least=2)] == [1]


def test_a_block_in_other_words_once_varies_for_good(state: State) -> None:
    for wording in (5, 6, 5):
        state.blocks.see(SITE, {1: wording})
    (seen,) = state.blocks.seen(SITE)
    assert seen.varies


def test_hashes_have_64_bits_and_a_sign(state: State) -> None:
    low, high = -(2**63), 2**63 - 1
    state.blocks.see(SITE, {low: high, high: low})
    assert state.blocks.known(SITE, [low, high, 0]) == {low: False, high: False}


def test_what_was_judged_is_known_after_reopening_until_it_is_judged_anew(path: Path) -> None:
    with closing(State(path)) as state:
        state.blocks.see(SITE, {1: 1, 2: 2})
        state.blocks.judge(SITE, {1}, memory=10)
    with closing(State(path)) as state:
        assert state.blocks.known(SITE, [1, 2, 3]) == {1: True, 2: False}
        assert state.blocks.unjudged() == {}
        state.blocks.see(SITE, {2: 2})
        assert state.blocks.unjudged() == {SITE: 2}
        state.blocks.judge(SITE, {2}, memory=10)
        assert state.blocks.known(SITE, [1, 2]) == {1: False, 2: True}


def test_what_the_last_articles_lack_is_forgotten_on_that_site(state: State) -> None:
    state.blocks.see("y.example", {1: 1})
    for number in range(1, 6):
        state.blocks.see(SITE, {number: number, 99: 99})
    state.blocks.judge(SITE, {99}, memory=2)
    assert state.blocks.known(SITE, range(100)) == {4: False, 5: False, 99: True}
    assert state.blocks.known("y.example", [1]) == {1: False}


def test_a_site_or_block_that_was_never_seen_is_not_known(state: State) -> None:
    assert state.blocks.known(SITE, [1]) == {}
    assert state.blocks.known(SITE, []) == {}
    assert list(state.blocks.seen(SITE)) == []
