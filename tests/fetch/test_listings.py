from __future__ import annotations

import asyncio

import pytest
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Request, Response

from crawler.errors import Reason, Refusal
from crawler.fetch.listings import Answer, ListingFetcher
from crawler.state.listings import Validators

URL = "https://gazette.example/feed"


def ask(
    response: Response | Exception, known: Validators | None = None
) -> tuple[Answer | Refusal, Request]:
    """The fetcher's answer, and the request that it sent."""
    sent: list[Request] = []

    async def download(request: Request) -> Response:
        sent.append(request)
        if isinstance(response, Exception):
            raise response
        return response

    fetcher = ListingFetcher(download, None)
    answer = asyncio.run(fetcher.ask(URL, known or Validators()))
    return answer, sent[0]


def test_what_was_answered_last_is_sent_as_a_condition() -> None:
    _, request = ask(
        Response(URL, status=304), Validators('W/"a"', "Mon, 02 Mar 2026 08:00:00 GMT")
    )
    assert request.headers["If-None-Match"] == b'W/"a"'
    assert request.headers["If-Modified-Since"] == b"Mon, 02 Mar 2026 08:00:00 GMT"


def test_without_an_earlier_answer_there_is_no_condition() -> None:
    _, request = ask(Response(URL))
    assert not {b"If-None-Match", b"If-Modified-Since"} & set(request.headers)


def test_an_unchanged_listing_is_an_answer_without_a_body() -> None:
    answer, _ = ask(Response(URL, status=304), Validators('"a"'))
    assert answer == Answer(URL, unchanged=True)


def test_unchanged_is_no_answer_to_who_has_nothing() -> None:
    answer, _ = ask(Response(URL, status=304), Validators(body_hash="0" * 32))
    assert answer == Refusal(Reason.CLIENT_ERROR, "HTTP 304")


def test_an_answer_keeps_what_reading_it_needs() -> None:
    headers = {
        "Content-Type": "application/json",
        "ETag": '"a"',
        "Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT",
        "X-WP-TotalPages": "12",
        "Link": [b'</a>; rel="next"', b'</caf\xe9>; rel="https://api.w.org/"'],
    }
    answer, _ = ask(Response("https://gazette.example/moved", headers=headers, body=b"[]"))
    assert answer == Answer(
        url="https://gazette.example/moved",
        body=b"[]",
        content_type="application/json",
        links=('</a>; rel="next"', '</caf\xe9>; rel="https://api.w.org/"'),
        pages=12,
        etag='"a"',
        last_modified="Mon, 02 Mar 2026 08:00:00 GMT",
    )


@pytest.mark.parametrize("said", ["", "many", "-1", "1.5"])
def test_a_number_of_pages_that_is_none_is_unknown(said: str) -> None:
    answer, _ = ask(Response(URL, headers={"X-WP-TotalPages": said}))
    assert isinstance(answer, Answer)
    assert answer.pages is None


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (Response(URL, status=404), Reason.GONE),
        (Response(URL, status=503), Reason.SERVER_ERROR),
        (Response(URL, flags=["dataloss"]), Reason.TRUNCATED),
        (DownloadTimeoutError("slow"), Reason.TIMEOUT),
    ],
)
def test_whatever_fails_is_a_refusal(response: Response | Exception, reason: Reason) -> None:
    answer, _ = ask(response)
    assert isinstance(answer, Refusal)
    assert answer.reason is reason


def test_without_obeying_robots_txt_it_is_not_looked_at() -> None:
    async def download(request: Request) -> Response:
        raise AssertionError(request.url)

    assert asyncio.run(ListingFetcher(download, None).robots(URL)) == b""
