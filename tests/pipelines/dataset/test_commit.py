from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crawler.errors import DatasetError, ExitCode
from crawler.items import Article, Comment
from pipelines.dataset import Snapshot, verify_snapshot
from pipelines.schema import SCHEMA_VERSION, SCHEMAS, TABLES
from tests.pipelines.newsroom import NOW, Newsroom, ids, story, words

LATER = NOW + timedelta(days=1)
COMMENT = Comment(comment_id="1", text="Oui.", position=0)
OLD = datetime(2019, 2, 3, tzinfo=UTC)

# Commits with a limit on the size of files, as a full disk or a quota has; then without.
FULL_DISK = """
import resource, sys
from pathlib import Path
from crawler.errors import DatasetError
from tests.pipelines.newsroom import Newsroom, ids
with Newsroom(Path(sys.argv[1])) as newsroom:
    newsroom.state.journal.begin_commit("second")
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), most))
    try:
        newsroom.commit("second")
    except DatasetError as error:
        said = f"{int(error.exit_code)} {error}"
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    print(said)
"""


def inodes(snapshot: Snapshot) -> dict[str, int]:
    """The Parquet files of a snapshot: two of one inode are one file on disk."""
    return {
        path.relative_to(snapshot.path).as_posix(): path.stat().st_ino
        for path in snapshot.path.rglob("*.parquet")
    }


def sizes(newsroom: Newsroom, table: str = "articles") -> dict[str, int]:
    return {row["article_id"]: row["cluster_size"] for row in newsroom.rows(table)}


def test_nothing_staged_is_no_snapshot(newsroom: Newsroom) -> None:
    assert newsroom.commit() is None
    assert not newsroom.folder.latest.exists()
    newsroom.publish(story("a"))
    assert newsroom.commit() is None
    newsroom.collect(story("a"))
    assert newsroom.commit() is None
    assert newsroom.snapshots.ids() == ["000001"]


def test_the_first_commit_puts_every_row_where_readers_look(newsroom: Newsroom) -> None:
    snapshot = newsroom.publish(
        story("a", comments=(COMMENT,)), story("b", words("a")), story("c", date_published=OLD)
    )
    assert newsroom.folder.latest.resolve() == snapshot.path
    assert ids(newsroom.folder.latest) == {
        "articles": ["a", "c"], "duplicates": ["b"], "revisions": [], "comments": ["a"],
    }  # fmt: skip
    assert set(inodes(snapshot)) == {
        "articles/p_month=2019-02/run-000001.parquet",
        "articles/p_month=2026-11/run-000001.parquet",
        "comments/p_month=2026-11/run-000001.parquet",
        "duplicates/p_month=2026-11/run-000001.parquet",
        "revisions/p_month=2026-11/run-000001.parquet",
    }
    assert newsroom.staged() == []


def test_a_row_is_the_article_that_was_staged(newsroom: Newsroom) -> None:
    staged = newsroom.collect(story("a", authors=("Anne",), date_published=None))
    newsroom.commit()
    [row] = newsroom.rows("articles")
    for name in ("url", "headline", "article_body", "content_hash", "minhash", "word_count"):
        assert row[name] == getattr(staged, name)
    assert row["authors"] == ["Anne"]
    assert row["date_published"] is None
    assert row["date_downloaded"] == NOW


def test_empty_tables_have_one_file_each_with_the_schema(newsroom: Newsroom) -> None:
    snapshot = newsroom.publish(story("a"))
    for table in TABLES:
        [path] = snapshot.path.glob(f"{table}/**/*.parquet")
        assert pq.read_schema(path).equals(SCHEMAS[table])
    # As long as they are empty, and no longer.
    snapshot = newsroom.publish(story("b"), story("c", words("b"), comments=(COMMENT,)))
    rows_of_files = [
        (entry.table, entry.rows) for entry in snapshot.manifest.files if entry.table != "articles"
    ]
    assert rows_of_files == [("comments", 1), ("duplicates", 1), ("revisions", 0)]


