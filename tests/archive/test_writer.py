"""A writer whose disk is full."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.archive.test_recovery import ids
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
