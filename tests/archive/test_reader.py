"""Files of others, damaged ones, and what in them is no page."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from crawler.archive.reader import Page, Passed, WarcReader
from crawler.errors import Refusal
from crawler.fetch.archived_answers import answer_of
from tests.cc_news import QUIRKS, answer, member

LIMIT = 100_000
BODY = "<html><p>Le maire a coupé le ruban.</p></html>".encode() * 50
URL = "https://news.example.com/1"


def found(path: Path) -> tuple[list[Page], Counter[str]]:
    """The pages of a file, and how often why something is none."""
    everything = list(WarcReader(path, LIMIT).pages())
    passed = Counter(one.why for one in everything if isinstance(one, Passed))
    return [one for one in everything if isinstance(one, Page)], passed


def written(path: Path, records: Iterable[bytes]) -> Path:
    path.write_bytes(b"".join(records))
    return path


def response(number: int, block: bytes | None = None, kind: str = "response", **said: str) -> bytes:
    block = answer(BODY, "plain") if block is None else block
    return member(kind, block, number, f"https://news.example.com/{number}", **said)


def status(line: bytes) -> bytes:
    return b"HTTP/1.1 " + line + b"\r\nContent-Type: text/html\r\n\r\n<p>"


@pytest.mark.parametrize("quirk", sorted(set(QUIRKS)))
def test_a_body_is_read_however_its_codings_lie_there(tmp_path: Path, quirk: str) -> None:
    path = written(tmp_path / "a.warc.gz", [response(1, answer(BODY, quirk))])
    ((page,), _) = found(path)
    got = answer_of(page, LIMIT)
    assert not isinstance(got, Refusal)
    assert got.body == BODY


def test_a_body_that_is_neither_packed_nor_markup_is_refused(tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x00\x01rubbish"
    ((page,), _) = found(written(tmp_path / "a.warc.gz", [response(1, block)]))
    assert isinstance(answer_of(page, LIMIT), Refusal)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (response(1, WARC_Truncated="length"), "truncated"),
        (response(1, answer(b"<p>" * LIMIT, "plain")), "too-large"),
        (response(1, status(b"301 Moved")), "redirect"),
        (response(1, status(b"304 Not Modified")), "not-modified"),
        (response(1, b"no head at all"), "not-http"),
        (response(1, status(b"OK OK")), "not-http"),
        (response(1, kind="resource"), "not-http"),
        (response(1, kind="conversion"), "not-http"),
        (member("response", b"192.0.2.1", 1, "dns:news.example.com"), "not-http"),
        (response(1, b"HTTP/1.1 200 OK\r\n\r\n", "revisit"), "revisit"),
        (
            response(
                1, status(b"304 Not Modified"), "revisit",
                WARC_Profile="http://netpreserve.org/warc/1.1/revisit/server-not-modified",
            ),
            "not-modified",
        ),
    ],
)  # fmt: skip
def test_a_record_that_is_no_page_is_told_by_its_word(
    tmp_path: Path, record: bytes, why: str
) -> None:
    pages, passed = found(written(tmp_path / "a.warc.gz", [record, response(2)]))
    assert passed == {why: 1}
    assert [page.url for page in pages] == ["https://news.example.com/2"]


@pytest.mark.parametrize(
    "said",
    [
        {"WARC_Refers_To": "<urn:uuid:00000000-0000-0000-0000-000000000001>"},
        {"WARC_Payload_Digest": "sha1:AAAA"},
    ],
)
def test_a_revisit_has_the_body_of_the_record_that_it_names_or_that_has_its_digest(
    tmp_path: Path, said: dict[str, str]
) -> None:
    first = response(1, WARC_Payload_Digest="sha1:AAAA")
    again = response(2, b"HTTP/1.1 200 OK\r\nETag: b\r\n\r\n", "revisit", **said)
    pages, passed = found(written(tmp_path / "a.warc.gz", [first, again]))
    assert passed == {}
    assert [page.url[-1] for page in pages] == ["1", "2"]
    assert pages[1].body == pages[0].body
    assert ("ETag", "b") in pages[1].headers


def test_what_stands_beside_the_answers_is_no_loss(tmp_path: Path) -> None:
    records = [member(kind, b"a: b\r\n", 1, URL) for kind in ("warcinfo", "request", "metadata")]
    pages, passed = found(written(tmp_path / "a.warc.gz", [*records, response(2)]))
    assert (len(pages), passed) == (1, {})


def test_behind_damage_the_next_whole_record_is_read(tmp_path: Path) -> None:
    records = [response(number) for number in range(6)]
    records[2] = records[2][:40] + bytes(60) + records[2][100:]
    pages, passed = found(written(tmp_path / "a.warc.gz", records))
    assert [page.url[-1] for page in pages] == ["0", "1", "3", "4", "5"]
    assert passed.total() == 1


def test_behind_damage_in_a_file_that_is_not_compressed_too(tmp_path: Path) -> None:
    records = [gzip.decompress(response(number)) for number in range(4)]
    records[1] = records[1].replace(b"Content-Length: ", b"Content-Length: x", 1)
    pages, _ = found(written(tmp_path / "a.warc", records))
    assert {"0", "2", "3"} <= {page.url[-1] for page in pages}


def test_a_torn_end_is_counted(tmp_path: Path) -> None:
    whole = response(1) + response(2)
    pages, passed = found(written(tmp_path / "a.warc.gz", [whole[:-60]]))
    assert len(pages) == 1
    assert passed.total() == 1


def test_what_is_compressed_twice_is_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "a.warc.gz", [gzip.compress(response(1))])
    assert found(path) == ([], {"compressed-twice": 1})


@pytest.mark.parametrize(
    "content", [b"", gzip.compress(b"<html>", mtime=0), b"<html>", b"\x1f\x8b\x08\0"]
)
def test_a_file_that_is_no_archive_ends_at_once(tmp_path: Path, content: bytes) -> None:
    pages, passed = found(written(tmp_path / "a.warc.gz", [content]))
    assert pages == []
    assert passed.total() <= 1
