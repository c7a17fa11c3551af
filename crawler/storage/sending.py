"""What is sent beside snapshots: the archive's closed files, and the small ones that runs leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from crawler.archive.cdxj import index_of
from crawler.archive.retention import Retention
from crawler.storage.snapshots import Sent
from crawler.storage.store import ARCHIVE, Store, StoredFile


def move_archive(archive: Path, store: Store) -> Sent:
    """Send closed files with their indexes; what is there whole goes here. Raises: StoreError."""
    sent = Sent()
    for day in sorted({path.parent for path in archive.glob("*/*/*/*.warc.gz")}):
        place = f"{ARCHIVE}/{day.relative_to(archive).as_posix()}"
        here = {f"{place}/{path.name}": path for path in _with_indexes(day)}
        missing = _differing(here, store.below(place))
        sent += Sent(len(missing), store.send((here[name], name) for name in missing))
        left = _differing(here, store.below(place))
        for name, path in here.items():
            if name not in left:
                path.unlink()
    return sent


def _with_indexes(day: Path) -> Iterator[Path]:
    """The index first: alone it would never be looked for again."""
    for path in sorted(day.glob("*.warc.gz")):
        if index_of(path).is_file():
            yield index_of(path)
        yield path


def _differing(here: Mapping[str, Path], there: Mapping[str, StoredFile]) -> list[str]:
    return [
        name
        for name, path in here.items()
        if name not in there or there[name].bytes != path.stat().st_size
    ]


def clear_archive(retention: Retention, store: Store, run_id: str | None) -> Sent:
    """Remove what is kept too long, never what that run wrote. Raises: StoreError."""
    if retention == Retention():
        return Sent()
    skipped = len(ARCHIVE) + 1
    sizes = {path[skipped:]: file.bytes for path, file in store.below(ARCHIVE).items()}
    gone = retention.past(sizes, datetime.now(UTC), run_id)
    indexes = {index_of(Path(name)).as_posix() for name in gone} & sizes.keys()
    for names in (indexes, gone):  # an index alone would promise what is not there
        store.remove(f"{ARCHIVE}/{name}" for name in names)
    return Sent(removed=len(gone))


def mirror(folder: Path, name: str, store: Store) -> Sent:
    """Send what is new or newer, remove what is not here, as `aws s3 sync --delete` does.

    Raises: StoreError.
    """
    there = store.below(name)
    here = {f"{name}/{path.name}": path for path in folder.glob("*.json*")}
    new = [(path, target) for target, path in here.items() if _is_new(path, there.get(target))]
    gone = there.keys() - here.keys()
    store.remove(gone)
    return Sent(len(new), store.send(new), len(gone))


def _is_new(path: Path, there: StoredFile | None) -> bool:
    """Stores know the second that something was put there, and no more."""
    told = path.stat()
    return (
        there is None or there.bytes != told.st_size or there.sent.timestamp() < int(told.st_mtime)
    )
