"""The year of real runs: a week of six newspapers, and two months where minutes do not matter."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.crawls import ENVIRONMENT, ROOT

AT_MOST = 2.0


def measured(**plan: float) -> str:
    """What the benchmark says, in a process of its own: it forks."""
    options = [f"--{name}={value}" for name, value in plan.items()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.hourly", *options],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def found(said: str) -> dict[str, int]:
    """By kind, how many of the faults that showed were found by the second visit; all of them."""
    rows = re.findall(r"^\| ([a-z]+) \| \d+ \| (\d+) \| \d+ \| (\d+) \|", said, re.MULTILINE)
    assert all(shown == soon for kind, shown, soon in rows if kind != "stale"), said
    return {kind: int(soon) for kind, _, soon in rows}


def test_what_is_planted_in_a_week_of_real_runs_is_found() -> None:
    said = measured(days=9, every=12, sources=6, seed=137, warm=3, apart=0.1)
    kinds = {kind for kind, number in found(said).items() if number}
    assert kinds == {"outage", "moved", "elsewhere", "empty"}, said
    assert "false alarms: 0," in said
    assert "more than once 0; named and no row: 0 " in said


@pytest.mark.slow
def test_runs_of_a_second_month_take_what_those_of_the_first_did() -> None:
    said = measured(days=60, every=4, sources=10, warm=15, apart=5)
    assert sum(found(said).values()) >= 20, said
    (alarms,) = re.findall(r"false alarms: (\d+)", said)
    assert int(alarms) <= 2, said
    assert "more than once 0;" in said
    # Not the seconds by the clock: others may be busy in one of the months.
    ratios = re.findall(r"(?:CPU|memory), last .+ first run: middle ([\d.]+), mean ([\d.]+)", said)
    assert len(ratios) == 2
    assert all(float(ratio) <= AT_MOST for pair in ratios for ratio in pair), said
