from __future__ import annotations

from contextlib import closing

from scrapy.utils.test import get_crawler

from crawler.items import Article
from crawler.state import State
from pipelines.deduplicate import DeduplicatePipeline
from pipelines.minhash import SIGNATURE_BYTES, content_hash
from tests.pipelines.newsroom import MIN_WORDS, Newsroom, story, words

TEXT = words("the story")


def copied(article: Article) -> tuple[str | None, float | None, str | None, str]:
    return article.duplicate_of, article.similarity, article.duplicate_kind, article.cluster_id


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


def test_the_stage_reads_its_limit_from_the_settings(newsroom: Newsroom) -> None:
    newsroom.collect(story("a", "Deux mots"))
    crawler = get_crawler(
        settings_dict={"DATA_DIR": str(newsroom.folder.path), "DEDUPLICATE_MIN_WORDS": 2}
    )
    with closing(State.from_crawler(crawler)):
        stage = DeduplicatePipeline.from_crawler(crawler)
        assert stage.process_item(story("b", "Deux mots", word_count=2)).duplicate_of == "a"
        assert stage.process_item(story("c", "Deux mots", word_count=1)).duplicate_of is None
