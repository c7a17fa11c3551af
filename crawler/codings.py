"""Takes off content codings (RFC 9110, 8.4.1): whole, checked, and never more than a limit.

Scrapy's own gives what it could unpack of a stream that is cut or damaged, and says nothing; a
`zstd` frame may make it allocate 128 MB.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO

from crawler.errors import Reason, Refusal

try:
    import brotli
except ImportError:  # where there is no CPython; Scrapy asks for the one or the other
    import brotlicffi as brotli
if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# What is taken in and given out at once.
_PIECE = 65_536
# Servers name one, proxies add another; more are there to cost time.
MAX_CODINGS = 5
# Parts that a stream may be put together from: block gzip has one for each 64 KB unpacked. Empty
# ones weigh 20 bytes, and would go on for ever.
_MAX_MEMBERS = 1_000
# RFC 9659: no decoder needs more than 8 MB of window for the coding `zstd`.
_ZSTD_WINDOW = {int(zstd.DecompressionParameter.window_log_max): 23}

_GZIP_START = b"\x1f"


class _BrokenError(Exception):
    """The stream breaks the rules of its coding."""


class _CutError(Exception):
    """The stream ends before its end."""


def accepted() -> bytes:
    """The value of `Accept-Encoding` for what can be taken off."""
    return b"gzip, deflate, br, zstd"


def decoded(body: bytes, codings: Sequence[str], limit: int) -> bytes | Refusal:
    """The body without its codings, which are named in the order in which they were put on.

    `limit` is in bytes, for what each of them leaves; 0 for none. Names that are not known (servers
    write `none` and `utf-8`) are passed over, as browsers do: what the body is will be seen.
    """
    known = [coding for coding in codings if coding in _DECODERS]
    if len(known) > MAX_CODINGS:
        return Refusal(Reason.BAD_ENCODING, f"{len(known)} content codings")
    for coding in reversed(known):
        if not body:  # a 304, or an error without words
            return b""
        taken_off = _taken_off(body, coding, limit)
        if isinstance(taken_off, Refusal):
            return taken_off
        body = taken_off
    return body


def _taken_off(body: bytes, coding: str, limit: int) -> bytes | Refusal:
    whole = BytesIO()
    try:
        for piece in _DECODERS[coding](body):
            whole.write(piece)
            if 0 < limit < whole.tell():
                return Refusal(Reason.TOO_LARGE, f"more than {limit} bytes unpacked from {coding}")
    except _CutError:
        return Refusal(Reason.TRUNCATED, f"the {coding} stream ends early")
    except (_BrokenError, zlib.error, zstd.ZstdError, brotli.error) as error:
        return Refusal(Reason.BAD_ENCODING, f"no {coding} stream: {error}"[:200])
    return whole.getvalue()


def _pieces(body: bytes) -> Iterator[bytes]:
    view = memoryview(body)
    for start in range(0, len(body), _PIECE):
        yield bytes(view[start : start + _PIECE])


def _gzip(body: bytes) -> Iterator[bytes]:
    """All members (RFC 1952), their checksums and lengths compared; garbage after them is let be.

    Raises: zlib.error, _BrokenError, _CutError.
    """
    members = 0
    stream = None
    for piece in _pieces(body):
        data = piece
        while data:
            if stream is None:
                if members and not data.startswith(_GZIP_START):
                    return
                if members == _MAX_MEMBERS:
                    raise _BrokenError(f"more than {_MAX_MEMBERS} members")
                stream = zlib.decompressobj(wbits=31)
                members += 1
            yield stream.decompress(data, _PIECE)
            data = stream.unconsumed_tail
            if stream.eof:
                data, stream = stream.unused_data, None
    if stream is not None:
        yield from _rest(stream)


def _deflate(body: bytes) -> Iterator[bytes]:
    """In zlib's format (RFC 1950) or, as some servers send it, without (RFC 1951).

    Raises: zlib.error, _CutError.
    """
    stream = zlib.decompressobj()
    try:
        stream.decompress(body[:_PIECE], 1)
        stream = zlib.decompressobj()
    except zlib.error:
        stream = zlib.decompressobj(wbits=-15)
    for piece in _pieces(body):
        data = piece
        while data and not stream.eof:
            yield stream.decompress(data, _PIECE)
            data = stream.unconsumed_tail
    if not stream.eof:
        yield from _rest(stream)


def _rest(stream: zlib._Decompress) -> Iterator[bytes]:
    """What a stream has taken in and not given out. Raises: _CutError."""
    while rest := stream.decompress(stream.unconsumed_tail, _PIECE):
        yield rest
    if not stream.eof:
        raise _CutError


def _brotli(body: bytes) -> Iterator[bytes]:
    """RFC 7932, whose window is 16 MB at the most. Raises: brotli.error, _CutError."""
    stream = brotli.Decompressor()
    for piece in _pieces(body):
        if stream.is_finished():
            return
        # Not `can_accept_more_data`: in brotli 1.2 that is true while there is more to come.
        data = piece
        while output := stream.process(data, output_buffer_limit=_PIECE):
            yield output
            data = b""
    if not stream.is_finished():
        raise _CutError


def _zstd(body: bytes) -> Iterator[bytes]:
    """All frames (RFC 8878). Raises: zstd.ZstdError, EOFError, _BrokenError, _CutError."""
    stream = None
    frames = 0
    for piece in _pieces(body):
        data = piece
        while data or (stream is not None and not stream.needs_input):
            if stream is None:
                if frames == _MAX_MEMBERS:
                    raise _BrokenError(f"more than {_MAX_MEMBERS} frames")
                stream = zstd.ZstdDecompressor(options=_ZSTD_WINDOW)
                frames += 1
            yield stream.decompress(data, _PIECE)
            data = b""
            if stream.eof:
                data, stream = stream.unused_data, None
    if stream is not None:
        raise _CutError


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
