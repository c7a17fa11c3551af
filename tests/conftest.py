"""What all tests share: how they are dealt out, and the demo's dataset, collected once."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from scrapy.cmdline import execute
from scrapy.utils.project import get_project_settings

ROOT = Path(__file__).parents[1]
Scrapy = Callable[..., subprocess.CompletedProcess[str]]

# Hundreds of processes are started: without bytecode each would compile all that it imports, which
# takes as long again as to run it.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start processes come first.

    They take longest, and xdist deals out whole files, so that what a file's tests share is made
    once: begun last, one would run on alone.
    """
    items.sort(key=lambda item: not _starts_processes(item))


def _starts_processes(item: pytest.Item) -> bool:
    module = getattr(item, "module", None)  # the pages that tests/sites reads are no modules
    return any(hasattr(module, name) for name in ("subprocess", "crawl", "going", "measured"))


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


@pytest.fixture
def scrapy(capsys: pytest.CaptureFixture[str]) -> Scrapy:
    """`scrapy …` from its command line to its exit code, without the second that a process takes.

    For commands that start no crawl, where nothing that only a process has is looked at: its end, a
    signal, a terminal.
    """

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        line = ["scrapy", *map(str, words)]
        with pytest.raises(SystemExit) as left:
            execute(list(line), get_project_settings())
        said = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return subprocess.CompletedProcess(line, left.value.code, said.out, said.err)

    return run


@dataclass(frozen=True, slots=True)
class Demo:
    """One demo that ended: its data folder, named `data`, which tests only read."""

    data: Path
    port: int
    said: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demo that went well."""
    data, port = tmp_path_factory.mktemp("demo") / "data", free_port()
    said = run_demo(data, port)
    assert said.returncode == 0, said.stderr
    return Demo(data, port, said)


@pytest.fixture(scope="session")
def demo_data(demo: Demo) -> Path:
    """The data folder that the demo left."""
    return demo.data
