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

    def _files(self) -> Iterable[Path]:
        here = set(super()._files())
        yield from sorted(here)
        with Store.open(self._uri) as store:
            for name in sorted(store.below(ARCHIVE)):
                path = self._folder / name.removeprefix(f"{ARCHIVE}/")
                if name.endswith(".warc.gz") and path not in here:
                    yield from _brought(store, path, name)


def _brought(store: Store, path: Path, name: str) -> Iterator[Path]:
    store.fetch([(path, name)])
    index, as_it_was = index_of(path), path.stat().st_ino
    try:
        yield path
        if path.stat().st_ino != as_it_was:  # another one took its place
            store.send([(index, index_of(Path(name)).as_posix())])
            store.send([(path, name)])
    finally:
        path.unlink(missing_ok=True)
        index.unlink(missing_ok=True)
