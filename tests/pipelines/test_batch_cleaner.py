from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest

from crawler.errors import Reason, Refusal
from crawler.items import Article, Comment
from pipelines.batch_cleaner import BatchCleaner
from pipelines.boilerplate import TAKEN_OUT
from pipelines.minhash import content_hash
from pipelines.quality import word_count
from pipelines.refused import Refused
from pipelines.schema import article_row, to_batch
from tests.pipelines.newsroom import NOW, ids, words
from tests.pipelines.newsstand import CALL, RULE, Newsstand, brief

ELSEWHERE = "gazette.example"


def fill(newsstand: Newsstand, first: int = 1, last: int = 8) -> None:
    """Articles enough for the call to be furniture."""
    newsstand.collect(*(brief(number, CALL) for number in range(first, last + 1)))


class Refusing:
    """A stage that takes no article."""

    def process_item(self, item: Article) -> Article:
        raise Refused(Refusal(Reason.BAD_ROW, "no"))


class Broken:
    """A stage with a mistake in it."""

    def process_item(self, item: Article) -> Article:
        raise ZeroDivisionError


def as_stored(article: Article) -> dict[str, Any]:
    """The row that readers get of an article, by the way of a file."""
    batch = to_batch("articles", [article_row(article)])
    row: dict[str, Any] = batch.to_pylist()[0]
    return row


def cleaner(newsstand: Newsstand, stage: Refusing | Broken) -> BatchCleaner:
    return BatchCleaner(
        newsstand.state, RULE, lambda: ([stage], newsstand._stage), newsstand._count_by
    )


def test_the_batch_that_makes_furniture_known_is_written_without_it(newsstand: Newsstand) -> None:
    fill(newsstand)
    newsstand.commit()
    clean = [brief(number).article_body for number in range(1, 9)]
    for row, body in zip(newsstand.rows("articles"), clean, strict=True):
        assert row["article_body"] == body
        assert [block["text"] for block in row["blocks"]] == [body]
        assert row["content_hash"] == content_hash(body)
        assert row["word_count"] == word_count(body)
        assert (row["revision"], row["cluster_id"]) == (1, row["article_id"])
    assert newsstand.rows("revisions") == []
    assert newsstand.counts == {"articles": 8, TAKEN_OUT: 8}


def test_an_article_that_is_cleaned_is_otherwise_the_same(newsstand: Newsstand) -> None:
    fill(newsstand, 2)
    said = replace(brief(1, CALL), authors=("A. Baker",), in_language="fr", etag='"1"')
    staged = newsstand.collect(said)
    newsstand.commit()
    plain = newsstand.collect(replace(brief(99), article_body=brief(1).article_body))
    of_text = ("article_body", "blocks", "word_count", "quality", "content_hash", "minhash")
    expected = replace(staged, **{name: getattr(plain, name) for name in of_text})
    row = as_stored(replace(expected, blocks=brief(1).blocks))
    assert newsstand.rows("articles")[0] == row | {"p_month": "2026-11"}


def test_what_its_furniture_kept_from_being_a_copy_is_one(newsstand: Newsstand) -> None:
    original = newsstand.collect(brief(0, domain=ELSEWHERE))
    fill(newsstand)
    newsstand.collect(brief(99, original.article_body, CALL, own=False))
    newsstand.commit()
    (copy,) = newsstand.rows("duplicates")
    assert (copy["article_id"], copy["duplicate_of"]) == ("brief-099", "brief-000")
    assert copy["similarity"] == 1.0
    assert newsstand.rows("articles")[0]["cluster_size"] == 2
    assert newsstand.counts == {"articles": 9, "duplicates": 1, TAKEN_OUT: 9}


def test_what_its_furniture_made_an_exact_copy_is_none(newsstand: Newsstand) -> None:
    fill(newsstand)
    stolen = newsstand.collect(brief(99, brief(1).article_body, CALL, own=False, domain=ELSEWHERE))
    assert (stolen.duplicate_of, stolen.duplicate_kind) == ("brief-001", "exact")
    newsstand.commit()
    everything = [*newsstand.rows("articles"), *newsstand.rows("duplicates")]
    assert "exact" not in {row.get("duplicate_kind") for row in everything}
    (row,) = (row for row in everything if row["article_id"] == "brief-099")
    assert row["article_body"] == stolen.article_body


