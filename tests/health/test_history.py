from __future__ import annotations

import json
from datetime import timedelta

import pytest

from crawler.health.memory import Memory
from crawler.health.observation import Listing
from crawler.health.rhythm import is_due
from tests.health.paper import DAY, FEED, FINE, HOUR, SITEMAP, Paper

GONE = "https://gazette.example/feed: http/gone: HTTP 410"


@pytest.fixture(scope="module")
def _busy() -> Paper:
    paper = Paper()
    paper.live(30, 3 * HOUR, new=2)
    return paper


@pytest.fixture
def busy(_busy: Paper) -> Paper:
    """A paper with sixteen articles a day, watched for a month; each test goes on from there."""
    paper = Paper(now=_busy.now)
    _busy.db.backup(paper.db)
    return paper


@pytest.fixture
def quiet() -> Paper:
    """A column with an article a week."""
    paper = Paper()
    for _ in range(8):
        paper.live(6, DAY, new=0)
        paper.live(1, DAY, new=1)
    return paper


def test_a_busy_source_that_falls_silent_is_told_within_two_days(busy: Paper) -> None:
    since = busy.now - HOUR / 2
    while not (found := busy.visit(3 * HOUR)):
        assert busy.now - since < 2 * DAY
    assert busy.now - since > DAY / 4
    told = found["silent"].sentence
    assert told.startswith(f"nothing new since {since:%Y-%m-%d %H:%M}, where ")
    assert "its listings are the same as then" in told


def test_a_source_that_stays_silent_is_told_until_that_is_all_that_is_remembered(
    busy: Paper,
) -> None:
    found = [busy.visit(DAY) for _ in range(84)]
    assert all(visit.keys() == {"silent"} for visit in found[1:65])
    assert found[-1] == {}


def test_what_an_earlier_version_remembered_is_no_error() -> None:
    suspicion = {"since": 1.0, "usual_of": 9}
    old = {"answers": 3, "normal_since": {"a": 1.0}, "suspicions": {"filled/authors": suspicion}}
    memory = Memory.read(json.dumps(old))
    assert memory.answers == 3
    assert memory.suspicions["filled/authors"].since == 1.0


def test_a_quiet_source_is_not_cried_about(quiet: Paper) -> None:
    quiet.live(28, DAY, new=0)


def test_of_a_source_that_is_not_known_for_long_nothing_is_said() -> None:
    paper = Paper()
    paper.live(5, HOUR, new=3)
    paper.live(5, HOUR, new=0)


def test_a_field_that_stops_being_filled_is_told_at_the_second_run(busy: Paper) -> None:
    assert busy.visit(new=3, without="authors") == {}
    (finding,) = busy.visit(new=3, without="authors").values()
    assert (finding.what, finding.is_new) == ("filled/authors", True)
    told = "authors is empty on 6 of 6 pages since 2026-04-01 09:00, and was on 0 of 480 before"
    assert finding.sentence.startswith(told)
    assert not busy.visit(new=3, without="authors")["filled/authors"].is_new


def test_ten_odd_pages_at_once_are_one_event(busy: Paper) -> None:
    assert busy.visit(new=10, without="authors") == {}
    assert busy.visit(new=3) == {}


def test_a_field_is_well_again_when_it_is_filled_again(busy: Paper) -> None:
    for _ in range(3):
        found = busy.visit(new=3, without="authors")
    assert found
    for _ in range(3):
        found = busy.visit(new=3)
    assert found == {}


def test_what_is_so_for_long_is_how_the_source_is_now(busy: Paper) -> None:
    found = [busy.visit(6 * HOUR, new=4, without="authors") for _ in range(4 * 60)]
    told = [visit for visit, wrong in enumerate(found) if wrong]
    assert told == list(range(1, 4 * 28 + 2))


def test_a_jump_in_refusals_is_told_with_the_reason(busy: Paper) -> None:
    busy.visit(new=1, refused=3)
    (finding,) = busy.visit(new=0, refused=4).values()
    assert finding.what == "refused/article/no-body"
    assert "7 of 8 pages since" in finding.sentence
    assert "0 of 480 before: the pages were probably redesigned" in finding.sentence


def test_a_hiccup_is_no_trouble_and_an_outage_is_told_at_the_second_run(busy: Paper) -> None:
    assert busy.visit(failed="fetch/timeout") == {}
    assert busy.visit(new=1) == {}
    assert busy.visit(failed="fetch/timeout") == {}
    assert busy.visit(failed="fetch/timeout")["unreachable"].sentence == (
        "nothing could be read: fetch/timeout"
    )
    assert busy.visit(new=1) == {}


