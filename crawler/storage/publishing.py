"""What of a data folder is sent to where `DATA_DIR` names it by URI, and in which order.

The archive's closed files first, which rows point to and which from then on lie in the store only;
then snapshots; last what runs say and remember, so that no state tells of what the store has not.
What could not be sent is found missing the next time: nothing is written down but which commit was
published last, by which a machine knows its own.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from scrapy.settings import BaseSettings

from crawler.archive.cdxj import index_of
from crawler.archive.retention import Retention
from crawler.errors import ConfigurationError, FolderInUseError, StoreError
from crawler.housekeeping import Housekeeping
from crawler.shards import shards_in
from crawler.state import DataFolder
from crawler.state.folder import FolderLock, uri_in
from crawler.storage.snapshots import PublishedSnapshots, Sent
from crawler.storage.store import ARCHIVE, Store, StoredFile
from pipelines.dataset import Snapshots
from pipelines.privacy import key_path

logger = logging.getLogger(__name__)

# Small files that runs leave; of those that a data folder no longer has the store has none either.
_RECORDS: Final = ("runs", "quarantine")


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes a data folder, of which the caller holds the lock."""

    uri: str
    folder: DataFolder
    snapshots: Snapshots
    retention: Retention
    key: Path

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self | None:
        """None where `DATA_DIR` is a folder: there nothing is sent."""
        uri = uri_in(settings)
        if uri is None:
            return None
        folder = DataFolder.from_settings(settings)
        snapshots = Snapshots(folder.snapshots, folder.latest, settings.getint("SNAPSHOTS_KEPT"))
        retention = Housekeeping.from_settings(settings).retention
        return cls(uri, folder, snapshots, retention, key_path(settings))

    def begin(self) -> None:
        """Take over what the store has into an empty data folder; else see that it is ours.

        A store that is away is waited for until there is something to send.
        Raises: FolderInUseError if another machine published since; StoreError, DatasetError;
        ConfigurationError without the key of the pseudonyms that are there.
        """
        is_new = not self.folder.state.is_file()
        try:
            with Store.open(self.uri) as store:
                if is_new:
                    self._take_over(store)
                self._see_that_it_is_ours(store)
        except StoreError as error:
            if is_new:  # it may be there, and would be collected and published once more
                raise
            logger.warning("%s", error)

    def publish(self) -> None:
        """Send all there is. As `publish_dataset`."""
        self.publish_dataset()
        self.publish_records()

    def publish_dataset(self, run_id: str | None = None) -> Sent:
        """Send what is committed and closed; what `run_id` archived is kept whatever its size.

        Raises: StoreError, FolderInUseError; the next time sends the rest.
        """
        with Store.open(self.uri) as store:
            self._see_that_it_is_ours(store)
            sent = Sent()
            for folder in (self.folder, *shards_in(self.folder.path)):
                sent += _move(folder.archive, store)
            sent += PublishedSnapshots(store).follow(self.snapshots)
            self._note()
            return sent + self._clear_archive(store, run_id)

    def publish_records(self) -> Sent:
        """Send what runs say of themselves, and the state, which nobody has open. As above."""
        with Store.open(self.uri) as store:
            self._see_that_it_is_ours(store)
            sent = Sent()
            for name in _RECORDS:
                sent += _mirror(self.folder.path / name, name, store)
            state = self.folder.state
            if state.is_file():
                sent += Sent(1, store.send([(state, state.name)]))
            return sent

    @classmethod
    def bring(cls, settings: BaseSettings) -> None:
        """Have `LOCAL_DIR` be what the store has, for who comes to read it; as `begin`."""
        publisher = cls.from_settings(settings)
        if publisher is None:
            return
        publisher.folder.create()
        if publisher.folder.state.is_file():
            publisher.begin()
        else:
            with FolderLock(publisher.folder):
                publisher.begin()

    def _take_over(self, store: Store) -> None:
        """The state comes last: without it, it is done again."""
        published = PublishedSnapshots(store)
        said = published.latest()
        if said and said["rows"]["comments"] and not self.key.is_file():
            raise ConfigurationError(
                f'the comments in "{store.uri}" have pseudonyms of a key that is not here, and is '
                f'never sent: put it into "{self.key}", or name its file in PRIVACY_KEY_FILE; a '
                "file with 64 other hex digits gives commenters new pseudonyms."
            )
        published.bring(self.snapshots)
        for name in _RECORDS:
            store.fetch((self.folder.path / path, path) for path in store.below(name))
        self._note()
        state = self.folder.state
        if store.file(state.name):
            logger.info('taken over from "%s": the dataset, and what runs remember', store.uri)
            store.fetch([(state, state.name)])

    def _see_that_it_is_ours(self, store: Store) -> None:
        said = PublishedSnapshots(store).latest()
        if said is None or said["commit_id"] in self._published():
            return
        raise FolderInUseError(
            f'"{store.uri}" was published last by run {said["run_id"]}, which "{self.folder.path}" '
            "knows nothing of: another machine writes there. Let one machine do so at a time, and "
            "have this one take over what is there, with an empty folder as -s LOCAL_DIR=FOLDER."
        )

    def _published(self) -> set[str]:
        found = {self.snapshots.get(name).manifest.commit_id for name in self.snapshots.ids()}
        if self._mark.is_file():
            found.add(json.loads(self._mark.read_text("utf-8")).get(self.uri, ""))
        return found

    def _note(self) -> None:
        latest = self.snapshots.latest()
        if latest is not None:
            unfinished = self._mark.with_suffix(".unfinished")
            unfinished.write_text(json.dumps({self.uri: latest.manifest.commit_id}), "utf-8")
            unfinished.replace(self._mark)

    @property
    def _mark(self) -> Path:
        return self.folder.path / "published.json"

    def _clear_archive(self, store: Store, run_id: str | None) -> Sent:
        if self.retention == Retention():
            return Sent()
        skipped = len(ARCHIVE) + 1
        sizes = {path[skipped:]: file.bytes for path, file in store.below(ARCHIVE).items()}
        gone = self.retention.past(sizes, datetime.now(UTC), run_id)
        indexes = {index_of(Path(name)).as_posix() for name in gone} & sizes.keys()
        for names in (indexes, gone):  # an index alone would promise what is not there
            store.remove(f"{ARCHIVE}/{name}" for name in names)
        return Sent(removed=len(gone))


def _move(archive: Path, store: Store) -> Sent:
    """Send the closed files of an archive with their indexes; what is there whole goes here."""
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


def _mirror(folder: Path, name: str, store: Store) -> Sent:
    """Send what is new or newer, remove what is not here (as aws s3 sync --delete does)."""
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
