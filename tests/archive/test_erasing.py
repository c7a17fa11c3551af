"""Records that go out of archive files, and what is left of them."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.archive import Exchange, Stored, WarcWriter
from crawler.archive.cdxj import index_of
from crawler.archive.erasing import RawPages
from crawler.archive.members import members
from crawler.fetch.erasure import known_as
from pipelines.erasure.target import Target, Traces
from tests.archive.test_recovery import exchange, ids
from tests.pipelines.erasure.folder import url_target

SITE = "http://test.localhost"
GONE = f"{SITE}/2026/gone"
PAGE: Mapping[str, object] = {"is_page": True}
LISTING: Mapping[str, object] = {"is_page": False}


def answer(url: str, body: str | bytes, head: str = "", status: int = 200) -> Exchange:
    """An answer with this body and these lines in its head."""
    said = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\n{head}\r\n".encode()
    raw = body.encode() if isinstance(body, str) else body
    return replace(exchange(0), url=url, head=said, body=raw, status=status)


def redirect(url: str, target: str) -> Exchange:
    return answer(url, "", f"Location: {target}\r\n", 302)


class Written:
    """An archive of two files, of which one is left open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pages = RawPages(folder)
        self._writer = WarcWriter(folder, "run", {"software": "test"}, 1_000_000)

    def add(self, answered: Exchange, about: Mapping[str, object]) -> Stored:
        return self._writer.write(answered, {"requested": answered.url, **about})

    def close(self) -> Path:
        self._writer.close()
        (path,) = self.folder.rglob("*.warc.gz")
        return path

    def erase(self, target: Target, of_rows: frozenset[str] = frozenset()) -> set[str]:
        gone = self.pages.find(Traces(target, known_as), of_rows)
        self.pages.take_out(gone)
        return gone

    def text(self) -> str:
        """All files, unpacked as far as gzip goes."""
        packed = (gzip.decompress(path.read_bytes()) for path in self.folder.rglob("*.warc.gz"))
        return b"".join(packed).decode("utf-8", "replace")

    def left(self) -> set[str]:
        return {own for path in self.folder.rglob("*.warc.gz") for own in ids(path)}


def packed(path: Path) -> Iterator[bytes]:
    """The records of a file as they lie there."""
    whole = path.read_bytes()
    for member in members(path):
        yield whole[member.offset : member.offset + member.length]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path)


def test_an_exchange_goes_with_all_its_records_and_the_others_lie_as_they_lay(
    written: Written,
) -> None:
    kept = [written.add(answer(f"{SITE}/{n}", f"<p>kept {n}</p>"), PAGE) for n in range(3)]
    gone = written.add(answer(GONE, "<p>to be forgotten</p>"), PAGE)
    last = written.add(answer(f"{SITE}/9", "<p>kept 9</p>"), PAGE)
    path = written.close()
    before = list(packed(path))
    assert len(written.erase(url_target(GONE))) == 3  # request, metadata, response
    assert "forgotten" not in written.text()
    assert "/2026/gone" not in written.text() + index_of(path).read_text()
    left = written.left()
    assert {one.warc_record_id for one in [*kept, last]} <= left
    assert gone.warc_record_id not in left
    assert list(packed(path)) == [*before[:10], *before[13:]]


def test_the_index_leads_to_each_record_that_is_left(written: Written) -> None:
    for url in (f"{SITE}/1", GONE, f"{SITE}/2"):
        written.add(answer(url, f"<p>{url}</p>"), PAGE)
    path = written.close()
    written.erase(url_target(GONE))
    found = {}
    for line in index_of(path).read_text().splitlines():
        said = json.loads(line.split(" ", 2)[2])
        start, length = int(said["offset"]), int(said["length"])
        record = gzip.decompress(path.read_bytes()[start : start + length])
        found[said["url"]] = f"WARC-Target-URI: {said['url']}\r\n".encode() in record
    assert found == {f"{SITE}/1": True, f"{SITE}/2": True}


def test_erasing_twice_changes_nothing_the_second_time(written: Written) -> None:
    written.add(answer(GONE, "<p>gone</p>"), PAGE)
    written.add(answer(f"{SITE}/1", "<p>kept</p>"), PAGE)
    path = written.close()
    gone = written.erase(url_target(GONE))
    once = path.read_bytes(), path.stat().st_ino
    written.pages.take_out(gone)
    assert written.erase(url_target(GONE)) == set()
    assert (path.read_bytes(), path.stat().st_ino) == once


LINKS = {
    "absolute": f'<a href="{GONE}">x</a>',
    "relative": '<a class=c href="/2026/gone?utm_source=feed">x</a>',
    "unquoted": "<a href=../2026/gone>x</a>",
    "escaped": '<script>{"url": "http:\\/\\/test.localhost\\/2026\\/gone"}</script>',
    "entities": '<a href="http&#58;//test.localhost/2026/gone">x</a>',
    "in a query": f'<a href="/share?u={GONE.replace(":", "%3A").replace("/", "%2F")}">x</a>',
    "feed": f"<rss><item><link>{GONE}</link></item></rss>",
}


@pytest.mark.parametrize("way", LINKS)
@pytest.mark.parametrize("about", [PAGE, LISTING], ids=["page", "listing"])
def test_what_names_the_address_goes_however_it_does(
    written: Written, way: str, about: Mapping[str, object]
) -> None:
    naming = written.add(answer(f"{SITE}/list", LINKS[way]), about)
    other = written.add(answer(f"{SITE}/other", '<a href="/2026/gone-fishing">x</a>'), about)
    written.close()
    gone = written.erase(url_target(GONE))
    assert naming.warc_record_id in gone
    assert other.warc_record_id not in gone


