from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from crawler.errors import Reason
from crawler.items import Article
from crawler.state import State
from pipelines.deduplicate import DeduplicatePipeline
from pipelines.minhash import SIGNATURE_BYTES, content_hash
from tests.pipelines.newsroom import MIN_WORDS, NOW, WINDOW, Newsroom, story, words
from tests.pipelines.test_resemblance import SENTENCES, STORY, text

TEXT = words("the story")


def copied(article: Article) -> tuple[str | None, float | None, str | None, str]:
    return article.duplicate_of, article.similarity, article.duplicate_kind, article.cluster_id


def close(similarity: float) -> Any:
    return pytest.approx(similarity, abs=0.1)


def test_an_article_of_its_own_words_is_a_cluster_of_its_own(newsroom: Newsroom) -> None:
    newsroom.collect(story("a"))
    other = newsroom.collect(story("b"))
    assert copied(other) == (None, None, None, "b")
    assert other.content_hash == content_hash(other.article_body)
    assert len(other.minhash) == SIGNATURE_BYTES


def test_the_same_words_from_another_source_are_a_copy_of_the_first(newsroom: Newsroom) -> None:
    newsroom.collect(story("b", TEXT))
    copy = newsroom.collect(story("a", f"«\u00a0{TEXT.upper()}\u00a0»\n\n", source="gazette"))
    assert copied(copy) == ("b", 1.0, "exact", "b")


def test_every_copy_is_a_copy_of_the_kept_one_and_not_of_another_copy(newsroom: Newsroom) -> None:
    for name in ("c", "b", "a"):
        last = newsroom.collect(story(name, TEXT))
    assert copied(last) == ("c", 1.0, "exact", "c")


def test_a_copy_is_found_again_in_the_run_after_the_commit(newsroom: Newsroom) -> None:
    newsroom.publish(story("a", TEXT))
    assert newsroom.collect(story("b", TEXT)).duplicate_of == "a"


def test_the_kept_one_stays_kept_after_its_text_changes(newsroom: Newsroom) -> None:
    newsroom.publish(story("a", TEXT), story("b", TEXT), story("c"))
    revised = newsroom.collect(story("a", words("c")))
    assert copied(revised) == (None, None, None, "a")


def test_a_copy_that_is_met_again_is_the_same_copy(newsroom: Newsroom) -> None:
    newsroom.publish(story("a", TEXT), story("b", TEXT))
    assert copied(newsroom.collect(story("b", TEXT))) == ("a", 1.0, "exact", "a")


def test_a_copy_that_gets_words_of_its_own_is_an_article_again(newsroom: Newsroom) -> None:
    newsroom.publish(story("a", TEXT), story("b", TEXT))
    revised = newsroom.collect(story("b"))
    assert copied(revised) == (None, None, None, "b")
    newsroom.commit()
    assert newsroom.collect(story("c", revised.article_body)).duplicate_of == "b"


def test_a_few_words_that_two_share_make_no_copy(newsroom: Newsroom) -> None:
    short, enough = words("short", MIN_WORDS - 1), words("enough", MIN_WORDS)
    newsroom.collect(story("a", short), story("b", enough))
    assert newsroom.collect(story("c", short)).duplicate_of is None
    assert newsroom.collect(story("d", enough)).duplicate_of == "b"


NEAR = text(["Rives, 3 mars."], STORY)
CUT = text(STORY[:12])


def test_a_near_copy_and_a_cut_are_copies_of_the_first_and_say_how_close(
    newsroom: Newsroom,
) -> None:
    newsroom.collect(story("a", text(STORY)))
    near = newsroom.collect(story("b", NEAR, source="gazette"))
    assert copied(near) == ("a", close(1), "near", "a")
    cut = newsroom.collect(story("c", CUT, source="courrier"))
    assert copied(cut) == ("a", close(0.47), "contained", "a")


def test_near_copies_are_found_in_a_later_run_and_their_cluster_has_its_size_everywhere(
    newsroom: Newsroom,
) -> None:
    newsroom.publish(story("a", text(STORY)), story("z"))
    newsroom.publish(story("b", NEAR, source="gazette"), run_id="second")
    newsroom.publish(story("c", CUT, date_published=NOW - timedelta(days=40)), run_id="third")
    (kept, other) = newsroom.rows("articles")
    assert (kept["article_id"], kept["cluster_id"], kept["cluster_size"]) == ("a", "a", 3)
    assert other["cluster_size"] == 1
    copies = newsroom.rows("duplicates")
    assert [row["duplicate_kind"] for row in copies] == ["near", "contained"]
    assert {(row["duplicate_of"], row["cluster_id"]) for row in copies} == {("a", "a")}
    assert [row["cluster_size"] for row in copies] == [3, 3]


def test_what_resembles_a_copy_only_is_a_copy_of_the_kept_one(newsroom: Newsroom) -> None:
    middle, last = STORY[5:] + SENTENCES[100:105], STORY[10:] + SENTENCES[100:110]
    newsroom.collect(story("a", text(STORY)), story("b", text(middle)))
    copy = newsroom.collect(story("c", text(last)))
    assert copied(copy) == ("a", close(0.43), "near", "a")
    again = newsroom.collect(story("d", text(last)))
    assert again.duplicate_of == "a"


def test_what_was_published_outside_the_window_is_a_story_of_its_own(newsroom: Newsroom) -> None:
    newsroom.collect(story("a", text(STORY)))
    late = story("b", NEAR, date_published=NOW - WINDOW - timedelta(days=1))
    assert newsroom.collect(late).duplicate_of is None


def test_a_copy_whose_text_changes_a_little_stays_with_its_story(newsroom: Newsroom) -> None:
    newsroom.publish(story("a", text(STORY)), story("b", NEAR), story("c", text(STORY[:14])))
    revised = newsroom.collect(story("b", text(["Rives, 4 mars."], STORY, SENTENCES[:1])))
    assert revised.duplicate_of == "a"
    assert revised.revision == 2


def test_short_texts_are_not_compared(newsroom: Newsroom) -> None:
    short = " ".join(SENTENCES[0].split())
    newsroom.collect(story("a", short))
    assert newsroom.collect(story("b", f"{short} Bis.")).duplicate_of is None
    assert newsroom.state.fingerprints.span() == (1, 0)


def test_a_row_and_its_fingerprint_are_there_both_or_neither(newsroom: Newsroom) -> None:
    bad = story("a", text(STORY), http_status=2**20)
    assert newsroom.refuse(bad) is Reason.BAD_ROW
    assert newsroom.state.fingerprints.span() == (1, 0)
    newsroom.collect(story("a", text(STORY)), story("b", text(STORY)), story("a", text(STORY)))
    # An exact copy tells nothing new, and neither does what is unchanged.
    assert newsroom.state.fingerprints.span() == (1, 1)


def test_the_stage_reads_its_limit_from_the_settings(newsroom: Newsroom) -> None:
    newsroom.collect(story("a", "Deux mots"))
    crawler = get_crawler(
        settings_dict={"DATA_DIR": str(newsroom.folder.path), "DEDUPLICATE_MIN_WORDS": 2}
    )
    with closing(State.from_crawler(crawler)):
        stage = DeduplicatePipeline.from_crawler(crawler)
        assert stage.process_item(story("b", "Deux mots", word_count=2)).duplicate_of == "a"
        assert stage.process_item(story("c", "Deux mots", word_count=1)).duplicate_of is None
