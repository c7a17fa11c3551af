from __future__ import annotations

import gzip
import os

import pytest

from crawler.errors import Reason
from crawler.fetch.kinds import refusal_of_kind
from tests.markup import Story

HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<p>", b"PK and nothing else", b"\xef\xbb\xbf<p>", "été".encode("utf-16"),
        "été".encode("utf-32"), b"\x1b$B" + b"text" * 100, b"a\0b" + b"c" * 100,
        Story(1).html().encode(),
    ],
)  # fmt: skip
def test_text_is_let_through_whatever_its_charset(body: bytes) -> None:
    assert refusal_of_kind(body, HTML) is None


def test_utf_16_without_a_mark_is_text_where_it_is_said() -> None:
    body = Story(1).html().encode("utf-16-le")
    assert refusal_of_kind(body, "text/html; charset=UTF-16LE") is None
    refused = refusal_of_kind(body, HTML)
    assert refused is not None
    assert refused.reason is Reason.NOT_HTML


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"%PDF-1.7\nall of this could be text", "PDF"),
        (b"\xff\xd8\xff\xe1", "JPEG"),
        (b"\0\0\0\x18ftypmp42", "MP4"),
        (bytes(1_000), "a binary file"),
        pytest.param(os.urandom(5_000), "", id="noise"),
    ],
)
def test_a_file_of_another_kind_is_named(body: bytes, told: str) -> None:
    refused = refusal_of_kind(body, HTML)
    assert refused is not None
    assert refused.reason is Reason.NOT_HTML
    assert told in refused.detail


def test_what_is_packed_and_does_not_say_so_is_no_page() -> None:
    refused = refusal_of_kind(gzip.compress(b"<p>"), HTML)
    assert refused is not None
    assert refused.reason is Reason.BAD_ENCODING
