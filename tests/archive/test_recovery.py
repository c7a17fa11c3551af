"""Files that a run left open: by kill -9 in the middle of writing, by a torn last record."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Exchange, Stored, WarcWriter, recover
from crawler.archive.cdxj import index_of
from tests.crawls import ENVIRONMENT, ROOT

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
# Writes exchanges for ever, and says of each where it lies once it is told that it does.
FOREVER = """
import sys
from itertools import count
from pathlib import Path
from crawler.archive import WarcWriter
from tests.archive.test_recovery import exchange
writer = WarcWriter(Path(sys.argv[1]), "run", {"software": "test"}, 400_000)
for number in count():
    stored = writer.write(exchange(number, 20_000), {"source": "test"})
    print(stored.warc_file, stored.warc_record_id, flush=True)
"""


def exchange(number: int, size: int = 100) -> Exchange:
    return Exchange(
        url=f"http://test.localhost/{number}",
        date=datetime(2026, 11, 28, 1, 2, 3, number, tzinfo=UTC),
        sent=b"GET / HTTP/1.1\r\nHost: test.localhost\r\n\r\n",
        head=HEAD,
        body=number.to_bytes(4, "big") + os.urandom(size),
        status=200,
        media_type="text/html",
    )


def ids(path: Path) -> Iterator[str]:
    """The records of a file, each read to its end and checked."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.raw_stream.read()
            yield record.rec_headers.get_header("WARC-Record-ID")


def left_open(folder: Path, count: int = 3) -> tuple[Path, list[Stored]]:
    """A file as it lies there when its run dies between two records."""
    writer = WarcWriter(folder, "run", {"software": "test"}, 1_000_000)
    stored = [writer.write(exchange(number)) for number in range(count)]
    (path,) = folder.rglob("*.open")
    return path, stored


@pytest.mark.parametrize("cut", [1, 8, 60, 250])
def test_a_torn_last_record_is_cut_off_and_the_rest_is_kept(tmp_path: Path, cut: int) -> None:
    path, stored = left_open(tmp_path)
    os.truncate(path, path.stat().st_size - cut)
    recover(tmp_path)
    assert not path.exists()
    found = set(ids(tmp_path / stored[0].warc_file))
    assert [one.warc_record_id in found for one in stored] == [True, True, False]


def test_rubbish_after_the_last_record_is_cut_off(tmp_path: Path) -> None:
    path, stored = left_open(tmp_path)
    with path.open("ab") as file:
        file.write(b"\0" * 5000)  # as a power cut leaves behind
    recover(tmp_path)
    assert {one.warc_record_id for one in stored} <= set(ids(tmp_path / stored[0].warc_file))


def test_a_file_without_a_whole_record_goes(tmp_path: Path) -> None:
    path, _ = left_open(tmp_path)
    os.truncate(path, 50)
    recover(tmp_path)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_the_index_is_the_same_whether_a_file_was_closed_or_recovered(tmp_path: Path) -> None:
    indexes, body = [], exchange(0)
    for name in ("closed", "died"):
        writer = WarcWriter(tmp_path / name, "run", {"software": "test"}, 1_000_000)
        for _ in range(2):
            writer.write(body, {"source": "test"})
        if name == "closed":
            writer.close()
        else:
            recover(tmp_path / name)
        (index,) = (tmp_path / name).rglob("*.cdxj")
        lines = index.read_text().splitlines()
        # Random ids pack into more bytes or fewer.
        indexes.append([line.partition('"length"')[0] for line in lines])
    assert indexes[0] == indexes[1]
    assert len(indexes[0]) == 2


def test_a_writer_that_is_killed_leaves_every_record_that_it_had_told_of(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FOREVER, str(tmp_path)],
        cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        assert run.stdout is not None
        told = [run.stdout.readline().split() for _ in range(60)]
        run.send_signal(signal.SIGKILL)
        told += [words for line in run.stdout if len(words := line.split()) == 2]
    recover(tmp_path)
    assert not list(tmp_path.rglob("*.open"))
    files = sorted(tmp_path.rglob("*.warc.gz"))
    assert len(files) > 1  # it went on to the next by size
    found = {(path.relative_to(tmp_path).as_posix(), own) for path in files for own in ids(path)}
    assert {(file, own) for file, own in told} <= found
    assert all(index_of(path).is_file() for path in files)


def test_recovering_twice_changes_nothing(tmp_path: Path) -> None:
    left_open(tmp_path)
    recover(tmp_path)
    (path,) = tmp_path.rglob("*.warc.gz")
    before = path.read_bytes()
    recover(tmp_path)
    assert path.read_bytes() == before
