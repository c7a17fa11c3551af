"""The server of the year's newspapers: a process of its own, told the time over its standard input.

Each line in is a moment, in seconds since the epoch, or the name of a file; each line out tells, as
JSON, what was asked for since the line before, by newspaper and kind. Into the file goes which
stories there were, and which of them a listing named to whoever asked.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO

from tests.benchmarks.hourly.newspapers import ELSEWHERE, START, Plan, newspapers
from tests.benchmarks.hourly.sites import Answer, Site
from tests.benchmarks.newsrooms import HOUR
from tests.benchmarks.site import LOOPBACK, REPOSITORY, Connection

_REASONS = {
    200: "OK",
    301: "Moved",
    304: "Not Modified",
    404: "Not Found",
    410: "Gone",
    503: "Down",
}
_RESET = struct.pack("ii", 1, 0)

Asked = Mapping[str, Mapping[str, int]]


class Newsstand:
    """All sites, at a moment."""

    def __init__(self, plan: Plan) -> None:
        self.papers = newspapers(plan)
        self.at = START
        self._published = START
        self.sites: dict[str, Site] = {}
        self.asked: dict[str, Counter[str]] = defaultdict(Counter)
        self.named: dict[str, set[int]] = defaultdict(set)
        self._fetched: dict[str, set[int]] = defaultdict(set)

    def listen(self, port: int) -> None:
        """The sites are at this port."""
        self.sites = {paper.host: Site(paper, port) for paper in self.papers}

    def go_on(self, to: datetime) -> None:
        """Let time pass."""
        while self._published + HOUR <= to:
            self._published += HOUR
            for paper in self.papers:
                paper.publish(self._published)
        self.at = to

    def answer(self, host: str, target: str, known: str | None) -> Answer | None:
        """One request."""
        if host == ELSEWHERE:
            path, _, name = target.partition("?")
            if (site := self.sites.get(f"{name}.localhost")) is None:
                return Answer("other", 404)
            answer: Answer | None = site.elsewhere(path, self.at)
        else:
            site = self.sites[host]
            answer = site.answer(target, self.at, known)
        self._count(site.paper.name, answer)
        return answer

    def _count(self, name: str, answer: Answer | None) -> None:
        if self.at == START:  # whoever warms up
            return
        counts = self.asked[name]
        if answer is None:
            counts["reset"] += 1
            return
        what = answer.what
        if what != "page":
            self.named[name].update(answer.stories)
        elif answer.status == 200 and answer.stories[0] not in self._fetched[name]:
            self._fetched[name].add(answer.stories[0])
            what = "first"
        counts[what] += 1
        counts[f"{what} {answer.status}"] += 1
        counts["elsewhere"] += answer.is_elsewhere

    def told(self) -> Asked:
        """What was asked for since this was asked last."""
        asked, self.asked = dict(self.asked), defaultdict(Counter)
        return asked

    def write(self, file: Path) -> None:
        """Which stories there are and which were named, by newspaper: their paths."""
        said = {
            paper.name: {
                "published": [story.path for story in paper.stories],
                "named": [paper.stories[number].path for number in self.named[paper.name]],
            }
            for paper in self.papers
        }
        file.write_text(json.dumps(said), "utf-8")


class _Connection(Connection):
    """Answers as the stand does at the hour, or resets."""

    def __init__(self, stand: Newsstand) -> None:
        self._stand = stand

    def respond(self, request: bytes) -> None:
        if self.transport.is_closing():  # a request behind one that was reset
            return
        first, *lines = request.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        host = headers["host"].partition(":")[0]
        answer = self._stand.answer(host, first.split(" ")[1], headers.get("if-none-match"))
        if answer is None:
            raw: socket.socket = self.transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.transport.abort()
        else:
            self.transport.write(_encoded(answer))


def _encoded(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}"]
    lines += [f"Content-Type: {answer.content_type}"] if answer.body else []
    for name, value in (
        ("ETag", answer.etag), ("Location", answer.location), ("Retry-After", answer.retry_after)
    ):  # fmt: skip
        lines += [f"{name}: {value}"] if value else []
    lines += [] if answer.status == 304 else [f"Content-Length: {len(answer.body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + answer.body


class Served:
    """The server as whoever drives the clock sees it."""

    def __init__(self, port: int, process: subprocess.Popen[str]) -> None:
        self.port = port
        assert process.stdin is not None
        assert process.stdout is not None
        self._say: IO[str] = process.stdin
        self._heard: IO[str] = process.stdout

    def go_on(self, to: datetime | Path) -> Asked:
        """Set the clock, or have a file written; what was asked for until then."""
        said = str(to.timestamp()) if isinstance(to, datetime) else str(to)
        self._say.write(f"{said}\n")
        self._say.flush()
        asked: dict[str, dict[str, int]] = json.loads(self._heard.readline())
        return asked


@contextmanager
def served(plan: Plan) -> Iterator[Served]:
    """The newspapers, at work as long as the `with` block lasts."""
    command = [sys.executable, "-m", __name__, json.dumps(asdict(plan))]
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for who drives the clock
    ) as server:
        assert server.stdout is not None
        try:
            yield Served(int(server.stdout.readline()), server)
        finally:
            server.terminate()


async def _serve(stand: Newsstand) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(_Connection, stand), LOOPBACK, 0)
    port = server.sockets[0].getsockname()[1]
    stand.listen(port)
    print(port, flush=True)
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := (await lines.readline()).decode().strip():
        if "/" in line:
            stand.write(Path(line))
        else:
            stand.go_on(datetime.fromtimestamp(float(line), UTC))
        print(json.dumps(stand.told()), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(Newsstand(Plan(**json.loads(sys.argv[1])))))
