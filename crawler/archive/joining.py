"""The archive of a shard becomes part of the whole: files move, with their names and indexes."""

from __future__ import annotations

import shutil
from pathlib import Path

from crawler.archive.cdxj import index_of


def take_over(shard: Path, whole: Path) -> None:
    """Move every closed file. No name is there twice: each has its run's id. Raises: OSError."""
    for path in sorted(shard.rglob("*.warc.gz")):
        target = whole / path.relative_to(shard)
        target.parent.mkdir(parents=True, exist_ok=True)
        # The file last: the one that has none is moved again.
        if index_of(path).is_file():
            shutil.move(index_of(path), index_of(target))
        shutil.move(path, target)
