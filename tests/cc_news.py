"""Writes files like those of Common Crawl's CC-NEWS: others' archives, with the quirks these have.

`python -m tests.cc_news FILE --pages 300` for one to try things on. The pages are invented; what is
around them is as their crawler and those of other archives write it: a `request`, a `response` and
a `metadata` record for each, gzip member by member, and bodies whose codings are as they came, or
taken off with the headers left as they were, or renamed.
"""

from __future__ import annotations

import argparse
import gzip
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.benchmarks.pages import Page, invented_pages

BEGUN = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
# How the bodies of successive pages lie there.
QUIRKS = ("renamed", "renamed", "as it came", "unpacked", "unchunked", "twice", "plain")
_CHUNK = 4_096
_CRAWLER = (
    b"software: a crawler\r\nformat: WARC File Format 1.0\r\nrobots: checked via robots.txt\r\n"
)


def write_cc_news(
    path: Path,
    pages: Iterable[Page],
    site: str = "https://news.example.com",
    quirks: Sequence[str] = QUIRKS,
) -> list[str]:
    """Write a file with the pages of a site, a second apart; their URLs."""
    urls = []
    with path.open("wb") as file:
        file.write(member("warcinfo", _CRAWLER, 0))
        for number, page in enumerate(pages):
            urls.append(site + page.path)
            block = answer(page.body, quirks[number % len(quirks)])
            file.writelines(_exchange(urls[-1], block, number))
    return urls


def _exchange(url: str, block: bytes, number: int) -> Iterator[bytes]:
    first = 4 * number + 1
    asked = f"GET / HTTP/1.1\r\nUser-Agent: a crawler\r\nHost: {url.split('/')[2]}\r\n\r\n"
    yield member("request", asked.encode(), first, url)
    yield member("response", block, first + 1, url)
    said = b"fetchTimeMs: 412\r\ncharset-detected: UTF-8\r\n"
    yield member("metadata", said, first + 2, url)


def answer(body: bytes, quirk: str) -> bytes:
    """The block of a `response` record."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
    if quirk == "renamed":
        head += b"X-Crawler-Content-Encoding: gzip\r\nX-Crawler-Transfer-Encoding: chunked\r\n"
        head += b"Content-Length: %d\r\n" % len(body)
    elif quirk == "as it came":
        head += b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
        body = _chunked(_packed(body))
    elif quirk == "unpacked":
        head += b"Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n"
    elif quirk == "unchunked":
        head += b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
        body = _packed(body)
    elif quirk == "twice":
        head += b"Content-Encoding: gzip, gzip\r\n"
        body = _packed(_packed(body))
    return head + b"\r\n" + body


def member(kind: str, block: bytes, number: int, url: str = "", **said: str) -> bytes:
    """One record as a gzip member; `number` gives it its id and, every fourth, a second."""
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{UUID(int=number)}>",
        "WARC-Date": f"{BEGUN + timedelta(seconds=number // 4):%Y-%m-%dT%H:%M:%SZ}",
        **({"WARC-Target-URI": url} if url else {}),
        **{name.replace("_", "-"): value for name, value in said.items()},
    }
    content_type = WARCWriter.WARC_RECORDS.get(kind, "text/plain")
    head = StatusAndHeaders("", list(headers.items()), protocol="WARC/1.0")
    # Written as a response whatever it is: the block goes in as it is.
    record = ArcWarcRecord("warc", "response", head, BytesIO(block), None, content_type, len(block))
    record.payload_length = len(block)
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    writer.ensure_digest = lambda *_, **__: None
    writer.write_record(record)
    return out.getvalue()


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


def _chunked(body: bytes) -> bytes:
    pieces = (body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def main() -> None:
    """Write one file."""
    parser = argparse.ArgumentParser(prog="python -m tests.cc_news", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--pages", type=int, default=300, help="how many (300)")
    parser.add_argument("--bytes", type=int, default=120_000, help="of a page (120000)")
    parser.add_argument("--site", default="https://news.example.com", help="whose pages they are")
    options = parser.parse_args()
    write_cc_news(options.file, invented_pages(options.pages, options.bytes), options.site)
    print(f"{options.file}: {options.pages} pages, {options.file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
