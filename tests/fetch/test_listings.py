from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Request, Response

from crawler.errors import Reason, Refusal
from crawler.fetch.listings import Answer, ListingFetcher
from crawler.state.listings import Validators
from tests.crawls import crawl
from tests.server import Body, Server

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
    answer, _ = ask(Response(URL, status=304))
    assert answer == Answer(URL, unchanged=True)


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


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[Server]:
    """A server whose certificate nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gazette.localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("gazette.localhost")]), False)
        .sign(key, SHA256())
    )
    pem = tmp_path / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with Server(context) as server:
        yield server


def test_a_certificate_that_cannot_be_trusted_is_refused(untrusted: Server, tmp_path: Path) -> None:
    site = untrusted.site("gazette")
    site.paths["/"] = Body("<p>Welcome.</p>")
    done = crawl(tmp_path / "data", "-a", f"url={site.url}")
    assert site.targets() == []
    assert done.exit_code == 5
    (sentence,) = done.sentences
    assert "fetch/tls" in sentence
    assert "Traceback" not in done.output
