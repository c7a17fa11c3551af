from __future__ import annotations

import pytest

from crawler.state import State
from crawler.state.listed import Part

API, OLD, NEW = (
    "https://x.example/wp-json/",
    "https://x.example/old.xml",
    "https://x.example/new.xml",
)


def whole(state: State, listing: str, *names: str, way: str = "sitemaps") -> set[str]:
    """A listing that was read in one go."""
    return state.listed.named(Part(listing, way, begins=True, ends=True), "x", names)


def vanished(state: State, *listings: str, way: str = "sitemaps") -> list[str]:
    return state.listed.vanished("x", way, frozenset(listings))


def test_what_a_listing_names_no_more_has_vanished_and_is_told_once(state: State) -> None:
    assert whole(state, OLD, "a", "b") == {"a", "b"}
    assert vanished(state, OLD) == []
    assert whole(state, OLD, "b", "c") == {"c"}
    assert vanished(state, OLD) == ["a"]
    assert vanished(state, OLD) == []
    assert whole(state, OLD, "a", "b", "c") == {"a"}, "it is back"


def test_what_moved_to_another_listing_has_not_vanished(state: State) -> None:
    whole(state, OLD, "a", "b")
    whole(state, NEW, "c")
    whole(state, OLD, "a")
    whole(state, NEW, "b", "c")
    assert vanished(state, OLD, NEW) == []


def test_a_listing_that_is_not_read_again_names_what_it_did(state: State) -> None:
    whole(state, OLD, "a")
    whole(state, NEW, "b")
    whole(state, NEW, "c")
    assert vanished(state, OLD, NEW) == ["b"]


def test_a_listing_that_is_there_no_more_names_nothing(state: State) -> None:
    whole(state, OLD, "a", "b")
    whole(state, NEW, "b")
    assert vanished(state, NEW) == ["a"]


def test_what_a_reading_did_not_end_to_name_waits_for_one_that_does(state: State) -> None:
    whole(state, API, "a", "b", "c", way="wordpress")
    state.listed.named(Part(API, "wordpress", begins=True), "x", ["a"])
    assert vanished(state, API, way="wordpress") == []
    state.listed.named(Part(API, "wordpress", begins=True), "x", ["a"])
    state.listed.named(Part(API, "wordpress", ends=True), "x", ["c"])
    assert vanished(state, API, way="wordpress") == ["b"]


def test_one_way_says_nothing_of_another(state: State) -> None:
    whole(state, OLD, "a")
    whole(state, API, "b", way="wordpress")
    assert vanished(state, API, way="wordpress") == []
    assert whole(state, OLD, "a") == set()


@pytest.mark.parametrize(("total", "uncounted"), [(3, 0), (5, 2), (2, -1), (None, None)])
def test_how_many_more_a_listing_says_to_have_than_it_named(
    state: State, total: int | None, uncounted: int | None
) -> None:
    assert state.listed.last_uncounted(API) is None
    whole(state, API, "a", "b", "z", way="wordpress")
    whole(state, API, "a", "b", way="wordpress")
    state.listed.named(Part(API, "wordpress"), "x", ["c"])
    assert state.listed.uncounted(API, total) == uncounted
    state.listed.counted(API, uncounted)
    assert state.listed.last_uncounted(API) == uncounted


def test_the_newest_comment_is_remembered(state: State) -> None:
    assert state.listed.newest_comment(API) is None
    whole(state, API, "a", way="wordpress")
    assert state.listed.newest_comment(API) is None
    state.listed.commented(API, 12)
    assert state.listed.newest_comment(API) == 12
