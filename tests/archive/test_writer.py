"""A writer whose disk is full, and what it writes once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import WarcWriter
from tests.archive.test_recovery import exchange, ids
from tests.crawls import ENVIRONMENT, ROOT

# Writes until the system refuses, then a record that is small enough, and closes.
FULL = """
import resource, signal, sys
from pathlib import Path
from crawler.archive import WarcWriter
from tests.archive.test_recovery import exchange
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
writer = WarcWriter(Path(sys.argv[1]), "run", {"software": "test"}, 1_000_000)
print(writer.write(exchange(1)).warc_record_id)
try:
    writer.write(exchange(2, 100_000))
except OSError as error:
    print("refused")
print(writer.write(exchange(3)).warc_record_id)
writer.close()
"""


def test_a_record_that_the_disk_refuses_leaves_the_file_whole(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    first, refused, last = done.stdout.split()
    assert refused == "refused"
    (path,) = tmp_path.rglob("*.warc.gz")
    # One that says what the file is, then request and answer of each.
    assert len(found := list(ids(path))) == 5
    assert (first, last) == (found[2], found[4])


@pytest.mark.parametrize(("drawn", "second"), [(False, "revisit"), (True, "response")])
def test_an_answer_is_written_once_but_for_the_shell_of_what_is_drawn(
    drawn: bool, second: str, tmp_path: Path
) -> None:
    """With the shell of one page, an erasure would take along all others of its site."""
    first = exchange(1)
    again = replace(first, url=exchange(2).url)
    writer = WarcWriter(tmp_path, "run", {"software": "test"}, 1_000_000)
    for one in (first, again):
        writer.write(one, rendered=b"<p>Le pont.</p>" if drawn else None)
    writer.close()
    (path,) = tmp_path.rglob("*.warc.gz")
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert [kind for kind in kinds if kind in ("response", "revisit")] == ["response", second]
