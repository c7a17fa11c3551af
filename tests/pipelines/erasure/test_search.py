"""The search that proves an erasure, in files that nothing erases from yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.archive import WarcWriter
from crawler.archive.erasing import RawPages
from crawler.fetch.erasure import known_as
from pipelines.erasure.search import Place, search
from pipelines.erasure.target import Traces
from tests.archive.test_recovery import exchange
from tests.pipelines.erasure.folder import url_target


@pytest.mark.parametrize("is_open", [True, False])
def test_an_archive_that_tells_of_an_erased_page_is_named(tmp_path: Path, is_open: bool) -> None:
    writer = WarcWriter(tmp_path / "archive", "run", {"software": "test"}, 1_000_000)
    gone = exchange(1, 2_000)
    for kept in (gone, exchange(2, 2_000)):
        stored = writer.write(kept)
    if not is_open:
        writer.close()
    found = set(search(tmp_path, Traces(url_target(gone.url), known_as), RawPages(tmp_path)))
    name = f"archive/{stored.warc_file}" + (".open" if is_open else "")
    assert Place(name, "url") in found
    others = {place.file for place in found} - {name}
    assert others == (set() if is_open else {name.replace(".warc.gz", ".cdxj")})
    elsewhere = Traces(url_target("http://else.localhost/a"), known_as)
    assert list(search(tmp_path, elsewhere, RawPages(tmp_path / "archive"))) == []
