from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.wordpress.scratch import Scratch

SERVER = ["sh", "-c", "echo $$ > pid.new; mv pid.new pid; exec sleep 60"]

OWNER = f"""
import time
from tests.wordpress.scratch import Scratch
with Scratch() as scratch:
    is_up = (scratch.folder / "pid").exists
    scratch.start({SERVER}, cwd=scratch.folder, is_up=is_up)
    print(scratch.folder, flush=True)
    time.sleep(60)
"""


def is_running(pid: str) -> bool:
    status = Path("/proc") / pid / "status"
    return status.exists() and "State:\tZ" not in status.read_text()


def test_nothing_is_left_when_it_is_closed() -> None:
    with Scratch() as scratch:
        folder = scratch.folder
        scratch.start(SERVER, cwd=folder, is_up=(folder / "pid").exists)
        pid = (folder / "pid").read_text().strip()
        assert is_running(pid)
    assert not is_running(pid)
    assert not folder.exists()


def test_nothing_is_left_when_the_owner_is_killed() -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    with owner.stdout as line:
        folder = Path(line.readline().strip())
    pid = (folder / "pid").read_text().strip()
    assert is_running(pid)
    owner.kill()
    owner.wait()
    deadline = time.monotonic() + 10
    while (is_running(pid) or folder.exists()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)
    assert not folder.exists()


def test_a_server_that_ends_at_once_is_told_with_its_last_words() -> None:
    with Scratch() as scratch, pytest.raises(RuntimeError, match="no such port"):
        scratch.start(
            ["sh", "-c", "echo no such port; exit 1"], cwd=scratch.folder, is_up=lambda: False
        )
