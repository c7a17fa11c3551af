"""The README's lines work as they stand there, on what `scrapy demo` leaves."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from tests.conftest import Scrapy

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PYTHON_BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def run_python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False, cwd=folder, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("block", PYTHON_BLOCKS, ids=range(len(PYTHON_BLOCKS)))
def test_every_python_block_runs_on_the_demos_dataset(demo_data: Path, block: str) -> None:
    done = run_python(block, demo_data.parent)
    assert done.returncode == 0, f"{block}\n{done.stderr}"


@pytest.mark.parametrize(
    ("reader", "count"),
    [
        ("duckdb", "len(duckdb.sql(\"FROM 'data/latest/articles/**/*.parquet'\").fetchall())"),
        ("pandas", "len(articles)"),
        ("polars", "len(articles)"),
        ("datasets", "len(articles)"),
    ],
)  # fmt: skip
def test_each_reader_of_the_readme_gives_every_row(
    demo_data: Path, reader: str, count: str
) -> None:
    named = re.compile(rf"^(import|from) {reader}\b", re.MULTILINE)
    block = next(block for block in PYTHON_BLOCKS if named.search(block))
    done = run_python(f"{block}\nprint({count})", demo_data.parent)
    assert done.returncode == 0, done.stderr
    rows = ds.dataset(demo_data / "latest" / "articles").count_rows()
    assert done.stdout.split()[-1] == str(rows)


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"^make ([\w-]+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_file_the_readme_links_to_exists() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^scrapy (\w+)", README, re.MULTILINE))))
def test_every_command_of_the_readme_has_help(scrapy: Scrapy, command: str) -> None:
    done = scrapy(command, "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout
