"""Answers that break HTTP, or end in the middle: heads, lengths, chunks, redirects, statuses."""

from __future__ import annotations

from collections.abc import Callable

from tests.misbehaviours.wire import (
    CLOSE,
    COLLECTED,
    HTML,
    OK,
    Broken,
    Dripping,
    Flooding,
    InTurn,
    KeptOpen,
    Misbehaviour,
    Wire,
    chunked,
    head,
    measured,
)
from tests.server import Redirect, Reset, Resource, Silent

Page = Callable[[str], bytes]


def exchanges(page: Page) -> dict[str, Misbehaviour]:
    """By name; `page` makes the article of a name."""
    made: dict[str, tuple[Resource, str]] = {
        **_heads(page), **_statuses(page), **_lengths(page), **_chunks(page), **_slow(page),
        **_redirects(page),
    }  # fmt: skip
    return {name: Misbehaviour(resource, outcome) for name, (resource, outcome) in made.items()}


def _heads(page: Page) -> dict[str, tuple[Resource, str]]:
    cookies = [f"Set-Cookie: c{number}=value; Path=/" for number in range(1_000)]
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    return {
        "closed at once": (Wire(b""), "fetch/network"),
        "reset at once": (Reset(), "fetch/network"),
        "half a head": (Wire(OK + HTML), "fetch/network"),
        "without a head": (Wire(page("without a head")), "http/malformed"),
        "garbage for a head": (Wire(bytes(range(1, 256)) + b"\n\n"), "http/malformed"),
        "status in words": (Wire(b"HTTP/1.1 OK 200\r\n\r\n"), "http/malformed"),
        "no version": (Wire(b"HTTQ 200 OK\r\n\r\n"), "http/malformed"),
        "headers without end": (Flooding(OK, b"X-Again: and again\r\n"), "http/malformed"),
        "a header of 10 MB": (Flooding(OK + b"X-Long: ", b"x"), "http/malformed"),
        "folded headers without end": (Flooding(OK + b"X: 1\r\n", b" x\r\n"), "http/malformed"),
        "interim answers without end": (
            Flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "http/malformed"),
        "a few interim answers": (Wire(early * 3 + measured(page("a few interim answers"))),
                                  COLLECTED),
        "other protocols": (Wire(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"), "fetch/network"),
        "a thousand cookies": (Wire(measured(page("a thousand cookies"), *cookies)), COLLECTED),
        "header without colon": (Wire(measured(page("header without colon"), "what")), COLLECTED),
        "bare line feeds": (
            Wire(measured(page("bare line feeds")).replace(b"\r\n", b"\n")), COLLECTED),
        "type is garbage": (
            Wire(OK + b"Content-Type: ;;=\xff\r\n\r\n" + page("type is garbage")), COLLECTED),
        "an attachment": (Wire(measured(
            page("an attachment"), 'Content-Disposition: attachment; filename="a.exe"')),
            COLLECTED),
        "a disposition that is none": (Wire(measured(
            page("a disposition that is none"), "Content-Disposition: ;;;==")), COLLECTED),
        "unknown transfer coding": (
            Wire(head("Transfer-Encoding: rot13") + page("unknown transfer coding")),
            "http/malformed"),
    }  # fmt: skip


def _statuses(page: Page) -> dict[str, tuple[Resource, str]]:
    def status(line: str) -> Resource:
        return Wire(measured(page(line), status=f"HTTP/1.1 {line}\r\n".encode()))

    def bare(line: str, body: bytes = b"") -> Resource:
        return Wire(f"HTTP/1.1 {line}\r\n\r\n".encode() + body)

    return {
        "0": (status("0 Nothing"), "http/malformed"),
        "-200": (status("-200 Less"), "http/malformed"),
        "600": (status("600 More"), "http/server-error"),
        "999": (status("999 Denied"), "http/server-error"),
        "203 Other": (status("203 Other"), COLLECTED),
        "204": (bare("204 None"), "integrity/empty"),
        "204 with a body": (KeptOpen(head(status=b"HTTP/1.1 204 None\r\n") + b"<p>but"),
                            "integrity/empty"),
        "205": (bare("205 Reset"), "integrity/empty"),
        "206": (status("206 Part"), "integrity/truncated"),
        "304": (bare("304 Unasked"), "http/client-error"),
        "300": (status("300 Choose"), "http/client-error"),
    }  # fmt: skip


def _lengths(page: Page) -> dict[str, tuple[Resource, str]]:
    def said(name: str, *lines: str) -> bytes:
        return head(*lines) + page(name)

    def half(name: str) -> bytes:
        whole = page(name)
        return whole[: len(whole) // 2]

    size = len(page("the same length twice"))
    return {
        "length below zero": (Wire(said("n", "Content-Length: -5")), "http/malformed"),
        "length in words": (Wire(said("n", "Content-Length: long")), "http/malformed"),
        "two lengths": (
            Wire(said("n", "Content-Length: 5", "Content-Length: 7")), "http/malformed"),
        "the same length twice": (
            Wire(said("the same length twice", f"Content-Length: {size}, {size}")), COLLECTED),
        "less than was said": (
            Wire(said("n", "Content-Length: 99999")), "integrity/truncated"),
        "less, and reset": (
            Broken(said("n", "Content-Length: 99999")), "integrity/truncated"),
        "more than was said": (Wire(said("n", "Content-Length: 900")), "integrity/truncated"),
        "whole, then more": (KeptOpen(measured(page("whole, then more")) + b"HTTP/1.1 garbage"),
                             COLLECTED),
        "nothing was said": (Wire(said("nothing was said")), COLLECTED),
        "nothing was said, and cut": (Wire(head() + half("n")), "integrity/truncated"),
        "nothing was said, and reset": (Broken(said("n")), "integrity/truncated"),
        "larger than we take": (
            Wire(said("n", "Content-Length: 999999999999")), "fetch/too-large"),
        "a length beyond 64 bits": (
            Wire(said("n", f"Content-Length: {'9' * 4000}")), "fetch/too-large"),
        "page without end": (Flooding(head(), b"<p>again</p>"), "fetch/too-large"),
        "once cut, then whole": (InTurn((Wire(said("n", "Content-Length: 99999")), Wire(
            measured(page("once cut, then whole"))))), COLLECTED),
    }  # fmt: skip


def _chunks(page: Page) -> dict[str, tuple[Resource, str]]:
    start = head("Transfer-Encoding: chunked")
    return {
        "no last chunk": (Wire(chunked(page("n"), end=b"")), "integrity/truncated"),
        "chunks, and reset": (Broken(chunked(page("n"), end=b"")), "integrity/truncated"),
        "chunk size in words": (Wire(start + b"many\r\n" + page("n")), "integrity/truncated"),
        "chunk size below zero": (Wire(start + b"-1\r\n" + page("n")), "integrity/truncated"),
        "chunk size beyond all": (
            Wire(start + b"f" * 16 + b"\r\n" + page("n")), "integrity/truncated"),
        "chunk size without end": (Flooding(start, b"0"), "integrity/truncated"),
        "chunk without line end": (Wire(start + b"5\r\nhello5\r\n"), "integrity/truncated"),
        "chunks without end": (
            Flooding(start, b"fa0\r\n" + b"<p>x " * 800 + b"\r\n"), "fetch/too-large"),
        "trailers without end": (
            Flooding(chunked(page("n"), end=b"0\r\n"), b"X: y\r\n"), "integrity/truncated"),
        "chunks of one byte": (Wire(chunked(page("chunks of one byte"), size=1)), COLLECTED),
        "chunks, then garbage": (
            KeptOpen(chunked(page("chunks, then garbage")) + b"and more"), COLLECTED),
        "chunks with extensions": (Wire(chunked(page("chunks with extensions")).replace(
            b"\r\n3e8\r\n", b'\r\n3e8;a="b"\r\n')), COLLECTED),
    }  # fmt: skip


def _slow(page: Page) -> dict[str, tuple[Resource, str]]:
    return {
        "silence": (Silent(), "fetch/timeout"),
        "head drips": (Dripping(OK, (b"X", b":", b"y", b"\r\n")), "fetch/timeout"),
        "body drips": (Dripping(head() + page("n")), "fetch/timeout"),
        "chunks drip": (
            Dripping(head("Transfer-Encoding: chunked"), (b"1\r\nx\r\n",)), "fetch/timeout"),
        "body stops": (Dripping(head("Content-Length: 99999") + page("n"), (b"",)),
                       "fetch/timeout"),
    }  # fmt: skip


def _redirects(page: Page) -> dict[str, tuple[Resource, str]]:
    def to(location: str) -> Resource:
        line = location.encode("latin-1")
        return Wire(b"HTTP/1.1 302 Found\r\nLocation: " + line + b"\r\n" + CLOSE + b"\r\n")

    return {
        "redirect in a circle": (to("?"), "http/redirect-loop"),
        "redirect nowhere": (Redirect(""), "http/redirect-loop"),
        "redirect without address": (
            Wire(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"), "http/client-error"),
        "redirect to garbage": (to("http://[::1"), "http/malformed"),
        "redirect to a bad port": (to("http://gazette.example:99999999/"), "http/malformed"),
        "redirect to a host of dots": (to("http://..../"), "http/malformed"),
        "redirect to a script": (to("javascript:alert(1)"), "http/malformed"),
        "redirect too long": (to("/" + "x" * 20_000), "http/malformed"),
        "redirect in Latin-1": (to("/caf\xe9"), "http/gone"),
    }  # fmt: skip
