"""What a newspaper's site answers at a moment, and what a fault makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from tests.benchmarks.hourly.newspapers import ELSEWHERE, FEED_LENGTH, Newspaper, Story
from tests.benchmarks.hourly.pages import feed, home, index, page, urlset
from tests.benchmarks.newsrooms import Fault

# A server that is down and knows for how long; less than from one run to the next.
_RETRY_AFTER = "1800"
_HTML, _XML = "text/html; charset=utf-8", "application/xml"
_SHELL = "<!doctype html><html><head><title>…</title></head><body><div id=app></div></body></html>"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; `what` is what it is counted as."""

    what: str
    status: int = 200
    content_type: str = _HTML
    body: bytes = b""
    etag: str | None = None
    location: str | None = None
    retry_after: str | None = None
    stories: tuple[int, ...] = ()
    is_elsewhere: bool = False


class Site:
    """One newspaper's site, at a port of the loopback."""

    def __init__(self, paper: Newspaper, port: int) -> None:
        self.paper = paper
        self._home = f"http://{paper.host}:{port}"
        self._elsewhere = f"http://{ELSEWHERE}:{port}"

    def answer(self, path: str, at: datetime, known: str | None = None) -> Answer | None:
        """The answer to a request of a moment, for who has the version `known`; None: none."""
        fault = self.paper.room.fault(at)
        what = _what(path)
        if fault and fault.kind == "outage":
            return _outage(fault, what)
        if what == "page":
            return self._page(path, at, fault, known)
        if what in ("feed", "sitemap"):
            return self._listing(path, what, at, fault, known)
        return self._other(path, at)

    def elsewhere(self, path: str, at: datetime) -> Answer:
        """What the other site answers that its listings have moved to."""
        return self._named(path, _what(path), at, None, None)

    def _other(self, path: str, at: datetime) -> Answer:
        if path == "/":
            return Answer("home", body=home(self.paper, self.paper.listed(at)).encode())
        if path == "/robots.txt":
            sitemap = f"Sitemap: {self._home}/sitemap.xml\n" if "sitemap" in self.paper.ways else ""
            body = f"User-agent: *\nAllow: /\n{sitemap}"
            return Answer("other", content_type="text/plain", body=body.encode())
        return Answer("other", 404)

    def _listing(
        self, path: str, what: str, at: datetime, fault: Fault | None, known: str | None
    ) -> Answer:
        kind = fault.kind if fault else ""
        if what not in self.paper.ways:
            return Answer(what, 404)
        if what == "feed" and kind == "moved":
            return Answer(what, 410)
        if path in ("/feed.xml", "/sitemap.xml") and kind == "leads":
            return Answer(what, 301, location=f"{self._elsewhere}{path}?{self.paper.name}")
        return self._named(path, what, at, fault, known)

    def _named(
        self, path: str, what: str, at: datetime, fault: Fault | None, known: str | None
    ) -> Answer:
        stories = self.paper.listed(at)
        kind = fault.kind if fault else ""
        base = self._elsewhere if kind == "elsewhere" else self._home
        if what == "feed":
            stories = _newest(stories, fault)
            body, content_type = feed(self.paper, base, stories), "application/rss+xml"
        elif path == "/sitemap.xml":
            body, content_type = index(self._home, stories, at), _XML
            stories = []
        else:
            month = path.removeprefix("/sitemap-").removesuffix(".xml")
            stories = [story for story in stories if f"{story.listed:%Y-%m}" == month]
            body, content_type = urlset(base, stories, at), _XML
        etag = f'"{blake2b(body.encode(), digest_size=8).hexdigest()}"'
        if etag == known:
            return Answer(what, 304, etag=etag)
        named = tuple(story.number for story in stories)
        if kind == "elsewhere" and named:
            return Answer(what, 200, content_type, body.encode(), etag, is_elsewhere=True)
        return Answer(what, 200, content_type, body.encode(), etag, stories=named)

    def _page(self, path: str, at: datetime, fault: Fault | None, known: str | None) -> Answer:
        number = int(path.rpartition("-")[2].removesuffix(".html"))
        if number >= len(self.paper.stories):
            return Answer("page", 404)
        story = self.paper.stories[number]
        kind = fault.kind if fault and fault.kind in ("field", "refusals") else ""
        etag = f'"{number}.{story.version(at)}{kind}"'
        if etag == known:
            return Answer("page", 304, etag=etag)
        if kind == "refusals":
            body = _SHELL
        else:
            body = page(self.paper, story, story.version(at), is_redesigned=kind == "field")
        return Answer("page", 200, _HTML, body.encode(), etag, stories=(number,))


def _newest(stories: Sequence[Story], fault: Fault | None) -> list[Story]:
    """What a feed names; while an archive is opened, all of that too."""
    if fault and fault.kind == "empty":
        return []
    newest = list(stories[-FEED_LENGTH:])
    if fault and fault.kind == "burst":
        opened = (story for story in stories[:-FEED_LENGTH] if story.listed == fault.begins)
        newest = [*opened, *newest]
    return newest


def _what(path: str) -> str:
    if path.startswith("/article/"):
        return "page"
    names = {"/": "home", "/feed.xml": "feed"}
    return names.get(path, "sitemap" if path.startswith("/sitemap") else "other")


def _outage(fault: Fault, what: str) -> Answer | None:
    """One in two servers says that it is down; the others reset the connection."""
    if fault.begins.hour % 2:
        return None
    return Answer(what, 503, retry_after=_RETRY_AFTER)
