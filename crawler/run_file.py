"""A run's own file: one JSON document below `runs/`, there whole or not at all."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import ColporteurError, StoreError

if TYPE_CHECKING:
    from crawler.run import Run

logger = logging.getLogger(__name__)


def what_a_run_says(run: Run, reason: str) -> Mapping[str, Any]:
    """What the file of a run tells once the run is over; `reason` is Scrapy's word for why."""
    return {
        "run_id": run.id,
        "started": run.started.isoformat(timespec="seconds"),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "reason": reason,
        "exit_code": int(run.exit_code),
        "error": str(run.error) if run.error else None,
        "snapshot": run.snapshot.id if run.snapshot else None,
        "requests": run.requests(),
        **run.verdict.said(),
        "coverage": list(map(asdict, run.state.coverage.of_run(run.started))),
        "sources": run.by_source(),
        "archived": run.by_record(),
        **run.said,
    }


def write_run_file(path: Path, said: Mapping[str, Any]) -> None:
    """Write what a run says of itself; if that cannot be, the log tells: all is committed."""
    unfinished = path.with_suffix(".unfinished")
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(said, file, indent=1, ensure_ascii=False, default=str)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        logger.error('the run\'s file "%s" cannot be written (%s)', path, error.strerror)


def publish_records(run: Run, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Send what a run says, where things are sent; what it says if that went wrong."""
    if run.publisher is None or isinstance(run.error, StoreError):
        return said
    try:
        run.publisher.publish_records()
    except ColporteurError as error:
        run.ends_with(error)
        end = {"exit_code": int(run.exit_code), "error": str(error), **run.said}
        said = {**said, **end}
        write_run_file(run.folder.runs / f"{run.id}.json", said)
    return said
