from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.items import Comment
from pipelines.dataset import Snapshot, verify, verify_link, verify_snapshot
from pipelines.dataset.manifest import MANIFEST
from tests.pipelines.newsroom import Newsroom, story

SAID = Comment(comment_id="1", text="Oui.", position=0)


def files(snapshot: Snapshot) -> list[Path]:
    return sorted(snapshot.path.glob("*/*/*.parquet"))


def complaints(snapshot: Snapshot) -> list[str]:
    return list(verify_snapshot(snapshot))


def test_a_sound_dataset_has_nothing_wrong(newsroom: Newsroom) -> None:
    assert list(verify_link(newsroom.snapshots)) == []
    newsroom.publish(story("a", comments=(SAID,)))
    newsroom.publish(story("a", headline="Corrigé"), story("b"))
    assert list(verify(newsroom.snapshots)) == [("000001", []), ("000002", [])]
    assert list(verify_link(newsroom.snapshots)) == []


def test_one_flipped_bit_is_found_in_whichever_file_it_is(newsroom: Newsroom) -> None:
    snapshot = newsroom.publish(story("a", comments=(SAID,)))
    dice = random.Random(4)
    assert len(files(snapshot)) == 4
    for path in files(snapshot):
        whole = path.read_bytes()
        for place in (0, len(whole) - 1, *dice.sample(range(len(whole)), 20)):
            content = bytearray(whole)
            content[place] ^= 1 << dice.randrange(8)
            path.write_bytes(content)
            [said] = complaints(snapshot)
            name = path.relative_to(snapshot.path).as_posix()
            assert said == f"000001/{name}: its bytes are not those that were written"
        path.write_bytes(whole)
    assert complaints(snapshot) == []


@pytest.mark.parametrize("change", [lambda whole: whole[:-1], lambda whole: whole + b"\n"])
def test_a_file_that_was_cut_or_grew_is_found(
    newsroom: Newsroom, change: Callable[[bytes], bytes]
) -> None:
    snapshot = newsroom.publish(story("a"))
    path = files(snapshot)[0]
    path.write_bytes(change(path.read_bytes()))
    [said] = complaints(snapshot)
    assert "bytes instead of" in said


def test_a_missing_file_is_found(newsroom: Newsroom) -> None:
    snapshot = newsroom.publish(story("a"))
    files(snapshot)[0].unlink()
    [said] = complaints(snapshot)
    assert "No such file" in said


@pytest.mark.parametrize("place", ["articles/p_month=2026-11", "articles", "articles/a/b/c"])
def test_a_file_that_is_not_listed_is_found_wherever_a_reader_would(
    newsroom: Newsroom, place: str
) -> None:
    snapshot = newsroom.publish(story("a"))
    (snapshot.path / place).mkdir(parents=True, exist_ok=True)
    shutil.copy(files(snapshot)[0], snapshot.path / place / "copy.parquet")
    assert complaints(snapshot) == [f"000001/{place}/copy.parquet: not in the manifest"]


def test_a_manifest_that_says_another_number_of_rows_is_found(newsroom: Newsroom) -> None:
    snapshot = newsroom.publish(story("a"))
    path = snapshot.path / MANIFEST
    said = json.loads(path.read_text("utf-8"))
    said["files"][0]["rows"] += 1
    path.write_text(json.dumps(said), "utf-8")
    [wrong] = complaints(newsroom.snapshots.get("000001"))
    assert wrong.endswith("1 rows, the manifest says 2")


def test_a_snapshot_under_another_number_is_found(newsroom: Newsroom) -> None:
    snapshot = newsroom.publish(story("a"))
    shutil.copytree(snapshot.path, snapshot.path.with_name("000002"))
    assert list(verify(newsroom.snapshots)) == [
        ("000001", []),
        ("000002", ["000002: its manifest is that of 000001"]),
    ]


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", '{"files": [{}]}'])
def test_a_broken_manifest_does_not_keep_the_others_from_being_read(
    newsroom: Newsroom, content: str | None
) -> None:
    manifest = newsroom.publish(story("a")).path / MANIFEST
    second = newsroom.publish(story("b"))
    files(second)[0].unlink()
    manifest.unlink()
    if content is not None:
        manifest.write_text(content, "utf-8")
    (first, [said]), (_, [missing]) = verify(newsroom.snapshots)
    assert first == "000001"
    assert "no readable manifest.json" in said
    assert "000002" in missing


@pytest.mark.parametrize("link", [None, "snapshots/000002", "nowhere", "snapshots", "folder"])
def test_a_latest_that_opens_no_snapshot_is_found(newsroom: Newsroom, link: str | None) -> None:
    newsroom.publish(story("a"))
    newsroom.folder.latest.unlink()
    if link == "folder":
        newsroom.folder.latest.mkdir()
    elif link is not None:
        newsroom.folder.latest.symlink_to(link)
    [said] = verify_link(newsroom.snapshots)
    assert said.startswith("latest: ")


def test_the_way_out_that_a_missing_latest_is_told_with_works(newsroom: Newsroom) -> None:
    newsroom.publish(story("a"))
    newsroom.folder.latest.unlink()
    [said] = verify_link(newsroom.snapshots)
    target, link = said.rpartition("ln -s ")[2].split()
    Path(link).symlink_to(target)
    assert list(verify_link(newsroom.snapshots)) == []
    assert (newsroom.folder.latest / MANIFEST).is_file()
