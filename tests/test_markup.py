"""What is markup, in which charset, and what no parser is given."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import Reason, Refusal
from crawler.markup import MAX_ATTRIBUTES, MAX_CHARACTERS, MAX_TAGS, decode, is_cut, markup
from tests.misbehaviours.markup import attributes

RUSSIAN = "Мост открыт после долгого ремонта. " * 5


@pytest.mark.parametrize(
    ("body", "header", "expected"),
    [
        ("\ufeffété".encode(), "iso-8859-1", "été"),
        ("été".encode("utf-16"), None, "été"),
        ("été".encode("utf-16"), "utf-8", "été"),
        ("été".encode("utf-32"), None, "été"),
        ("été".encode("utf-16-le"), "utf-16le", "été"),
        ("été".encode("iso-8859-1"), "iso-8859-1", "été"),
        ("été".encode(), "iso-8859-1", "été"),
        ("été".encode(), "windows-1251", "été"),
        (b'<meta charset="windows-1251">' + "мост".encode("cp1251"), None, "мост"),
        (b'<meta charset="windows-1251">' + RUSSIAN.encode("cp1251"), "utf-8", RUSSIAN),
        ("été".encode(), None, "été"),
        ("l’été".encode("cp1252"), None, "l’été"),
        ("été".encode(), "no-such-charset", "été"),
        ("日本".encode("iso2022_jp"), "iso-2022-jp", "日本"),
        ("日本".encode("shift_jis"), "shift_jis", "日本"),
        (b"plain", None, "plain"),
    ],
)
def test_text_is_decoded_as_a_browser_would(body: bytes, header: str | None, expected: str) -> None:
    text = decode(body, header)
    assert isinstance(text, str)
    assert text.endswith(expected)


@pytest.mark.parametrize(
    "header", ["zip", "bz2", "hex", "rot13", "undefined", "idna", "punycode", "unicode_escape",
               "raw_unicode_escape", "utf-7", "base64", "mbcs", "../../etc", "utf-8\0",
               "x" * 9_999],
)  # fmt: skip
def test_codecs_that_are_no_charset_of_pages_are_not_used(header: str) -> None:
    assert decode("l’été".encode(), header) == "l’été"
    assert decode("l’été".encode("cp1252"), header) in ("l’été", "l\ufffd\ufffdt\ufffd")
    meta = f'<meta charset="{header}">'.encode()
    assert str(decode(meta + "l’été".encode())).endswith("l’été")


@pytest.mark.parametrize("said", ["utf-8", "UTF8"])
def test_a_page_in_another_charset_than_it_says_is_refused(said: str) -> None:
    refused = decode(RUSSIAN.encode("koi8-r"), said)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.WRONG_CHARSET


def test_some_characters_that_are_broken_cost_no_page() -> None:
    body = "Les élections à l’été, déjà. ".encode() * 30 + b"caf\xe9 " * 20
    text = decode(body, "utf-8")
    assert isinstance(text, str)
    assert text.count("\ufffd") == 20


def test_soft_hyphens_are_no_part_of_a_word() -> None:
    assert (
        markup("<p>Holz\u00adbrü&shy;cken&shy;bau</p>".encode()) == "<p>Holzbrückenbau</p>".encode()
    )


def test_text_that_was_encoded_twice_is_read_as_it_was_meant() -> None:
    meant = "<p>L’été – déjà – „Мост“ von 日本, “enfin”…</p>"
    twice = meant.encode().decode("latin-1").encode()
    assert markup(twice) == meant.encode()


def test_a_page_that_tells_of_text_encoded_twice_keeps_its_example() -> None:
    told = "<p>Ainsi «\u00a0l’eau\u00a0» devient lâ\x80\x99eau.</p>".encode()
    assert markup(told) == told


@given(body=st.binary(max_size=500), header=st.none() | st.text(max_size=12))
def test_any_bytes_are_text_or_refused(body: bytes, header: str | None) -> None:
    assert isinstance(decode(body, header), str | Refusal)
    assert isinstance(markup(body, header), bytes | Refusal)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (attributes(40_000), str(MAX_ATTRIBUTES)),
        (b"<p " + b"a=' " * 1_000_000, str(MAX_ATTRIBUTES)),
        (b"<b>" * (MAX_TAGS + 1), str(MAX_TAGS)),
        (b"x" * (MAX_CHARACTERS + 1), str(MAX_CHARACTERS)),
    ],
)
def test_what_would_stall_a_parser_is_told_at_once(body: bytes, told: str) -> None:
    started = time.process_time()
    refused = markup(body)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.TOO_LARGE_TO_READ
    assert told in refused.detail
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("document", "cut"),
    [
        ("<!doctype html><html><body><p>All of it.</p></body></html>", False),
        ("<HTML><p>All of it.</HTML>", False),
        ("<html><body><p>All of it.</body>", False),
        ("<!doctype html><html lang=fr><body><p>Half of", True),
        ("<!-- <html> --><p>Half of", True),
        ("<p>Nobody can know", False),
        ("<title>Nobody can know</title><p>html", False),
        ("<html-like>", False),
        ('<?xml version="1.0"?><rss version="2.0"><channel><item/></channel></rss>', False),
        ('<?xml version="1.0"?><rss version="2.0"><channel><item/>', True),
        ("<feed xmlns='x'><entry/>", True),
        ("<urlset/>", False),
        ('<urlset xmlns="x"/>', False),
        ("<urlset xmlns='x'><url><loc>https://a.ex", True),
        ("[1, 2", False),
        ("", False),
    ],
)
def test_a_document_is_cut_where_its_outermost_element_has_no_end(document: str, cut: bool) -> None:
    assert is_cut(document.encode()) is cut
