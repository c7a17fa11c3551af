"""Bodies that are not what they are said to be: codings, bombs, charsets, files of other kinds."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable
from functools import cache

import brotli
from backports import zstd

from tests.misbehaviours.wire import COLLECTED, Misbehaviour
from tests.server import Body, Resource

Page = Callable[[str], bytes]
# Unpacked; more than any test's limit.
BOMB = 256 * 1024 * 1024
FEW = 1_000


def bodies(page: Page) -> dict[str, Misbehaviour]:
    """By name; `page` makes the article of a name."""
    made: dict[str, tuple[Resource, str]] = {
        **_codings(page), **_bombs(), **_charsets(page), **_kinds(), **_empty(),
    }  # fmt: skip
    return {name: Misbehaviour(resource, outcome) for name, (resource, outcome) in made.items()}


def coded(body: bytes, coding: str) -> Body:
    """An answer that says how it is packed."""
    return Body(body, headers={"Content-Encoding": coding})


def raw_deflate(body: bytes) -> bytes:
    """RFC 1951, without zlib's frame."""
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress,
}  # fmt: skip


def changed(body: bytes, at: int) -> bytes:
    """With one bit of one byte turned."""
    wrong = bytearray(body)
    wrong[at] ^= 1
    return bytes(wrong)


