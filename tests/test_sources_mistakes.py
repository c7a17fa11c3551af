"""What is wrong in a sources file is told with file, line, source and cure."""

from __future__ import annotations

import pytest

from crawler.errors import ExitCode, SourcesError
from crawler.sources import parse_sources

FILE = "crawler/sources.toml"
URL = 'url = "https://www.example.org/"'


def mistake(text: str) -> str:
    with pytest.raises(SourcesError) as caught:
        parse_sources(text, FILE)
    assert caught.value.exit_code == ExitCode.BAD_CONFIGURATION
    return str(caught.value)


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