def test_the_manifest_says_what_is_there(newsroom: Newsroom) -> None:
    newsroom.publish(story("a"), run_id="run 1")
    newsroom.collect(story("b"), story("c", comments=(COMMENT, replace(COMMENT, comment_id="2"))))
    snapshot = newsroom.commit("run 2", LATER)
    assert snapshot is not None
    manifest = snapshot.manifest
    assert (snapshot.id, manifest.snapshot, manifest.parent) == ("000002", "000002", "000001")
    assert (manifest.run_id, manifest.schema_version) == ("run 2", SCHEMA_VERSION)
    assert manifest.created == "2026-11-24T08:30:00+00:00"
    assert {entry.path for entry in manifest.files} == set(inodes(snapshot))
    for entry in manifest.files:
        path = snapshot.path / entry.path
        assert path.stat().st_size == entry.bytes
        assert pq.read_metadata(path).num_rows == entry.rows
    written = json.loads((snapshot.path / "manifest.json").read_text("utf-8"))
    assert written["rows"] == {"articles": 3, "duplicates": 0, "revisions": 0, "comments": 2}
    assert "| articles | 3 |" in (snapshot.path / "README.md").read_text("utf-8")


def test_a_commit_adds_files_and_links_those_that_are_there(newsroom: Newsroom) -> None:
    first = newsroom.publish(story("a", comments=(COMMENT,)))
    before = inodes(first)
    second = newsroom.publish(story("b"))
    after = inodes(second)
    for table in ("articles", "comments"):
        path = f"{table}/p_month=2026-11/run-000001.parquet"
        assert after[path] == before[path]
    assert "articles/p_month=2026-11/run-000002.parquet" in after
    assert inodes(first) == before
    assert ids(first.path)["articles"] == ["a"]
    assert ids(second.path)["articles"] == ["a", "b"]


def test_a_run_commits_what_the_last_one_left_and_then_its_own(newsroom: Newsroom) -> None:
    left = newsroom.publish(story("a"), run_id="run")
    own = newsroom.publish(story("b"), run_id="run")
    assert left.id != own.id
    assert ids(newsroom.folder.latest)["articles"] == ["a", "b"]


def test_a_new_version_takes_the_place_of_the_old_one_which_moves_to_revisions(
    newsroom: Newsroom,
) -> None:
    newsroom.publish(story("a"), story("b"))
    newsroom.collect(story("a", headline="Corrigé"))
    newsroom.commit("run 2", LATER)
    assert ids(newsroom.folder.latest) == {
        "articles": ["a", "b"], "duplicates": [], "revisions": ["a"], "comments": [],
    }  # fmt: skip
    current = {row["article_id"]: row for row in newsroom.rows("articles")}["a"]
    [old] = newsroom.rows("revisions")
    assert (current["headline"], current["revision"]) == ("Corrigé", 2)
    assert (old["headline"], old["revision"], old["date_superseded"]) == ("Titre de a", 1, LATER)


def test_a_new_version_in_another_month_leaves_the_old_month(newsroom: Newsroom) -> None:
    newsroom.publish(story("a"))
    snapshot = newsroom.publish(story("a", words("new"), date_published=OLD))
    assert ids(newsroom.folder.latest)["articles"] == ["a"]
    assert sorted(inodes(snapshot)) == [
        "articles/p_month=2019-02/run-000002.parquet",
        "comments/p_month=2026-11/run-000002.parquet",
        "duplicates/p_month=2026-11/run-000002.parquet",
        "revisions/p_month=2026-11/run-000002-00000.parquet",
    ]


def test_many_versions_leave_one_current_row_and_all_the_others_once(newsroom: Newsroom) -> None:
    for number in range(5):
        month = datetime(2026, 1 + number % 2, 1, tzinfo=UTC)
        articles = [
            story(name, words(f"{name} {number}"), date_published=month) for name in ("a", "b", "c")
        ]
        newsroom.publish(*articles, run_id=f"run {number}")
    assert ids(newsroom.folder.latest)["articles"] == ["a", "b", "c"]
    seen = [(row["article_id"], row["revision"]) for row in newsroom.rows("revisions")]
    assert sorted(seen) == [(name, number) for name in "abc" for number in (1, 2, 3, 4)]


def test_a_cluster_grows_in_the_rows_that_are_there_already(newsroom: Newsroom) -> None:
    newsroom.publish(story("a"), story("z", date_published=OLD))
    assert sizes(newsroom) == {"a": 1, "z": 1}
    newsroom.publish(story("b", words("a")))
    assert sizes(newsroom) == {"a": 2, "z": 1}
    assert sizes(newsroom, "duplicates") == {"b": 2}
    newsroom.publish(story("c", words("a"), date_published=OLD))
    assert sizes(newsroom) == {"a": 3, "z": 1}
    assert sizes(newsroom, "duplicates") == {"b": 3, "c": 3}
    assert newsroom.rows("revisions") == []


