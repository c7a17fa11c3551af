from __future__ import annotations

from crawler.discovery.candidate import Candidate
from crawler.spiders.listing_pages import Page, WayRead
from crawler.state.listed import Part
from crawler.state.listings import Validators

URL = "https://journal.example/sitemap.xml"
SEEN = Validators('"1"', None, "digest", None)
WHOLE = Part(URL, "sitemaps", begins=True, ends=True)


def candidates(count: int) -> tuple[Candidate, ...]:
    return tuple(Candidate(f"https://journal.example/{n}", "sitemap") for n in range(count))


def test_a_long_listing_is_taken_in_steps_that_name_everything_once() -> None:
    page = Page(URL, candidates(2_500), SEEN, WHOLE)
    steps = list(page.steps())
    assert [len(step.candidates) for step in steps] == [1_000, 1_000, 500]
    assert sum((step.candidates for step in steps), ()) == page.candidates
    assert {step.url for step in steps} == {URL}


def test_only_the_last_step_says_that_the_listing_was_read() -> None:
    page = Page(URL, candidates(2_500), SEEN, WHOLE, discussed=frozenset({"https://a.example/"}))
    first, middle, last = page.steps()
    assert [step.validators for step in (first, middle, last)] == [None, None, SEEN]
    assert [step.discussed for step in (first, middle, last)] == [set(), set(), page.discussed]
    assert first.part == Part(URL, "sitemaps", begins=True)
    assert middle.part == Part(URL, "sitemaps")
    assert last.part == Part(URL, "sitemaps", ends=True)


def test_a_short_listing_is_one_step_and_so_is_an_empty_one() -> None:
    short = Page(URL, candidates(1_000), SEEN, WHOLE)
    assert list(short.steps()) == [short]
    empty = Page(URL, (), way_read=WayRead("sitemaps", frozenset({URL})))
    assert list(empty.steps()) == [empty]
