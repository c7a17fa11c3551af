"""The newspaper, opened once, and a reader that asks it by address and Host header."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from parsel import Selector

from crawler.demo.server import Newspaper


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def page(self) -> Selector:
        """The body as HTML, to ask with CSS or XPath."""
        return Selector(text=self.body.decode())


class Reader:
    """Asks over one kept connection, as a crawler does."""

    def __init__(self, paper: Newspaper) -> None:
        self.paper = paper
        self._connection = http.client.HTTPConnection("127.0.0.1", paper.port, timeout=10)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        self._connection.request("GET", target, headers={"Host": parts.netloc, **(headers or {})})
        response = self._connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, response.read())

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="session")
def paper() -> Iterator[Newspaper]:
    with Newspaper() as opened:
        yield opened


@pytest.fixture
def reader(paper: Newspaper) -> Iterator[Reader]:
    asking = Reader(paper)
    yield asking
    asking.close()
