from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipelines.dataset import verify, verify_link
from pipelines.erasure.search import Place
from pipelines.erasure.target import Target
from tests.pipelines.erasure.folder import (
    COPY,
    JEANNE,
    KEPT,
    LATE_COPY,
    MENTIONING,
    OTHERS,
    OWN,
    STAGED,
    STAGED_COPY,
    STAGED_OTHER,
    author_target,
    erase,
    erasing,
    filled,
    places,
    url_target,
)
from tests.pipelines.newsroom import NOW, Newsroom, ids, rows


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("whole") / "data"
    filled(data)
    return data


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    """A copy of the folder, its own for each test; links stay links."""
    copy = tmp_path / "data"
    shutil.copytree(whole, copy, symlinks=True)
    return copy


def everything(data: Path) -> dict[str, list[str]]:
    """The article ids of all tables after the next commit."""
    with Newsroom(data, KEPT) as newsroom:
        newsroom.commit("next")
        assert [said for _, wrong in verify(newsroom.snapshots) for said in wrong] == []
        assert list(verify_link(newsroom.snapshots)) == []
        return ids(newsroom.folder.latest)


def test_an_authors_rows_are_gone_from_every_place_and_mentions_by_others_are_told(
    data: Path,
) -> None:
    assert len(places(data, JEANNE)) > 6
    found = erase(data, author_target())
    assert found
    assert {(place.trace, place.row) for place in found} == {("name", MENTIONING.url)}
    left = set(places(data, JEANNE))
    assert left
    assert all("articles/" in place for place in left), left
    assert places(data, OWN.article_id) == places(data, OWN.url + '"') == []
    assert places(data, STAGED.article_id) == []
    tables = everything(data)
    assert sorted(tables["articles"]) == sorted(
        article.article_id for article in (COPY, OTHERS, MENTIONING, STAGED_OTHER)
    )
    assert sorted(tables["duplicates"]) == sorted((LATE_COPY.article_id, STAGED_COPY.article_id))
    assert tables["revisions"] == []
    assert tables["comments"] == [OTHERS.article_id]


def test_with_naming_nothing_is_left_of_a_name(data: Path) -> None:
    assert erase(data, author_target(naming=True)) == []
    assert places(data, JEANNE) == []
    assert MENTIONING.article_id not in everything(data)["articles"]


def test_comments_by_an_author_and_those_that_name_her_go_and_replies_reply_to_nobody(
    data: Path,
) -> None:
    erase(data, author_target())
    (comment,) = rows(data / "latest", "comments")
    assert (comment["text"], comment["parent_id"]) == ("Si.", None)


def test_the_next_best_copy_is_kept_when_the_kept_one_is_erased(data: Path) -> None:
    before = rows(data / "latest", "duplicates")
    assert {row["duplicate_of"] for row in before} == {OWN.article_id}
    assert erase(data, url_target(OWN.url)) == []
    everything(data)
    kept = {row["article_id"]: row for row in rows(data / "latest", "articles")}
    heir = kept[COPY.article_id]
    assert (heir["cluster_id"], heir["cluster_size"]) == (COPY.article_id, 3)
    copies = rows(data / "latest", "duplicates")
    assert {row["article_id"] for row in copies} == {LATE_COPY.article_id, STAGED_COPY.article_id}
    for row in copies:
        assert row["cluster_id"] == row["duplicate_of"] == COPY.article_id
        assert (row["similarity"], row["duplicate_kind"], row["cluster_size"]) == (1.0, "exact", 3)
    with Newsroom(data, KEPT) as newsroom:
        story = newsroom.state.journal.story(COPY.article_id)
        assert story
        assert (story.table, story.cluster_id) == ("articles", COPY.article_id)


def test_a_copy_that_goes_leaves_the_kept_one_in_a_smaller_cluster(data: Path) -> None:
    assert erase(data, url_target(COPY.url)) == []
    everything(data)
    kept = {row["article_id"]: row["cluster_size"] for row in rows(data / "latest", "articles")}
    assert kept[OWN.article_id] == 3
    assert COPY.article_id not in kept


def test_an_erased_url_takes_its_versions_comments_and_further_pages(data: Path) -> None:
    assert erase(data, url_target("http://journal.example/pont/?utm_source=x")) == []
    for trace in (OWN.url, OWN.article_id, "corrigé"):
        assert places(data, f'{trace}"') == places(data, f"{trace}'") == [], trace
    with Newsroom(data, KEPT) as newsroom:
        covers = newsroom.state.tombstones.covers
        assert covers("article", OWN.article_id)
        assert not covers("article", STAGED.article_id)
    assert places(data, f"{OWN.url}/2") == []


def test_an_erased_domain_is_gone_with_its_state_and_others_stay(data: Path) -> None:
    assert len(places(data, "journal.example")) > 6
    assert erase(data, Target(domains=frozenset({"journal.example"}))) == []
    assert places(data, "journal.example") == []
    assert places(data, "gazette.example/feed")
    tables = everything(data)
    assert len(tables["articles"]) == 4
    assert len(tables["duplicates"]) == 2


