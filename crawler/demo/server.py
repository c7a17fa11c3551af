"""Serves the bundled newspaper: three sites on one loopback port, told apart by the Host header.

Their names end in `.localhost`, which never leaves the machine (RFC 6761, section 6.3); a name with
`m.` before it is the site's mobile twin.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from crawler.demo import feeds_site, sitemaps_site, wordpress_site
from crawler.demo.site import TEXT, Response, Site
from crawler.demo.texts import Story, load_stories

PATHS = {
    wordpress_site.HOST: wordpress_site.story_path,
    feeds_site.HOST: feeds_site.story_path,
    sitemaps_site.HOST: sitemaps_site.story_path,
}
LANGUAGES = {wordpress_site.HOST: "fr", feeds_site.HOST: "fr", sitemaps_site.HOST: "en"}
CLOSING_INTERVAL = 0.05  # seconds; how often the server looks whether it shall close
MISDIRECTED = Response(b"No such site here.\n", TEXT, HTTPStatus.MISDIRECTED_REQUEST)


class Newspaper:
    """The newspaper, open while the `with` block lasts.

    `stories` are its texts with their planted relations, `requests` the (host, path with query)
    pairs asked for so far. Port 0 lets the system choose; with the same port, the pages of two
    openings are the same byte for byte.
    """

    def __init__(self, port: int = 0) -> None:
        self.stories = load_stories()
        self.hosts = tuple(PATHS)
        self.requests: list[tuple[str, str]] = []
        self._server = _Server(port, self.requests)
        self.port: int = self._server.server_address[1]
        self._server.sites = self._build_sites()

    def __enter__(self) -> Self:
        Thread(
            target=self._server.serve_forever,
            args=(CLOSING_INTERVAL,),
            name="newspaper",
            daemon=True,
        ).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, host: str) -> str:
        """The address of a host's home page."""
        return f"http://{host}:{self.port}/"

    def story_url(self, story: Story) -> str:
        """The canonical address of a story."""
        return self.url(story.host).rstrip("/") + PATHS[story.host](story)

    def sources_toml(self) -> str:
        """A sources file for the three hosts."""
        return "\n".join(
            f"[{host.removesuffix('.localhost')}]\n"
            f'url = "{self.url(host)}"\nlanguage = "{language}"\n'
            for host, language in LANGUAGES.items()
        )

    def _build_sites(self) -> dict[str, Site]:
        builders = {
            wordpress_site.HOST: wordpress_site.WordPressSite,
            feeds_site.HOST: feeds_site.feeds_site,
            sitemaps_site.HOST: sitemaps_site.sitemaps_site,
        }
        return {
            host: build(
                [story for story in self.stories if story.host == host],
                self.url(host).rstrip("/"),
            )
            for host, build in builders.items()
        }


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def __init__(self, port: int, requests: list[tuple[str, str]]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.requests = requests
        self.sites: Mapping[str, Site] = {}

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that hangs up, because it was stopped, is no error of the newspaper's."""

    def answer(self, host: str, target: str) -> Response:
        self.requests.append((host, target))
        site = self.sites.get(host.removeprefix("m."))
        if site is None:
            return MISDIRECTED
        parts = urlsplit(target)
        return site.respond(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet; written apart, Nagle's algorithm holds the body back.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0].lower()
        response = self.server.answer(host, self.path)
        etag = f'"{sha256(response.body).hexdigest()[:16]}"'
        fresh = response.last_modified and self._is_known(etag, response.last_modified)
        self.send_response(HTTPStatus.NOT_MODIFIED if fresh else response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.last_modified:
            changed = response.last_modified.astimezone(UTC)
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", format_datetime(changed, usegmt=True))
        if not fresh:
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if not fresh and self.command != "HEAD":
            self.wfile.write(response.body)

    do_HEAD = do_GET  # noqa: N815  (the name http.server looks up)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the one who asked already knows."""

    def _is_known(self, etag: str, changed: datetime) -> bool:
        """Whether the client has this version; If-None-Match goes first (RFC 9110, 13.2.2)."""
        if tags := self.headers.get("If-None-Match"):
            return tags == "*" or etag in (
                tag.strip().removeprefix("W/") for tag in tags.split(",")
            )
        if since := self.headers.get("If-Modified-Since"):
            try:
                return changed <= parsedate_to_datetime(since)
            except ValueError:
                return False
        return False
