from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import ConfigurationError, SourcesError
from crawler.sources import (
    Source,
    entry,
    parse_sources,
    read_sources,
    select_sources,
    slug,
    source_from_url,
)

FILE = "crawler/sources.toml"
URL = 'url = "https://www.example.org/"'


def test_the_sources_that_come_with_the_project_are_read() -> None:
    sources = read_sources(Path(__file__).parents[1] / FILE)
    names = [source.name for source in sources]
    assert "presse-citron" in names
    assert len(names) >= 12
    assert all(source.language and source.feeds for source in sources)


def test_every_key_reaches_its_field() -> None:
    text = """
        ["presse-citron.net"]
        url = "https://www.presse-citron.net/"
        language = "fr"
        enabled = false
        feeds = ["https://www.presse-citron.net/feed/"]
        sitemaps = ["https://www.presse-citron.net/sitemap_index.xml"]
        wordpress = "https://www.presse-citron.net/wp-json/"
        listings = ["https://www.presse-citron.net/tech/"]
        allowed_domains = ["Blog.Presse-Citron.example"]
        delay = 2
        concurrency = 1
        requests = 500
        every = "6h"
    """
    assert parse_sources(text, FILE) == (
        Source(
            name="presse-citron.net",
            url="https://www.presse-citron.net/",
            language="fr",
            enabled=False,
            feeds=("https://www.presse-citron.net/feed/",),
            sitemaps=("https://www.presse-citron.net/sitemap_index.xml",),
            wordpress="https://www.presse-citron.net/wp-json/",
            listings=("https://www.presse-citron.net/tech/",),
            allowed_domains=("blog.presse-citron.example",),
            delay=2.0,
            concurrency=1,
            requests=500,
            every="6h",
        ),
    )


@pytest.mark.parametrize("text", ["", "\n# nobody yet\n"])
def test_an_empty_file_has_no_source(text: str) -> None:
    assert parse_sources(text, FILE) == ()


def test_two_parts_of_one_site_may_be_two_sources() -> None:
    text = '[fr]\nurl = "https://a.org/fr/"\n[en]\nurl = "https://a.org/en/"\n'
    assert [source.name for source in parse_sources(text, FILE)] == ["fr", "en"]


def test_a_missing_file_is_told_with_the_setting_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match=r"none.toml: there is no such file.* -s SOURCES=FILE"):
        read_sources(tmp_path / "none.toml")


def test_a_folder_is_no_sources_file(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="cannot be read: Is a directory"):
        read_sources(tmp_path)


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(f"[site]\n{URL}\n# à la une\n".encode("latin-1"))
    with pytest.raises(SourcesError, match=r"sources.toml:3: the file is not in UTF-8"):
        read_sources(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(f"[site]\n{URL}\n", encoding="utf-8-sig")
    assert [source.name for source in read_sources(path)] == ["site"]


A = Source("le-monde", "https://a.example.org/")
B = Source("liberation", "https://b.example.org/", enabled=False)
C = Source("numerama", "https://c.example.org/")


def test_without_names_the_enabled_sources_are_selected() -> None:
    assert select_sources((A, B, C), [], FILE) == (A, C)


def test_a_disabled_source_is_selected_by_its_name() -> None:
    assert select_sources((A, B, C), ["numerama", "liberation", "numerama"], FILE) == (C, B)


def test_an_unknown_name_is_told_with_the_closest_one() -> None:
    with pytest.raises(ConfigurationError) as caught:
        select_sources((A, B, C), ["lemonde"], FILE)
    assert str(caught.value) == (
        'no source is named "lemonde" in crawler/sources.toml; did you mean "le-monde"?'
    )


def test_a_name_like_no_other_is_told_where_the_names_are() -> None:
    with pytest.raises(ConfigurationError, match="`scrapy sources list` shows all"):
        select_sources((A, B, C), ["xyz"], FILE)


@pytest.mark.parametrize(
    ("url", "name", "home"),
    [
        ("https://www.presse-citron.net", "presse-citron.net", "https://www.presse-citron.net/"),
        ("http://127.0.0.1:8080/blog/", "127.0.0.1", "http://127.0.0.1:8080/blog/"),
        (" https://m.example.fr/#top", "example.fr", "https://m.example.fr/"),
        ("https://élysée.fr/", "xn--lyse-9oad.fr", "https://élysée.fr/"),
    ],
)
def test_an_address_alone_makes_a_source(url: str, name: str, home: str) -> None:
    source = source_from_url(url)
    assert source == Source(name, home)
    assert parse_sources(entry(source), FILE) == (source,)


@pytest.mark.parametrize(
    "url", ["presse-citron.net", "ftp://a.fr/", "https://", "", "https://a b/"]
)
def test_an_address_that_leads_nowhere_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^the address must "):
        source_from_url(url)


def test_names_are_made_of_titles() -> None:
    assert slug("Le Monde.fr - Actualités") == "le-monde.fr-actualites"
