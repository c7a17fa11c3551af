"""What the middleware makes of an answer; whole runs over broken ones are tests/misbehaviours."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from scrapy.http import HtmlResponse, Request, Response
from scrapy.utils.test import get_crawler

from crawler.errors import Reason
from crawler.fetch.failures import FetchRefusedError
from crawler.fetch.integrity import IntegrityMiddleware
from crawler.fetch.room import Room
from crawler.fetch.site_files import IS_SITE_FILE

URL = "https://gazette.example/story"
PAGE = b"<html><body><p>Whole.</p></body></html>"
MEGABYTE = 1024 * 1024


def judged(response: Response, *, site_file: bool = False, limit: int = MEGABYTE) -> Response:
    """The answer as it goes on. Raises: FetchRefusedError, as when nobody is left to ask again."""
    middleware = IntegrityMiddleware(get_crawler(), limit, Room(limit))
    request = Request(URL, meta={IS_SITE_FILE: True} if site_file else {})
    middleware.process_request(request)
    assert request.headers["Accept-Encoding"] == b"gzip, deflate, br, zstd"
    answer = asyncio.run(middleware.process_response(request, response))
    assert isinstance(answer, Response)
    return answer


def reason(response: Response, **how: bool) -> Reason:
    with pytest.raises(FetchRefusedError) as refused:
        judged(response, **how)
    return refused.value.refusal.reason


def packed(body: bytes, coding: str = "gzip", status: int = 200) -> Response:
    headers = {"Content-Encoding": coding, "Content-Type": "text/html"}
    return Response(URL, status=status, headers=headers, body=body)


def test_a_whole_answer_goes_on_as_it_is() -> None:
    response = Response(URL, body=PAGE)
    assert judged(response) is response


def test_an_unpacked_answer_is_as_if_it_had_never_been_packed() -> None:
    response = judged(packed(gzip.compress(PAGE)))
    assert isinstance(response, HtmlResponse)
    assert response.body == PAGE
    assert "Content-Encoding" not in response.headers


def test_an_unpacked_page_is_in_its_own_charset_whatever_its_address_ends_in() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><p>Zażółć</html>'.encode("iso-8859-2")
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
    # By its address Scrapy takes the packed bytes for text, and would guess what they are in.
    response = judged(HtmlResponse(f"{URL}.html", headers=headers, body=gzip.compress(page)))
    assert isinstance(response, HtmlResponse)
    assert response._declared_encoding() == "iso8859-2"


@pytest.mark.parametrize("status", [404, 500, 304])
def test_a_status_says_more_than_a_body_that_cannot_be_read(status: int) -> None:
    response = judged(packed(gzip.compress(PAGE)[:-9], status=status))
    assert (response.status, response.body) == (status, b"")


def test_a_part_that_nobody_asked_for_is_cut() -> None:
    assert reason(Response(URL, status=206, body=PAGE)) is Reason.TRUNCATED


@pytest.mark.parametrize("body", [b"", b" \r\n", b"\xef\xbb\xbf"])
def test_nothing_is_no_page_but_may_be_a_file_of_the_site(body: bytes) -> None:
    assert reason(Response(URL, body=body)) is Reason.EMPTY
    assert judged(Response(URL, body=body), site_file=True).body == body


def test_a_body_that_ended_with_its_connection_needs_an_end_of_its_own() -> None:
    assert judged(Response(URL, body=PAGE, flags=["partial"])).body == PAGE
    assert reason(Response(URL, body=PAGE[:-20], flags=["partial"])) is Reason.TRUNCATED
    assert judged(Response(URL, body=PAGE[:-20])).body == PAGE[:-20]


def test_the_limit_is_for_what_is_unpacked() -> None:
    assert reason(packed(gzip.compress(bytes(2 * MEGABYTE)))) is Reason.TOO_LARGE
    assert len(judged(packed(gzip.compress(bytes(2 * MEGABYTE))), limit=3 * MEGABYTE).body) > 0