def chunks(body: bytes) -> bytes:
    pieces = (body[i : i + 50] for i in range(0, len(body), 50))
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def codings() -> Iterator[tuple[str, bytes]]:
    name = "<p>Von Zoë Überall</p>"
    packed = gzip.compress(name.encode(), mtime=0)  # the same in every process
    yield "", name.encode()
    yield "", name.encode("cp1252")
    yield "", name.encode("utf-16")
    yield "", b"<p>Von Zo&euml; &Uuml;berall</p>"
    yield "", b'{"author": "Zo\\u00eb \\u00dcberall"}'
    yield "", b"<p>Zo\xc3\xab <b>\xc3\x9cberall</b></p>"
    yield "Content-Encoding: gzip\r\n", packed
    yield "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", chunks(packed)


@pytest.mark.parametrize(("head", "body"), list(codings()))
def test_a_name_is_found_in_any_coding(written: Written, head: str, body: bytes) -> None:
    named = written.add(answer(f"{SITE}/1", body, head), PAGE)
    other = written.add(answer(f"{SITE}/2", "<p>Von Zoë Nirgends</p>"), PAGE)
    written.close()
    gone = written.erase(Target(names=("Zoë Überall",)))
    assert named.warc_record_id in gone
    assert other.warc_record_id not in gone


def test_the_redirects_that_led_to_a_page_go_with_it(written: Written) -> None:
    first, second = f"{SITE}/?p=7", f"{SITE}/moved"
    asked: Mapping[str, object] = {**PAGE, "requested": first}
    hops = [
        written.add(redirect(first, "/moved"), asked),
        written.add(redirect(second, "/2026/gone"), asked),
        written.add(answer(GONE, "<p>gone</p>"), asked),
    ]
    elsewhere = written.add(redirect(f"{SITE}/x", "/y"), PAGE)
    written.close()
    gone = written.erase(url_target(GONE))
    assert {hop.warc_record_id for hop in hops} <= gone
    assert elsewhere.warc_record_id not in gone
    assert "/moved" not in written.text()


def test_who_gives_the_address_that_was_asked_for_means_the_page_it_led_to(
    written: Written,
) -> None:
    asked: Mapping[str, object] = {**PAGE, "requested": f"{SITE}/short"}
    page = written.add(answer(f"{SITE}/long", "<p>gone</p>"), asked)
    written.close()
    assert page.warc_record_id in written.erase(url_target(f"{SITE}/short"))


def test_a_revisit_goes_with_the_record_whose_payload_it_has(written: Written) -> None:
    body = "<p>the same words under two addresses</p>"
    page = written.add(answer(GONE, body), PAGE)
    copy = written.add(answer(f"{SITE}/print", body), PAGE)
    unchanged = written.add(answer(GONE, "", status=304), PAGE)
    written.close()
    gone = written.erase(url_target(GONE))
    assert {one.warc_record_id for one in (page, copy, unchanged)} <= gone
    assert "gone" not in written.text()


def test_the_page_of_a_row_goes_whatever_it_says(written: Written) -> None:
    page = written.add(answer(f"{SITE}/1", "<p>by nobody</p>"), PAGE)
    written.close()
    gone = written.erase(url_target(GONE), frozenset({page.warc_record_id}))
    assert page.warc_record_id in gone
    assert "by nobody" not in written.text()


def test_a_page_of_another_may_speak_of_an_erased_site_and_its_own_pages_go(
    written: Written,
) -> None:
    target = Target(domains=frozenset({"gone.example"}))
    own = written.add(answer("http://www.gone.example/1", "<p>a</p>"), PAGE)
    listing = written.add(answer(f"{SITE}/blogroll", "gone.example"), LISTING)
    page = written.add(answer(f"{SITE}/1", "<p>gone.example reports</p>"), PAGE)
    written.close()
    gone = written.erase(target)
    assert {own.warc_record_id, listing.warc_record_id} <= gone
    assert page.warc_record_id not in gone


def test_a_file_left_open_and_torn_is_closed_and_rid_of_it(written: Written) -> None:
    written.add(answer(f"{SITE}/1", "<p>kept</p>"), PAGE)
    written.add(answer(GONE, "<p>forgotten</p>"), PAGE)
    torn = written.add(answer(GONE, os.urandom(5_000).hex()), PAGE)
    (path,) = written.folder.rglob("*.open")
    os.truncate(path, path.stat().st_size - 2_000)
    gone = written.erase(url_target(GONE))
    assert torn.warc_record_id in gone
    assert not list(written.folder.rglob("*.open"))
    assert "kept" in written.text()
    assert "forgotten" not in written.text()


def test_what_a_damaged_record_hides_goes_and_what_comes_after_it_stays(written: Written) -> None:
    written.add(answer(GONE, "<p>forgotten</p>"), PAGE)
    damaged = written.add(answer(f"{SITE}/1", os.urandom(3_000).hex()), PAGE)
    after = written.add(answer(f"{SITE}/2", "<p>kept</p>"), PAGE)
    path = written.close()
    lines = (json.loads(line.split(" ", 2)[2]) for line in index_of(path).read_text().splitlines())
    (hit,) = (said for said in lines if said["url"] == f"{SITE}/1")
    with path.open("r+b") as file:
        file.seek(int(hit["offset"]) + int(hit["length"]) // 2)
        file.write(b"\xff" * 40)
    written.erase(url_target(GONE))
    left = written.left()
    assert after.warc_record_id in left
    assert damaged.warc_record_id not in left
