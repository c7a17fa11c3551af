from __future__ import annotations

import tempfile
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.items import Article, Block, Comment, Image, Rights
from pipelines.language import LanguagePipeline
from pipelines.normalize import NormalizePipeline
from pipelines.privacy import PrivacyPipeline
from pipelines.refused import Refused
from pipelines.schema import comment_key
from pipelines.validate import ValidatePipeline
from tests.pipelines.newsroom import NOW, Newsroom, as_read, story

# Whatever a page can say: lone surrogates, NUL, controls, direction marks, any script.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=40) | st.sampled_from(
    ["\ud83d\ude00", "\0", "\u202e\u2066", "e\u0301", "\u2028", "«\u202f!\u202f»", "&nbsp;&#0;", ""]
)
OPTIONAL = st.none() | TEXTS
MOMENTS = st.none() | st.datetimes(timezones=st.none() | st.timezones())
COUNTS = st.none() | st.integers()
ARTICLES = st.builds(
    Article,
    url=st.just("https://journal.example/a") | TEXTS,
    headline=TEXTS,
    article_body=TEXTS,
    canonical_url=OPTIONAL,
    description=OPTIONAL,
    blocks=st.lists(
        st.builds(Block, st.sampled_from(["heading", "code"]), TEXTS, COUNTS), max_size=2
    ).map(tuple),
    authors=st.lists(TEXTS, max_size=2).map(tuple),
    date_published=MOMENTS,
    date_published_raw=OPTIONAL,
    date_modified=MOMENTS,
    section=OPTIONAL,
    keywords=st.lists(TEXTS, max_size=2).map(tuple),
    in_language=OPTIONAL,
    publisher=OPTIONAL,
    main_image=OPTIONAL,
    images=st.lists(st.builds(Image, TEXTS, OPTIONAL), max_size=1).map(tuple),
    is_accessible_for_free=st.none() | st.booleans(),
    comment_count=COUNTS,
    comments=st.lists(
        st.builds(
            Comment, comment_id=TEXTS, text=TEXTS, position=st.integers(), parent_id=OPTIONAL,
            author=OPTIONAL, date_created=MOMENTS, upvotes=COUNTS,
        ),
        max_size=3,
    ).map(tuple),
    extractor=TEXTS,
    field_sources=st.dictionaries(st.sampled_from(["headline", "authors"]), TEXTS, max_size=1),
    source=st.just("journal"),
    domain=st.just("journal.example"),
    run_id=st.just("run"),
    date_first_seen=st.just(NOW),
    date_downloaded=st.just(NOW),
    http_status=st.integers(100, 599),
    etag=OPTIONAL,
    last_modified=OPTIONAL,
    rights=st.builds(Rights, x_robots_tag=OPTIONAL, tdm_reservation=OPTIONAL),
)  # fmt: skip
FIRST_STAGES = (
    ValidatePipeline(10_000),
    NormalizePipeline(),
    LanguagePipeline(1_000),
    PrivacyPipeline(b"k" * 32),
)


def prepared(article: Article) -> Article | None:
    """The article as it comes to the last stages; None if one refused it."""
    try:
        for stage in FIRST_STAGES:
            article = stage.process_item(article)
    except Refused:
        return None
    return article


def rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Without the floats, which are stored in single precision, and what the commit decides."""
    apart = ("quality", "language_score", "similarity", "cluster_size", "p_month")
    return {name: value for name, value in row.items() if name not in apart}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ARTICLES, min_size=1, max_size=8))
def test_whatever_a_page_says_is_read_back_as_it_was_staged_or_refused_with_a_reason(
    articles: list[Article],
) -> None:
    with tempfile.TemporaryDirectory() as folder, Newsroom(Path(folder)) as newsroom:
        staged = [
            newsroom.collect(replace(article, article_id=f"{number}"))
            for number, article in enumerate(filter(None, map(prepared, articles)))
        ]
        newsroom.commit()
        if not staged:
            assert newsroom.snapshots.ids() == []
            return
        read = sorted(
            newsroom.rows("articles") + newsroom.rows("duplicates"),
            key=lambda row: int(row["article_id"]),
        )
        assert [rounded(row) for row in read] == [rounded(as_read(one)) for one in staged]
        comments = {row["comment_id"]: row for row in newsroom.rows("comments")}
        assert len(comments) == sum(len(one.comments) for one in staged)
        for one in staged:
            for comment in one.comments:
                row = comments[comment_key(one.article_id, comment.comment_id)]
                assert (row["text"], row["position"]) == (comment.text, comment.position)
                assert row["date_created"] == comment.date_created
                assert (row["parent_id"] is None) == (comment.parent_id is None)


def test_a_long_article_with_everything_is_read_back_as_it_was_staged(newsroom: Newsroom) -> None:
    full = story(
        "a",
        blocks=tuple(Block("paragraph", "Le pont.") for _ in range(500)),
        images=(Image("https://journal.example/a.jpg", "L’île"),) * 50,
        authors=tuple(f"Anne {number}" for number in range(200)),
        date_modified=datetime.max.replace(tzinfo=UTC),
        date_published=datetime(1800, 1, 1, tzinfo=UTC) + timedelta(microseconds=1),
        field_sources={field.name: "json-ld" for field in fields(Article)},
    )
    staged = newsroom.collect(full)
    newsroom.commit()
    [row] = newsroom.rows("articles")
    assert rounded(row) == rounded(as_read(staged))