def test_every_copy_is_a_copy_of_a_row_that_is_there(newsstand: Newsstand) -> None:
    fill(newsstand)
    text = words("the story", 60)
    newsstand.collect(
        brief(90, text, CALL, own=False),
        brief(91, text, CALL, own=False, domain=ELSEWHERE),
        brief(92, text, own=False, domain=ELSEWHERE),
        brief(93, text, own=False, domain="third.example"),
    )
    newsstand.commit()
    kept = {row["article_id"]: row["cluster_id"] for row in newsstand.rows("articles")}
    for copy in newsstand.rows("duplicates"):
        assert kept[copy["duplicate_of"]] == copy["cluster_id"]
    assert len(kept) + len(newsstand.rows("duplicates")) == 12


def test_a_new_box_on_known_pages_makes_no_new_version_of_them(newsstand: Newsstand) -> None:
    newsstand.publish(*(brief(number) for number in range(50, 55)))
    newsstand.collect(*(brief(number, CALL) for number in range(50, 55)))
    fill(newsstand)
    newsstand.commit()
    assert newsstand.rows("revisions") == []
    assert {row["revision"] for row in newsstand.rows("articles")} == {1}
    assert newsstand.counts["revised"] == 0
    assert newsstand.counts["unchanged"] == 5


def test_a_changed_text_is_the_next_version_without_the_box(newsstand: Newsstand) -> None:
    newsstand.publish(brief(50))
    changed = brief(50, words("a correction"), CALL)
    newsstand.collect(changed)
    fill(newsstand)
    newsstand.commit("second")
    row = newsstand.rows("articles")[-1]
    assert row["article_body"] == f"{brief(50).article_body}\n\n{words('a correction')}"
    assert (row["revision"], row["revision_count"]) == (2, 2)
    (old,) = newsstand.rows("revisions")
    assert old["article_body"] == brief(50).article_body


def test_comments_stay_staged(newsstand: Newsstand) -> None:
    said = Comment(comment_id="1", text="At last.", position=0)
    newsstand.collect(replace(brief(0, CALL), comments=(said,)))
    fill(newsstand)
    newsstand.commit()
    assert [row["text"] for row in newsstand.rows("comments")] == ["At last."]


def test_a_batch_that_a_dead_run_left_is_cleaned_by_the_next(newsstand: Newsstand) -> None:
    fill(newsstand)
    newsstand.state.close()
    with Newsstand(newsstand.folder.path) as after:
        after.commit("second")
        assert [CALL in row["article_body"] for row in after.rows("articles")] == [False] * 8
        assert after.counts == {}  # the run that counted them told nobody


def test_what_a_commit_has_begun_to_write_is_left_as_it_is(newsstand: Newsstand) -> None:
    fill(newsstand)
    newsstand.state.journal.begin_commit("begun")
    newsstand.commit()
    assert all(CALL in row["article_body"] for row in newsstand.rows("articles"))
    assert len(newsstand.rows("articles")) == 8


def test_a_batch_is_judged_once_and_its_rows_lie_in_one_snapshot_only(
    newsstand: Newsstand,
) -> None:
    fill(newsstand)
    first = newsstand.commit()
    assert newsstand.commit() is None
    assert first is not None
    found = ids(newsstand.folder.latest)
    assert len(set(found["articles"])) == len(found["articles"]) == 8


def test_an_article_that_is_refused_on_the_way_is_no_row_and_is_counted(
    newsstand: Newsstand,
) -> None:
    fill(newsstand)
    cleaner(newsstand, Refusing()).clean("run")
    assert newsstand.staged() == []
    assert newsstand.counts == {"articles": 0, f"refused/{Reason.BAD_ROW}": 8, TAKEN_OUT: 8}


def test_a_mistake_on_the_way_leaves_the_batch_as_it_was(newsstand: Newsstand) -> None:
    fill(newsstand)
    before = newsstand.staged()
    with pytest.raises(ZeroDivisionError):
        cleaner(newsstand, Broken()).clean("run")
    assert newsstand.staged() == before
    newsstand.commit()
    assert not any(CALL in row["article_body"] for row in newsstand.rows("articles"))


def test_the_log_tells_what_was_taken_out_of_which_site(
    newsstand: Newsstand, caplog: pytest.LogCaptureFixture
) -> None:
    fill(newsstand)
    with caplog.at_level(logging.INFO):
        newsstand.commit(now=NOW)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("journal.example: furniture is taken out of 8 articles, such as 'Our ")
