from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crawler.errors import ConfigurationError
from crawler.storage.supply import Supply
from tests.conftest import ROOT
from tests.crawls import rows
from tests.kills import differences, read
from tests.storage.conftest import Bucket, Published


@pytest.fixture
def filled(bucket: Bucket) -> Bucket:
    """A bucket with archive files, an index and something else."""
    for name in ("28/a.warc.gz", "28/a.cdxj", "28/b.warc.gz", "29/a.warc.gz", "29/notes.txt"):
        with bucket.files.open_output_stream(f"{bucket.name}/news/{name}", compression=None) as out:
            out.write(name.encode())
    return bucket


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("28/a.warc.gz", ["28/a.warc.gz"]),
        ("28", ["28/a.warc.gz", "28/b.warc.gz"]),
        ("28/", ["28/a.warc.gz", "28/b.warc.gz"]),
        ("", ["28/a.warc.gz", "28/b.warc.gz", "29/a.warc.gz"]),
        ("*/a.warc.gz", ["28/a.warc.gz", "29/a.warc.gz"]),
        ("2*", ["28/a.warc.gz", "28/b.warc.gz", "29/a.warc.gz"]),
        ("29/*", ["29/a.warc.gz"]),
        # A file that is named is taken, whatever it is called.
        ("29/notes.txt", ["29/notes.txt"]),
    ],
)
def test_a_uri_names_a_file_a_folder_or_what_fits_it(
    named: str, found: list[str], filled: Bucket, tmp_path: Path
) -> None:
    supply = Supply(tmp_path)
    below = tmp_path / filled.name / "news"
    assert [
        path.relative_to(below).as_posix() for path in supply.take(f"{filled.uri}/{named}")
    ] == found


def test_a_uri_that_names_nothing_is_said_so(filled: Bucket, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r'/30" names no file \(.warc.gz, '):
        Supply(tmp_path).take(f"{filled.uri}/30")


def test_a_file_is_here_with_its_index_while_it_is_read(filled: Bucket, tmp_path: Path) -> None:
    supply = Supply(tmp_path / "incoming")
    (path,) = supply.take(f"{filled.uri}/28/a.warc.gz")
    assert supply.bytes(path) == len("28/a.warc.gz")
    assert not path.exists()
    supply.bring(path)
    assert path.read_text() == "28/a.warc.gz"
    assert path.with_name("a.cdxj").read_text() == "28/a.cdxj"
    supply.drop(path)
    assert not [left for left in tmp_path.rglob("*") if left.is_file()]


def test_of_many_files_one_is_here_at_a_time(filled: Bucket, tmp_path: Path) -> None:
    supply = Supply(tmp_path)
    paths = supply.places([f"{filled.uri}/28", f"{filled.uri}/29"])
    assert len(paths) == 3
    here = [[one for one in paths if one.exists()] for _ in supply.brought(paths)]
    assert here == [[path] for path in paths]
    assert not [path for path in paths if path.exists()]


def replay(bucket: Bucket, data: Path) -> subprocess.CompletedProcess[str]:
    """Of all that the bucket's archive has."""
    line = [sys.executable, "-m", "scrapy", "replay", f"{bucket.uri}/archive"]
    return subprocess.run(
        [*line, "-s", f"DATA_DIR={data}", "-s", "EXTRACT_WORKERS=1"],
        cwd=ROOT, env=bucket.env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_replay_of_the_archive_in_the_store_gives_the_tables_of_the_crawl(
    another: Published, tmp_path: Path
) -> None:
    """And a file that cannot be had, as it lies in Glacier, ends it after those before."""
    import boto3

    data = tmp_path / "again"
    place = {"Bucket": another.bucket.name, "Key": "news/archive/2099/01/01/cold.warc.gz"}
    boto3.client("s3").put_object(**place, Body=b"cold", StorageClass="GLACIER")
    replayed = replay(another.bucket, data)
    assert replayed.returncode == 3, replayed.stderr
    assert '/news" cannot be reached, read or written' in replayed.stderr
    assert differences(read(another.local), read(data)) == []
    assert rows(data)
    assert not [path for path in (data / "incoming").rglob("*") if path.is_file()]
    boto3.client("s3").delete_object(**place)
    again = replay(another.bucket, data)
    assert again.returncode == 0, again.stderr
    assert "1 files-done-before" in again.stdout
