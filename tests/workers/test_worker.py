"""How one worker behaves towards the machine, and towards a pool that is ended or gone."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.workers import calls
from tests.workers.asking import call, is_alive, wait_until, within, workers

ROOT = Path(__file__).parents[2]


def test_a_worker_heeds_neither_the_terminal_nor_a_polite_end() -> None:
    """Who stops a run means the pool; a page that is nearly done is not thrown away."""
    pool = workers(calls.who_am_i)

    async def told_to_end() -> tuple[Any, Any]:
        first: Any = await pool.run()
        os.kill(first, signal.SIGTERM)
        assert os.getpgid(first) != os.getpgid(0)
        await asyncio.sleep(0.2)
        return first, await pool.run()

    first, second = within(pool, told_to_end)
    assert first == second


# A pool in a process of its own that a test can kill; its one call never ends.
PARENT = """
import asyncio, sys
from crawler.workers.pool import Workers
from tests.workers import calls
pool = Workers(calls.note_and_loop_in_c, count=1, seconds=float(sys.argv[2]))
asyncio.run(pool.run(sys.argv[1]))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_does_not_outlive_a_pool_that_was_killed(
    how: signal.Signals, tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", PARENT, str(note), "1"], cwd=ROOT) as parent:
        wait_until(lambda: note.exists() and bool(note.read_text()))
        parent.send_signal(how)
        parent.wait()
    worker = int(note.read_text())
    wait_until(lambda: not is_alive(worker), seconds=10)


def test_ctrl_c_ends_the_pool_and_its_workers_at_once(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(note), "60"], cwd=ROOT, stderr=subprocess.PIPE
    ) as parent:
        wait_until(lambda: note.exists() and bool(note.read_text()))
        parent.send_signal(signal.SIGINT)
        parent.communicate(timeout=30)
    assert not is_alive(int(note.read_text()))


def test_workers_let_whoever_waits_for_them_go_first() -> None:
    assert call(os.nice, 0) == min(19, os.nice(0) + 5)


def test_a_worker_has_no_threads_beside_its_own() -> None:
    assert call(calls.threads_with_numpy) == 1


def test_what_a_worker_prepared_is_not_looked_through_for_rubbish_again() -> None:
    assert call(gc.get_freeze_count, prepare=calls.prepare) > 0
    assert call(gc.get_freeze_count) == 0
