"""Small files become few, and no reader sees a row twice, or none, whatever it does meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from crawler.errors import DatasetError
from crawler.items import Comment
from pipelines.dataset import Snapshot, verify_snapshot
from pipelines.dataset.compact import Compaction, compact
from pipelines.dataset.manifest import FileEntry, Manifest
from pipelines.schema import TABLES
from tests.conftest import ROOT
from tests.pipelines.newsroom import NOW, Newsroom, ids, roll_back, rows, story, words

ROUNDS = 3
ANY = Compaction(min_files=2, file_bytes=10_000_000)


def files(snapshot: Snapshot, table: str) -> list[FileEntry]:
    return [entry for entry in snapshot.manifest.files if entry.table == table and entry.rows]


def content(snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    return {
        table: sorted(rows(snapshot.path, table), key=lambda row: sorted(map(str, row.items())))
        for table in TABLES
    }


@pytest.fixture
def filled(newsroom: Newsroom) -> Newsroom:
    """Three commits, each with an article, a copy of it, a comment; and a correction."""
    for number, source in enumerate(("b", "a", "b")):
        comment = Comment(comment_id="1", text=f"Avis {number}", position=0, date_created=NOW)
        newsroom.publish(
            story(f"own{number}", words(str(number)), source=source, comments=(comment,)),
            story(f"copy{number}", words(str(number)), source=source),
        )
    newsroom.publish(replace(story("own0", words("0"), source="b"), headline="Corrigé"))
    return newsroom


def test_the_small_files_of_a_partition_become_one_with_the_same_rows(filled: Newsroom) -> None:
    before = filled.snapshots.latest()
    assert before is not None
    after = compact(filled.snapshots, ANY, "run", NOW)
    assert after is not None
    assert (after.id, after.manifest.parent) == ("000005", "000004")
    assert filled.folder.latest.resolve() == after.path.resolve()
    assert content(after) == content(before)
    assert [len(files(after, table)) for table in TABLES] == [1, 1, 1, 1]
    assert list(verify_snapshot(after)) == []
    assert list(verify_snapshot(before)) == []


def test_rows_lie_by_source_and_cluster(filled: Newsroom) -> None:
    after = compact(filled.snapshots, ANY, "run", NOW)
    assert after is not None
    table = pq.read_table(after.path / files(after, "articles")[0].path)
    assert table["source"].to_pylist() == ["a", "b", "b"]
    assert table["article_id"].to_pylist() == ["own1", "own0", "own2"]


def test_partitions_that_do_not_pay_are_linked(newsroom: Newsroom) -> None:
    for number in range(3):
        newsroom.publish(story(f"now{number}"))
    newsroom.publish(story("then", date_published=NOW.replace(year=2019)))
    before = newsroom.snapshots.latest()
    after = compact(newsroom.snapshots, Compaction(3, 10_000_000), "run", NOW)
    assert before is not None
    assert after is not None
    (alone,) = (e for e in files(before, "articles") if "2019" in e.path)
    assert alone in after.manifest.files
    assert (after.path / alone.path).samefile(before.path / alone.path)
    assert len(files(after, "articles")) == 2


def test_where_nothing_pays_there_is_no_new_snapshot(newsroom: Newsroom) -> None:
    assert compact(newsroom.snapshots, ANY, "run", NOW) is None
    newsroom.publish(story("a"))
    newsroom.publish(story("b"))
    assert compact(newsroom.snapshots, Compaction(3, 10_000_000), "run", NOW) is None
    assert compact(newsroom.snapshots, Compaction(2, 100), "run", NOW) is None
    assert newsroom.snapshots.ids() == ["000001", "000002"]


def test_a_joined_file_is_as_large_as_is_said_at_most_and_large_ones_are_left() -> None:
    sizes = [60, 10, 50, 20, 30, 100, 140]
    manifest = Manifest(
        "000001", None, "run", "run", "", 2,
        tuple(FileEntry(f"articles/p_month=2026-11/{i}.parquet", 1, size, "")
              for i, size in enumerate(sizes)),
    )  # fmt: skip
    groups = Compaction(2, 100).due(manifest)
    assert {name: [entry.bytes for entry in group] for name, group in groups.items()} == {
        "articles/2026-11/00000": [10, 20, 30],
    }


def test_the_next_commit_goes_on_from_the_joined_files(filled: Newsroom) -> None:
    compact(filled.snapshots, ANY, "run", NOW)
    after = filled.publish(replace(story("own1", words("1"), source="a"), headline="Corrigé"))
    found = {row["article_id"]: row["headline"] for row in rows(after.path, "articles")}
    assert found == {"own0": "Corrigé", "own1": "Corrigé", "own2": "Titre de own2"}
    assert [row["article_id"] for row in rows(after.path, "revisions")] == ["own0", "own1"]


def test_a_file_that_cannot_be_read_leaves_everything_as_it_was(filled: Newsroom) -> None:
    latest = filled.snapshots.latest()
    assert latest is not None
    broken = latest.path / files(latest, "articles")[0].path
    broken.write_bytes(b"PAR1")
    with pytest.raises(DatasetError, match="cannot be read"):
        compact(filled.snapshots, ANY, "run", NOW)
    assert sorted(path.name for path in filled.folder.snapshots.iterdir()) == filled.snapshots.ids()
    assert filled.folder.latest.resolve() == latest.path.resolve()


def test_who_dies_anywhere_on_the_way_leaves_whole_snapshots_with_the_same_rows(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    newsroom.publish(story("a"))
    newsroom.publish(story("b"))
    newsroom.state.close()
    command = [sys.executable, "-m", "tests.pipelines.dataset.dying", str(tmp_path), "compact"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    trials = sorted(tmp_path.glob("trial-*"))
    assert len(trials) > 10
    for trial in trials:
        with Newsroom(trial) as after:
            for name in after.snapshots.ids():
                assert list(verify_snapshot(after.snapshots.get(name))) == [], trial
            roll_back(after).follow("run", NOW)
            assert ids(after.publish(story("c")).path)["articles"] == ["a", "b", "c"]


# Reads the articles over and over, as pandas and as DuckDB do, both by a glob that follows `latest`
# anew for each folder and file, and in the snapshot that it led to.
READER = """
import collections, json, os, select, sys
import duckdb, pyarrow.parquet as pq
seen = collections.Counter()
def arrow(start):
    return pq.read_table(start + "/articles", columns=["article_id"])["article_id"].to_pylist()
