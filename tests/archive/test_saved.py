"""Lists of saved pages: what is read of them, and what is counted instead."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive.reader import Page, Passed
from crawler.archive.saved import SavedReader, list_of

URL = "https://journal.example/2026/pont"
BODY = b"<p>Le pont est ouvert.</p>"


def saved(folder: Path, name: str, body: bytes = BODY) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    os.utime(path, (1_790_000_000, 1_790_000_000))
    return path


def line(**values: object) -> str:
    return json.dumps({"id": "1", "url": URL, "file": "pont.html", **values}) + "\n"


LISTS = {
    "index.jsonl": line(),
    "pages.jsonl.gz": line(),
    "pages.tsv": f"pont.html\t{URL}\n",
    "turned.tsv.gz": f"{URL}\tpont.html\r\n",
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("place", ["pont.html", "html/pont.html"])
@pytest.mark.parametrize("is_packed", [True, False])
def test_a_page_is_read_by_any_list_packed_or_plain(
    tmp_path: Path, name: str, place: str, is_packed: bool
) -> None:
    saved(tmp_path, place, gzip.compress(BODY) if is_packed else BODY)
    text = LISTS[name].encode()
    listed = saved(tmp_path, name, gzip.compress(text) if name.endswith(".gz") else text)
    assert list_of(listed) == listed
    (page,) = SavedReader(listed, 1_000).pages()
    assert isinstance(page, Page)
    assert (page.url, page.body, page.status, page.record_id) == (URL, BODY, 200, None)
    assert page.date == datetime.fromtimestamp(1_790_000_000, UTC)
    assert SavedReader(listed, 1_000).find(URL) == page


def test_a_folder_is_its_index_and_anything_else_is_no_list(tmp_path: Path) -> None:
    assert list_of(tmp_path) is None
    index = saved(tmp_path, "index.jsonl", b"")
    assert list_of(tmp_path) == index
    assert list_of(saved(tmp_path, "a.warc.gz")) is None
    assert list_of(tmp_path / "none.jsonl") is None


def test_what_gives_no_page_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    saved(tmp_path, "pont.html")
    saved(tmp_path, "long.html", BODY * 100)
    saved(tmp_path, "torn.html", gzip.compress(os.urandom(500))[:-100])
    lines = [
        line(file="none.html"), line(url="journal.example"), line(file=7), "{\n", "\n", "one\n",
        "[]\n", line(file="long.html"), line(file="torn.html"), line(),
    ]  # fmt: skip
    listed = saved(tmp_path, "index.jsonl", "".join(lines).encode() + b"\xff\t\xfe\n")
    found = list(SavedReader(listed, 1_000).pages())
    assert [one.why if isinstance(one, Passed) else one.url for one in found] == [
        "missing", *["no-line-of-a-list"] * 5, "too-large", "unreadable", URL, "no-line-of-a-list",
    ]  # fmt: skip
    assert SavedReader(listed, 1_000).find("https://journal.example/none") is None


def test_a_torn_list_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    saved(tmp_path, "pont.html")
    packed = gzip.compress("".join(line(id=os.urandom(9).hex()) for _ in range(900)).encode())
    listed = saved(tmp_path, "pages.jsonl.gz", packed[:-500])
    *pages, last = SavedReader(listed, 1_000).pages()
    assert len(pages) > 100
    assert last == Passed("unreadable (EOFError)")
