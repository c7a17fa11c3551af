from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.pipelines.dataset.third_day import THIRD_DAY, third_day
from tests.pipelines.newsroom import Newsroom


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path]]:
    """What a third day's commit asked of the disk: what was synced, and which names were given."""
    third_day(tmp_path, 7)
    made: list[tuple[str, Path]] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        made.append(("sync", Path(os.readlink(f"/proc/self/fd/{descriptor}"))))
        fsync(descriptor)

    def naming(call: Any) -> Any:
        def watched(source: Any, target: Any, **kwargs: Any) -> None:
            call(source, target, **kwargs)
            made.append(("name", Path(target)))

        return watched

    monkeypatch.setattr(os, "fsync", watched)
    for name in ("rename", "replace", "link"):
        monkeypatch.setattr(os, name, naming(getattr(os, name)))
    with Newsroom(tmp_path, 7) as newsroom:
        assert newsroom.commit("third") is not None
    return made


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="asks Linux what a descriptor is")
def test_a_snapshot_is_on_disk_before_it_has_its_number_and_that_before_readers_open_it(
    tmp_path: Path, calls: list[tuple[str, Path]]
) -> None:
    snapshots = tmp_path / "snapshots"
    draft, snapshot = snapshots / ".draft-000003", snapshots / "000003"
    numbered = calls.index(("name", snapshot))
    before, after = calls[:numbered], calls[numbered + 1 :]
    written = []
    for path in snapshot.rglob("*"):
        place = draft / path.relative_to(snapshot)
        if path.is_dir():
            # The folder is synced after the last name was given in it.
            named = [i for i, (what, name) in enumerate(before) if what == "name"
                     and name.parent == place]  # fmt: skip
            assert ("sync", place) in before[max(named, default=0) :]
        elif path.stat().st_nlink == 1:
            written.append(path.name)
            unfinished = place.with_suffix(".parquet-unfinished")
            assert {("sync", place), ("sync", unfinished)} & set(before)
    assert ("sync", draft) in before
    assert {"manifest.json", "README.md", "croissant.json"} < set(written)
    assert len(written) >= 2 + len(THIRD_DAY)
    # Its number, the folder's sync, the link, and the sync of the folder that the link lies in.
    assert after[:3] == [("sync", snapshots), ("name", tmp_path / "latest"), ("sync", tmp_path)]


def test_the_manifest_is_the_last_file_that_is_written(
    tmp_path: Path, calls: list[tuple[str, Path]]
) -> None:
    draft = tmp_path / "snapshots" / ".draft-000003"
    synced = [path for what, path in calls if what == "sync" and draft in path.parents]
    manifest = synced.index(draft / "manifest.json")
    assert {path.name for path in synced[:manifest]} > {"README.md", "croissant.json"}
    folders = {draft / path.relative_to(draft) for path in synced[manifest + 1 :]}
    assert folders
    assert all(
        (tmp_path / "snapshots/000003" / path.relative_to(draft)).is_dir() for path in folders
    )
