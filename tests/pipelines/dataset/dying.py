"""Kills a commit before its first change to the disk, then before its second, until it lives.

`python -m tests.pipelines.dataset.dying FOLDER [ACTION]`: FOLDER/data is copied to FOLDER/trial-NNN
for each try; FOLDER/trial-last is the one that lived. Forks, so that a try costs no start of an
interpreter.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pyarrow.dataset  # noqa: F401 # which the first read would import, in every child

from pipelines.dataset.compact import Compaction, compact
from tests.pipelines.newsroom import NOW, Newsroom, roll_back

RUN = "killed"
KEPT = 2
# Changes that matter: an empty folder more or less is nothing to a reader.
_CHANGES = {"os.rename", "os.link", "os.symlink", "os.remove", "os.truncate"}


def die_before(change: int) -> None:
    """SIGKILL for this process at its n-th change of a file or a folder."""
    seen = count()

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
        if (event in _CHANGES or opened) and next(seen) == change:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def _roll_back(newsroom: Newsroom) -> None:
    roll_back(newsroom).to(newsroom.snapshots.get("000001"), RUN, NOW)


def _compact(newsroom: Newsroom) -> None:
    compact(newsroom.snapshots, Compaction(2, 10_000_000), RUN, NOW)


ACTIONS: dict[str, Callable[[Newsroom], object]] = {
    "commit": lambda newsroom: newsroom.commit(RUN),
    "roll back": _roll_back,
    "compact": _compact,
}


def _act(data: Path, action: str, change: int) -> None:
    with Newsroom(data, KEPT) as newsroom:
        die_before(change)
        ACTIONS[action](newsroom)


def _died(trial: Path, action: str, change: int) -> bool:
    child = os.fork()
    if child == 0:
        try:
            _act(trial, action, change)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main(folder: Path, action: str = "commit") -> None:
    for change in count():
        trial = folder / f"trial-{change:03d}"
        shutil.copytree(folder / "data", trial, symlinks=True)
        if not _died(trial, action, change):
            trial.rename(folder / "trial-last")
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
