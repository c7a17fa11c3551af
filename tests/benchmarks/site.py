"""The site that a benchmark crawls: a process of its own, so that its CPU time is nobody else's.

Answers lie ready in memory, compressed, and go out over HTTP/1.1 connections that stay open: the
crawler, not the site, sets the pace.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

from tests.benchmarks.pages import Page, invented_pages, saved_pages

# What a first crawl is taken off a longer one with: enough that everything was loaded and used.
FEW_PAGES = 10
LOOPBACK = "127.0.0.1"
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Site:
    """A site that is being served, whole and, at another port, with its first pages only.

    `page_bytes` and `sent_bytes` are means over the pages, before and after gzip.
    """

    url: str
    pages: int
    few_url: str
    few_pages: int
    page_bytes: int
    sent_bytes: int


@contextmanager
def served(pages: int, size: int, folder: Path | None) -> Iterator[Site]:
    """Serve invented pages of `size` bytes, or those of a folder of saved pages."""
    command = [sys.executable, "-m", __name__, f"--pages={pages}", f"--bytes={size}"]
    if folder:
        command.append(f"--pages-from={folder.resolve()}")
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            if not (said := server.stdout.readline()):
                raise SystemExit("the site to crawl did not start")
            yield Site(**json.loads(said))
        finally:
            server.terminate()


class Connection(asyncio.Protocol):
    """Reads requests without a body, one after the other, and has each responded to at once."""

    transport: asyncio.Transport
    _unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._unread = (self._unread + data).split(b"\r\n\r\n")
        for request in requests:
            self.respond(request)

    def respond(self, request: bytes) -> None:
        """Write the answer to a request, its head without the empty line."""
        raise NotImplementedError


class _Connection(Connection):
    """Answers what lies ready."""

    def __init__(self, answers: Mapping[bytes, bytes]) -> None:
        self._answers = answers

    def respond(self, request: bytes) -> None:
        path = request.split(b" ", 2)[1]
        self.transport.write(self._answers.get(path, _NOT_FOUND))


def _answer(body: bytes, content_type: str, status: str = "200 OK") -> bytes:
    packed = gzip.compress(body, 6)
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Encoding: gzip\r\n"
        f"Content-Length: {len(packed)}\r\n\r\n"
    )
    return head.encode() + packed


_NOT_FOUND = _answer(b"There is nothing here.\n", "text/plain", "404 Not Found")


def _listings(url: str, paths: Sequence[str]) -> dict[bytes, bytes]:
    """The home page, robots.txt and the one sitemap, which names all pages."""
    entries = "".join(f"<url><loc>{escape(url + path)}</loc></url>\n" for path in paths)
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    )
    home = '<!DOCTYPE html><html lang="fr"><head><title>Le Banc d’essai</title></head></html>\n'
    robots = f"User-agent: *\nDisallow: /wp-admin/\n\nSitemap: {url}/sitemap.xml\n"
    return {
        b"/": _answer(home.encode(), "text/html; charset=utf-8"),
        b"/robots.txt": _answer(robots.encode(), "text/plain"),
        b"/sitemap.xml": _answer(sitemap.encode(), "application/xml"),
    }


async def _listen(pages: Sequence[Page], bodies: Mapping[bytes, bytes]) -> str:
    """Open a port at which these pages are listed; return the site's URL."""
    answers = dict(bodies)
    server = await asyncio.get_running_loop().create_server(
        partial(_Connection, answers), LOOPBACK, 0
    )
    url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    answers.update(_listings(url, [page.path for page in pages]))
    return url


async def _serve(pages: Sequence[Page]) -> None:
    bodies = {page.path.encode(): _answer(page.body, "text/html") for page in pages}
    few = pages[:FEW_PAGES]
    site = Site(
        url=await _listen(pages, bodies),
        pages=len(pages),
        few_url=await _listen(few, bodies),
        few_pages=len(few),
        page_bytes=sum(len(page.body) for page in pages) // len(pages),
        sent_bytes=sum(map(len, bodies.values())) // len(pages),
    )
    print(json.dumps(asdict(site)), flush=True)
    await asyncio.Event().wait()


def _main() -> None:
    parser = argparse.ArgumentParser(description="Serve the benchmark's site until terminated.")
    parser.add_argument("--pages", type=int, required=True)
    parser.add_argument("--bytes", type=int, required=True)
    parser.add_argument("--pages-from", type=Path)
    options = parser.parse_args()
    if options.pages_from:
        pages = saved_pages(options.pages_from, options.pages)
    else:
        pages = invented_pages(options.pages, options.bytes)
    asyncio.run(_serve(list(pages)))


if __name__ == "__main__":
    _main()
