"""Pages that are at hand, single ones or a folder with an index, and what extraction says of each.

What is said is a line of JSON. Reading a page, too, is for a worker: a small archive may hold what
no memory does.
"""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.errors import ConfigurationError, Refusal
from crawler.extract import extract
from crawler.items import Article

INDEX = "index.jsonl"
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page on disk, or its bytes. `url` is None where only the page itself can tell.

    `where` is for errors.
    """

    id: str
    content: Path | bytes
    url: str | None
    where: str
    encoding: str | None = None


def saved_pages(target: str, url: str | None = None) -> list[SavedPage]:
    """Return the pages that a file or folder is or names. Raises: ConfigurationError."""
    path = Path(target)
    if path.is_dir():
        return list(_index(path))
    if not path.is_file():
        raise ConfigurationError(f"{target}: no such file or folder.")
    return [SavedPage(target, path, url, target)]


def _index(folder: Path) -> Iterator[SavedPage]:
    index = folder / INDEX
    try:
        lines = index.read_bytes().splitlines()
    except OSError:
        raise ConfigurationError(f"{folder}: a folder needs an {INDEX}.") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _index_line(folder, line, f"{index}:{number}")


def _index_line(folder: Path, line: bytes, where: str) -> SavedPage:
    try:
        row = json.loads(line)
        identifier, url, file = row["id"], row["url"], row["file"]
    except (ValueError, RecursionError):
        raise ConfigurationError(f"{where}: not a line of JSON.") from None
    except (TypeError, KeyError, IndexError):
        raise ConfigurationError(f"{where}: needs the keys id, url and file.") from None
    if not all(isinstance(value, str) for value in (identifier, url, file)):
        raise ConfigurationError(f"{where}: id, url and file must be strings.")
    path = folder / "html" / file
    if ".." in Path(file).parts or not path.is_file():
        raise ConfigurationError(f'{where}: there is no file "{file}" below {folder / "html"}.')
    return SavedPage(identifier, path, url, where)


def extracted_line(page: SavedPage) -> str:
    """Return the line of one page. Raises: ConfigurationError where it cannot be read."""
    body = page.content if isinstance(page.content, bytes) else _read(page.content, page.where)
    url = page.url or _own_url(body, page.where)
    started = time.process_time()
    found = extract(body, url, encoding=page.encoding)
    return line_of(page.id, found, time.process_time() - started)


def line_of(identifier: str, found: Article | Refusal, seconds: float | None) -> str:
    """What is said of a page: its article or why there is none, and the seconds of CPU if known."""
    cpu_ms = None if seconds is None else round(seconds * 1000, 2)
    said: dict[str, Any] = {"id": identifier, "article": None, "cpu_ms": cpu_ms}
    if isinstance(found, Refusal):
        said["refusal"] = str(found)
    else:
        said["article"] = as_json(found)
    return json.dumps(said, ensure_ascii=False)


def _read(path: Path, where: str) -> bytes:
    try:
        body = path.read_bytes()
        return gzip.decompress(body) if body.startswith(_GZIP_MAGIC) else body
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigurationError(f"{where}: {path} cannot be read: {error}.") from None


def _own_url(body: bytes, where: str) -> str:
    from crawler.extract.document import Document, parse  # noqa: PLC0415 # for workers alone
    from crawler.extract.metadata import stated_url  # noqa: PLC0415

    document = parse(body, "")
    url = stated_url(document) if isinstance(document, Document) else None
    if url is None:
        raise ConfigurationError(f"{where}: the page does not say its URL; give it by --url.")
    return url


def as_json(value: Any) -> Any:
    """Return an item as JSON can hold it: dataclasses as objects, dates in ISO 8601.

    Of an article, what extraction takes from the page: the rest is not known here.
    """
    if isinstance(value, Article):
        return {name: as_json(getattr(value, name)) for name in _EXTRACTED}
    if hasattr(value, "__dataclass_fields__"):
        return {part.name: as_json(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [as_json(entry) for entry in value]
    return value


# The item's own order: what extraction fills comes first and ends with `field_sources`.
_NAMES = [part.name for part in fields(Article)]
_EXTRACTED = _NAMES[: _NAMES.index("field_sources") + 1]
