"""The file that a run leaves: JSON, whole or not there."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)


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