def test_what_will_not_pass_or_is_of_a_new_source_is_told_at_once(busy: Paper) -> None:
    assert busy.visit(failed=GONE, passing=False)["unreachable"].sentence.endswith(GONE)
    new = Paper()
    new.live(1, 3 * HOUR, new=1)
    assert new.visit(failed="fetch/timeout").keys() == {"unreachable"}


@pytest.mark.parametrize(
    ("listing", "what", "told"),
    [
        (Listing(refused="http/gone: HTTP 404"), f"listing/{FEED}", "has probably moved"),
        (Listing(is_empty=True), f"empty/{FEED}", "answers and names nothing"),
    ],
)
def test_a_listing_that_fails_while_others_answer_is_told_at_the_second_run(
    busy: Paper, listing: Listing, what: str, told: str
) -> None:
    broken = FINE | {FEED: listing}
    assert busy.visit(new=1, listings=broken) == {}
    found = busy.visit(new=1, listings=broken)
    assert found.keys() == {what}
    assert told in found[what].sentence
    assert busy.visit(new=1) == {}


def test_a_feed_that_is_empty_and_then_as_it_was_is_told_at_the_second_run(busy: Paper) -> None:
    assert busy.visit(new=1, listings=FINE | {FEED: Listing(is_empty=True)}) == {}
    still = FINE | {FEED: Listing(is_unchanged=True)}
    assert busy.visit(new=1, listings=still).keys() == {f"empty/{FEED}"}


def test_a_front_page_that_never_named_anything_is_how_it_is() -> None:
    paper = Paper()
    bare = {FEED: Listing(is_empty=True), SITEMAP: Listing()}
    assert [paper.visit(new=1, listings=bare) for _ in range(20)] == [{}] * 20


def test_a_feed_that_leads_to_another_site_is_told_at_once(busy: Paper) -> None:
    moved = FINE | {FEED: Listing(leads_to="other.example", is_empty=False)}
    found = busy.visit(new=1, listings=moved)
    assert found.keys() == {f"leads/{FEED}"}
    assert f"{FEED} leads to other.example now" in found[f"leads/{FEED}"].sentence


def test_a_feed_that_always_led_there_is_how_it_is() -> None:
    paper = Paper()
    hosted = {FEED: Listing(leads_to="feeds.example"), SITEMAP: Listing()}
    assert [paper.visit(new=1, listings=hosted) for _ in range(20)] == [{}] * 20


def test_a_feed_that_names_only_others_pages_is_told_at_once(busy: Paper) -> None:
    found = busy.visit(named=20, own=0)
    assert "all 20 addresses that it lists are on other.example" in found["elsewhere"].sentence


def test_an_archive_that_is_opened_is_told_and_does_not_change_what_is_usual(busy: Paper) -> None:
    found = busy.visit(new=400)
    assert found["burst"].sentence.startswith("400 new articles since ")
    assert busy.visit(new=1) == {}
    busy.live(10, 3 * HOUR, new=2)
    assert [what for _ in range(20) for what in busy.visit(3 * HOUR)][-1] == "silent"


def test_the_store_is_as_large_after_a_year_as_after_three_months() -> None:
    paper = Paper()
    paper.live(90, DAY, new=3)
    paper.history.prune(paper.now)
    (days,) = paper.db.execute("SELECT count(*) FROM source_days").fetchone()
    paper.live(275, DAY, new=3)
    paper.history.prune(paper.now)
    assert paper.db.execute("SELECT count(*) FROM source_days").fetchone() == (days,)
    assert days <= 86


def test_a_source_is_visited_by_every_run_until_it_is_known() -> None:
    paper = Paper()
    paper.live(10, HOUR, new=1)
    assert is_due(paper.memory, None, paper.now)
    assert paper.memory.next_visit_why == "visited by each run, as it is not known for long"


def test_a_busy_source_is_due_within_hours_and_a_quiet_one_after_a_day(
    busy: Paper, quiet: Paper
) -> None:
    busy.visit(new=1)
    assert not is_due(busy.memory, None, busy.now + timedelta(minutes=10))
    assert is_due(busy.memory, None, busy.now + 2 * HOUR)
    assert not is_due(quiet.memory, None, quiet.now + 20 * HOUR)
    assert is_due(quiet.memory, None, quiet.now + DAY)


def test_a_source_in_trouble_is_due_at_the_next_run(quiet: Paper) -> None:
    quiet.visit(DAY, failed="fetch/timeout")
    assert is_due(quiet.memory, None, quiet.now + HOUR)


def test_a_source_that_says_how_often_is_due_so_often(busy: Paper) -> None:
    assert not is_due(busy.memory, 6 * HOUR, busy.now + 5 * HOUR)
    # A run that begins a little early does not leave it to the next.
    assert is_due(busy.memory, 6 * HOUR, busy.now + 6 * HOUR - timedelta(minutes=5))
