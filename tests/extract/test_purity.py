"""Extraction asks nobody and forgets nothing: no network, and the same answer in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.demo.server import Newspaper

ROOT = Path(__file__).parents[2]
# Reads every file of a folder and prints what comes out; a socket or a started program ends it.
READ = """
import sys
from pathlib import Path

def refuse(event, args):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn",
                         "urllib.", "http.", "ftplib.")):
        print("asked for", event, args, file=sys.stderr, flush=True)
        import os
        os._exit(3)

from crawler.extract import extract, warm_up
import crawler.extract.extraction  # a library that it loads looks whether there is IPv6
sys.addaudithook(refuse)
if sys.argv[2] == "ask":
    import socket
    socket.create_connection(("127.0.0.1", 9))
warm_up()
for file in sorted(Path(sys.argv[1]).iterdir()):
    print(file.name, extract(file.read_bytes(), "https://gazette.example/2026/03/" + file.stem))
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every story of the demo's newspapers, and the pages of the site rules."""
    folder = tmp_path_factory.mktemp("pages")
    fixtures = (ROOT / "tests" / "sites" / "fixtures").rglob("*.html")
    bodies = [path.read_bytes() for path in fixtures] + demo_stories()
    assert len(bodies) > 50
    for number, body in enumerate(bodies):
        (folder / f"{number:03}.html").write_bytes(body)
    return folder


def demo_stories() -> list[bytes]:
    with Newspaper() as paper:
        return [fetched(paper.story_url(story)) for story in paper.stories]


def fetched(url: str) -> bytes:
    """The page of a site on this machine, whatever its host is called."""
    parts = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", parts.port, timeout=30)
    try:
        connection.request("GET", parts.path, headers={"Host": parts.netloc})
        return connection.getresponse().read()
    finally:
        connection.close()


def read(pages: Path, seed: str, mode: str = "") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", READ, str(pages), mode],
        cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=False,
    )  # fmt: skip


def test_extraction_opens_no_socket_and_says_the_same_in_every_process(pages: Path) -> None:
    first, second = read(pages, "1"), read(pages, "2")
    assert first.returncode == 0, first.stderr
    assert first.stdout.count(b"Article(") > 50
    assert first.stdout == second.stdout


def test_the_guard_of_the_test_above_would_tell(pages: Path) -> None:
    asked = read(pages, "1", "ask")
    assert asked.returncode == 3
    assert b"asked for socket." in asked.stderr