def test_a_cluster_grows_though_its_first_story_gets_a_comment_in_the_same_run(
    newsroom: Newsroom,
) -> None:
    newsroom.publish(story("a"))
    newsroom.publish(story("a", comments=(COMMENT,)), story("b", words("a")))
    assert sizes(newsroom) == {"a": 2}


def test_a_cluster_shrinks_when_a_copy_gets_words_of_its_own(newsroom: Newsroom) -> None:
    newsroom.publish(story("a"), story("b", words("a")), story("c", words("a")))
    newsroom.publish(story("b"))
    assert sizes(newsroom) == {"a": 2, "b": 1}
    assert sizes(newsroom, "duplicates") == {"c": 2}
    [old] = newsroom.rows("revisions")
    assert (old["article_id"], old["cluster_id"]) == ("b", "a")


def test_only_the_files_of_what_changed_are_written_again(newsroom: Newsroom) -> None:
    months = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3)]
    articles = [story(f"a{date.month}", date_published=date) for date in months]
    before = inodes(newsroom.publish(*articles))
    after = inodes(newsroom.publish(replace(articles[1], headline="Corrigé")))
    kept = [path for path in sorted(before) if after.get(path) == before[path]]
    assert kept == [f"articles/p_month=2026-{month}/run-000001.parquet" for month in ("01", "03")]


def test_a_damaged_file_is_not_copied_as_if_it_were_sound(newsroom: Newsroom) -> None:
    snapshot = newsroom.publish(story("a"))
    [path] = snapshot.path.glob("articles/*/*.parquet")
    group = pq.read_metadata(path).row_group(0)
    names = [group.column(number).path_in_schema for number in range(group.num_columns)]
    content = bytearray(path.read_bytes())
    content[group.column(names.index("article_body")).data_page_offset + 100] ^= 1
    path.write_bytes(content)
    newsroom.collect(story("a", headline="Corrigé"))
    with pytest.raises(DatasetError):
        newsroom.commit()
    assert newsroom.snapshots.ids() == ["000001"]
    assert newsroom.staged() == [("articles", "a")]


@pytest.mark.parametrize("left", [0, 4, 2_000])
def test_a_file_cut_short_is_told_by_its_name_and_loses_nothing(
    newsroom: Newsroom, left: int
) -> None:
    snapshot = newsroom.publish(story("a"))
    [path] = snapshot.path.glob("articles/*/*.parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[:left])
    newsroom.collect(story("a", headline="Corrigé"))
    with pytest.raises(DatasetError, match=path.name) as caught:
        newsroom.commit()
    assert "\n" not in str(caught.value)
    assert newsroom.snapshots.ids() == ["000001"]
    path.write_bytes(whole)
    newsroom.commit()
    assert [row["headline"] for row in newsroom.rows("articles")] == ["Corrigé"]


def long_stories(count: int) -> list[Article]:
    """Some 10 kB each that nothing compresses."""
    return [story(f"s{number}", os.urandom(5_000).hex()) for number in range(count)]


@pytest.mark.parametrize("limit", [0, 1_000, 30_000, 60_000])
def test_a_full_disk_changes_nothing_and_loses_nothing(newsroom: Newsroom, limit: int) -> None:
    newsroom.publish(story("a"))
    articles = long_stories(10)
    newsroom.collect(*articles)
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(newsroom.folder.path), str(limit)],
        cwd=Path(__file__).parents[3], check=True, capture_output=True, text=True,
    )  # fmt: skip
    said = done.stdout.strip()
    assert said.startswith(f"{int(ExitCode.NOT_WRITABLE)} the dataset in ")
    assert "File too large" in said
    assert "\n" not in said
    assert os.listdir(newsroom.folder.snapshots) == ["000001"]
    latest = newsroom.snapshots.latest()
    assert latest is not None
    assert list(verify_snapshot(latest)) == []
    assert ids(newsroom.folder.latest)["articles"] == ["a"]
    assert len(newsroom.staged()) == len(articles)
    newsroom.commit("third")
    assert len(newsroom.rows("articles")) == 1 + len(articles)
    assert newsroom.staged() == []


def test_a_folder_that_is_gone_is_told_with_the_way_out(newsroom: Newsroom) -> None:
    newsroom.collect(story("a"))
    newsroom.folder.snapshots.rmdir()
    with pytest.raises(DatasetError, match=r"No such file.*run again"):
        newsroom.commit()
    newsroom.folder.create()
    assert newsroom.commit() is not None
