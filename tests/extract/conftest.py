"""A network that is not there."""

from __future__ import annotations

import socket
from typing import NoReturn

import pytest

from crawler.extract.site_rules import _load


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any look-up or connection fails the test; the site rules are loaded anew."""

    def refuse(*_args: object, **_kwargs: object) -> NoReturn:
        pytest.fail("extraction used the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    _load.cache_clear()
