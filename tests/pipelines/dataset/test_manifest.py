from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import DatasetError
from pipelines.dataset.manifest import MANIFEST, FileEntry, Manifest

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["files", "rows", "snapshot"]) | st.text(), inner)
    ),
    max_leaves=8,
)


def entry(path: str, rows: int = 1) -> FileEntry:
    return FileEntry(path, rows, 10, "00")


def manifest(*files: FileEntry) -> Manifest:
    return Manifest("000002", "000001", "run", "commit", "2026-11-23T08:30:00+00:00", 1, files)


def test_a_file_is_described_by_its_place_bytes_and_checksum(tmp_path: Path) -> None:
    path = tmp_path / "articles" / "p_month=2026-11" / "run.parquet"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PAR1")
    described = FileEntry.of(tmp_path, path, 3)
    assert described.path == "articles/p_month=2026-11/run.parquet"
    assert (described.table, described.place) == ("articles", "articles/2026-11")
    assert (described.rows, described.bytes) == (3, 4)
    assert described.sha256 == hashlib.sha256(b"PAR1").hexdigest()


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    written = manifest(entry("articles/p_month=2026-11/é.parquet"))
    (tmp_path / MANIFEST).write_text(written.dump(), "utf-8")
    assert Manifest.load(tmp_path) == written


def test_rows_are_summed_by_table() -> None:
    listed = manifest(entry("articles/a/1", 2), entry("articles/b/1", 3), entry("comments/a/1", 0))
    assert listed.rows() == {"articles": 5, "comments": 0}
    assert json.loads(listed.dump())["rows"] == {"articles": 5, "comments": 0}


def test_a_snapshot_without_a_manifest_is_told_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"no readable manifest\.json.*`latest`") as caught:
        Manifest.load(tmp_path)
    assert str(tmp_path) in str(caught.value)


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_lies_there_instead_is_told_in_the_same_way(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(DatasetError, match=r"no readable manifest\.json"):
        Manifest.load(folder)
