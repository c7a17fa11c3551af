"""What others do with the records of a WARC file, for tests/benchmarks/replay.py.

    python replay_peer.py READER FILE PAGES

Reads the answers of at most so many pages (0: all) and prints what that cost, as JSON: pages, and
seconds of CPU and by the clock, without loading the library. Ends with exit code 3 where it is not
installed. It runs in any environment that has the library, and needs nothing of ours.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

NOT_INSTALLED = 3
# Until then libraries load what they need for the first page.
WARM_UP_PAGES = 3


def warcio_alone(file: str) -> Iterator[Any]:
    """Every answer's payload."""
    for record in _records(file):
        yield record.content_stream().read()


def fastwarc_alone(file: str) -> Iterator[Any]:
    """Every answer's payload."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with open(file, "rb") as opened:
        for record in ArchiveIterator(opened, record_types=WarcRecordType.response):
            yield record.reader.read()


def trafilatura(file: str) -> Iterator[Any]:
    """Text and metadata of every answer, with its defaults."""
    from trafilatura import bare_extraction

    for record in _records(file):
        url = record.rec_headers.get_header("WARC-Target-URI")
        yield bare_extraction(record.content_stream().read(), url=url, with_metadata=True)


def news_please(file: str) -> Iterator[Any]:
    """An article of every answer; without its pictures, which it would fetch."""
    from newsplease import NewsPlease

    for record in _records(file):
        yield NewsPlease.from_warc(record, fetch_images=False)


READERS: dict[str, Callable[[str], Iterator[Any]]] = {
    "warcio": warcio_alone,
    "fastwarc": fastwarc_alone,
    "trafilatura": trafilatura,
    "news-please": news_please,
}


def _records(file: str) -> Iterator[Any]:
    from warcio.archiveiterator import ArchiveIterator

    with open(file, "rb") as opened:
        yield from (one for one in ArchiveIterator(opened) if one.rec_type == "response")


def main() -> None:
    """Read, and print."""
    name, file, pages = sys.argv[1:]
    most = int(pages) + WARM_UP_PAGES if int(pages) else None
    answers = islice(READERS[name](file), most)
    try:
        for _ in islice(answers, WARM_UP_PAGES):
            pass
    except ImportError as error:
        print(error, file=sys.stderr)
        sys.exit(NOT_INSTALLED)
    began, cpu = time.perf_counter(), time.process_time()
    count = sum(1 for _ in answers)
    said = {
        "pages": count,
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - cpu,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
