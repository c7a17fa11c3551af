from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Comment
from pipelines.dataset import verify_snapshot
from tests.pipelines.newsroom import Newsroom, story, words


@dataclass(frozen=True)
class Visit:
    """A page as it was met: which story, with which of a few texts, dates and comments."""

    name: str
    text: int
    month: int
    comments: int = 0
    by_another_address: bool = False


VISITS = st.builds(
    Visit, st.sampled_from("abcd"), st.integers(1, 4), st.integers(1, 3), st.integers(0, 3),
    st.sampled_from([False, False, False, True]),
)  # fmt: skip


def collect(newsroom: Newsroom, visit: Visit) -> None:
    newsroom.collect(
        story(
            visit.name,
            words(f"text {visit.text}"),
            headline="Un titre",
            date_published=datetime(2026, visit.month, 1, tzinfo=UTC),
            comments=tuple(
                Comment(comment_id=str(i), text=f"Avis {i}", position=i)
                for i in range(visit.comments)
            ),
            requested_id="another" if visit.by_another_address else "",
        )
    )


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(VISITS, max_size=5), max_size=5))
def test_whatever_happens_in_which_order_the_dataset_tells_each_story_once(
    runs: list[list[Visit]],
) -> None:
    texts: dict[str, int] = {}
    read_from_another: dict[str, bool] = {}
    comments: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder, Newsroom(Path(folder)) as newsroom:
        for number, run in enumerate(runs):
            met = set()
            for visit in run:
                collect(newsroom, visit)
                comments[visit.name] = max(comments.get(visit.name, 0), visit.comments)
                is_twin = visit.by_another_address and not read_from_another.get(visit.name, True)
                if not is_twin and visit.name not in met:
                    met |= {visit.name} if texts.get(visit.name) != visit.text else set()
                    texts[visit.name] = visit.text
                    read_from_another[visit.name] = visit.by_another_address
            newsroom.commit(f"run {number}")
        if not texts:
            return
        articles, duplicates = newsroom.rows("articles"), newsroom.rows("duplicates")
        current = {row["article_id"]: row for row in articles + duplicates}
        assert len(current) == len(articles) + len(duplicates)
        assert {name: row["article_body"] for name, row in current.items()} == {
            name: words(f"text {text}") for name, text in texts.items()
        }
        versions = [(row["article_id"], row["revision"]) for row in newsroom.rows("revisions")]
        assert sorted(versions) == [
            (name, revision)
            for name, row in sorted(current.items())
            for revision in range(1, row["revision"])
        ]
        assert {name: row["revision_count"] for name, row in current.items()} == {
            name: row["revision"] for name, row in current.items()
        }
        clusters = Counter(row["cluster_id"] for row in current.values())
        for row in current.values():
            assert row["cluster_size"] == clusters[row["cluster_id"]]
        kept = {row["article_id"] for row in articles}
        for row in duplicates:
            assert row["duplicate_of"] == row["cluster_id"]
            assert row["duplicate_of"] in kept
        found = [(row["article_id"], row["position"]) for row in newsroom.rows("comments")]
        assert found == [(name, i) for name in sorted(comments) for i in range(comments[name])]
        latest = newsroom.snapshots.latest()
        assert latest is not None
        assert list(verify_snapshot(latest)) == []
