from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler

from crawler.errors import Reason, Refusal
from crawler.items import Article, Block, Comment, Image, Quality
from pipelines.normalize import normalize_article
from pipelines.refused import Refused
from pipelines.schema import article_row, to_batch
from pipelines.validate import MAX_HEADLINE_CHARS, ValidatePipeline, validate
from pipelines.values import MAX_COUNT, MAX_DATE_AHEAD, Flaw

DOWNLOADED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
ARTICLE = Article(
    url="https://journal.example/pont",
    headline="Le pont ferme",
    article_body="Le pont de l’Île ferme lundi.",
    date_downloaded=DOWNLOADED,
)


def validated(**changes: Any) -> Article:
    result = validate(replace(ARTICLE, **changes), 10_000)
    assert isinstance(result, Article)
    return result


def refused(**changes: Any) -> Reason:
    result = validate(replace(ARTICLE, **changes), 10_000)
    assert isinstance(result, Refusal)
    return result.reason


def comment(comment_id: str, parent_id: str | None = None, **changes: Any) -> Comment:
    made = Comment(
        comment_id=comment_id, text=f"Avis {comment_id}", position=0, parent_id=parent_id
    )
    return replace(made, **changes)


def test_a_sound_article_passes_as_it_is() -> None:
    sound = replace(
        ARTICLE,
        canonical_url="http://journal.example/pont",
        description="Six mois.",
        blocks=(Block("heading", "Pourquoi", 2), Block("paragraph", "Parce que.")),
        authors=("Anne Lecomte",),
        date_published=DOWNLOADED - timedelta(hours=1),
        date_published_raw="2026-11-23T08:30:00+01:00",
        keywords=("pont",),
        in_language="fr-FR",
        images=(Image("https://journal.example/a.jpg", "Le pont"),),
        is_accessible_for_free=False,
        comment_count=0,
        comments=(comment("1"), comment("2", "1", position=1)),
        field_sources={"headline": "json-ld", "is_accessible_for_free": "meta"},
    )
    assert validate(sound, 10_000) == sound


@pytest.mark.parametrize("headline", ["", " \n", "\u200b\ufeff", "\u00a0", "\0", None, 7])
def test_an_article_without_a_headline_is_refused(headline: object) -> None:
    assert refused(headline=headline) is Reason.NO_HEADLINE


@pytest.mark.parametrize("body", ["", " \n\n ", "\u200b", None])
def test_an_article_without_a_body_is_refused(body: object) -> None:
    assert refused(article_body=body) is Reason.NO_BODY


@pytest.mark.parametrize(
    "url", ["", "/pont", "ftp://a.b/c", "https://", "https://[", "https://a.b/c d", None]
)
def test_an_article_without_a_web_address_is_refused(url: object) -> None:
    assert refused(url=url) is Reason.BAD_ROW


def test_a_body_longer_than_any_article_is_refused_with_its_length() -> None:
    refusal = validate(replace(ARTICLE, article_body="mot " * 2_501), 10_000)
    assert isinstance(refusal, Refusal)
    assert refusal == Refusal(Reason.BAD_ROW, "a body of 10004 characters")


@given(st.text())
def test_what_passes_still_has_a_headline_once_normalised(headline: str) -> None:
    result = validate(replace(ARTICLE, headline=headline), 10_000)
    if isinstance(result, Article):
        assert normalize_article(result).headline


def test_an_impossible_date_is_emptied_and_its_words_kept() -> None:
    article = validated(
        date_published=datetime(1, 1, 1, tzinfo=UTC),
        date_published_raw="0001-01-01T00:00:00Z",
        field_sources={"date_published": "json-ld", "date_published_raw": "json-ld"},
    )
    assert article.date_published is None
    assert article.date_published_raw == "0001-01-01T00:00:00Z"
    assert article.field_sources == {"date_published_raw": "json-ld"}


@pytest.mark.parametrize(
    "date",
    [
        DOWNLOADED + MAX_DATE_AHEAD + timedelta(seconds=1),
        datetime(1799, 12, 31, tzinfo=UTC),
        datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=12))),
        datetime(2026, 11, 20),  # noqa: DTZ001 - a date without a zone is the point
        "2026-11-20",
    ],
)
def test_a_date_that_cannot_be_true_is_emptied(date: object) -> None:
    assert validated(date_published=date).date_published is None
    assert validated(date_modified=date).date_modified is None


@pytest.mark.parametrize("date", [datetime(1800, 1, 1, tzinfo=UTC), DOWNLOADED + MAX_DATE_AHEAD])
def test_a_date_at_the_edge_is_kept(date: datetime) -> None:
    assert validated(date_published=date).date_published == date


def test_a_date_is_kept_in_utc() -> None:
    paris = timezone(timedelta(hours=1))
    date = validated(date_published=datetime(2026, 11, 23, 1, tzinfo=paris)).date_published
    assert date is not None
    assert (date.hour, date.tzinfo) == (0, UTC)


def test_damaged_strings_are_repaired_wherever_they_are() -> None:
    article = validated(
        headline="Le\0 pont \ud83d\ude00",
        blocks=(Block("paragraph", "un \udc80 mot"),),
        authors=["Anne\0 Lecomte"],
        comments=(comment("1", text="Bien \ud83d"),),
        etag="a\0b",
    )
    assert article.headline == "Le pont 😀"
    assert article.blocks[0].text == "un \ufffd mot"
    assert article.authors == ("Anne Lecomte",)
    assert article.comments[0].text == "Bien \ufffd"
    assert article.etag == "ab"


