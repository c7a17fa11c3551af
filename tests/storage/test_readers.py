"""The lines of the reader's contract work on a bucket as they stand there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.storage.conftest import STORIES, Published

SECTION = (ROOT / "data" / "README.md").read_text("utf-8").partition("## In an object store")[2]


def test_each_reader_opens_the_latest_snapshot_of_a_store(done: Published, tmp_path: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
    opened = re.sub(r"^articles = (.*)$", r"print(len(\1))", block, flags=re.MULTILINE)
    code = opened.replace("s3://bucket/news", done.bucket.uri)
    env = done.bucket.env | {"AWS_ALLOW_HTTP": "true"}  # which Polars wants to be told
    read = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert read.returncode == 0, read.stderr
    assert read.stdout.split() == [str(STORIES)] * 3
