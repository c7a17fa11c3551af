"""One writer a data folder: whoever comes second goes, and whoever died stands in no one's way."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.errors import DatasetError
from crawler.state.folder import DataFolder, FolderLock
from tests.crawls import TRAPS, collected, crawl, going, state, urls
from tests.markup import page, stories
from tests.newspaper import newspaper
from tests.server import Body, Handler, Resource, Site
from tests.workers.traps.sitecustomize import HANG

STORIES = 12
AT_ONCE = 8
NOBODY = 65_534


@dataclass(frozen=True, slots=True)
class Held:
    """Answers as another resource does, but not before it may."""

    resource: Resource
    may: threading.Event

    def answer(self, request: Handler) -> None:
        assert self.may.wait(100)
        self.resource.answer(request)


@pytest.fixture
def site() -> Iterator[Site]:
    with newspaper(stories(STORIES), seconds=0.3) as site:
        yield site


def test_of_eight_runs_at_once_one_wins_and_asks_for_each_url_once(
    site: Site, tmp_path: Path
) -> None:
    others_ended = threading.Event()
    site.paths["/"] = Held(site.paths["/"], others_ended)
    with ExitStack() as stack:
        runs = [
            stack.enter_context(going(tmp_path, "-a", f"url={site.url}")) for _ in range(AT_ONCE)
        ]
        deadline = time.monotonic() + 100
        while sum(run.poll() is None for run in runs) > 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        others_ended.set()
        outputs = [run.communicate(timeout=120)[0] for run in runs]
    codes = Counter(run.returncode for run in runs)
    assert codes == {0: 1, 4: AT_ONCE - 1}, outputs
    for run, output in zip(runs, outputs, strict=True):
        assert "Traceback" not in output
        if run.returncode == 4:
            assert "another run (process " in output
    asked = Counter(site.targets())
    assert {asked[story.path] for story in stories(STORIES)} == {1}
    assert max(asked.values()) == asked["/"] == 2, asked  # which one run reads as page and as feed
    assert sum(collected(tmp_path).values()) == STORIES
    assert state(tmp_path, "SELECT count(*) FROM staged") == [(0,)]


def test_a_killed_run_holds_the_folder_no_longer_though_its_workers_live_on(
    site: Site, tmp_path: Path
) -> None:
    trapped = stories(1)[0]
    site.paths[trapped.path] = Body(page(HANG.decode()))
    words = ("-a", f"url={site.url}")
    with going(tmp_path, *words, "-s", "EXTRACT_TIMEOUT=60", env=TRAPS) as run:
        deadline = time.monotonic() + 60
        while (trapped.path not in site.targets()) or not busy(workers(run)):
            assert run.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        alive = workers(run)
        run.send_signal(signal.SIGKILL)
        run.wait(10)
        try:
            assert busy(alive), "no worker outlived the run"
            site.paths[trapped.path] = Body(trapped.html())
            after = crawl(tmp_path, *words)
        finally:
            for pid in busy(alive):
                os.kill(pid, signal.SIGKILL)
    assert after.exit_code == 0, after.output[-3000:]
    assert sum(collected(tmp_path).values()) == STORIES
    assert {status for status, _ in urls(tmp_path).values()} == {"collected"}


def workers(run: subprocess.Popen[str]) -> list[int]:
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def busy(pids: list[int]) -> list[int]:
    """Those that are not asleep: in the middle of a page that hangs."""
    return [pid for pid in pids if _is_running(pid)]


def _is_running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] == "R"


@pytest.mark.parametrize("content", ["", "1\n", "999999\n", "no number", "\udcff" * 100])
def test_what_a_dead_run_left_in_the_lock_holds_nothing(tmp_path: Path, content: str) -> None:
    folder = DataFolder(tmp_path)
    (tmp_path / "lock").write_text(content, encoding="utf-8", errors="surrogateescape")
    with FolderLock(folder):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_no_process_that_a_run_starts_inherits_the_lock(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    lock = FolderLock(folder)
    lock.acquire()
    child = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        lock.release()
        with FolderLock(folder):
            pass
    finally:
        child.kill()
        child.wait(10)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become someone without rights")
def test_a_folder_that_may_not_be_written_is_told_with_the_way_out(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    FolderLock(folder).release()
    for parent in tmp_path.parents[:2]:
        parent.chmod(0o755)
    os.seteuid(NOBODY)
    try:
        with pytest.raises(DatasetError, match=r"Permission denied.*DATA_DIR"):
            folder.create()
        with pytest.raises(DatasetError, match=r"lock.*Permission denied.*DATA_DIR"):
            FolderLock(folder).acquire()
    finally:
        os.seteuid(0)
