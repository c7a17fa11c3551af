"""What of a data folder is sent to where `DATA_DIR` names it by URI, and in which order.

The archive's closed files first, which rows point to and which from then on lie in the store only;
then snapshots; last what runs say and remember, so that no state tells of what the store has not.
Nothing is written down of what is still to be sent: the next time finds it missing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self

from scrapy.settings import BaseSettings

from crawler.archive.retention import Retention
from crawler.errors import ConfigurationError, FolderInUseError, StoreError
from crawler.housekeeping import Housekeeping
from crawler.shards import shards_in
from crawler.state import DataFolder
from crawler.state.folder import FolderLock, uri_in
from crawler.storage.claim import Claim
from crawler.storage.sending import clear_archive, mirror, move_archive
from crawler.storage.snapshots import PublishedSnapshots, Sent, readable
from crawler.storage.store import Store
from pipelines.dataset import Snapshots
from pipelines.dataset.snapshots import writing_failed
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

    @classmethod
    def begun(cls, settings: BaseSettings) -> Self | None:
        """After `begin`, for who does not hold the lock yet. Raises: as that does."""
        publisher = cls.from_settings(settings)
        if publisher:
            publisher.folder.create()
            with FolderLock(publisher.folder):
                publisher.begin()
        return publisher

    def begin(self) -> None:
        """Take over what the store has into an empty data folder; else see that it is ours.

        A store that is away is waited for until there is something to send.
        Raises: FolderInUseError if another machine publishes there; StoreError, DatasetError;
        ConfigurationError without the key of the pseudonyms that are there.
        """
        is_new = not self.folder.state.is_file()
        try:
            with self._opened() as store:
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

        Raises: StoreError, DatasetError, FolderInUseError; the next time sends the rest.
        """
        with self._opened() as store:
            self._see_that_it_is_ours(store)
            sent = Sent()
            for folder in (self.folder, *shards_in(self.folder.path)):
                sent += move_archive(folder.archive, store)
            sent += self._published(store).follow(self.snapshots)
            latest = self.snapshots.latest()
            self._claim().note(latest.manifest.commit_id if latest else None)
            return sent + clear_archive(self.retention, store, run_id)

    def publish_records(self) -> Sent:
        """Send what runs say of themselves, and the state, which nobody has open. As above."""
        with self._opened() as store:
            self._see_that_it_is_ours(store)
            sent = Sent()
            for name in _RECORDS:
                sent += mirror(self.folder.path / name, name, store)
            state = self.folder.state
            if state.is_file():
                sent += Sent(1, store.send([(state, state.name)]))
            return sent

    @classmethod
    @contextmanager
    def reading(cls, settings: BaseSettings) -> Iterator[DataFolder]:
        """The data folder, for who comes to read it: where another publishes, a copy for a while.

        Raises: StoreError, DatasetError.
        """
        publisher = cls.from_settings(settings)
        if publisher is None or publisher._is_ours():
            yield DataFolder.from_settings(settings)
            return
        with TemporaryDirectory() as path, publisher._opened() as store:
            folder = DataFolder(Path(path))
            folder.create()
            snapshots = Snapshots(folder.snapshots, folder.latest, 1)
            PublishedSnapshots(store, "nobody").bring(snapshots)
            store.fetch((folder.path / name, name) for name in store.below("runs"))
            yield folder

    @contextmanager
    def _opened(self) -> Iterator[Store]:
        try:
            with Store.open(self.uri) as store:
                yield store
        except OSError as error:  # of this machine's disk: a store's are StoreErrors
            raise writing_failed(self.folder.path, error) from error

    def _is_ours(self) -> bool:
        if not self.folder.state.is_file():
            return False
        try:
            self.begin()
        except FolderInUseError:
            return False
        return True

    def _take_over(self, store: Store) -> None:
        """The state comes last: without it, all of it is done again."""
        published, claim = self._published(store), self._claim()
        said = published.latest()
        if self.snapshots.ids() and not claim.is_named(said):
            return  # it is not empty
        if said and said["rows"]["comments"] and not self.key.is_file():
            raise ConfigurationError(
                f'the comments in "{store.uri}" have pseudonyms of a key that is not here, and is '
                f'never sent: put it into "{self.key}", or name its file in PRIVACY_KEY_FILE; a '
                "file with 64 other hex digits gives commenters new pseudonyms."
            )
        published.claim()
        published.bring(self.snapshots)
        for name in _RECORDS:
            store.fetch((self.folder.path / path, path) for path in store.below(name))
        state = self.folder.state
        if store.file(state.name):
            logger.info('taken over from "%s": the dataset, and what runs remember', store.uri)
            store.fetch([(state, state.name)])

    def _see_that_it_is_ours(self, store: Store) -> None:
        said = self._published(store).latest()
        made = {snapshot.manifest.commit_id for snapshot in readable(self.snapshots)}
        if said is not None and not self._claim().holds(said, made):
            raise FolderInUseError(
                f'"{store.uri}" was published last by run {said["run_id"]}, from another folder '
                f'than "{self.folder.path}": let one machine publish at a time, and have this one '
                "take over what is there with an empty folder, -s LOCAL_DIR=FOLDER."
            )

    def _claim(self) -> Claim:
        return Claim.of(self.folder.path / "published.json")

    def _published(self, store: Store) -> PublishedSnapshots:
        return PublishedSnapshots(store, self._claim().folder)
