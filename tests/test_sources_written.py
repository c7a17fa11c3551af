"""Sources as entries of a file, and entries at the end of one that is there."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SourcesError
from crawler.sources import Source, append_sources, entry, parse_sources, read_sources

FILE = "crawler/sources.toml"
A = Source("le-monde", "https://a.example.org/")
C = Source("numerama", "https://c.example.org/")


def test_an_entry_holds_only_what_differs_from_the_default() -> None:
    source = Source("a.b", "https://a.b/", enabled=False, feeds=("https://a.b/1", "https://a.b/2"))
    assert entry(source) == (
        '["a.b"]\nurl = "https://a.b/"\nenabled = false\n'
        'feeds = [\n  "https://a.b/1",\n  "https://a.b/2",\n]\n'
    )


printable = st.characters(exclude_categories=("C", "Z"), exclude_characters="#")
urls = st.text(printable, max_size=20).map(lambda path: f"https://example.org/{path}")
several_urls = st.lists(urls, max_size=3).map(tuple)


@given(
    st.builds(
        Source,
        name=st.from_regex(r"[a-z0-9][a-z0-9._-]*", fullmatch=True),
        url=urls,
        language=st.none() | st.sampled_from(["fr", "pt-BR", "zh-Hant-TW"]),
        enabled=st.booleans(),
        feeds=several_urls,
        sitemaps=several_urls,
        wordpress=st.none() | urls,
        listings=several_urls,
        allowed_domains=st.just(()) | st.just(("b.example.org", "élysée.fr")),
        delay=st.none() | st.floats(min_value=0, allow_infinity=False),
        concurrency=st.none() | st.integers(min_value=1, max_value=64),
        requests=st.none() | st.integers(min_value=1),
        every=st.none() | st.sampled_from(["90m", "6h", "1d"]),
    )
)
def test_an_entry_reads_back_as_the_same_source(source: Source) -> None:
    assert parse_sources(entry(source), FILE) == (source,)


@pytest.mark.parametrize("ending", ["", "\n", "\n\n"])
def test_what_is_appended_leaves_the_rest_as_it_was(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "sources.toml"
    before = f'# mine\n[site]\nurl = "https://www.example.org/" # home{ending}'
    path.write_text(before)
    append_sources(path, (A, C))
    assert path.read_text().startswith(before)
    assert [source.name for source in read_sources(path)] == ["site", "le-monde", "numerama"]


def test_what_would_break_the_file_is_not_appended(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(entry(A))
    with pytest.raises(SourcesError, match="'le-monde' is given twice"):
        append_sources(path, (A,))
    assert path.read_text() == entry(A)


def test_a_disk_without_room_is_told_and_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(entry(A))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
    try:
        with pytest.raises(SourcesError, match="cannot be written: File too large"):
            append_sources(path, (C,))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_text() == entry(A)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_behind_a_link_keeps_its_place_and_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "shared.toml"
    path.write_text(entry(A))
    path.chmod(0o640)
    link = tmp_path / "sources.toml"
    link.symlink_to(path)
    append_sources(link, (C,))
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert read_sources(path) == (A, C)
