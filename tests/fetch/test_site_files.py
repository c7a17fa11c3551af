from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import time_machine
from scrapy.http import Request, Response

from crawler.errors import Refusal
from crawler.fetch.robots import RobotsMiddleware
from crawler.fetch.robots_txt import MAX_BYTES, RobotsTxt
from crawler.fetch.site_files import SiteFiles
from crawler.state import State
from crawler.state.site_files import SiteFile

URL = "https://gazette.example/robots.txt"
DAY = 86_400.0


class Origin:
    """Answers as the downloader would, and counts how often it is asked."""

    def __init__(self, status: int = 200, body: bytes = b"", cache_control: str = "") -> None:
        self.asked = 0
        self.status = status
        self._body = body
        self._headers = {"Cache-Control": cache_control} if cache_control else {}

    async def download(self, request: Request) -> Response:
        self.asked += 1
        await asyncio.sleep(0)
        return Response(request.url, self.status, self._headers, self._body)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with closing(State(tmp_path / "state.sqlite")) as state:
        yield state


def get(files: SiteFiles) -> SiteFile | Refusal:
    return asyncio.run(files.get(URL))


@pytest.mark.parametrize(
    ("status", "file"), [(200, SiteFile(b"rules")), (404, SiteFile(None)), (403, SiteFile(None))]
)
def test_an_answer_serves_all_runs_of_a_day(state: State, status: int, file: SiteFile) -> None:
    origin = Origin(status, b"rules")
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        for seconds in (0, DAY - 1, 2):
            clock.shift(seconds)
            assert get(SiteFiles(origin.download, state.site_files, DAY)) == file
    assert origin.asked == 2


def test_a_run_of_more_than_a_day_asks_again(state: State) -> None:
    origin = Origin(200, b"User-agent: *\nDisallow: /a")
    files = SiteFiles(origin.download, state.site_files, DAY)
    robots = RobotsMiddleware(files, "colporteur")

    async def rules() -> list[bool]:
        said = []
        with time_machine.travel(1_800_000_000, tick=False) as clock:
            for seconds in (0, DAY - 1, 2):
                clock.shift(seconds)
                origin.status = 200 if seconds != 2 else 503
                said.append(isinstance(await robots.rules(URL), RobotsTxt))
        return said

    assert asyncio.run(rules()) == [True, True, False]
    assert origin.asked == 2


def test_a_failure_holds_for_its_run_and_no_older_copy_takes_its_place(state: State) -> None:
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        get(SiteFiles(Origin(200, b"old").download, state.site_files, DAY))
        clock.shift(DAY + 1)
        down = Origin(503)
        files = SiteFiles(down.download, state.site_files, DAY)
        assert [isinstance(get(files), Refusal) for _ in range(3)] == [True] * 3
        assert down.asked == 1
        back = SiteFiles(Origin(200, b"new").download, state.site_files, DAY)
        assert get(back) == SiteFile(b"new")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("", 1),
        ("max-age=86400", 1),
        ("public, max-age=31536000", 1),
        ("max-age=soon", 1),
        ("Max-Age = 3600", 2),
        ("max-age=604800, s-maxage=60", 2),
        ("no-store", 2),
        ("private, no-cache", 2),
    ],
)
def test_a_site_that_says_less_than_a_day_is_asked_by_each_run(
    state: State, said: str, asked: int
) -> None:
    origin = Origin(200, b"", said)
    for _ in range(2):
        files = SiteFiles(origin.download, state.site_files, DAY)
        get(files)
        get(files)
    assert origin.asked == asked


def test_no_more_than_is_read_is_kept(state: State) -> None:
    file = get(SiteFiles(Origin(200, b"#" * (2 * MAX_BYTES)).download, state.site_files, DAY))
    assert isinstance(file, SiteFile)
    assert file.body is not None
    assert len(file.body) == MAX_BYTES + 1


def test_a_store_that_cannot_be_written_costs_the_next_run_a_request_and_nothing_else(
    state: State,
) -> None:
    state._db.execute("PRAGMA query_only=ON")
    files = SiteFiles(Origin(200, b"rules").download, state.site_files, DAY)
    assert get(files) == SiteFile(b"rules")