def duck(start):
    sql = f"SELECT article_id FROM read_parquet('{start}/articles/**/*.parquet')"
    return [own for own, in duckdb.sql(sql).fetchall()]
print("reading", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    for start in (sys.argv[1], os.path.realpath(sys.argv[1])):
        for read in (arrow, duck):
            try:
                ids = read(start)
                seen[f"{len(ids)} rows, {len(set(ids))} stories"] += 1
            except FileNotFoundError:
                seen["no file"] += 1
            except duckdb.IOException as error:
                told = "no file" if "No such file" in str(error) else str(error)
                seen["no file" if "No files found" in told else told] += 1
print(json.dumps(seen))
"""


def test_who_globs_meanwhile_sees_each_row_once_or_that_a_file_is_gone(tmp_path: Path) -> None:
    months = [NOW.replace(month=month) for month in range(1, 5)]
    first = [story(f"{n}-{m.month}", date_published=m) for m in months for n in range(3)]
    with Newsroom(tmp_path, kept=2) as newsroom:
        newsroom.publish(*first)
        command = [sys.executable, "-c", READER, str(newsroom.folder.latest)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as reader:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "reading\n"
            for number in range(ROUNDS):
                # Corrections make new files beside the old ones, and compaction one of both.
                newsroom.publish(*(replace(own, headline=f"Titre {number}") for own in first[::2]))
                assert compact(newsroom.snapshots, ANY, f"compact {number}", NOW) is not None
            output, _ = reader.communicate("stop\n", timeout=30)
        assert newsroom.snapshots.ids() == [f"{2 * ROUNDS:06d}", f"{2 * ROUNDS + 1:06d}"]
    seen: dict[str, int] = json.loads(output)
    assert seen.pop(f"{len(first)} rows, {len(first)} stories") > 3
    assert set(seen) <= {"no file"}
