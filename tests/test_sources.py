from __future__ import annotations

import resource
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ConfigurationError, ExitCode, SourcesError
from crawler.sources import (
    Source,
    append_sources,
    entry,
    parse_sources,
    read_sources,
    select_sources,
    slug,
    source_from_url,
)

FILE = "crawler/sources.toml"
URL = 'url = "https://www.example.org/"'


def mistake(text: str) -> str:
    with pytest.raises(SourcesError) as caught:
        parse_sources(text, FILE)
    assert caught.value.exit_code == ExitCode.BAD_CONFIGURATION
    return str(caught.value)


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


def test_a_mistake_is_told_with_file_line_source_and_cure() -> None:
    text = f'# news\n[first]\n{URL}\n\n[lemonde]\n# the home page\nurl = "lemonde.fr"\n'
    assert mistake(text) == (
        "crawler/sources.toml:7: source \"lemonde\": 'url' must start with http:// or https://, "
        'got "lemonde.fr"; write "https://lemonde.fr/"'
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("feed = []", "'feed' is no key of a source; did you mean 'feeds'?"),
        ("colour = 1", "'colour' is no key of a source; the keys are url, language, enabled,"),
        ('feeds = "https://a.fr/f"', 'must be a list, got "https://a.fr/f"; put it in brackets'),
        ('feeds = ["a.fr/feed"]', 'got "a.fr/feed"; write "https://a.fr/feed"'),
        ("feeds = [1]", "'feeds' must be a string, got 1; write it in quotes"),
        ('sitemaps = ["ftp://a.fr/s.xml"]', "'sitemaps' must start with http:// or https://"),
        ('listings = ["https:///news"]', "'listings' must name a host"),
        ('wordpress = "https://a..fr/"', "'wordpress' must name a host"),
        ('wordpress = "https://a.fr/wp json/"', "no spaces or control characters"),
        ('wordpress = "wp-json"', 'got "wp-json"; write it as in "https://www.example.org/"'),
        ('language = "French"', "'language' must be a BCP 47 tag, got \"French\""),
        ('enabled = "no"', "'enabled' must be true or false, got \"no\""),
        ('allowed_domains = ["https://a.fr/"]', 'got "https://a.fr/"; write "a.fr"'),
        ('allowed_domains = ["*.a.fr"]', 'got "*.a.fr"; write "a.fr"'),
        ('every = "often"', "'every' must be a time, got \"often\"; write a number with m, h"),
        ("every = 6", "'every' must be a string, got 6"),
        ("delay = -1", "'delay' must be 0 or more seconds, got -1"),
        ("delay = nan", "'delay' must be 0 or more seconds"),
        ('delay = "2"', "'delay' must be a number of seconds, got \"2\""),
        ("delay = true", "'delay' must be a number of seconds, got true"),
        ("concurrency = 0", "'concurrency' must be a whole number from 1, got 0"),
        ("concurrency = 1.5", "'concurrency' must be a whole number from 1, got 1.5"),
        ("language = fr", "Invalid value"),
        (URL, "'url' is given twice, first on line 2; keep one"),
    ],
)
def test_a_mistake_in_a_key_is_told_on_its_line(line: str, told: str) -> None:
    message = mistake(f"[site]\n{URL}\n{line}\n\n[other]\nurl = 5\n")
    assert message.startswith('crawler/sources.toml:3: source "site": ')
    assert told in message


def test_a_bad_address_in_a_long_list_is_told_on_its_own_line() -> None:
    text = f'[site]\n{URL}\nfeeds = [\n  "https://a.fr/1",\n\n  "a.fr/2", # new\n]\n'
    assert mistake(text).startswith("crawler/sources.toml:6: source \"site\": 'feeds' must start")


def test_a_source_without_address_is_told_on_the_line_of_its_name() -> None:
    message = mistake('[site]\nlanguage = "fr"\n')
    assert message.startswith('crawler/sources.toml:1: source "site": has no url; add a line')


def test_a_source_given_twice_is_told_with_both_lines() -> None:
    message = mistake(f"[site]\n{URL}\n[other]\n[site]\n")
    assert message == (
        "crawler/sources.toml:4: source \"site\": 'site' is given twice, first on line 1; keep one"
    )


def test_two_sources_of_one_address_are_refused_however_it_is_spelt() -> None:
    message = mistake(f'[site]\n{URL}\n[other]\nurl = "http://example.org"\n')
    assert message == (
        'crawler/sources.toml:4: source "other": \'url\' is that of source "site" too; keep one'
    )


def test_two_parts_of_one_site_may_be_two_sources() -> None:
    text = '[fr]\nurl = "https://a.org/fr/"\n[en]\nurl = "https://a.org/en/"\n'
    assert [source.name for source in parse_sources(text, FILE)] == ["fr", "en"]


@pytest.mark.parametrize("name", ["Le Monde", "monde,fr", "élysée", "-x", ""])
def test_an_odd_name_is_refused(name: str) -> None:
    assert "a name is made of lower case letters" in mistake(f'["{name}"]\n{URL}\n')


def test_an_odd_name_is_told_with_the_nearest_good_one() -> None:
    assert mistake(f'["L’Écho du Soir"]\n{URL}\n').endswith("write [l-echo-du-soir]")


@pytest.mark.parametrize("name", ["presse-citron.net", "www.presse-citron.net"])
def test_a_name_with_a_dot_but_no_quotes_is_told_its_cure(name: str) -> None:
    message = mistake(f"[{name}]\n{URL}\n")
    assert message.startswith("crawler/sources.toml:1: ")
    assert message.endswith(f'write ["{name}"]')


@pytest.mark.parametrize("text", [URL, f"[[site]]\n{URL}\n"])
def test_keys_outside_a_table_are_refused(text: str) -> None:
    assert "is no table; a source is a line such as [example]" in mistake(text)


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
    before = f"# mine\n[site]\n{URL} # home{ending}"
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
