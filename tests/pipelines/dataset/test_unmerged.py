from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from crawler.items import Comment
from pipelines.dataset.unmerged import Unmerged
from tests.pipelines.newsroom import Newsroom, story, words

FIRST = story("a", comments=(Comment(comment_id="1", text="Oui.", position=0),))
COPY = story("b", FIRST.article_body)


def unmerged(shard: Newsroom) -> Unmerged:
    found = Unmerged.of(shard.folder)
    assert found is not None
    return found


def merge(shard: Newsroom, whole: Newsroom) -> None:
    new = unmerged(shard)
    for article in new.articles():
        whole.collect(article)
    new.stage_comments(whole.state.journal)
    whole.commit()
    new.mark()


def test_what_was_merged_is_not_new_again_and_of_the_rest_only_files_that_are(
    tmp_path: Path,
) -> None:
    with Newsroom(tmp_path) as shard:
        assert Unmerged.of(shard.folder) is None
        shard.publish(FIRST, COPY)
        new = unmerged(shard)
        kept, copy = new.articles()
        assert (kept.article_id, copy.article_id) == ("a", "b")
        assert copy.duplicate_of is None, "whose copy it is, is asked again"
        assert kept.minhash == copy.minhash
        new.mark()
        assert Unmerged.of(shard.folder) is None
        shard.publish(story("c"))
        assert [article.article_id for article in unmerged(shard).articles()] == ["c"]


def test_copies_are_found_across_shards_and_rows_are_as_their_shard_has_them(
    tmp_path: Path,
) -> None:
    with (
        Newsroom(tmp_path / "1") as one,
        Newsroom(tmp_path / "2") as two,
        Newsroom(tmp_path / "whole") as whole,
    ):
        one.publish(FIRST)
        two.publish(COPY, story("c"))
        merge(one, whole)
        merge(two, whole)
        assert [row["duplicate_of"] for row in whole.rows("duplicates")] == ["a"]
        kept, other = whole.rows("articles")
        assert [kept | {"cluster_size": 1}] == one.rows("articles")
        assert other == two.rows("articles")[1]
        assert whole.rows("comments") == one.rows("comments")


def test_merged_once_more_nothing_changes_and_a_new_version_is_one(tmp_path: Path) -> None:
    with Newsroom(tmp_path / "1") as shard, Newsroom(tmp_path / "whole") as whole:
        shard.publish(FIRST)
        merge(shard, whole)
        (shard.folder.path / "merged").unlink()
        before = whole.snapshots.ids()
        merge(shard, whole)
        assert whole.snapshots.ids() == before
        said = (*FIRST.comments, Comment(comment_id="2", text="Non.", position=1))
        shard.publish(replace(FIRST, article_body=words("new"), comments=said))
        merge(shard, whole)
        assert [row["revision"] for row in whole.rows("articles")] == [2]
        assert [row["text"] for row in whole.rows("comments")] == ["Oui.", "Non."]
        assert len(whole.rows("revisions")) == 1
