from __future__ import annotations

import sqlite3

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionLost

from crawler.errors import Reason, Refusal
from crawler.fetch.failures import (
    FetchRefusedError,
    refusal_of_error,
    refusal_of_page,
    refusal_of_status,
)

URL = "https://gazette.example/story"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CannotResolveHostError("DNS lookup failed"), Reason.UNRESOLVED),
        (DownloadConnectionRefusedError("refused"), Reason.CONNECTION),
        (ConnectError("no route to host"), Reason.CONNECTION),  # type: ignore[no-untyped-call] # Twisted's
        (DownloadTimeoutError("took longer than 30 seconds"), Reason.TIMEOUT),
        (ResponseDataLossError("data loss"), Reason.TRUNCATED),
        (DownloadCancelledError("larger than max size"), Reason.TOO_LARGE),
        (UnsupportedURLSchemeError("gopher"), Reason.SCHEME),
        (DownloadFailedError("[('SSL routines', '', 'certificate verify failed')]"), Reason.TLS),
        (DownloadFailedError("[<Failure: Connection to the other side was lost>]"), Reason.NETWORK),
        (ConnectionLost(), Reason.NETWORK),
        (IgnoreRequest("max redirections reached"), Reason.REDIRECT_LOOP),
        (RuntimeError("anything else"), Reason.NETWORK),
    ],
)
def test_every_error_of_an_exchange_has_a_reason(error: Exception, reason: Reason) -> None:
    assert refusal_of_error(error).reason is reason


def test_a_state_that_cannot_be_written_is_no_failure_of_the_network() -> None:
    with pytest.raises(sqlite3.OperationalError):
        refusal_of_error(sqlite3.OperationalError("database or disk is full"))


def test_a_refusal_of_a_middleware_is_handed_on_as_it_is() -> None:
    refusal = Refusal(Reason.ROBOTS_DISALLOWED, "robots.txt")
    assert refusal_of_error(FetchRefusedError(refusal)) is refusal


def test_an_error_without_a_name_of_its_own_tells_its_kind_in_one_line() -> None:
    refusal = refusal_of_error(TypeError("bad\nworse"))
    assert str(refusal) == "fetch/network: TypeError: bad"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, None),
        (203, None),
        (304, Reason.CLIENT_ERROR),  # to one who asked without condition
        (400, Reason.CLIENT_ERROR),
        (401, Reason.FORBIDDEN),
        (402, Reason.FORBIDDEN),
        (403, Reason.FORBIDDEN),
        (404, Reason.GONE),
        (410, Reason.GONE),
        (418, Reason.CLIENT_ERROR),
        (429, Reason.TOO_MANY_REQUESTS),
        (451, Reason.FORBIDDEN),
        (500, Reason.SERVER_ERROR),
        (503, Reason.SERVER_ERROR),
        (599, Reason.SERVER_ERROR),
    ],
)
def test_every_status_is_a_page_or_has_a_reason(status: int, reason: Reason | None) -> None:
    refusal = refusal_of_status(status)
    assert (refusal and refusal.reason) == reason
    assert refusal is None or refusal.detail == f"HTTP {status}"


@pytest.mark.parametrize(
    ("content_type", "refused"),
    [
        (None, False),
        ("", False),
        ("text/html", False),
        ("Text/HTML ; charset=ISO-8859-1", False),
        ("application/xhtml+xml", False),
        ("text/xml", False),
        ("application/pdf", True),
        ("image/jpeg", True),
        ("text/plain; charset=utf-8", True),
        ("caf\xe9", True),
    ],
)
def test_a_page_is_html_or_says_nothing_about_it(content_type: str | None, refused: bool) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type.encode("latin-1")}
    refusal = refusal_of_page(Response(URL, headers=headers, body=b"<p>"))
    assert (refusal is not None and refusal.reason is Reason.NOT_HTML) is refused


def test_a_status_says_more_than_the_type_of_its_body() -> None:
    response = Response(URL, status=404, headers={"Content-Type": "application/json"})
    refusal = refusal_of_page(response)
    assert refusal is not None
    assert refusal.reason is Reason.GONE


def test_a_page_that_came_in_part_is_truncated() -> None:
    refusal = refusal_of_page(Response(URL, body=b"<p>", flags=["dataloss"]))
    assert refusal is not None
    assert refusal.reason is Reason.TRUNCATED


def test_a_page_of_a_server_that_names_no_length_is_whole() -> None:
    assert refusal_of_page(Response(URL, body=b"<p>", flags=["partial"])) is None
