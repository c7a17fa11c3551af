"""A Ray cluster on loopback of two workers, each a process group, as two machines would be."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.conftest import ROOT, free_port

ENVIRONMENT = os.environ | {
    "PYTHONPATH": str(ROOT),
    "RAY_AUTH_MODE": "disabled",
    "RAY_USAGE_STATS_ENABLED": "0",
    "DAFT_ANALYTICS_ENABLED": "0",
}


def descendants(process: int) -> list[int]:
    """A process, its children, and theirs."""
    found = [process]
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        found += descendants(int(child))
    return found


class RayCluster:
    """A head that does no work, and workers."""

    def __init__(self) -> None:
        self.address = f"127.0.0.2:{free_port()}"
        # Not below pytest's: a socket's path has 107 characters at the most.
        self._folder = mkdtemp(prefix="ray-")
        port = self.address.rpartition(":")[2]
        head = ("--head", f"--port={port}", "--num-cpus=0", "--include-dashboard=false")
        self._groups = [self._start(*head, f"--temp-dir={self._folder}")]
        self.workers = [self.add_worker() for _ in range(2)]

    def add_worker(self) -> subprocess.Popen[str]:
        """One more machine with one processor."""
        return self._start(f"--address={self.address}", "--num-cpus=1")

    def _start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "ray.scripts.scripts", "start", "--block", *arguments,
             "--node-ip-address=127.0.0.2", "--object-store-memory=200000000"],
            env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ray runtime started" in line:
                return process
        raise AssertionError("".join(said))

    def kill(self, worker: subprocess.Popen[str]) -> None:
        """Pull the plug of a machine: all its processes at once, those that do the work too."""
        for process in descendants(worker.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        worker.communicate()

    def close(self) -> None:
        """End all of it."""
        for process in [*self.workers, *self._groups]:
            if process.poll() is None:
                self.kill(process)
        shutil.rmtree(self._folder, ignore_errors=True)

    def scrapy(self, *arguments: object) -> subprocess.Popen[str]:
        """A command of ours, which finds the cluster."""
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", *map(str, arguments)],
            cwd=ROOT, env=ENVIRONMENT | {"RAY_ADDRESS": self.address}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip


@pytest.fixture(scope="package")
def ray_cluster() -> Iterator[RayCluster]:
    """One for all tests; a test that kills a worker adds another."""
    if not (find_spec("daft") and find_spec("ray")):
        pytest.skip('needs the extra "cluster"')
    cluster = RayCluster()
    yield cluster
    cluster.close()
