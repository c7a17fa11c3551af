"""What a record says, as text in which an address or a name is found however it is written there.

Content codings and charsets are taken off, entities and escapes read, links resolved, and tags
left out, within which a name may stand.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import unquote, urljoin

from crawler.archive.reader import ABOUT
from crawler.codings import decoded
from crawler.errors import Refusal

# Bytes unpacked; what cannot be taken off is read as it lies there.
_MAX_BODY = 64 * 1024 * 1024
_LINK = re.compile(
    r"""(?:\b(?:href|src|srcset|action|content|cite|data-[\w-]+)\s*=\s*["']?|^Location:\s*)"""
    r"""([^\s"'<>]+)""",
    re.IGNORECASE | re.MULTILINE,
)
_URL = re.compile(r"https?://[^\s\"'<>\\|\x00-\x1f\x7f\ufffd]+")
_TAG = re.compile(r"<[^<>]*>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a WARC file, read from its gzip member."""

    kind: str
    record_id: str
    url: str
    headers: dict[str, str]
    block: bytes
    about: dict[str, Any] = field(default_factory=dict)
    """Of one of our `metadata` records: what the run knew of the exchange."""

    @property
    def near(self) -> str:
        """The record of the same exchange that this one names; empty if none."""
        return self.headers.get("warc-concurrent-to", "")

    @property
    def original(self) -> str:
        """The record whose payload a `revisit` has; empty if none."""
        return self.headers.get("warc-refers-to", "")

    @property
    def status(self) -> int:
        """Of an answer; else 0."""
        words = self.block[:20].split()
        is_answer = self.kind in ("response", "revisit") and len(words) > 1
        return int(words[1]) if is_answer and words[1].isdigit() else 0


def record_of(content: bytes) -> Record:
    """The record that a member unpacks to; whatever it is, all of it is in the block."""
    head, _, block = content.partition(b"\r\n\r\n")
    lines = (line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n")[1:])
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    kind = headers.get("warc-type", "")
    about = {}
    if kind == "metadata" and block.startswith(ABOUT):
        try:
            about = json.loads(block[len(ABOUT) :].strip())
        except ValueError:
            about = {}
    url = headers.get("warc-target-uri", "").strip("<>")
    return Record(kind, headers.get("warc-record-id", ""), url, headers, block, about)


def text_of(record: Record) -> str:
    """All that a record says, each thing in every way in which it can be read.

    Of a request its first line, and of a `warcinfo` nothing: the rest is what we say of ourselves.
    """
    head, body = b"", record.block
    if record.kind == "warcinfo":
        return ""
    if record.kind == "request":
        head, body = body.partition(b"\r\n")[0], b""
    elif record.kind in ("response", "revisit"):
        head, _, body = body.partition(b"\r\n\r\n")
    texts = ["\n".join(record.headers.values()), head.decode("utf-8", "replace")]
    texts += _charsets(_plain(head, body))
    text = "\n".join(texts)
    legible = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text).replace("\\/", "/")
    legible = unquote(unescape(legible))
    links = (_resolved(record.url, found[1]) for found in _LINK.finditer(legible))
    return "\n".join([text, legible, _TAG.sub(" ", legible), *links])


def urls_in(text: str) -> set[str]:
    """Every address that such a text names, without what closes a sentence."""
    return {url.rstrip(".,;:!?)]}»”’") for url in _URL.findall(text)}


def _plain(head: bytes, body: bytes) -> bytes:
    """A body without its transfer and content codings, as far as they can be taken off."""
    said = head.decode("latin-1").lower()
    if re.search(r"^transfer-encoding:.*chunked", said, re.MULTILINE):
        body = _dechunked(body)
    codings = re.findall(r"^content-encoding:(.*)$", said, re.MULTILINE)
    plain = decoded(body, [c.strip() for c in ",".join(codings).split(",")], _MAX_BODY)
    return body if isinstance(plain, Refusal) else plain


def _dechunked(body: bytes) -> bytes:
    """RFC 9112, 7.1; what is no chunk is left as it is."""
    whole, position = bytearray(), 0
    while (end := body.find(b"\r\n", position)) >= 0:
        try:
            size = int(body[position:end].partition(b";")[0], 16)
        except ValueError:
            break
        if not size:
            return bytes(whole)
        whole += body[end + 2 : end + 2 + size]
        position = end + 2 + size + 2
    return bytes(whole) + body[position:]


def _charsets(body: bytes) -> list[str]:
    """The body in the charsets that it may be in."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [body.decode("utf-16", "replace")]
    try:
        return [body.decode("utf-8")]
    except UnicodeDecodeError:
        return [body.decode("utf-8", "replace"), body.decode("cp1252", "replace")]


def _resolved(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""