def test_a_long_headline_is_cut_and_a_long_name_emptied() -> None:
    article = validated(headline="mot " * 1_000, section="mot " * 1_000, authors=("x" * 301, "Léa"))
    assert len(article.headline) == MAX_HEADLINE_CHARS
    assert article.section is None
    assert article.authors == ("Léa",)


def test_lists_hold_only_what_they_should() -> None:
    article = validated(
        authors=["Anne Lecomte", None, {"name": "Léa"}, " "],
        keywords="pont",
        images=(Image("data:image/png;base64,AA"), Image("https://a.b/c.jpg"), "https://a.b/d.jpg"),
        blocks=None,
    )
    assert article.authors == ("Anne Lecomte",)
    assert article.keywords == ("pont",)
    assert article.images == (Image("https://a.b/c.jpg"),)
    assert article.blocks == ()


def test_a_block_has_a_known_type_a_text_and_a_level_that_fits() -> None:
    article = validated(
        blocks=(
            Block("heading", "Titre", 9),
            Block("heading", "Titre", 3),
            Block("list_item", "un", 2),
            Block("paragraph", "deux", 1),
            Block("paragraph", "\u200b"),
            Block("advert", "trois"),  # type: ignore[arg-type]  # what the rule is for
        )
    )
    assert article.blocks == (
        Block("heading", "Titre"),
        Block("heading", "Titre", 3),
        Block("list_item", "un", 2),
        Block("paragraph", "deux"),
    )


@pytest.mark.parametrize("count", [-1, MAX_COUNT + 1, True, "12", 1.5])
def test_a_count_that_counts_nothing_is_emptied(count: object) -> None:
    article = validated(comment_count=count, comments=(comment("1", upvotes=count),))
    assert article.comment_count is None
    assert article.comments[0].upvotes is None


def test_addresses_that_are_none_are_emptied() -> None:
    article = validated(canonical_url="/pont", main_image="data:image/png;base64,AA")
    assert (article.canonical_url, article.main_image) == (None, None)


@pytest.mark.parametrize(("claim", "tag"), [("fr_FR", "fr-FR"), ("français", None), (None, None)])
def test_the_claimed_language_becomes_a_tag(claim: str | None, tag: str | None) -> None:
    assert validated(in_language=claim).in_language == tag


def test_the_stage_refuses_with_the_reason() -> None:
    crawler = get_crawler(settings_dict={"VALIDATE_MAX_BODY_CHARS": 100})
    stage = ValidatePipeline.from_crawler(crawler)
    assert stage.process_item(ARTICLE) == ARTICLE
    with pytest.raises(Refused) as error:
        stage.process_item(replace(ARTICLE, article_body="mot " * 50))
    assert error.value.refusal.reason is Reason.BAD_ROW


def test_what_was_mended_is_told_by_field() -> None:
    told: list[tuple[str, Flaw]] = []
    poisoned = replace(
        ARTICLE,
        headline="Le\0 pont",
        date_published=datetime(9999, 1, 1, tzinfo=UTC),
        in_language="français",
        comments=(comment("1", parent_id="0"), comment("1")),
    )
    validate(poisoned, 10_000, lambda field, flaw: told.append((field, flaw)))
    assert told == [
        ("headline", Flaw.NUL),
        ("date_published", Flaw.AHEAD),
        ("in_language", Flaw.NO_LANGUAGE),
        ("comments", Flaw.TWICE),
        ("comments", Flaw.NO_PARENT),
    ]


def test_a_sound_article_has_nothing_told_of_it() -> None:
    told: list[Flaw] = []
    validate(ARTICLE, 10_000, lambda field, flaw: told.append(flaw))
    assert told == []


# With what later stages add, all of it sound.
READY = replace(ARTICLE, date_first_seen=DOWNLOADED, quality=Quality(5.0, 1.0, 0.0, 0.0))
# Whatever JSON, or a reader of it gone wrong, may put where something else belongs.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=5)
    | st.datetimes() | st.datetimes(timezones=st.timezones())
    | st.text(st.characters(exclude_categories=()), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner,
                                                               max_size=2),
    max_leaves=4,
)  # fmt: skip
READ_FROM_PAGES = (
    "url", "headline", "article_body", "canonical_url", "description", "blocks", "authors",
    "date_published", "date_published_raw", "date_modified", "section", "keywords", "in_language",
    "publisher", "main_image", "images", "is_accessible_for_free", "comment_count", "comments",
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(READ_FROM_PAGES), ANYTHING, max_size=4))
def test_anything_in_any_field_becomes_a_row_or_a_refusal(changes: dict[str, Any]) -> None:
    result = validate(replace(READY, **changes), 10_000)
    if isinstance(result, Refusal):
        assert result.reason in (Reason.BAD_ROW, Reason.NO_HEADLINE, Reason.NO_BODY)
    else:
        assert to_batch("articles", [article_row(normalize_article(result))]).num_rows == 1


def test_the_stage_of_a_crawl_counts_what_it_mends_by_source_and_field() -> None:
    crawler = get_crawler(settings_dict={"VALIDATE_MAX_BODY_CHARS": 100})
    crawler.stats = StatsCollector(crawler)
    stage = ValidatePipeline.from_crawler(crawler)
    stage.process_item(replace(ARTICLE, source="journal", section=7))  # type: ignore[arg-type]
    assert crawler.stats.get_stats() == {"source/journal/mended/section/wrong-type": 1}
