"""One run at a moment of the driven clock, in a process of its own, and what it took.

The process is forked from one that has Scrapy and the crawler loaded, and runs the command as
`scrapy` does. What loading takes, a second each time, is so not measured, which makes a ratio of
two runs the harder to hold.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import os
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import time_machine
from scrapy.cmdline import execute

from crawler.discovery.urls import registrable_domain
from pipelines.minhash import tokens
from tests.benchmarks.hourly.warm_workers import WarmWorkers

# Seconds after which a run says in the log where it is: all but the first take two or three.
_HANGS = 20
# What would choose a reactor, or wake up with one.
_NOT_LOADED = ("twisted.internet.reactor", "twisted.internet.asyncioreactor", "__main__")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock and of CPU, and bytes: the peaks of all its processes, added."""

    seconds: float
    cpu: float
    peak: int


def run(
    at: datetime, arguments: Sequence[str], workers: WarmWorkers, log: Path
) -> tuple[int, Cost]:
    """The exit code of `scrapy …` at a moment, and what it took; what it says is in the log."""
    began = time.perf_counter()
    if not (pid := os.fork()):
        _run(at, arguments, workers.program, log)
    _, status, used = os.wait4(pid, 0)
    seconds = time.perf_counter() - began
    helpers = workers.used()
    cpu = used.ru_utime + used.ru_stime + sum(cpu for cpu, _ in helpers)
    peak = used.ru_maxrss * 1_024 + sum(peak for _, peak in helpers)
    return os.waitstatus_to_exitcode(status), Cost(seconds, cpu, peak)


def warm_up(at: datetime, arguments: Sequence[str], workers: WarmWorkers, log: Path) -> None:
    """Load what such a run loads: a first one tells."""
    told, tell = os.pipe()
    if not (pid := os.fork()):
        os.close(told)
        _run(at, arguments, workers.program, log, tell)
    os.close(tell)
    with os.fdopen(told) as lines:
        names = lines.read().split()
    os.waitpid(pid, 0)
    workers.used()
    for name in names:
        if name not in _NOT_LOADED and name not in sys.modules:
            try:
                importlib.import_module(name)
            except ImportError:
                continue
    assert _NOT_LOADED[0] not in sys.modules
    registrable_domain("https://journal.example/")  # and what is made once a process
    tokens("Une phrase.")
    gc.collect()
    gc.freeze()


def _run(
    at: datetime, arguments: Sequence[str], program: Path, log: Path, tell: int | None = None
) -> None:
    """Never returns."""
    code = 1
    try:
        said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(said, 1)
        os.dup2(said, 2)
        faulthandler.dump_traceback_later(_HANGS)
        sys.executable = str(program)
        time_machine.travel(at, tick=True).start()
        execute(["scrapy", *arguments])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
        if tell is not None:
            os.write(tell, "\n".join(sys.modules).encode())
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
