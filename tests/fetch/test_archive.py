"""Crawls with the archive on: what is in its files, and that rows find their records in them."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.crawls import ROOT, Crawl, crawl, rows
from tests.markup import Story, page, rss, stories
from tests.misbehaviours.wire import OK, KeptOpen, chunked
from tests.server import Body, Redirect, Resource, Server, Site, Validated

NO_ARCHIVE = '<meta name="robots" content="noarchive">'
KINDS = ("plain", "coded", "early", "moved", "headed", "meta", "no-article", "one", "twin")


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an archive, its block as it lies there."""

    kind: str
    url: str
    headers: dict[str, str]
    block: bytes


def records(data: Path) -> Iterator[Record]:
    """Every record of every file, read by nothing but the standard's own words."""
    for path in sorted((data / "archive").rglob("*.warc.gz")):
        rest = gzip.decompress(path.read_bytes())
        while rest:
            head, _, rest = rest.partition(b"\r\n\r\n")
            version, *lines = head.decode().split("\r\n")
            assert version == "WARC/1.1"
            said = dict(line.split(": ", 1) for line in lines)
            length = int(said["Content-Length"])
            assert rest[length : length + 4] == b"\r\n\r\n"
            url = said.get("WARC-Target-URI", "")
            yield Record(said["WARC-Type"], url, said, rest[:length])
            rest = rest[length + 4 :]


