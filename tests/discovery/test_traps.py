from __future__ import annotations

import pytest

from crawler.discovery.traps import MAX_QUERIES, TRIES, Harvest, endless

YEAR = 2026
SITE = "https://gazette.example"


@pytest.mark.parametrize(
    "path",
    [
        "/a/b/a/b/a/b/",
        "/news/news/news/news/story",
        "/" + "/".join(f"level-{number}" for number in range(17)),
        "/story?" + "x" * 2_000,
        "/calendar/2031-05/",
        "/agenda/2028/01/15",
        "/?month=2030-11&view=list",
        "/events/month/2029-12/",
    ],
)
def test_an_address_of_a_row_without_end_is_told_by_itself(path: str) -> None:
    assert endless(SITE + path, YEAR)


@pytest.mark.parametrize(
    "path",
    [
        "/2026/11/23/le-pont-rouvre.html",
        "/world/europe/france/2026/nov/23/bridge-opens",
        "/2026/03/paris-2030-12-questions/",
        "/agenda/2026/12/concert",
        "/calendar/2027-01/",
        "/a/b/a/b/story",
        "/?p=2031",
        "/archive/1998/05/story",
        "/",
    ],
)
def test_the_address_of_an_article_is_none(path: str) -> None:
    assert endless(SITE + path, YEAR) is None


def tried(harvest: Harvest, pattern: str, count: int, gave: bool) -> None:
    for number in range(count):
        harvest.tried(SITE + pattern.format(number), gave)


def test_a_shape_that_never_gave_an_article_is_barren() -> None:
    harvest = Harvest()
    tried(harvest, "/2026/{}/story", 100, True)
    tried(harvest, "/calendar/{}", TRIES - 1, False)
    assert harvest.barren(f"{SITE}/calendar/x") is None
    tried(harvest, "/calendar/{}", 1, False)
    assert harvest.barren(f"{SITE}/calendar/x") == f"0 of {TRIES} pages like it were articles"
    assert harvest.barren(f"{SITE}/2026/x/story") is None


def test_a_trap_whose_sections_are_all_different_is_known_by_its_depth() -> None:
    harvest = Harvest()
    tried(harvest, "/story-{}", 10, True)
    tried(harvest, "/section-{}/a/b", TRIES, False)
    assert harvest.barren(f"{SITE}/other/c/d")
    assert harvest.barren(f"{SITE}/story-x") is None


def test_dead_links_speak_for_their_like_alone() -> None:
    harvest = Harvest()
    for number in range(2 * TRIES):
        harvest.tried(f"{SITE}/members/{number}", False, was_there=False)
    assert harvest.barren(f"{SITE}/members/x")
    assert harvest.barren(f"{SITE}/2026/story") is None


def test_a_source_of_which_nothing_is_an_article_is_barren_as_a_whole() -> None:
    harvest = Harvest()
    for depth in range(1, TRIES + 1):
        harvest.tried(SITE + "/x" * (depth % 7 + 1) + f"{depth}?a{depth}=1", False)
    assert harvest.barren(f"{SITE}/anything")
    assert harvest.barren("https://other.example/anything") is None


def test_what_gives_an_article_now_and_then_is_not() -> None:
    harvest = Harvest()
    for _ in range(20):
        tried(harvest, "/mixed/{}", 30, False)
        tried(harvest, "/mixed/story-{}", 1, True)
    assert harvest.barren(f"{SITE}/mixed/x") is None


def test_one_path_has_so_many_queries_and_no_more() -> None:
    harvest = Harvest()
    facets = [f"{SITE}/shop?color={number}&size=1" for number in range(MAX_QUERIES + 5)]
    assert [harvest.met(url) is None for url in facets] == [True] * MAX_QUERIES + [False] * 5
    assert harvest.met(facets[0]) is None
    assert harvest.met(f"{SITE}/shop") is None
    assert harvest.met(f"{SITE}/other?color=1") is None


@pytest.mark.parametrize("name", ["p", "id", "ID", "article"])
def test_articles_that_are_named_by_the_query_are_pages_of_their_own(name: str) -> None:
    harvest = Harvest()
    met = [harvest.met(f"{SITE}/?{name}={number}") for number in range(10 * MAX_QUERIES)]
    assert set(met) == {None}
