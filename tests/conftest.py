"""What all tests share: the demo's dataset, collected once."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run_demo(data: Path, port: int) -> subprocess.CompletedProcess[str]:
    """`scrapy demo` into a data folder, as a person runs it."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "demo",
         "-s", f"DATA_DIR={data}", "-s", f"DEMO_PORT={port}"],
        check=False, cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder, named `data`, that one demo run left; tests only read it."""
    data = tmp_path_factory.mktemp("demo") / "data"
    done = run_demo(data, free_port())
    assert done.returncode == 0, done.stderr
    return data