def checked(data: Path) -> str:
    """What `warcio check` has against the files."""
    files = [str(path) for path in (data / "archive").rglob("*.warc.gz")]
    command = [sys.executable, "-m", "warcio.cli", "check", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def resource(kind: str, story: Story) -> Resource:
    """The same story, answered in one way or another."""
    html = story.html(head=NO_ARCHIVE if kind == "meta" else "").encode()
    if kind == "coded":
        packed = gzip.compress(html, mtime=0)
        return KeptOpen(chunked(packed, 700).replace(OK, OK + b"Content-Encoding: gzip\r\n", 1))
    if kind == "early":
        hint = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
        return KeptOpen(hint + OK + b"Content-Length: %d\r\n\r\n" % len(html) + html)
    if kind == "headed":
        return Body(html, headers={"X-Robots-Tag": "noarchive"})
    if kind == "no-article":
        return Body(page(f"<p>{story.headline}</p>"))
    return Body(html)


@dataclass(frozen=True, slots=True)
class Archived:
    """A site crawled twice."""

    site: Site
    data: Path
    first: Crawl
    second: Crawl
    paths: dict[str, str]

    def url(self, kind: str) -> str:
        return urljoin(self.site.url, self.paths[kind])

    def of(self, kind: str, record: str = "response") -> list[Record]:
        return [
            one for one in records(self.data) if (one.kind, one.url) == (record, self.url(kind))
        ]


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    folder = tmp_path_factory.mktemp("archived")
    with Server() as server:
        site = server.site("kept")
        told = dict(zip(KINDS, stories(len(KINDS)), strict=True))
        paths = {kind: story.path for kind, story in told.items()}
        for kind, story in told.items():
            site.paths[story.path] = resource(kind, story)
        moved = site.paths[paths["moved"]]
        site.paths[paths["moved"]] = Redirect("/2026/03/moved/")
        site.paths["/2026/03/moved/"] = moved
        site.paths[paths["twin"]] = site.paths[paths["one"]]
        listed = [(urljoin(site.url, story.path), story) for story in told.values()]
        site.paths["/feed"] = Validated(rss(listed), "application/rss+xml")
        site.paths["/"] = Body(
            page(head='<link rel="alternate" type="application/rss+xml" href="/feed">')
        )
        words = ("-a", f"url={site.url}", "-s", "ARCHIVE_ENABLED=1")
        first = crawl(folder / "data", *words)
        second = crawl(folder / "data", *words)
        yield Archived(site, folder / "data", first, second, paths)


def test_every_row_finds_the_record_of_its_page(archived: Archived) -> None:
    assert archived.first.exit_code == 0, archived.first.output[-3000:]
    kept = {one.headers["WARC-Record-ID"]: one for one in records(archived.data)}
    found = [*rows(archived.data), *rows(archived.data, "duplicates")]
    assert len(found) == len(KINDS) - 1
    without = {archived.url("headed"), archived.url("meta")}
    for row in found:
        if row["url"] in without:
            assert row["warc_file"] is row["warc_record_id"] is None
            continue
        assert (archived.data / "archive" / row["warc_file"]).is_file()
        assert kept[row["warc_record_id"]].url == row["url"]


def test_warcio_finds_nothing_wrong_with_the_files(archived: Archived) -> None:
    assert checked(archived.data) == ""


@pytest.mark.parametrize("kind", ["plain", "coded"])
def test_an_answer_is_kept_with_the_bytes_and_codings_it_came_with(
    archived: Archived, kind: str
) -> None:
    (record, *_) = archived.of(kind)
    head, _, body = record.block.partition(b"\r\n\r\n")
    there = archived.site.paths[archived.paths[kind]]
    if isinstance(there, KeptOpen):
        assert record.block == there.written
    else:
        assert isinstance(there, Body)
        assert head.startswith(b"HTTP/1.1 200 OK\r\nServer: BaseHTTP/")
        assert body == there.body


def test_a_request_is_kept_as_it_was_sent_and_names_its_answer(archived: Archived) -> None:
    (request, *_), (answer, *_) = archived.of("plain", "request"), archived.of("plain")
    assert request.headers["WARC-Concurrent-To"] == answer.headers["WARC-Record-ID"]
    lines = request.block.decode().split("\r\n")
    assert lines[0] == f"GET {archived.paths['plain']} HTTP/1.1"
    asked = next(a for a in archived.site.asked if a.target == archived.paths["plain"])
    for name, value in asked.headers.items():
        assert f"{name}: {value}" in lines


def test_interim_answers_are_no_part_of_the_record(archived: Archived) -> None:
    (record,) = archived.of("early")[:1]
    assert record.block.startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("kind", ["headed", "meta"])
def test_a_page_that_wants_no_copy_kept_is_collected_and_not_archived(
    archived: Archived, kind: str
) -> None:
    assert archived.of(kind) == []
    assert archived.url(kind) in {row["url"] for row in rows(archived.data)}


def test_a_page_that_gave_no_article_is_kept_for_a_later_extractor(archived: Archived) -> None:
    assert archived.of("no-article")


def test_redirects_listings_and_robots_txt_are_kept_too(archived: Archived) -> None:
    assert archived.of("moved")[0].block.startswith(b"HTTP/1.1 302 ")
    urls = {one.url for one in records(archived.data) if one.kind == "response"}
    wanted = {"", "feed", "robots.txt", "2026/03/moved/"}
    assert {urljoin(archived.site.url, path) for path in wanted} <= urls


def test_the_same_payload_and_an_unchanged_answer_are_revisits(archived: Archived) -> None:
    (same,) = archived.of("one", "revisit") + archived.of(
        "twin", "revisit"
    )  # whichever came second
    assert same.headers["WARC-Profile"].endswith("/identical-payload-digest")
    assert same.headers["WARC-Refers-To-Target-URI"] in (
        archived.url("one"), archived.url("twin"),
    )  # fmt: skip
    feed = urljoin(archived.site.url, "feed")
    (unchanged,) = (
        one for one in records(archived.data) if one.url == feed and one.kind == "revisit"
    )
    assert unchanged.block.startswith(b"HTTP/1.1 304 ")
    assert unchanged.headers["WARC-Profile"].endswith("/server-not-modified")


def test_the_file_says_who_made_it_and_what_is_obeyed(archived: Archived) -> None:
    about = next(one for one in records(archived.data) if one.kind == "warcinfo").block.decode()
    for word in ("software: colporteur/", "robots: obey", "operator: http", "rights-policy: "):
        assert word in about


def test_the_index_leads_to_each_answer(archived: Archived) -> None:
    answers = {
        (one.url, one.kind) for one in records(archived.data) if one.kind in ("response", "revisit")
    }
    indexed = set()
    for index in (archived.data / "archive").rglob("*.cdxj"):
        lines = index.read_text("utf-8").splitlines()
        assert lines == sorted(lines)
        for line in lines:
            said: dict[str, Any] = json.loads(line.split(" ", 2)[2])
            with index.with_name(said["filename"]).open("rb") as file:
                file.seek(int(said["offset"]))
                member = file.read(int(said["length"]))
            text = gzip.decompress(member)
            assert f"WARC-Target-URI: {said['url']}\r\n".encode() in text
            kind = "revisit" if said["mime"] == "warc/revisit" else "response"
            indexed.add((said["url"], kind))
    assert indexed == answers


def test_files_lie_by_their_day_and_are_closed(archived: Archived) -> None:
    run_ids = {archived.first.file["run_id"], archived.second.file["run_id"]}
    files = sorted((archived.data / "archive").rglob("*.warc.gz"))
    assert {file.name.removesuffix("-00000.warc.gz") for file in files} == run_ids
    assert not list((archived.data / "archive").rglob("*.open"))
    for file in files:
        day = "/".join(file.relative_to(archived.data / "archive").parts[:-1])
        assert day == f"{file.name[:4]}/{file.name[4:6]}/{file.name[6:8]}"


def test_without_the_archive_nothing_is_kept(archived: Archived, tmp_path: Path) -> None:
    done = crawl(tmp_path, "-a", f"url={archived.site.url}", "-s", "ARCHIVE_ENABLED=0")
    assert done.exit_code == 0
    assert not (tmp_path / "archive").exists()
    assert {row["warc_file"] for row in rows(tmp_path)} == {None}
