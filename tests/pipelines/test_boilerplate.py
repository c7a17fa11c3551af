from __future__ import annotations

from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from scrapy.utils.test import get_crawler

from crawler.state import State
from crawler.state.blocks import SeenBlock
from pipelines.boilerplate import TAKEN_OUT, BoilerplatePipeline, Rule
from tests.pipelines.newsroom import words
from tests.pipelines.newsstand import CALL, RULE, Newsstand, brief


def seen(articles: int, first: int = 1, last: int = 1_000, varies: bool = False) -> SeenBlock:
    return SeenBlock(1, articles, first, last, varies, is_furniture=False)


def least(among: int, varies: bool = False) -> int:
    """In how many of so many articles a block must stand to be furniture."""
    counts = range(among + 1)
    return next(n for n in counts if RULE.is_furniture(seen(n, 1, among, varies), among))


def test_the_rule_asks_for_most_of_few_articles_and_for_a_tenth_of_many() -> None:
    assert {among: least(among) for among in (5, 15, 55, 205, 10_005)} == {
        5: 5, 15: 6, 55: 10, 205: 25, 10_005: 1_005,
    }  # fmt: skip


def test_the_rule_asks_for_more_where_numbers_are_others_each_time() -> None:
    assert [least(among, varies=True) for among in (5, 15, 205)] == [5, 8, 65]


def test_a_block_counts_in_the_time_it_is_in_use_and_among_the_last_articles_at_least() -> None:
    assert RULE.is_furniture(seen(30, first=5_000, last=5_040), 5_040)  # a new box
    assert not RULE.is_furniture(seen(10, first=5_000, last=5_009), 5_009)  # one long story
    assert RULE.is_furniture(seen(500, first=1, last=500), 5_000)  # the box before that one


@given(st.integers(0, 4), st.integers(1, 10_000), st.booleans())
def test_what_four_articles_share_is_never_furniture(n: int, among: int, varies: bool) -> None:
    assert not RULE.is_furniture(seen(n, 1, among, varies), among)


@given(st.integers(1, 500), st.integers(1, 500), st.booleans())
def test_one_more_article_with_the_block_never_makes_it_less_furniture(
    n: int, among: int, varies: bool
) -> None:
    if RULE.is_furniture(seen(n, 1, among, varies), among):
        assert RULE.is_furniture(seen(n + 1, 1, among + 1, varies), among + 1)


def test_until_a_commit_nothing_is_known_and_after_it_every_page_is_cleaned(
    newsstand: Newsstand,
) -> None:
    for number in range(8):
        assert CALL in newsstand.collect(brief(number, CALL)).article_body
    newsstand.commit()
    assert CALL not in newsstand.collect(brief(8, CALL)).article_body
    assert newsstand.counts[TAKEN_OUT] == 8 + 1


def test_furniture_of_one_site_is_another_sites_text(newsstand: Newsstand) -> None:
    newsstand.publish(*(brief(number, CALL) for number in range(8)))
    other = brief(9, CALL, domain="gazette.example")
    assert newsstand.collect(other).article_body == other.article_body


def test_what_two_or_four_articles_quote_stays(newsstand: Newsstand) -> None:
    quote, line = words("a quote"), words("a line of a speech")
    told = [brief(n, *([quote] if n < 2 else [line] if n < 6 else [])) for n in range(8)]
    newsstand.publish(*told)
    assert [row["article_body"] for row in newsstand.rows("articles")] == [
        article.article_body for article in told
    ]


def test_a_story_that_a_site_publishes_ten_times_makes_no_furniture(newsstand: Newsstand) -> None:
    paragraphs = [words(f"paragraph {n}") for n in range(8)]
    for number in range(10):
        changed = [*paragraphs[:7], words(f"what is new in {number}")] if number % 2 else paragraphs
        newsstand.collect(brief(number, *changed, own=False))
    newsstand.commit()
    assert newsstand.state.blocks.unjudged() == {}
    everything = [*newsstand.rows("articles"), *newsstand.rows("duplicates")]
    assert len(everything) == 10
    assert all(row["article_body"].startswith(paragraphs[0]) for row in everything)


def test_briefs_that_are_mostly_furniture_are_cleaned(newsstand: Newsstand) -> None:
    notes = [words(f"note {n}", 30) for n in range(3)]
    newsstand.publish(*(brief(number, *notes) for number in range(8)))
    bodies = [row["article_body"] for row in newsstand.rows("articles")]
    assert bodies == [brief(number).article_body for number in range(8)]


def test_an_article_that_is_met_again_counts_once(newsstand: Newsstand) -> None:
    newsstand.publish(*(brief(number, CALL) for number in range(4)))
    for edition in range(6):
        newsstand.publish(brief(0, CALL, words(f"edition {edition}", 80)), run_id=f"run{edition}")
    assert CALL in newsstand.rows("articles")[0]["article_body"]


def test_what_was_collected_with_furniture_becomes_no_version_without_it(
    newsstand: Newsstand,
) -> None:
    newsstand.publish(*(brief(number, CALL) for number in range(3)))
    newsstand.publish(*(brief(number, CALL) for number in range(3, 8)), run_id="second")
    newsstand.collect(brief(0, CALL))
    assert newsstand.counts["unchanged"] == 1
    newsstand.publish(brief(0, words("a correction"), CALL), run_id="third")
    row = newsstand.rows("articles")[0]
    assert row["revision"] == 2
    assert CALL not in row["article_body"]


def test_a_page_of_very_many_blocks_is_cleaned_and_not_counted(newsstand: Newsstand) -> None:
    newsstand.publish(*(brief(number, CALL) for number in range(8)))
    dump = brief(9, CALL, *(f"Line {n} of it" for n in range(5_000)))
    assert CALL not in newsstand.collect(dump).article_body
    assert newsstand.state.blocks.unjudged() == {}


def test_a_block_that_the_last_articles_lack_is_forgotten(newsstand: Newsstand) -> None:
    newsstand.publish(*(brief(number, CALL) for number in range(8)))
    newsstand.publish(*(brief(100 + number) for number in range(RULE.memory)))
    again = newsstand.collect(brief(8, CALL))
    assert CALL in again.article_body
    kept = newsstand.state._db.execute("SELECT count(*) FROM blocks").fetchone()[0]
    assert kept <= RULE.memory + 2


def test_settings_say_what_is_furniture(tmp_path: Path) -> None:
    settings = {"DATA_DIR": str(tmp_path), "BOILERPLATE_MIN_ARTICLES": 2}
    crawler = get_crawler(settings_dict=settings | {"BOILERPLATE_MIN_SHARE": 0.5})
    with closing(State.from_crawler(crawler)):
        assert Rule.of(crawler.settings).min_articles == 2
        assert Rule.of(crawler.settings).min_share == 0.5
        pipeline = BoilerplatePipeline.from_crawler(crawler)
        assert pipeline.process_item(brief(1)) == brief(1)
