"""Kills an erasure before each of its changes to the disk, and at every named point of the state's.

`python -m tests.pipelines.erasure.dying FOLDER`: FOLDER/data is copied to FOLDER/trial-NAME for
each try. Forks, so that a try costs no start of an interpreter.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.dataset  # noqa: F401 # which the first read would import, in every child

from crawler.state.sweep import Sweep
from crawler.state.tombstones import Tombstones
from tests.pipelines.dataset.dying import die_before
from tests.pipelines.erasure.folder import author_target, erase

# Between files a process may die in the state's transactions too.
POINTS: dict[str, tuple[type, str, int]] = {
    "buried": (Tombstones, "begin", 1),
    "regrouped": (Sweep, "regroup", 1),
    "swept": (Sweep, "clear", 1),
    "noted": (Tombstones, "begin", 2),
    "compacted": (Sweep, "compact", 1),
    "ended": (Tombstones, "end", 1),
}


def _dying(function: Callable[..., Any], call: int) -> Callable[..., Any]:
    calls = count(1)

    def die_after(*args: Any, **kwargs: Any) -> Any:
        answer = function(*args, **kwargs)
        if next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return die_after


def _died(trial: Path, arm: Callable[[], None]) -> bool:
    child = os.fork()
    if child == 0:
        try:
            arm()
            erase(trial, author_target(naming=True))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _try(folder: Path, name: str, arm: Callable[[], None]) -> bool:
    trial = folder / f"trial-{name}"
    shutil.copytree(folder / "data", trial, symlinks=True)
    return _died(trial, arm)


def main(folder: Path, every: int) -> None:
    """Kill before every so many changes, and at all points."""
    for name, (owner, method, call) in POINTS.items():
        wrapped = _dying(getattr(owner, method), call)
        assert _try(folder, name, partial(setattr, owner, method, wrapped)), name
    for change in count(0, every):
        if not _try(folder, f"{change:03d}", partial(die_before, change)):
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