def test_readers_of_older_snapshots_find_every_other_row_as_it_was(data: Path) -> None:
    untouched = rows(data / "snapshots" / "000001", "articles")
    manifest = json.loads((data / "snapshots" / "000001" / "manifest.json").read_text())
    erase(data, url_target(OTHERS.url))
    after = rows(data / "snapshots" / "000001", "articles")
    assert after == [row for row in untouched if row["article_id"] != OTHERS.article_id]
    again = json.loads((data / "snapshots" / "000001" / "manifest.json").read_text())
    counts = {"files": 0, "rows": 0, "papers": 0}
    assert {**again, **counts} == {**manifest, **counts}
    assert again["rows"]["articles"] == manifest["rows"]["articles"] - 1
    assert (data / "latest").resolve().name == "000003"
    second, third = (
        {path.stat().st_ino for path in (data / "snapshots" / name).rglob("*.parquet")}
        for name in ("000002", "000003")
    )
    assert second == third


def test_run_files_keep_their_counts_and_quarantine_its_other_rows(data: Path) -> None:
    erase(data, author_target())
    run = json.loads((data / "runs" / "first.json").read_text("utf-8"))
    assert run == {
        "sources": {"journal": {"articles": 2}}, "problems": {"journal": "[erased]"},
    }  # fmt: skip
    lines = (data / "quarantine" / "first.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["article"]["authors"] for line in lines] == [
        ["Jeanne Ma\u0301rtin"], ["Paul Roy"],
    ]  # fmt: skip


def test_what_is_not_there_changes_nothing_but_is_kept_out(data: Path) -> None:
    assert erase(data, url_target("https://journal.example/ailleurs")) == []
    assert (data / "latest").resolve().name == "000002"
    with Newsroom(data, KEPT) as newsroom:
        assert newsroom.staged() != []


def test_looking_changes_nothing(data: Path) -> None:
    with Newsroom(data, KEPT) as newsroom:
        found = erasing(newsroom).find(author_target())
        # The corrected version, the staged article; of its first copy too, and the old version.
        assert found.rows == {"articles": 2, "duplicates": 0, "revisions": 1, "comments": 4}
        assert set(found.titles) == {OWN.article_id, STAGED.article_id}
        assert newsroom.state.tombstones.begun() == []
    assert (data / "latest").resolve().name == "000002"


def test_a_file_that_is_not_ours_to_change_is_named(data: Path) -> None:
    (data / "notes.txt").write_text("Merci à jeanne   martin", "utf-8")
    found = erase(data, author_target(naming=True))
    assert found == [Place("notes.txt", "name")]


def test_an_erased_author_who_is_one_word_takes_no_comment_that_has_the_word(data: Path) -> None:
    erase(data, Target(names=("Si",)))
    texts = [comment["text"] for comment in rows(data / "latest", "comments")]
    assert "Si." in texts


def test_a_commit_that_died_half_done_is_finished_before_rows_are_erased(data: Path) -> None:
    with Newsroom(data, KEPT) as newsroom:
        newsroom.state.journal.begin_commit("died-000003")
    assert erase(data, author_target(naming=True)) == []
    tables = everything(data)
    assert sorted(tables["articles"]) == sorted(set(tables["articles"]))
    assert STAGED_OTHER.article_id in tables["articles"]
    assert STAGED.article_id not in tables["articles"]
    with Newsroom(data, KEPT) as newsroom:
        assert newsroom.state.tombstones.covers("article", STAGED.article_id)
        assert newsroom.state.tombstones.begun() == []
        assert newsroom.commit("again", NOW) is None


def test_a_row_of_another_article_that_points_at_what_goes_points_at_its_heir_or_itself(
    data: Path,
) -> None:
    with Newsroom(data, KEPT) as newsroom:
        db = newsroom.state._db
        db.execute("CREATE TABLE later (n INTEGER PRIMARY KEY, article_id TEXT, said TEXT)")
        rows_of = [
            (COPY.article_id, f'["{OWN.article_id}", 1]'),
            (OTHERS.article_id, STAGED.article_id),
            (OWN.article_id, "itself"),
            (OTHERS.article_id, "nothing"),
            (OTHERS.article_id, OWN.url),
        ]
        db.executemany("INSERT INTO later (article_id, said) VALUES (?, ?)", rows_of)
    erase(data, author_target(naming=True))
    with Newsroom(data, KEPT) as newsroom:
        left = newsroom.state._db.execute("SELECT article_id, said FROM later").fetchall()
    assert left == [
        (COPY.article_id, f'["{COPY.article_id}", 1]'),
        (OTHERS.article_id, OTHERS.article_id),
        (OTHERS.article_id, "nothing"),
    ]
