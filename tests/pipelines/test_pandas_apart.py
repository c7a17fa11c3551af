"""What a run that writes rows has loaded of pandas, and what is left for whoever wants it."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("pandas")

ROWS = """
import sys
import pyarrow as pa
from pipelines.schema import to_batch
to_batch("comments", [])
print("pandas" in sys.modules)
"""
LATER = """
print(pa.table({"a": [1]}).to_pandas()["a"].sum(), "pandas" in sys.modules)
"""
BEFORE = """
import pandas
import pyarrow as pa
from pipelines.schema import to_batch
to_batch("comments", [])
print(pa.array(pandas.Series(["a", None])).null_count)
"""


def said(program: str) -> str:
    """What a process of its own prints."""
    return subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout


def test_rows_are_made_without_pandas() -> None:
    assert said(ROWS) == "False\n"


def test_a_data_frame_is_to_be_had_after_rows_were_made() -> None:
    assert said(ROWS + LATER) == "False\n1 True\n"


def test_pandas_that_is_loaded_is_left_as_it_is() -> None:
    assert said(BEFORE) == "1\n"
