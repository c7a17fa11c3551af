"""`scrapy crawl articles --shards N --engine ray`: each shard is crawled where a worker is free."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Final

import ray
from ray.exceptions import RayError

from crawler.cluster.engine import ATTEMPTS
from crawler.errors import ExitCode

# How often it is looked whether a crawl has ended whose worker died, and which went on.
_POLL_SECONDS: Final = 2.0


def crawl(line: Sequence[str], folder: str) -> tuple[int, str]:
    """Run `scrapy LINE` to its end: its exit code, and what it told on stderr.

    A worker that died may have left its crawl behind: that one holds the shard's folder until it
    has committed, and is waited for.
    """
    while True:
        with subprocess.Popen(  # noqa: S603 # our own command
            [sys.executable, "-m", "scrapy", *line],
            cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        ) as running:  # fmt: skip
            try:
                _, said = running.communicate()
            except KeyboardInterrupt:  # the run was cancelled: the crawl commits, and ends
                running.send_signal(signal.SIGINT)
                running.wait()
                raise
        if running.returncode != ExitCode.FOLDER_IN_USE:
            return running.returncode, said
        time.sleep(_POLL_SECONDS)


def crawl_all(lines: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """What `crawl` says of every line, in their order. One that died is begun again elsewhere."""
    task = ray.remote(crawl).options(num_cpus=1, max_retries=ATTEMPTS)
    begun = [task.remote(line, os.getcwd()) for line in lines]
    try:
        return [_ended(one) for one in begun]
    except KeyboardInterrupt:
        for one in begun:
            ray.cancel(one)
        ray.wait(begun, num_returns=len(begun))
        return [(ExitCode.STOPPED, "")]


def _ended(task: ray.ObjectRef) -> tuple[int, str]:
    try:
        code, said = ray.get(task)
    except RayError as error:
        return ExitCode.UNEXPECTED, f"scrapy crawl: a shard was given up ({error})."
    return int(code), str(said)
