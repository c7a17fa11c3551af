"""Erasure in an archive that lies in a store: each file comes here, one at a time, and goes back
rewritten if it told of what is erased. So an erasure is not done before the store's archive is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.archive.cdxj import index_of
from crawler.archive.erasing import RawPages
from crawler.state import DataFolder
from crawler.state.folder import uri_in
from crawler.storage.store import ARCHIVE, Store


def raw_pages(settings: BaseSettings) -> RawPages:
    """The archive of `DATA_DIR`, wherever that is."""
    folder, uri = DataFolder.from_settings(settings).archive, uri_in(settings)
    return SharedRawPages(folder, uri) if uri else RawPages(folder)


class SharedRawPages(RawPages):
    """The archive below a folder, and what was sent of it to a store. As there, nobody writes."""

    def __init__(self, folder: Path, uri: str) -> None:
        super().__init__(folder)
        self._uri = uri

    def brought(self) -> Iterator[Path]:
        """The files of the store, each here with its index for as long as it is looked at.

        Raises: StoreError.
        """
        here = set(super()._files())
        with Store.open(self._uri) as store:
            for name in sorted(store.below(ARCHIVE)):
                path = self._folder / name.removeprefix(f"{ARCHIVE}/")
                if name.endswith(".warc.gz") and path not in here:
                    yield from _brought(store, path, name)

    def _files(self) -> Iterable[Path]:
        yield from super()._files()
        yield from self.brought()


def _brought(store: Store, path: Path, name: str) -> Iterator[Path]:
    index, its_name = index_of(path), index_of(Path(name)).as_posix()
    try:
        if store.file(its_name):
            store.fetch([(index, its_name)])
        store.fetch([(path, name)])
        as_it_was = path.stat().st_ino
        yield path
        if path.stat().st_ino != as_it_was:  # another one took its place
            store.send([(index, its_name), (path, name)])
    finally:
        path.unlink(missing_ok=True)
        index.unlink(missing_ok=True)
