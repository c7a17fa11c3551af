from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crawler.errors import DatasetError
from crawler.items import Comment
from pipelines.dataset.restore import restore
from tests.pipelines.newsroom import MIN_WORDS, NOW, WINDOW, Newsroom, ids, story
from tests.pipelines.test_resemblance import SENTENCES, STORY, text

NEAR = text(["Rives, 3 mars."], STORY)
SHORT = "Deux mots."
COLLECTED = (
    story("a", text(STORY), comments=(Comment(comment_id="1", text="Oui.", position=0),)),
    story("b", text(STORY), source="gazette"),
    story("c", NEAR, source="courrier"),
    story("d", SHORT),
    story("e", text(SENTENCES[100:125]), date_downloaded=NOW - timedelta(days=90)),
)


def lose_the_state(data: Path) -> None:
    for path in data.glob("state.sqlite*"):
        path.unlink()


def restored(newsroom: Newsroom) -> None:
    folder = newsroom.folder.postings
    restore(newsroom.state, newsroom.snapshots, folder, MIN_WORDS, NOW - WINDOW)


def fingerprinted(newsroom: Newsroom) -> list[str]:
    log = newsroom.state.fingerprints
    return [one.article_id for one in log.get(number for number, _ in log.after(0, 99))]


def test_a_lost_state_is_read_in_again_and_nothing_is_written_twice(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Newsroom(tmp_path) as newsroom:
        before = ids(newsroom.publish(*COLLECTED).path)
        stories = [newsroom.state.journal.story(one.article_id) for one in COLLECTED]
        kept = newsroom.state.fingerprints.of("a"), newsroom.state.fingerprints.of("c")
    lose_the_state(tmp_path)
    with Newsroom(tmp_path) as newsroom:
        restored(newsroom)
        assert "the state knows nothing of the dataset" in caplog.text
        assert [newsroom.state.journal.story(one.article_id) for one in COLLECTED] == stories
        # What an exact copy, a short text and one from before the window say is not needed.
        assert fingerprinted(newsroom) == ["a", "c"]
        again = newsroom.state.fingerprints.of("a"), newsroom.state.fingerprints.of("c")
        assert again == kept
        newsroom.collect(*COLLECTED)
        assert newsroom.commit() is None
        assert newsroom.counts == {"unchanged": len(COLLECTED)}
        newsroom.publish(story("f", text(STORY, SENTENCES[150:151])))
        assert newsroom.rows("duplicates")[-1]["duplicate_of"] == "a"
        assert ids(newsroom.folder.latest) == {**before, "duplicates": ["b", "c", "f"]}


def test_a_state_without_fingerprints_gets_those_of_the_dataset_and_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Newsroom(tmp_path) as newsroom:
        newsroom.publish(*COLLECTED)
        newsroom.state.fingerprints.forget_before(NOW + timedelta(days=3650))
        restored(newsroom)
        restored(newsroom)
        assert fingerprinted(newsroom) == ["a", "c"]
        assert caplog.text == ""


def test_fingerprints_from_before_the_window_are_let_go_of(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as newsroom:
        newsroom.state.fingerprints.add("old", NOW, NOW - WINDOW * 2, b"", b"")
        newsroom.state.fingerprints.add("new", NOW, NOW, b"", b"")
        restored(newsroom)
        assert fingerprinted(newsroom) == ["new"]


def test_a_state_without_room_is_told_and_nothing_is_half_restored(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as newsroom:
        newsroom.publish(*(story(f"story {number}") for number in range(60)))
    lose_the_state(tmp_path)
    with Newsroom(tmp_path) as newsroom:
        newsroom.state._db.execute("PRAGMA max_page_count=1")  # taken for "no more than there are"
        with pytest.raises(DatasetError, match="cannot be written"):
            restored(newsroom)
        assert not newsroom.state.journal.has_stories()


def test_an_index_whose_log_is_gone_goes_too(newsroom: Newsroom) -> None:
    newsroom.folder.postings.mkdir()
    (newsroom.folder.postings / "0000000001-0000008192").write_bytes(bytes(8192 * 48 * 8))
    restored(newsroom)
    assert list(newsroom.folder.postings.iterdir()) == []


def test_an_empty_folder_needs_nothing(newsroom: Newsroom) -> None:
    restored(newsroom)
    assert not newsroom.state.journal.has_stories()


def test_a_dataset_that_cannot_be_read_is_told_and_nothing_is_half_restored(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as newsroom:
        (path,) = (newsroom.publish(*COLLECTED).path / "duplicates").rglob("*.parquet")
        assert pq.read_metadata(path).num_rows == 2
        path.write_bytes(path.read_bytes()[:-20])
    lose_the_state(tmp_path)
    with Newsroom(tmp_path) as newsroom:
        with pytest.raises(DatasetError, match=r"cannot be read .* restore that file"):
            restored(newsroom)
        assert not newsroom.state.journal.has_stories()