def _codings(page: Page) -> dict[str, tuple[Resource, str]]:
    found: dict[str, tuple[Resource, str]] = {}
    for coding, pack in PACK.items():
        found[f"in {coding}"] = (coded(pack(page(f"in {coding}")), coding), COLLECTED)
        packed = pack(page("n"))
        found[f"{coding}, half"] = (
            coded(packed[: len(packed) // 2], coding),
            "integrity/truncated",
        )
        found[f"{coding}, almost"] = (coded(packed[:-1], coding), "integrity/truncated")
        found[f"{coding} in name only"] = (coded(page("n"), coding), "integrity/bad-encoding")
    packed = gzip.compress(page("n"))
    twice = gzip.compress(gzip.compress(page("gzip twice, and said")))
    wide = zstd.compress(
        os.urandom(FEW) * 30 * FEW, options={zstd.CompressionParameter.window_log: 27}
    )
    return found | {
        "in raw deflate": (coded(raw_deflate(page("in raw deflate")), "deflate"), COLLECTED),
        "in X-GZIP": (coded(gzip.compress(page("in X-GZIP")), "X-GZIP"), COLLECTED),
        "raw deflate, half": (coded(raw_deflate(page("n"))[:500], "deflate"),
                              "integrity/truncated"),
        "gzip, wrong checksum": (coded(changed(packed, -6), "gzip"), "integrity/bad-encoding"),
        "gzip, wrong length": (coded(changed(packed, -2), "gzip"), "integrity/bad-encoding"),
        "gzip, a bit turned": (coded(changed(packed, len(packed) // 2), "gzip"),
                               "integrity/bad-encoding"),
        "gzip in parts": (coded(gzip.compress(page("gzip in parts")[:500]) + gzip.compress(
            page("gzip in parts")[500:]), "gzip"), COLLECTED),
        "gzip, then garbage": (coded(gzip.compress(page("gzip, then garbage")) + b"\0\0more",
                                     "gzip"), COLLECTED),
        "gzip of nothing, often": (coded(gzip.compress(b"") * 50_000, "gzip"),
                                   "integrity/bad-encoding"),
        "gzip twice, and said": (coded(twice, "gzip, gzip"), COLLECTED),
        "gzip twice, said once": (coded(gzip.compress(packed), "gzip"), "integrity/bad-encoding"),
        "gzip, and not said": (Body(packed), "integrity/bad-encoding"),
        "six codings": (coded(packed, "gzip, gzip, gzip, gzip, gzip, gzip"),
                        "integrity/bad-encoding"),
        "a coding that is none": (coded(page("a coding that is none"), "utf-8"), COLLECTED),
        "an unknown coding": (coded(os.urandom(5_000), "snappy"), "integrity/not-html"),
        "a wide window": (coded(wide, "zstd"), "integrity/bad-encoding"),
    }  # fmt: skip


@cache
def gzip_bomb() -> bytes:
    """A quarter of a megabyte that unpacks to BOMB."""
    stream = zlib.compressobj(9, wbits=31)
    megabyte = bytes(1024 * 1024)
    return b"".join(stream.compress(megabyte) for _ in range(BOMB >> 20)) + stream.flush()


@cache
def _bombs() -> dict[str, tuple[Resource, str]]:
    zeros = bytes(BOMB)
    bombs = {"gzip": gzip_bomb(), "deflate": zlib.compress(zeros, 9),
             "br": brotli.compress(zeros, quality=5), "zstd": zstd.compress(zeros)}  # fmt: skip
    nested = coded(gzip.compress(bombs["gzip"]), "gzip, gzip")
    found: dict[str, tuple[Resource, str]] = {
        f"a bomb of {coding}": (coded(bomb, coding), "fetch/too-large")
        for coding, bomb in bombs.items()
    }
    return found | {"a bomb in a bomb": (nested, "fetch/too-large")}


def _charsets(page: Page) -> dict[str, tuple[Resource, str]]:
    def html(body: bytes, charset: str) -> Body:
        return Body(body, f"text/html; charset={charset}")

    russian = "Новости города: мост открыт после долгого ремонта, движение возобновлено. " * 20
    story = page("n").replace(b"</article>", f"<p>{russian}</p></article>".encode())
    cyrillic = story.decode().encode("cp1251")
    return {
        "Cyrillic called UTF-8": (html(cyrillic, "utf-8"), "integrity/wrong-charset"),
        "UTF-8 called Cyrillic": (
            html(page("UTF-8 called Cyrillic"), "windows-1251"), COLLECTED),
        "a charset of no one": (html(page("a charset of no one"), "x-none"), COLLECTED),
        "a charset that unpacks": (html(page("a charset that unpacks"), "zip"), COLLECTED),
        "a charset that escapes": (html(page("a charset that escapes"), "punycode"), COLLECTED),
        "UTF-16 with a mark": (
            html(page("UTF-16 with a mark").decode().encode("utf-16"), "utf-8"), COLLECTED),
        "UTF-32 with a mark": (
            html(page("UTF-32 with a mark").decode().encode("utf-32"), "utf-8"), COLLECTED),
        "UTF-16 that is not said": (
            html(page("n").decode().encode("utf-16-le"), "utf-8"), "integrity/not-html"),
        "zeros in the text": (
            Body(page("zeros in the text").replace(b"week.", b"we\0ek.")), COLLECTED),
    }  # fmt: skip


def _kinds() -> dict[str, tuple[Resource, str]]:
    starts = {
        "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj <</Type /Catalog>> endobj\n" * 50,
        "a JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + os.urandom(FEW),
        "a PNG": b"\x89PNG\r\n\x1a\n" + os.urandom(FEW),
        "a ZIP": b"PK\x03\x04" + os.urandom(FEW),
        "an MP4": b"\0\0\0\x20ftypisom" + os.urandom(FEW),
        "a program": b"\x7fELF\x02\x01\x01" + os.urandom(FEW),
        "noise": os.urandom(10 * FEW),
        "zeros": bytes(FEW),
    }
    found: dict[str, tuple[Resource, str]] = {
        f"{name} called HTML": (Body(body), "integrity/not-html") for name, body in starts.items()
    }
    return found | {
        "a PDF that says so": (Body(starts["a PDF"], "application/pdf"), "integrity/not-html")
    }


def _empty() -> dict[str, tuple[Resource, str]]:
    return {
        "nothing": (Body(b""), "integrity/empty"),
        "white space": (Body(b" \r\n\t" * FEW), "integrity/empty"),
        "a mark and nothing": (Body(b"\xef\xbb\xbf\n"), "integrity/empty"),
        "gzip of nothing": (coded(gzip.compress(b""), "gzip"), "integrity/empty"),
        "gzip without a byte": (coded(b"", "gzip"), "integrity/empty"),
    }
