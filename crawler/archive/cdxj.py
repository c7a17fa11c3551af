"""The index that players open: one line a record, sorted by the URL's key and the time (CDXJ).

The key is a SURT, the host turned round: `org,example)/path?a=1`, in lower case, without `www.`,
the last slash and double ones, with its parameters in order and escaped in one way: pywb looks for
what a person types by the key that it makes of that.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

_WWW = re.compile(r"^www\d*\.")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What of ASCII stands for itself in a key: all that is printed but `#` and `%`.
_PLAIN = "".join(map(chr, sorted(set(range(0x21, 0x7F)) - set(b"#%"))))
_as_json = json.JSONEncoder(ensure_ascii=False).encode


def url_key(url: str) -> str:
    """The sort key of a URL; the URL itself if it is none that can be turned round."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url.replace(" ", "%20")
    host = ",".join(reversed(_WWW.sub("", parts.hostname or "").strip(".").split(".")))
    if port and port != _DEFAULT_PORTS.get(parts.scheme):
        host += f":{port}"
    query = "&".join(sorted(_escaped(unquote_to_bytes(parts.query)).split("&")))
    return f"{host}){_path(parts.path)}" + (f"?{query}" if query else "")


def _path(path: str) -> str:
    segments: list[bytes] = []
    for segment in unquote_to_bytes(path).split(b"/"):
        if segment == b"..":
            del segments[-1:]
        elif segment not in (b"", b"."):
            segments.append(segment)
    return f"/{_escaped(b'/'.join(segments))}"


def _escaped(text: bytes) -> str:
    return quote_from_bytes(text, safe=_PLAIN).lower()


def index_line(
    url: str, date: datetime, mime: str, status: int, digest: str, place: tuple[int, int, str]
) -> str:
    """One line. `place` is offset and length in bytes, and the file's name."""
    offset, length, name = place
    said = {
        "url": url, "mime": mime, "status": str(status), "digest": digest,
        "length": str(length), "offset": str(offset), "filename": name,
    }  # fmt: skip
    moment = date.astimezone(UTC).strftime("%Y%m%d%H%M%S")
    return f"{url_key(url)} {moment} {_as_json(said)}"


def index_of(warc: Path) -> Path:
    """Where the index of a file lies: beside it."""
    return warc.with_name(warc.name.removesuffix(".gz").removesuffix(".warc") + ".cdxj")


def write_index(warc: Path, lines: Iterable[str]) -> None:
    """Write the index of a file, whole or not at all. Raises: OSError."""
    path = index_of(warc)
    new = path.with_name(f"{path.name}.new")
    # Sorted as bytes: that is how players search it.
    told = sorted(line.encode() + b"\n" for line in lines)
    with new.open("wb") as file:
        file.write(b"".join(told))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
